import Accounts
import HTTPServer
import Intake
import SurveillanceKit

/// Who a request comes from.
struct Visitor: Sendable {
    var account: Account
    /// Where a browser's session says so; nil for a program with credentials of its own.
    var session: Session?

    /// The part of what it oversees that is looked at; nil for all of it.
    var region: Region?

    /// Whose submissions it may see.
    var scope: Scope { region.map(Scope.region) ?? account.scope }

    /// Whose figures it may read.
    var figureScope: Scope { region.map(Scope.region) ?? account.figureScope }
}

extension Visitor {
    /// Whether the submission was sent for the institution that it belongs to.
    func isOwner(of submission: Submission) -> Bool {
        account.role == .institution && account.institution == submission.institution
    }

    /// Whether it may have submissions processed again.
    var isAdministrator: Bool { account.role == .platform || account.role == .national }
}

/// Finds out who a request comes from.
struct Visitors: Sendable {
    let services: any SignInServices & ReferenceServices & SubmissionServices
    let settings: PortalSettings

    static let sessionCookie = "vedette_session"

    /// The region of an account: its institution's, or its own; nil for the nation's.
    func region(of visitor: Visitor) -> String? {
        visitor.account.institution.flatMap { services.institution($0) }?.region ?? visitor.account.region?.prefix
    }

    func reader(_ head: RequestHead, _ visitor: Visitor? = nil) -> Reader {
        let institution = visitor?.account.institution.flatMap { services.institution($0) }
        let region = visitor.flatMap(region)
        return Reader(
            language: Reader.language(of: head), session: visitor?.session, institution: institution,
            kept: institution.flatMap { services.kept(insteadOf: $0.code) },
            setAside: visitor == nil ? [] : services.setAside, secondsEastOfUTC: settings.secondsEastOfUTC,
            version: settings.version, support: SupportContact.nearest(settings.support, to: region))
    }

    /// The session that the browser's cookie stands for.
    ///
    /// - Throws: `Problem.fewerRights` where its account may not ask for this address.
    func session(_ head: RequestHead) async throws -> Visitor? {
        guard let visitor = try await anySession(head) else { return nil }
        try admit(visitor.account, head)
        return visitor
    }

    /// As above, also where the account may not: for the frame of a page that says so.
    func anySession(_ head: RequestHead) async throws -> Visitor? {
        guard let token = head.cookies[Visitors.sessionCookie], let session = try await services.session(token) else {
            return nil
        }
        return Visitor(account: session.account, session: session)
    }

    private func admit(_ account: Account, _ head: RequestHead) throws {
        if let code = account.institution, let kept = services.kept(insteadOf: code),
            !ColleagueGate(rights: .read).allows(head.method, head.path)
        {
            throw Problem.mergedInstitution(kept)
        }
        guard account.rights != .manager else { return }
        guard ColleagueGate(rights: account.rights).allows(head.method, head.path) else {
            throw Problem.fewerRights(account.rights)
        }
    }

    /// A form that somebody has sent from a page of the session; nil for those who have to sign in first.
    ///
    /// - Throws: `Problem.foreignForm` for one of another page.
    func form(_ request: Request) async throws -> (visitor: Visitor, fields: FormFields)? {
        guard let visitor = try await session(request.head), let session = visitor.session else { return nil }
        let fields = try request.form()
        guard session.accepts(formToken: fields["formToken"] ?? "") else { throw Problem.foreignForm }
        return (visitor, fields)
    }

    /// What an administrator may see, or the part of it that lies in a region.
    ///
    /// - Throws: `Problem.outsideScope` for institutions and for a region that is another's; `.noRegion`.
    func overseen(_ visitor: Visitor, within region: Region? = nil) throws -> Scope {
        switch visitor.scope {
        case .nation: return region.map(Scope.region) ?? .nation
        case .region(let own):
            guard let region else { return .region(own) }
            guard own.contains(region.prefix) else { throw Problem.outsideScope }
            return .region(region)
        case .institution: throw Problem.outsideScope
        case .nothing: throw Problem.noRegion
        }
    }

    /// Who calls the API: by HTTP Basic, by a bearer token, or by a session, whose changes need the form's token as
    /// well.
    func caller(_ head: RequestHead) async throws -> Visitor {
        if let authorization = head.headers["Authorization"] { return try await credentials(authorization, head) }
        guard let visitor = try await session(head) else {
            throw Problem.signInNeeded(challenges: head.headers["Sec-Fetch-Mode"] == nil)
        }
        if head.method != .get, head.method != .head {
            let token = head.headers["X-Form-Token"] ?? ""
            guard visitor.session?.accepts(formToken: token) == true else { throw Problem.foreignForm }
        }
        return visitor
    }

    private func credentials(_ authorization: String, _ head: RequestHead) async throws -> Visitor {
        if let basic = BasicCredentials(authorization: authorization) {
            let outcome = try await services.authenticate(basic, from: head.remoteAddress)
            switch outcome {
            case .accepted(let account):
                guard !account.role.needsSecondFactor else { throw Problem.tokenNeeded }
                try admit(account, head)
                return Visitor(account: account)
            case .refused: throw Problem.signInNeeded(challenges: true)
            case .wait(let until):
                let now = services.now
                throw Problem.tooManyAttempts(
                    outcome.message(at: now) ?? BilingualText(zh: "请稍后再试", en: "Try again later."),
                    waitSeconds: Int(until.secondsToWait(from: now)))
            }
        }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer",
            let account = try await services.account(ofToken: parts[1].filter { $0 != " " })
        else { throw Problem.signInNeeded(challenges: true) }
        try admit(account, head)
        return Visitor(account: account)
    }

    /// - Throws: `Problem.notAllowed` for those who do not run the platform.
    func requireAdministrator(_ visitor: Visitor) throws {
        guard visitor.isAdministrator else { throw Problem.notAllowed }
    }

    /// The institution that a visitor reports for.
    func reportingInstitution(_ visitor: Visitor) throws -> Institution {
        guard visitor.account.role == .institution, let code = visitor.account.institution else {
            throw Problem.noInstitution
        }
        guard let institution = services.institution(code) else { throw Problem.unknownInstitution(code) }
        return institution
    }

    /// A submission that the visitor may see, as he may see it.
    ///
    /// - Throws: `Problem.noRegion` for an account for which nobody has said where it belongs, `.noSuchSubmission` for what is another's.
    func submission(_ text: String?, _ visitor: Visitor) async throws -> SeenSubmission {
        if visitor.scope == .nothing { throw Problem.noRegion }
        guard let id = text.flatMap({ SubmissionID($0) }),
            let found = try await services.submission(id, in: visitor.scope)
        else { throw Problem.noSuchSubmission }
        return SeenSubmission(found, by: visitor)
    }

    /// So many submissions are looked through for a text or a level at once.
    static let mostSearched = 5000

    /// As below, those of the query's level that its text stands in; at most `mostSearched` are looked at.
    ///
    /// - Returns: with them the last one that was looked at, where older ones have not been.
    func submissions(
        _ visitor: Visitor, matching query: SubmissionsQuery, limit: Int, before: SubmissionID?
    ) async throws -> (found: [Submission], stoppedAt: SubmissionID?) {
        let filter = query.filter(secondsEastOfUTC: settings.secondsEastOfUTC)
        let visitor = try within(query.region, visitor)
        guard query.looksAtEach else {
            return (try await submissions(visitor, matching: filter, limit: limit, before: before), nil)
        }
        var found: [Submission] = []
        var place = before
        var searched = 0
        while found.count < limit {
            if searched >= Visitors.mostSearched { return (found, place) }
            let page = try await submissions(visitor, matching: filter, limit: 200, before: place)
            found += page.filter { query.matches($0, institution: services.institution($0.institution)) }
            searched += page.count
            guard page.count == 200, let last = page.last else { break }
            place = last.id
        }
        return (Array(found.prefix(limit)), nil)
    }

    /// A visitor who looks at a part of what he oversees; a hospital sees its own whatever it asks for.
    func within(_ region: Region?, _ visitor: Visitor) throws -> Visitor {
        guard let region, visitor.account.role != .institution, visitor.scope != .nothing else { return visitor }
        var visitor = visitor
        visitor.region = try overseen(visitor, within: region) == .region(region) ? region : nil
        return visitor
    }

    /// The latest submissions that the visitor may see, as he may see them.
    func submissions(
        _ visitor: Visitor, matching filter: SubmissionFilter, limit: Int, before: SubmissionID?
    ) async throws -> [Submission] {
        try await services.submissions(in: visitor.scope, matching: filter, limit: limit, before: before).map {
            SeenSubmission($0, by: visitor).submission
        }
    }
}
