import Accounts
import Audit
import Database
import Foundation
import Intake
import Portal
import ShangMi
import SurveillanceKit

@testable import CoreRuntime
@testable import HTTPServer

/// A platform with three hospitals and an account for each role, asked as the server asks it.
struct ScopeWalk {
    /// Who asks. The submission that is walked round was sent by `sender`.
    enum Caller: String, CaseIterable {
        case stranger
        case sender, neighbour, hospitalElsewhere
        /// Colleagues of the sender with fewer rights.
        case sendsOnly, readsOnly
        case province, prefecture, county, otherProvince, otherPrefecture, withoutRegion
        case national, platform, reviewer, security, auditor, analyst

        var account: Account? {
            func hospital(_ code: String) -> Account {
                Account(name: rawValue, displayName: rawValue, role: .institution, institution: code)
            }
            func commission(_ region: String) -> Account {
                Account(name: rawValue, displayName: rawValue, role: .provincial, region: Region(region))
            }
            return switch self {
            case .stranger: nil
            case .sender: hospital(ScopeWalk.institutions[0].code)
            case .sendsOnly, .readsOnly:
                Account(
                    name: rawValue, displayName: rawValue, role: .institution,
                    institution: ScopeWalk.institutions[0].code, rights: self == .sendsOnly ? .send : .read)
            case .neighbour: hospital(ScopeWalk.institutions[1].code)
            case .hospitalElsewhere: hospital(ScopeWalk.institutions[2].code)
            case .province, .withoutRegion: commission("43")
            case .prefecture: commission("4301")
            case .county: commission("430102")
            case .otherProvince: commission("11")
            case .otherPrefecture: commission("4302")
            case .national: Account(name: rawValue, displayName: rawValue, role: .national)
            case .platform: Account(name: rawValue, displayName: rawValue, role: .platform)
            case .reviewer: Account(name: rawValue, displayName: rawValue, role: .reviewer, region: Region("43"))
            case .security: Account(name: rawValue, displayName: rawValue, role: .security)
            case .auditor: Account(name: rawValue, displayName: rawValue, role: .auditor)
            case .analyst: Account(name: rawValue, displayName: rawValue, role: .analyst, region: Region("43"))
            }
        }
    }

    static let institutions = [("12345678901234567890A1", "430102"), ("H2", "430103"), ("H3", "110105")].map {
        Institution(
            code: $0.0, name: BilingualText(zh: "医院", en: "Hospital"), level: .tertiary, region: $0.1,
            hasFeverClinic: true)
    }

    let test: TestPlatform
    let router: Router
    private let sessions: [Caller: (token: String, session: Session)]

    init(
        now clock: @escaping @Sendable () -> Instant = Instant.systemClock,
        adjust: (inout Configuration) -> Void = { _ in }
    ) async throws {
        let test = try TestPlatform(now: clock, institutions: ScopeWalk.institutions, adjust: adjust)
        self.test = test
        router = Site(services: test.platform.portalServices, settings: PortalSettings(version: "test")).router
        let author = Author(name: "operator", origin: "command line")
        let now = clock()
        let accounts = AccountStore(
            database: test.platform.data.database, random: .strong,
            cost: PasswordHash.Cost(memoryKiB: 64, passes: 1, lanes: 1))
        var sessions: [Caller: (String, Session)] = [:]
        for caller in Caller.allCases {
            guard let account = caller.account else { continue }
            try await accounts.create(account, password: "pear-sock-7 蓝", by: author, at: now)
            sessions[caller] = try await test.platform.sessions.begin(for: account, from: "192.0.2.1", at: now)
        }
        // As an account was before regions were kept.
        try await test.platform.data.database.write {
            try $0.execute("UPDATE account SET region = NULL WHERE key = 'withoutregion'")
        }
        self.sessions = sessions
    }

    func token(of caller: Caller) -> String? { sessions[caller]?.token }

    /// Asks for a route as a browser that holds the caller's session and the token of its forms.
    func ask(
        _ caller: Caller, _ route: Route, at target: String, form: [(String, String)] = [], file: String? = nil,
        content: String = "x", raw: [UInt8]? = nil
    ) async -> Response {
        var headers = Headers()
        let known = sessions[caller]
        if let known {
            headers.append("Cookie", "vedette_session=\(known.token)")
            headers.append("X-Form-Token", known.session.formToken)
        }
        var body: [UInt8] = []
        let fields = form + [("formToken", known?.session.formToken ?? "")]
        if let raw {
            headers.append("Content-Type", "application/octet-stream")
            body = raw
        } else if let file {
            headers.append("Content-Type", "multipart/form-data; boundary=B")
            var text = ""
            for (name, value) in fields {
                text += "--B\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
            }
            text +=
                "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file)\"\r\n\r\n\(content)\r\n--B--\r\n"
            body = Array(text.utf8)
        } else {
            headers.append("Content-Type", "application/x-www-form-urlencoded")
            body = Array(fields.map { "\($0)=\(Percent.encode($1))" }.joined(separator: "&").utf8)
        }
        var head = RequestHead(
            method: route.method, headers: headers, remoteAddress: "192.0.2.1",
            contentLength: route.method == .get ? 0 : body.count)
        guard let parsed = RequestTarget(Array(target.utf8)) else { return Response(status: .badRequest) }
        head.path = parsed.path
        head.query = parsed.query
        guard case .route(let found, let parameters) = router.match(route.method, parsed.segments),
            found.pattern == route.pattern
        else { return Response(status: .notFound) }
        head.parameters = parameters
        do {
            switch found.body {
            case .none(let handler): return try await handler(Request(head: head))
            case .buffered(_, let handler): return try await handler(Request(head: head, body: body))
            case .streamed(let admit):
                switch try await admit(head) {
                case .refuse(let response): return response
                case .accept(let sink, _, let handler):
                    try body.withUnsafeBytes { try sink.receive($0) }
                    return try await handler(Request(head: head))
                }
            }
        } catch {
            return router.show((error as? Problem) ?? .internalError, head)
        }
    }

    /// Asks for a route by its pattern.
    func ask(
        _ caller: Caller, _ method: Method, _ pattern: String, at target: String, form: [(String, String)] = [],
        raw: [UInt8]? = nil
    ) async throws -> (status: Int, text: String) {
        guard let route = router.routes.first(where: { $0.method == method && $0.pattern == pattern }) else {
            return (404, "no such route")
        }
        let response = await ask(caller, route, at: target, form: form, raw: raw)
        return (response.status.code, try await ScopeWalk.text(response))
    }

    /// The whole body, streamed or not.
    static func text(_ response: Response) async throws -> String {
        switch response.body {
        case .none: return ""
        case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
        case .stream(let next):
            var all: [UInt8] = []
            while let piece = try await next() { all += piece }
            return String(decoding: all, as: UTF8.self)
        }
    }
}
