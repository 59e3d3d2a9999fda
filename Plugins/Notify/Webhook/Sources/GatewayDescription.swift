import Foundation
import PluginKit
import Settings
import SurveillanceKit
import Validation

/// What a gateway wants to be sent, and what its answers mean: a file of the deployment's.
struct GatewayDescription: Sendable {
    /// What a kind of notices is sent with.
    struct Kind: Sendable {
        var template: String
        var variables: BodyTemplate?
    }

    enum Body: Sendable {
        case none
        case json(BodyTemplate)
        case form([(String, MessageTemplate)])
    }

    /// Where to ask whether a message was taken.
    struct Status: Sendable {
        var path: String
        var query: [(String, MessageTemplate)]
        var taken: AnswerRule
    }

    var request: GatewayRequest
    var headers: [(String, MessageTemplate)]
    var query: [(String, MessageTemplate)]
    var body: Body
    /// Nil where every kind is sent, without a template's id.
    var kinds: [NoticeKind: Kind]?
    var taken: AnswerRule
    /// Where an answer says why a message was refused that has nothing at the place of `taken`.
    var refused: [AnswerPlace]
    /// Answers that will be the same the next time.
    var final: Set<String>
    var signer: RequestSigner
    var contact: ContactKind?
    var isIdempotent: Bool
    var status: Status?

    private static let keys: Set<String> = [
        "url", "method", "address", "headers", "query", "json", "form", "kinds", "taken", "refused", "final", "signer",
        "idempotent",
        "status", "plainHTTP",
    ]

    init(contentsOf path: String) throws(ProgramError) {
        let object = try SettingsObject(contentsOf: URL(fileURLWithPath: path), shownAs: path)
        try object.allow(Self.keys)
        let everywhere = MessageVariables.everywhere
        let (scheme, host, place) = try Self.url(
            object, "url", mayBePlain: try object.optionalBool("plainHTTP") ?? false)
        let method = try object.optionalString("method") ?? "POST"
        guard method == "POST" || method == "GET" else {
            throw object.fault("'method' is '\(method)'; known are GET, POST", at: "method")
        }
        request = GatewayRequest(
            method: method, scheme: scheme, host: host, path: place, query: [], headers: [], body: "")
        headers = try Self.templates(object, "headers", everywhere.union(["secret"]))
        for (name, _) in headers where !name.utf8.allSatisfy({ Self.isOfToken($0) }) || name.isEmpty {
            throw object.fault("'\(name)' is no name of a header", at: "headers")
        }
        query = try Self.templates(object, "query", everywhere.union([MessageVariables.all]))
        body = try Self.body(object, method)
        kinds = try Self.kinds(object)
        guard let answer = try object.object("taken") else {
            throw object.fault(
                "'taken' is missing: { \"path\": …, \"equals\": … }, by which an answer says that a message was taken")
        }
        taken = try AnswerRule(answer)
        refused = []
        for path in try object.strings("refused") {
            guard let place = AnswerPlace(path) else { throw object.noPath(path, at: "refused") }
            refused.append(place)
        }
        final = Set(try object.strings("final"))
        signer = try Self.signer(object)
        switch try object.optionalString("address") ?? "phone" {
        case "none": contact = nil
        case let name:
            guard let kind = ContactKind(rawValue: name) else {
                throw object.fault("'address' is '\(name)'; known are mail, none, phone", at: "address")
            }
            contact = kind
        }
        isIdempotent = try object.optionalBool("idempotent") ?? false
        if let own = try object.object("status") {
            try own.allow(["url", "query", "taken"])
            let (scheme, asked, path) = try Self.url(own, "url", mayBePlain: true)
            guard scheme == request.scheme, asked == host else {
                throw own.fault("it must be at the same server as the gateway itself", at: "url")
            }
            guard let answer = try own.object("taken") else { throw own.fault("'taken' is missing") }
            let query = try Self.templates(own, "query", everywhere)
            guard query.contains(where: { $0.1.variables.contains("id") }) else {
                throw own.fault(
                    "no part of it holds {id}, so the gateway cannot tell which message is asked for", at: "query")
            }
            status = Status(path: path, query: query, taken: try AnswerRule(answer))
        }
        if isIdempotent, !sends("id") {
            throw object.fault(
                "nothing that is sent holds {id}, so the gateway cannot know a message again", at: "idempotent")
        }
        if contact != nil, !sends("address") {
            throw object.fault(
                "nothing that is sent holds {address}, so the gateway cannot know whom to reach",
                at: ["address", "json", "form"].first { object.has($0) } ?? "url")
        }
    }

    private func sends(_ name: String) -> Bool {
        let inBody =
            switch body {
            case .none: false
            case .json(let template): template.names.contains(name)
            case .form(let members): members.contains { $0.1.variables.contains(name) }
            }
        return inBody || (headers + query).contains { $0.1.variables.contains(name) }
    }

    /// What an answer says of a message.
    func verdict(_ body: [UInt8]) -> AnswerRule.Verdict {
        let verdict = taken.verdict(body)
        guard verdict == .none, let reason = refused.lazy.compactMap({ $0.value(in: body) }).first else {
            return verdict
        }
        return .other(reason)
    }

    // MARK: Parts

    private static func url(
        _ object: SettingsObject, _ name: String, mayBePlain: Bool
    ) throws(ProgramError) -> (scheme: String, host: String, path: String) {
        let text = try object.string(name)
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), let host = parts.host,
            !host.isEmpty, ["http", "https"].contains(scheme), parts.user == nil, parts.query == nil,
            parts.fragment == nil
        else {
            throw object.fault(
                "'\(name)' must be an address such as https://sms.example/send, without a query; that stands in 'query'",
                at: name)
        }
        guard scheme == "https" || mayBePlain || ["127.0.0.1", "localhost", "[::1]", "::1"].contains(host) else {
            throw object.fault(
                "'\(name)' is not https: phone numbers would pass in clear; where the network is trusted say \"plainHTTP\": true",
                at: name)
        }
        let port = parts.port.map { ":\($0)" } ?? ""
        let path = parts.percentEncodedPath
        return (scheme, host.lowercased() + port, path.isEmpty ? "/" : path)
    }

    private static func templates(
        _ object: SettingsObject, _ name: String, _ known: Set<String>
    ) throws(ProgramError) -> [(String, MessageTemplate)] {
        guard let own = try object.object(name) else { return [] }
        var templates: [(String, MessageTemplate)] = []
        for member in own.names {
            let text = try own.string(member)
            do { templates.append((member, try MessageTemplate(text, known: known))) } catch {
                throw own.fault(error.reason, at: member)
            }
        }
        return templates
    }

    private static func body(_ object: SettingsObject, _ method: String) throws(ProgramError) -> Body {
        let given = ["json", "form"].filter { object.has($0) }
        guard given.count <= 1 else { throw object.fault("only one of json and form may be there", at: "form") }
        guard let name = given.first else { return .none }
        guard method == "POST" else { throw object.fault("a GET has no body", at: name) }
        if name == "form" {
            return .form(
                try templates(object, "form", MessageVariables.everywhere.union([MessageVariables.all])))
        }
        guard let value = object.value("json") else { return .none }
        do { return .json(try BodyTemplate(value, known: MessageVariables.everywhere)) } catch {
            throw object.fault(error.reason, at: "json")
        }
    }

    private static func kinds(_ object: SettingsObject) throws(ProgramError) -> [NoticeKind: Kind]? {
        guard let all = try object.object("kinds") else { return nil }
        try all.allow(Set(NoticeKind.allCases.map(\.rawValue)))
        var kinds: [NoticeKind: Kind] = [:]
        for kind in NoticeKind.allCases {
            guard let own = try all.object(kind.rawValue) else { continue }
            try own.allow(["template", "variables"])
            var variables: BodyTemplate?
            if let value = own.value("variables") {
                do { variables = try BodyTemplate(value, known: MessageVariables.of(kind)) } catch {
                    throw own.fault(error.reason, at: "variables")
                }
            }
            kinds[kind] = Kind(template: try own.optionalString("template") ?? "", variables: variables)
        }
        return kinds
    }

    private static func signer(_ object: SettingsObject) throws(ProgramError) -> RequestSigner {
        guard let own = try object.object("signer") else { return .none }
        let name = try own.string("name")
        let more: Set<String>
        switch name {
        case "tc3": more = ["keyID", "service"]
        case "acs3": more = ["keyID"]
        case "hmac-sha256", "none": more = []
        default:
            throw own.fault(
                "'name' is '\(name)'; known are \(RequestSigner.names.joined(separator: ", "))", at: "name")
        }
        try own.allow(more.union(["name"]))
        return switch name {
        case "tc3": .tc3(keyID: try own.string("keyID"), service: try own.string("service"))
        case "acs3": .acs3(keyID: try own.string("keyID"))
        case "hmac-sha256": .hmacSHA256
        default: .none
        }
    }

    /// Source: RFC 9110, token.
    private static func isOfToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
