import Accounts
import HTTPServer
import JSON
import SurveillanceKit

/// The frame of every page: head, navigation, content, foot.
struct Page {
    var title: String
    /// The page's own address, which the language switch leads back to.
    var path: SitePath
    var place: Place?
    /// Looks again after so many seconds, where no script does.
    var refreshSeconds: Int?
    var content: HTML

    enum Place: CaseIterable {
        case applications, submissions, upload, duties, dictionaries, board, figures, rules, programs, resources,
            institutions, notices, people, audit, colleagues, account, help

        var path: SitePath {
            switch self {
            case .applications: SitePath("applications")
            case .submissions: SitePath()
            case .upload: SitePath("upload")
            case .duties: SitePath("duties")
            case .dictionaries: SitePath("dictionaries")
            case .board: SitePath("board")
            case .figures: SitePath("figures")
            case .rules: SitePath("rules")
            case .programs: SitePath("programs")
            case .resources: SitePath("resources")
            case .institutions: SitePath("institutions")
            case .notices: SitePath("notices")
            case .people: SitePath("people")
            case .audit: SitePath("audit")
            case .colleagues: SitePath("colleagues")
            case .account: SitePath("account")
            case .help: SitePath("help")
            }
        }

        func name(_ reader: Reader) -> String {
            switch self {
            case .applications: reader.say("账号审核", "Applications")
            case .submissions: reader.say("上报记录", "Submissions")
            case .upload: reader.say("上传", "Upload")
            case .duties: reader.say("任务", "Duties")
            case .dictionaries: reader.say("编码", "Codes")
            case .board: reader.say("看板", "Board")
            case .figures: reader.say("指标", "Indicators")
            case .rules: reader.say("规则", "Rules")
            case .programs: reader.say("监测项目", "Programs")
            case .resources: reader.say("资料下载", "Resources")
            case .institutions: reader.say("机构", "Institutions")
            case .notices: reader.say("通知", "Notices")
            case .people: reader.say("账号与权限", "Accounts")
            case .audit: reader.say("审计", "Audit")
            case .colleagues: reader.say("同事", "Colleagues")
            case .account: reader.say("账号", "Account")
            case .help: reader.say("帮助", "Help")
            }
        }

        /// The places of roles that have one task; nil for the others.
        private static func own(_ role: Role) -> [Place]? {
            switch role {
            case .reviewer: [.applications, .programs, .account, .help]
            case .security: [.people, .account, .help]
            case .auditor: [.audit, .account, .help]
            case .analyst: [.figures, .programs, .account, .help]
            case .institution, .provincial, .national, .platform: nil
            }
        }

        /// Where an account of such a role begins; nil for those that begin with submissions.
        static func first(of account: Account) -> Place? { own(account.role)?.first }

        /// Whether it is in the navigation of an account's pages.
        ///
        /// - Parameter isMerged: whether its institution was merged into another, so that it may only read.
        func isFor(_ account: Account, isMerged: Bool = false) -> Bool {
            if isMerged, self == .upload || self == .colleagues { return false }
            if let own = Self.own(account.role) { return own.contains(self) }
            guard ColleagueGate(rights: account.rights).allows(.get, path.description) else { return false }
            switch self {
            case .applications, .people, .audit: return false
            case .submissions, .figures, .programs, .resources, .account, .help: return true
            case .upload: return account.institution != nil && account.rights != .read
            case .duties, .dictionaries: return account.institution != nil
            case .colleagues: return account.role == .institution && account.rights == .manager
            case .board, .rules, .institutions: return account.institution == nil
            case .notices: return Visitor(account: account).isAdministrator
            }
        }
    }

    init(
        _ title: String, path: SitePath, place: Place? = nil, refreshSeconds: Int? = nil,
        @HTMLBuilder content: () -> HTML
    ) {
        self.title = title
        self.path = path
        self.place = place
        self.refreshSeconds = refreshSeconds
        self.content = content()
    }

    func rendered(for reader: Reader) -> String {
        HTML.document(
            html(.lang(reader.language == .zh ? "zh-CN" : "en")) {
                head {
                    meta(.utf8)
                    meta(.name("viewport"), .content("width=device-width, initial-scale=1"))
                    if let refreshSeconds {
                        noscript { meta(.httpEquiv("refresh"), .content("\(refreshSeconds)")) }
                    }
                    Portal.title(text: "\(title) · Vedette \(reader.say("哨点", ""))")
                    link(.rel("icon"), .type("image/svg+xml"), .href(Asset.icon.path))
                    link(.rel("stylesheet"), .href(Asset.stylesheet.path))
                    script(.src(Asset.script.path), .defer) { HTML.empty }
                }
                body {
                    a(.class("skip"), .fragment("content"), text: reader.say("跳到正文", "Skip to the content"))
                    top(reader)
                    main(.id("content")) {
                        SetAsideBanner(programs: reader.setAside).html(reader)
                        if let kept = reader.kept {
                            div(.class("note warn"), .role("status")) {
                                p(text: reader.say(.merged(into: kept)))
                            }
                        }
                        content
                    }
                    foot(reader)
                }
            })
    }

    func response(for reader: Reader, status: Status = .ok) -> Response { .html(rendered(for: reader), status: status) }

    private func top(_ reader: Reader) -> HTML {
        header {
            div(.class("bar")) {
                a(.class("brand"), .href(SitePath())) {
                    "Vedette 哨点"
                    small(text: reader.say("公共卫生监测上报", "Public-health reporting"))
                }
                if let account = reader.account {
                    nav(.aria(.label, reader.say("主导航", "Main"))) {
                        for place in Place.allCases where place.isFor(account, isMerged: reader.kept != nil) {
                            a(
                                .href(place.path), place == self.place ? .aria(.current, "page") : nil,
                                text: place.name(reader))
                        }
                    }
                }
                div(.class("who")) {
                    languageSwitch(reader)
                    if let account = reader.account {
                        span(.class("person")) { reader.institution.map { reader.say($0.name) } ?? account.displayName }
                        form(.post, .action(SitePath("sign-out"))) {
                            formToken(reader)
                            button(.type("submit"), text: reader.say("退出", "Sign out"))
                        }
                    }
                }
            }
        }
    }

    private func languageSwitch(_ reader: Reader) -> HTML {
        let other: Language = reader.language == .zh ? .en : .zh
        return a(.href(path.with("lang", other.rawValue)), .lang(other.rawValue), text: other == .zh ? "中文" : "English")
    }

    private func foot(_ reader: Reader) -> HTML {
        footer {
            div {
                span(text: "Vedette \(reader.version)")
                a(.href(SitePath("help")), text: reader.say("帮助", "Help"))
                a(.href(SitePath("openapi.json")), text: reader.say("接口说明（OpenAPI）", "API (OpenAPI)"))
                span(text: reader.zone)
                if let support = SupportView(contacts: reader.support).sentence(reader) { span(text: support) }
            }
        }
    }
}

/// What every form of a session sends back, so that no other site's page can send it.
func formToken(_ reader: Reader) -> HTML {
    input(.type("hidden"), .name("formToken"), .value(reader.session?.formToken ?? ""))
}
