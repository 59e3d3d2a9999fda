import Accounts
import Audit
import Foundation
import JSON
import Portal
import ShangMi
import StoreKit
import SurveillanceKit
import Testing

@testable import CoreRuntime
@testable import HTTPServer

@Suite("Accounts and colleagues by the API, with tokens, on every store", .everyStore)
struct PeopleAPITests {
    /// A program that calls with an account's token.
    private struct Client {
        let router: Router
        let token: String

        func ask(_ method: HTTPServer.Method, _ target: String, _ body: String = "") async throws -> (Int, JSONNode?) {
            var headers = Headers()
            headers.append("Authorization", "Bearer \(token)")
            var head = RequestHead(
                method: method, headers: headers, remoteAddress: "192.0.2.7", contentLength: body.utf8.count)
            let parsed = try #require(RequestTarget(Array(target.utf8)))
            (head.path, head.query) = (parsed.path, parsed.query)
            guard case .route(let route, let parameters) = router.match(method, parsed.segments) else {
                return (404, nil)
            }
            head.parameters = parameters
            var response: Response
            do {
                switch route.body {
                case .none(let handler): response = try await handler(Request(head: head))
                case .buffered(_, let handler):
                    response = try await handler(Request(head: head, body: Array(body.utf8)))
                case .streamed: return (404, nil)
                }
            } catch let problem as Problem { response = router.show(problem, head) }
            guard case .bytes(let bytes) = response.body else { return (response.status.code, nil) }
            return (response.status.code, try? JSONDocument(bytes).root)
        }
    }

    private static func text(_ node: JSONNode?) -> String? {
        if case .string(let text)? = node?.content { text } else { nil }
    }

    private static func items(_ node: JSONNode?) -> [JSONNode] {
        if case .array(let items)? = node?["items"]?.content { items } else { [] }
    }

    private struct Office {
        private let office: PeopleOffice
        var test: TestPlatform { office.test }

        init() async throws { office = try await PeopleOffice() }

        func client(_ name: String, _ role: Role, institution: String? = nil, rights: ColleagueRights = .manager)
            async throws -> Client
        {
            try await office.add(
                Account(name: name, displayName: name, role: role, institution: institution, rights: rights))
            return Client(router: office.router, token: try await test.desk().createToken(for: name, label: "t"))
        }
    }

    @Test("one asks, another confirms or turns down; what cannot be is told; lists come in pages")
    func people() async throws {
        let office = try await Office()
        let (an, bo) = (try await office.client("an", .security), try await office.client("bo", .security))
        let path = "/api/v1/people"
        let (asked, answer) = try await an.ask(
            .post, "\(path)/requests",
            #"{"kind": "create", "account": "chen", "displayName": "陈", "role": "analyst", "region": "43", "phone": "13800001111", "mail": null}"#
        )
        #expect(asked == 202 && Self.text(answer?["state"]) == "waits")
        let (_, open) = try await bo.ask(.get, "\(path)/requests")
        let request = try #require(Self.items(open).first)
        let id = try #require(Self.text(request["id"]))
        #expect(Self.text(request["askedBy"]) == "an" && Self.text(request["state"]) == "open")
        #expect(request["phone"] == nil)
        let (own, why) = try await an.ask(.post, "\(path)/requests/\(id)/confirm")
        #expect(own == 422 && Self.text(why?["type"])?.hasSuffix("account-refused") == true)
        #expect(try await bo.ask(.post, "\(path)/requests/\(id)/confirm").0 == 200)
        #expect(try await bo.ask(.post, "\(path)/requests/\(id)/confirm").0 == 422)
        #expect(try await office.test.platform.accounts.find("chen")?.region == Region("43"))
        // A smaller region is done at once; a larger one waits, and is turned down.
        let smaller = #"{"kind": "grant", "account": "chen", "role": "analyst", "region": "4301"}"#
        #expect(try await an.ask(.post, "\(path)/requests", smaller).0 == 200)
        let larger = #"{"kind": "grant", "account": "chen", "role": "analyst", "region": ""}"#
        #expect(try await an.ask(.post, "\(path)/requests", larger).0 == 202)
        let (_, now) = try await bo.ask(.get, "\(path)/requests")
        let second = try #require(Self.text(Self.items(now).first?["id"]))
        #expect(try await bo.ask(.post, "\(path)/requests/\(second)/reject").0 == 200)
        #expect(try await an.ask(.post, "\(path)/chen/disable").0 == 200)
        for (target, body) in [
            ("\(path)/requests", "x"), ("\(path)/requests", #"{"kind": "create", "beds": "9"}"#),
            ("\(path)/requests", #"{"kind": 1}"#),
        ] { #expect(try await an.ask(.post, target, body).0 == 400, "\(body)") }
        for target in ["an/disable", "an/reset-factor", "nobody/disable", "chen/reset-factor"] {
            #expect(try await an.ask(.post, "\(path)/\(target)").0 == 422, "\(target)")
        }

        let (_, first) = try await an.ask(.get, "\(path)?limit=2")
        #expect(Self.items(first).compactMap { Self.text($0["name"]) } == ["an", "bo"])
        #expect(Self.text(first?["next"]) == "bo")
        let (_, rest) = try await an.ask(.get, "\(path)?limit=2&after=bo")
        #expect(Self.items(rest).compactMap { Self.text($0["name"]) } == ["chen"] && Self.text(rest?["next"]) == nil)
        for (query, names) in [
            ("role=analyst", ["chen"]), ("state=disabled", ["chen"]), ("state=enabled", ["an", "bo"]),
            ("q=CHE", ["chen"]),
            ("q=%E9%99%88", ["chen"]), ("role=institution", []),
        ] {
            let (_, found) = try await an.ask(.get, "\(path)?\(query)")
            #expect(Self.items(found).compactMap { Self.text($0["name"]) } == names, "\(query)")
        }
        for wrong in ["limit=0", "limit=201", "role=chief", "beds=9"] {
            #expect(try await an.ask(.get, "\(path)?\(wrong)").0 == 400, "\(wrong)")
        }
        // What the page is for others, the API is, too.
        let auditor = try await office.client("audra", .auditor)
        #expect(try await auditor.ask(.get, path).0 == 403)
        #expect(try await auditor.ask(.post, "\(path)/requests", smaller).0 == 403)
        #expect(
            try await office.test.audit().filter { $0.hasPrefix("an account.") || $0.hasPrefix("bo account.") } == [
                "an account.ask chen", "bo account.create chen", "bo account.confirm chen",
                "an account.set-rights chen",
                "an account.ask chen", "bo account.reject chen", "an account.disable chen",
            ])
    }

    @Test("a data manager invites, changes and removes colleagues; a colleague does none of it")
    func colleagues() async throws {
        let office = try await Office()
        let code = TestPlatform.institution.code
        let manager = try await office.client("manager", .institution, institution: code)
        let path = "/api/v1/colleagues"
        let (made, answer) = try await manager.ask(
            .post, path, #"{"ending": "lab", "displayName": "检验科", "rights": "send"}"#)
        let name = "\(code)-lab"
        #expect(made == 201 && Self.text(answer?["account"]) == name)
        #expect(Self.text(answer?["link"])?.contains("/set-password?token=") == true)
        let (_, listed) = try await manager.ask(.get, path)
        #expect(Self.items(listed).compactMap { Self.text($0["rights"]) } == ["send"])
        #expect(try await manager.ask(.post, "\(path)/\(name)/rights", #"{"rights": "read"}"#).0 == 204)
        #expect(try await office.test.platform.accounts.find(name)?.rights == .read)
        for body in [#"{"rights": "manager"}"#, #"{"rights": "all"}"#] {
            #expect(try await manager.ask(.post, "\(path)/\(name)/rights", body).0 == 422, "\(body)")
        }
        let (again, link) = try await manager.ask(.post, "\(path)/\(name)/link")
        #expect(again == 201 && Self.text(link?["link"]) != Self.text(answer?["link"]))
        let colleague = try await office.client(name, .institution)
        #expect(try await colleague.ask(.get, "/api/v1/submissions").0 == 200)
        #expect(try await colleague.ask(.get, path).0 == 403)
        #expect(try await colleague.ask(.delete, "\(path)/\(name)").0 == 403)
        #expect(try await manager.ask(.delete, "\(path)/manager").0 == 422)
        #expect(try await manager.ask(.delete, "\(path)/\(name)").0 == 204)
        #expect(try await colleague.ask(.get, "/api/v1/submissions").0 == 401)
        #expect(try await manager.ask(.delete, "\(path)/\(name)").0 == 422)
    }

    @Test("the command lists role and rights, scope, second factor and last sign-in")
    func listed() async throws {
        let office = try await Office()
        _ = try await office.client("manager", .institution, institution: TestPlatform.institution.code)
        _ = try await office.client("an", .security)
        let now = office.test.platform.now()
        _ = try await office.test.platform.sessions.begin(
            for: try #require(try await office.test.platform.accounts.find("an")), from: "192.0.2.1", at: now)
        let secret = office.test.platform.factors.newSecret()
        let code = try TimeCode.code(secret: secret, step: TimeCode.step(at: now.seconds))
        _ = try await office.test.platform.factors.setUp(
            secret, code: code, of: "an", by: Author(name: "an", origin: ""), at: now)
        let all = try await office.test.desk().accountList()
        #expect(all.map(\.account.name) == ["an", "manager"])
        #expect(all.map(\.hasSecondFactor) == [true, false])
        #expect(all.map { $0.lastSignInAt != nil } == [true, false])
    }
}
