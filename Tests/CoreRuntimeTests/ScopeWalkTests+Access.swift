/// Which route answers which role in what way.
extension ScopeWalkTests {
    /// What a route asks of whoever comes.
    enum Access {
        /// Anybody who reaches the server.
        case anybody
        /// Every account; `page` sends others to sign in, else they are answered 401.
        case account(page: Bool)
        /// A list: everybody sees what is within the scope. An account without a region is told so.
        case list(page: Bool)
        /// Those in whose scope the submission lies; before the others it does not exist.
        case withinScope(page: Bool)
        /// The institution that sent it; whoever else sees the submission is told so.
        case sender(page: Bool)
        /// The institution that sent it, and nobody else.
        case withdrawal(page: Bool)
        /// National and platform accounts.
        case administrators(page: Bool)
        /// National and platform accounts; who decides about a message that there is not is told so.
        case messages(page: Bool, decides: Bool)
        /// Figures within the scope; the walk asks for an indicator that there is not. An account without a region is told so.
        case figures(page: Bool, Int)
        /// What is owed within the scope. An account without a region is told so.
        case obligations
        /// Accounts of institutions, which are told here that the walk's body is no zero report.
        case zeroReport
        /// Accounts of institutions, for their own.
        case institutions(page: Bool)
        /// Accounts of institutions, for their own codes; `codes` is what the walk's request comes to for them.
        case codes(page: Bool, Set<Int>)
        /// Administrators of the nation or of a region; `codes` is what the walk's request comes to for them.
        case overseers(Set<Int>)
        /// Administrators, of institutions that they oversee.
        case overseen
        /// Any account, whose form is refused as it is.
        case form(Set<Int>)
        /// Administrators of the nation, for whom the walk's request comes to these.
        case nation(Set<Int>)
        /// Reviewers, for whom the walk's request comes to these.
        case reviewers(Set<Int>)
        /// Managers of institutions, for whom the walk's request comes to these.
        case institutionsForm(Set<Int>)
        /// The same by the API; and accounts of one role by the API.
        case managers(Set<Int>)
        case aloneByAPI(Caller, Set<Int>)
        /// One role alone, for which the walk's request comes to these.
        case alone(Caller, Set<Int>)
        /// Nothing is there for whoever has not proved a telephone.
        case hidden
        /// What an institution owes: its own, and those who oversee it.
        case duties
        /// Hospitals; administrators are led to the board.
        case ownDuties
    }

    /// Every route of the portal. A new one needs a line here, and a thought.
    static let table: [String: Access] = [
        "POST /api/v1/submissions": .institutions(page: false),
        "GET /api/v1/submissions": .list(page: false),
        "GET /api/v1/submissions/{id}": .withinScope(page: false),
        "GET /api/v1/submissions/{id}/findings": .withinScope(page: false),
        "GET /api/v1/submissions/{id}/corrections": .sender(page: false),
        "GET /api/v1/submissions/{id}/corrections.zip": .sender(page: false),
        "GET /api/v1/submissions/{id}/corrections.xlsx": .sender(page: false),
        "GET /api/v1/submissions/{id}/receipt": .sender(page: false),
        "GET /api/v1/submissions/{id}/changes": .withinScope(page: false),
        "POST /api/v1/submissions/{id}/withdraw": .withdrawal(page: false),
        "POST /api/v1/submissions/{id}/retry": .administrators(page: false),
        "GET /api/v1/obligations": .obligations,
        "POST /api/v1/zero-reports": .zeroReport,
        // The walk's upload has no days, its removal no table.
        "POST /api/v1/dictionaries/{category}": .codes(page: false, [422]),
        "GET /api/v1/dictionaries": .codes(page: false, [200]),
        "GET /api/v1/dictionaries/{category}": .codes(page: false, [200]),
        "DELETE /api/v1/dictionaries/{category}/{id}": .codes(page: false, [400]),
        "GET /api/v1/dictionaries/{category}/mapping": .codes(page: false, [200]),
        "POST /api/v1/dictionaries/{category}/mapping": .codes(page: false, [422]),
        "GET /dictionaries/{category}/mapping": .codes(page: true, [200]),
        "POST /dictionaries/{category}/mapping": .codes(page: true, [200]),
        "POST /dictionaries/{category}/mapping/file": .codes(page: true, [415]),
        "GET /dictionaries/{category}/mapping/codes.csv": .codes(page: true, [200]),
        "GET /dictionaries/{category}/mapping/codes.xlsx": .codes(page: true, [200]),
        "GET /dictionaries": .codes(page: true, [200]),
        "POST /dictionaries": .codes(page: true, [415]),
        "GET /dictionaries/{category}/template.csv": .account(page: true),
        "GET /dictionaries/{category}/template.xlsx": .account(page: true),
        "GET /dictionaries/{category}/{id}/codes.csv": .codes(page: true, [404]),
        "POST /dictionaries/{category}/{id}/remove": .codes(page: true, [404]),
        "POST /dictionaries/{category}/{id}/confirm": .codes(page: true, [404]),
        "GET /api/v1/indicators": .account(page: false),
        "GET /api/v1/indicators/{program}/{id}": .figures(page: false, 404),
        "GET /figures": .form([303]),
        "GET /figures/{program}": .figures(page: true, 200),
        "GET /figures/{program}/{id}": .form([404]),
        "GET /api/v1/institution-codes/{code}": .anybody,
        "GET /receipt-key.pem": .anybody,
        "GET /openapi.json": .anybody,
        "GET /healthz": .anybody,
        "GET /readyz": .anybody,
        "GET /metrics": .anybody,
        "GET /": .list(page: true),
        "GET /upload": .account(page: true),
        "POST /upload": .institutions(page: true),
        "GET /submissions/{id}": .withinScope(page: true),
        "GET /submissions/{id}/findings": .withinScope(page: true),
        "GET /submissions/{id}/changes": .withinScope(page: true),
        "GET /submissions/{id}/findings.csv": .withinScope(page: true),
        "GET /submissions/{id}/corrections.zip": .sender(page: true),
        "GET /submissions/{id}/corrections.xlsx": .sender(page: true),
        "GET /submissions/{id}/original": .sender(page: true),
        "GET /submissions/{id}/corrections.csv": .sender(page: true),
        "GET /submissions/{id}/receipt.json": .sender(page: true),
        "GET /submissions/{id}/receipt": .withinScope(page: true),
        "POST /submissions/{id}/acknowledge": .withdrawal(page: true),
        "POST /submissions/{id}/withdraw": .withdrawal(page: true),
        "POST /submissions/{id}/retry": .administrators(page: true),
        "GET /programs": .account(page: true),
        "GET /programs/{program}": .account(page: true),
        "GET /programs/{program}/{type}": .account(page: true),
        "GET /programs/{program}/codelists/{list}": .account(page: true),
        "GET /programs/{program}/example.zip": .account(page: true),
        "GET /resources/{program}/standard": .account(page: true),
        "GET /resources/media": .account(page: true),
        // The walk's upload is no form, and it names no video.
        "POST /resources/media": .nation([415]),
        "GET /resources/media/{id}/file": .form([404]),
        "POST /resources/media/{id}/remove": .nation([404]),
        // The walk names no client, and its server has no agent.
        "GET /resources/clients/{name}": .form([404]),
        "GET /resources/agent/vedette-agent": .form([404]),
        "GET /resources/announcements": .account(page: true),
        // The walk's form has no title, and it names no announcement.
        "POST /resources/announcements": .nation([422]),
        "POST /resources/announcements/read": .form([303]),
        "POST /resources/announcements/{id}/withdraw": .nation([404]),
        "GET /resources/{program}/standard.pdf": .account(page: true),
        "GET /programs/{program}/{type}/template.csv": .account(page: true),
        "GET /programs/{program}/{type}/template.xlsx": .account(page: true),
        "GET /programs/{program}/{type}/fields.csv": .account(page: true),
        "GET /programs/{program}/{type}/rules.csv": .account(page: true),
        "GET /resources": .account(page: true),
        "GET /resources/{program}/all.zip": .account(page: true),
        "GET /programs/{program}/codelists/{list}/codes.csv": .account(page: true),
        "GET /api/v1/notices": .messages(page: false, decides: false),
        "POST /api/v1/notices/{id}/send-again": .messages(page: false, decides: true),
        "POST /api/v1/notices/{id}/dismiss": .messages(page: false, decides: true),
        "GET /notices": .messages(page: true, decides: false),
        "POST /notices/{id}/send-again": .messages(page: true, decides: true),
        "POST /notices/{id}/dismiss": .messages(page: true, decides: true),
        "GET /duties": .ownDuties,
        "GET /duties/explain": .duties,
        "GET /duties/statement": .duties,
        // The walk's form names no day.
        "POST /duties/zero-reports": .form([400]),
        "GET /board": .overseers([200]),
        "GET /morning.csv": .overseers([200]),
        "GET /board/calendar": .overseers([200]),
        "GET /board/institutions": .overseers([200]),
        "GET /board/institutions/{code}": .overseen,
        "GET /rules": .overseers([200]),
        "GET /rules/new": .overseers([200]),
        "POST /rules/preview": .overseers([400]),
        "POST /rules/apply": .overseers([400]),
        "POST /rules/{id}/revoke": .overseers([404]),
        "GET /apply": .anybody,
        "POST /apply/code": .anybody,
        "POST /apply/enter": .anybody,
        "POST /apply/leave": .anybody,
        "GET /apply/form": .anybody,
        "POST /apply/form": .anybody,
        "GET /apply/files": .anybody,
        "POST /apply/files": .anybody,
        "POST /apply/files/remove": .anybody,
        "GET /apply/files/{kind}/preview": .hidden,
        "GET /apply/sheet": .anybody,
        "GET /apply/sheet/information.pdf": .anybody,
        "GET /apply/sheet/agreement.pdf": .anybody,
        "GET /apply/status": .anybody,
        "POST /apply/submit": .anybody,
        "GET /set-password": .anybody,
        "POST /set-password": .anybody,
        "GET /applications": .reviewers([200]),
        // The walk names no application.
        "GET /applications/{id}": .reviewers([404]),
        "GET /applications/{id}/files/{kind}": .reviewers([404]),
        "GET /applications/{id}/files/{kind}/preview": .reviewers([404]),
        "POST /applications/{id}/decision": .reviewers([404]),
        "POST /apply/change": .anybody,
        "GET /forgot": .anybody,
        "POST /forgot/code": .anybody,
        "POST /forgot/enter": .anybody,
        "GET /institutions": .overseers([200]),
        "GET /institutions/{code}": .overseen,
        // The walk's form says nothing of what would be changed.
        "POST /institutions/{code}/close": .nation([422]),
        "POST /institutions/{code}/suspend": .nation([422]),
        "POST /institutions/{code}/resume": .nation([422]),
        "GET /institutions/{code}/merge": .nation([200]),
        "POST /institutions/{code}/merge": .nation([422]),
        "POST /institutions/{code}/unmerge": .nation([422]),
        "POST /institutions/compare": .nation([415]),
        "POST /institutions/import": .nation([422]),
        "GET /sign-in/step/challenge.txt": .anybody,
        "POST /sign-in/step/signature": .anybody,
        "GET /api/v1/people": .aloneByAPI(.security, [200]),
        "GET /api/v1/people/requests": .aloneByAPI(.security, [200]),
        "POST /api/v1/people/requests": .aloneByAPI(.security, [400]),
        "POST /api/v1/people/requests/{id}/confirm": .aloneByAPI(.security, [422]),
        "POST /api/v1/people/requests/{id}/reject": .aloneByAPI(.security, [422]),
        "POST /api/v1/people/{name}/disable": .aloneByAPI(.security, [422]),
        "POST /api/v1/people/{name}/reset-factor": .aloneByAPI(.security, [422]),
        "GET /api/v1/colleagues": .managers([200]),
        "POST /api/v1/colleagues": .managers([400]),
        "POST /api/v1/colleagues/{name}/rights": .managers([400]),
        "POST /api/v1/colleagues/{name}/link": .managers([422]),
        "DELETE /api/v1/colleagues/{name}": .managers([422]),
        "GET /colleagues": .institutionsForm([200]),
        // The walk's forms choose no rights and name no colleague.
        "POST /colleagues": .institutionsForm([422]),
        "POST /colleagues/rights": .institutionsForm([404]),
        "POST /colleagues/link": .institutionsForm([422]),
        "POST /colleagues/remove": .institutionsForm([422]),
        "GET /people": .alone(.security, [200]),
        // The walk's forms name no account, and no request.
        "POST /people/requests": .alone(.security, [422]),
        "POST /people/requests/{id}": .alone(.security, [422]),
        "POST /people/disable": .alone(.security, [422]),
        "POST /people/second-factor": .alone(.security, [422]),
        "GET /audit": .alone(.auditor, [200]),
        "GET /help": .anybody,
        "GET /help/guide": .anybody,
        "GET /help/agent": .anybody,
        "GET /help/findings": .anybody,
        "GET /account": .account(page: true),
        // The walk's form has no present password.
        "POST /account/password": .form([422, 429]),
        "POST /account/sessions": .form([303]),
        "POST /account/tokens": .form([422]),
        "POST /account/contact": .form([303]),
        "GET /sign-in": .anybody,
        // Nobody has a sign-in under way here.
        "GET /sign-in/step": .anybody,
        "POST /sign-in/step": .anybody,
        // The walk's accounts have no second factor, so its code is wrong.
        "POST /account/recovery-codes": .form([422]),
        "POST /account/second-factor": .form([422]),
        "POST /sign-in": .anybody,
        "POST /sign-out": .anybody,
        "GET /assets/{name}": .anybody,
    ]

    /// What the sender's colleague who may only send has beside what everybody with an account has.
    static let sends: Set<String> = [
        "GET /", "GET /upload", "POST /upload", "GET /api/v1/submissions", "POST /api/v1/submissions",
        "GET /submissions/{id}", "GET /api/v1/submissions/{id}", "GET /submissions/{id}/receipt",
        "GET /submissions/{id}/receipt.json", "GET /api/v1/submissions/{id}/receipt", "GET /duties",
        "GET /duties/explain", "POST /duties/zero-reports", "GET /api/v1/obligations", "POST /api/v1/zero-reports",
    ]

    /// Whether a colleague may ask for a route at all; where he may he is answered as the sender is.
    static func mayAsk(_ caller: Caller, _ route: String, _ access: Access) -> Bool {
        switch access {
        case .anybody, .hidden: return true
        default: break
        }
        let own = ["/account", "/programs", "/resources", "/help"]
        if own.contains(where: { route.split(separator: " ").last?.hasPrefix($0) == true }) { return true }
        switch caller {
        case .sendsOnly: return sends.contains(route)
        case .readsOnly: return route.hasPrefix("GET ") && !route.hasSuffix("/colleagues")
        default: return true
        }
    }

    static func expected(_ access: Access, _ caller: Caller, _ route: String) -> Set<Int> {
        guard caller == .sendsOnly || caller == .readsOnly else { return expected(access, caller) }
        return mayAsk(caller, route, access) ? expected(access, .sender) : [403]
    }

    static func expected(_ access: Access, _ caller: Caller) -> Set<Int> {
        func unlessStranger(_ page: Bool, _ codes: Set<Int>) -> Set<Int> {
            caller == .stranger ? (page ? [303] : [401]) : codes
        }
        let isWithin = [.sender, .province, .prefecture, .county, .national, .platform].contains(caller)
        // Of submissions those with one task see no more than an account without a region.
        let hasOneTask = [.reviewer, .security, .auditor, .analyst].contains(caller)
        let isRegionless = caller == .withoutRegion || hasOneTask
        let mayOversee =
            ![.stranger, .sender, .neighbour, .hospitalElsewhere].contains(caller) && !isRegionless
        switch access {
        case .anybody: return [200, 303, 403]
        case .account(let page): return unlessStranger(page, [200])
        case .list(let page):
            return unlessStranger(page, hasOneTask && page ? [303] : isRegionless && !page ? [403] : [200])
        case .reviewers(let codes): return unlessStranger(true, caller == .reviewer ? codes : [403])
        case .institutionsForm(let codes):
            return unlessStranger(true, [.sender, .neighbour, .hospitalElsewhere].contains(caller) ? codes : [403])
        case .alone(let only, let codes): return unlessStranger(true, caller == only ? codes : [403])
        case .managers(let codes):
            let may = [.sender, .neighbour, .hospitalElsewhere].contains(caller)
            return unlessStranger(false, may ? codes : [403])
        case .aloneByAPI(let only, let codes): return unlessStranger(false, caller == only ? codes : [403])
        case .hidden: return [404]
        case .nation(let codes):
            return unlessStranger(true, caller == .national || caller == .platform ? codes : [403])
        case .withinScope(let page):
            return unlessStranger(page, isWithin ? [200] : isRegionless ? [403] : [404])
        case .sender(let page):
            let code = caller == .sender ? 200 : isWithin || isRegionless ? 403 : 404
            return unlessStranger(page, [code])
        case .withdrawal(let page):
            let code = caller == .sender ? (page ? 303 : 200) : isWithin || isRegionless ? 403 : 404
            return unlessStranger(page, [code])
        case .administrators(let page):
            let may = caller == .national || caller == .platform
            return unlessStranger(page, may ? (page ? [303] : [202]) : [403])
        case .messages(let page, let decides):
            let may = caller == .national || caller == .platform
            return unlessStranger(page, may ? [decides ? 404 : 200] : [403])
        case .figures(let page, let code):
            return unlessStranger(page, isRegionless && caller != .analyst ? [403] : [code])
        case .obligations: return unlessStranger(false, isRegionless ? [403] : [200])
        case .zeroReport:
            let may = [.sender, .neighbour, .hospitalElsewhere].contains(caller)
            return unlessStranger(false, may ? [400] : [403])
        case .codes(let page, let codes):
            let may = [.sender, .neighbour, .hospitalElsewhere].contains(caller)
            return unlessStranger(page, may ? codes : [403])
        case .overseers(let codes): return unlessStranger(true, mayOversee ? codes : [403])
        case .form(let codes): return unlessStranger(true, codes)
        case .overseen:
            return unlessStranger(true, !mayOversee ? [403] : isWithin ? [200] : [404])
        case .duties: return unlessStranger(true, isWithin ? [200] : [404])
        case .ownDuties:
            return unlessStranger(true, [.sender, .neighbour, .hospitalElsewhere].contains(caller) ? [200] : [303])
        case .institutions(let page):
            let may = [.sender, .neighbour, .hospitalElsewhere].contains(caller)
            return unlessStranger(page, may ? (page ? [303] : [201]) : [403])
        }
    }
}
