import Foundation
import HTTPClient
import JSON
public import PluginKit
import ShangMi
public import SurveillanceKit

/// Sends each notice to a gateway, such as one of text messages, as a file describes it.
public struct WebhookNotifier: Notifier {
    public static let kind = PluginKind.notify
    public static let name = "webhook"
    public static let summary = BilingualText(
        zh: "按描述文件把通知发给短信等网关", en: "sends notices to a gateway of text messages or another, as a file describes it")
    public static let settings = [
        PluginSetting(
            "gateway", .path, isRequired: true,
            BilingualText(zh: "网关描述文件（JSON5）", en: "the gateway's description (JSON5)")),
        PluginSetting(
            "secretFile", .path, BilingualText(zh: "仅含密钥的文件，权限 600", en: "a file with the secret alone, mode 600")),
    ]

    private let gateway: GatewayDescription
    private let secret: String
    private let client = HTTPClient(timeoutSeconds: 30, maximumAnswerBytes: 1 << 20)

    public init(_ settings: PluginSettings) throws {
        gateway = try GatewayDescription(contentsOf: settings.path("gateway") ?? "")
        if let path = settings.path("secretFile") {
            do { secret = try SecretFile.read(path) } catch let error as SecretFileError {
                throw settings.fault(error.reason, at: "secretFile")
            }
        } else if gateway.needsSecret {
            throw settings.fault("its signer or a header needs a secret: name a 'secretFile'", at: "gateway")
        } else {
            secret = ""
        }
    }

    public var contact: ContactKind? { gateway.contact }

    /// Told again only where the gateway knows ids; asked only where it can be.
    public var whenUnsure: UnsureRemedy {
        gateway.isIdempotent ? .tellAgain : gateway.status != nil ? .ask : .hold
    }

    public func deliver(_ message: OutgoingNotice) throws {
        guard let request = gateway.request(for: message, secret: secret) else {
            throw NotTaken(
                BilingualText(
                    zh: "网关描述文件的 kinds 中没有“\(message.notice.kind.title.zh)”（\(message.notice.kind.rawValue)）",
                    en: "the gateway's description has no '\(message.notice.kind.rawValue)' among its kinds"),
                isFinal: true)
        }
        let answer: HTTPClient.Answer
        do {
            answer = try send(request, message)
        } catch let error as HTTPClientError where error.isUnsent {
            throw NotTaken(
                BilingualText(zh: "无法连接网关：\(error.reason)", en: "the gateway cannot be reached: \(error.reason)"))
        } catch let error as HTTPClientError {
            throw Unanswered(
                BilingualText(
                    zh: "网关未完整答复：\(error.reason)", en: "no whole answer came from the gateway: \(error.reason)"))
        }
        switch gateway.verdict(answer.body) {
        case .taken where (200...299).contains(answer.status): return
        case .taken: throw Unanswered.answer(answer.status)
        case .other(let said):
            let shown = Self.shown(said)
            throw NotTaken(
                BilingualText(
                    zh: "网关拒绝：\(shown)（HTTP \(answer.status)）",
                    en: "the gateway refused: \(shown) (HTTP \(answer.status))"),
                isFinal: gateway.final.contains(said))
        case .none where (300...499).contains(answer.status):
            throw NotTaken(
                BilingualText(zh: "网关拒绝（HTTP \(answer.status)）", en: "the gateway refused (HTTP \(answer.status))"))
        // What stands before a gateway may answer so of a message that it has passed on.
        case .none: throw Unanswered.answer(answer.status)
        }
    }

    public func wasTaken(_ message: OutgoingNotice) throws -> Bool {
        guard let request = gateway.statusRequest(for: message, secret: secret), let rule = gateway.status?.taken else {
            throw Unanswered.answer(0)
        }
        let answer = try send(request, message)
        switch rule.verdict(answer.body) {
        case .taken where (200...299).contains(answer.status): return true
        case .other where (200...299).contains(answer.status): return false
        case _ where answer.status == 404: return false
        default: throw Unanswered.answer(answer.status)
        }
    }

    private func send(_ request: GatewayRequest, _ message: OutgoingNotice) throws -> HTTPClient.Answer {
        // The same message at another time is another request.
        let nonce = try SHA256.hex("\(message.id) \(message.now.milliseconds) \(request.method) \(request.path)")
            .prefix(32)
        let signed = try gateway.signer.signed(request, secret: secret, at: message.now, nonce: String(nonce))
        return try client.sendBlocking(
            HTTPClient.Request(
                signed.method == "GET" ? .get : .post, signed.url, headers: signed.headers,
                text: signed.method == "GET" ? nil : signed.body))
    }

    /// A gateway's own words may repeat a phone number: digits in a row and whatever is long are left out.
    private static func shown(_ text: String) -> String {
        let masked = text.replacing(/[0-9]{5,}/, with: "…")
        return String(
            masked.unicodeScalars.prefix(80).map { $0.properties.generalCategory == .control ? " " : Character($0) })
    }
}

extension GatewayDescription {
    var needsSecret: Bool {
        if case .none = signer { return headers.contains { $0.1.variables.contains("secret") } }
        return true
    }

    /// - Returns: nil where the description does not know the message's kind.
    func request(for message: OutgoingNotice, secret: String) -> GatewayRequest? {
        var own: Kind?
        if let kinds {
            guard let kind = kinds[message.notice.kind] else { return nil }
            own = kind
        }
        let values = MessageVariables.values(message, template: own?.template ?? "")
        var request = request
        request.query = query.map { ($0.0, filled($0.1, values, own)) }
        request.headers = filledHeaders(values, secret)
        switch body {
        case .none: break
        case .json(let template):
            request.body = String(decoding: template.filled(values, variables: own?.variables).encoded(), as: UTF8.self)
            if request.header("content-type") == nil {
                request.headers.append(("Content-Type", "application/json; charset=utf-8"))
            }
        case .form(let members):
            request.body = members.map {
                "\(GatewayRequest.escaped($0.0))=\(GatewayRequest.escaped(filled($0.1, values, own)))"
            }.joined(separator: "&")
            if request.header("content-type") == nil {
                request.headers.append(("Content-Type", "application/x-www-form-urlencoded"))
            }
        }
        return request
    }

    /// - Returns: nil where the gateway cannot be asked.
    func statusRequest(for message: OutgoingNotice, secret: String) -> GatewayRequest? {
        guard let status else { return nil }
        let values = MessageVariables.values(message, template: "")
        var request = request
        request.method = "GET"
        request.path = status.path
        request.query = status.query.map { ($0.0, $0.1.filled(values)) }
        request.headers = filledHeaders(values, secret)
        return request
    }

    private func filled(_ template: MessageTemplate, _ values: [String: String], _ kind: Kind?) -> String {
        guard template.variables.contains(MessageVariables.all) else { return template.filled(values) }
        let text = BodyTemplate.variablesAsText.filled(values, variables: kind?.variables)
        guard case .string(let json) = text else { return template.filled(values) }
        return template.filled(values.merging([MessageVariables.all: json]) { $1 })
    }

    /// No value may end a header's line.
    private func filledHeaders(_ values: [String: String], _ secret: String) -> [(name: String, value: String)] {
        let all = values.merging(["secret": secret]) { $1 }
        return headers.map { name, template in
            let clean = template.filled(all).unicodeScalars.filter { $0.properties.generalCategory != .control }
            return (name, String(String.UnicodeScalarView(clean)))
        }
    }
}

extension Unanswered {
    /// - Parameter status: of an answer that does not say whether the message was taken.
    fileprivate static func answer(_ status: Int) -> Unanswered {
        Unanswered(
            BilingualText(
                zh: "网关的应答（HTTP \(status)）未说明是否已接收",
                en: "the gateway's answer (HTTP \(status)) does not say whether it took the message"))
    }
}

extension WebhookNotifier: CustomStringConvertible, CustomReflectable {
    public var description: String { "webhook at \(gateway.request.host)" }
    /// Nothing: a dump would show the secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
