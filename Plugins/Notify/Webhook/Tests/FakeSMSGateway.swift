import Foundation
import HTTPServer
import PluginKit
import SurveillanceKit
import Synchronization

/// A gateway on loopback that judges signatures by its own reading of the clouds' documentation.
final class FakeSMSGateway: Sendable {
    enum Kind: Sendable { case tencent, aliyun, own }

    static let secret = "pear-sock7"
    let requests = Mutex<[(head: RequestHead, body: String)]>([])
    /// Given instead of the usual answers, one after the other: a status and a body.
    let answers = Mutex<[(Int, String)]>([])
    private let kind: Kind

    init(_ kind: Kind) { self.kind = kind }

    func serving(_ body: @escaping @Sendable (_ port: Int) throws -> Void) async throws {
        let routes: [Route] = [
            .post("/", maximumBytes: 1 << 16) { [self] in answer($0) }, .get("/status") { [self] in answer($0) },
        ]
        var configuration = ServerConfiguration()
        configuration.host = "127.0.0.1"
        configuration.port = 0
        let server = Server(configuration: configuration, router: Router(routes), now: { .now })
        try server.start()
        let port = server.port ?? 0
        let result = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: Result { try body(port) }) }
        }
        await server.stop(within: .seconds(1))
        try result.get()
    }

    private func answer(_ request: Request) -> Response {
        let text = String(decoding: request.body, as: UTF8.self)
        requests.withLock { $0.append((request.head, text)) }
        let next = answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if let (code, body) = next {
            let status: Status =
                code == 200 ? .ok : code == 400 ? .badRequest : code == 404 ? .notFound : .serviceUnavailable
            return .bytes(Array(body.utf8), type: "application/json", status: status)
        }
        return .bytes(Array((isSigned(request.head, text) ? taken : refused).utf8), type: "application/json")
    }

    private var taken: String {
        switch kind {
        case .tencent:
            #"{"Response":{"SendStatusSet":[{"SerialNo":"1","Code":"Ok","Message":"send success"}],"RequestId":"x"}}"#
        case .aliyun: #"{"Message":"OK","RequestId":"x","BizId":"1^0","Code":"OK"}"#
        case .own: #"{"ok":true}"#
        }
    }

    private var refused: String {
        switch kind {
        case .tencent:
            #"{"Response":{"Error":{"Code":"AuthFailure.SignatureFailure","Message":"13800000000"},"RequestId":"x"}}"#
        case .aliyun: #"{"Message":"…","Code":"SignatureDoesNotMatch"}"#
        case .own: #"{"ok":false}"#
        }
    }

    private func isSigned(_ head: RequestHead, _ body: String) -> Bool {
        func header(_ name: String) -> String { head.headers[name] ?? "" }
        let secret = Array(Self.secret.utf8)
        func escaped(_ text: String) -> String {
            text.addingPercentEncoding(
                withAllowedCharacters: CharacterSet(
                    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")) ?? ""
        }
        let query = head.query.items.sorted { $0.name < $1.name }
            .map { "\(escaped($0.name))=\(escaped($0.value))" }.joined(separator: "&")
        let digest = PlainSHA256.hex(PlainSHA256.digest(Array(body.utf8)))
        let authorization = header("Authorization")
        func code(_ text: String, _ key: [UInt8]) -> [UInt8] { PlainSHA256.hmac(text, key) }
        switch kind {
        case .own:
            let target = head.path + (query.isEmpty ? "" : "?\(query)")
            let text = "\(header("X-Vedette-Timestamp"))\n\(head.method.rawValue)\n\(target)\n\(body)"
            return header("X-Vedette-Signature") == PlainSHA256.hex(code(text, secret))
        case .tencent:
            let day = Date(timeIntervalSince1970: Double(header("X-TC-Timestamp")) ?? 0).ISO8601Format().prefix(10)
            let canonical =
                "POST\n/\n\(query)\ncontent-type:\(header("Content-Type"))\nhost:\(header("Host"))\n\ncontent-type;host\n\(digest)"
            let scope = "\(day)/sms/tc3_request"
            let text =
                "TC3-HMAC-SHA256\n\(header("X-TC-Timestamp"))\n\(scope)\n\(PlainSHA256.hex(PlainSHA256.digest(Array(canonical.utf8))))"
            let key = code("tc3_request", code("sms", code(String(day), Array("TC3\(Self.secret)".utf8))))
            return authorization
                == "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/\(scope), SignedHeaders=content-type;host, Signature=\(PlainSHA256.hex(code(text, key)))"
        case .aliyun:
            guard header("x-acs-content-sha256") == digest,
                let names = authorization.firstMatch(of: #/SignedHeaders=([^,]*)/#)?.1.split(separator: ";").map(
                    String.init),
                Set(["host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce"]).isSubset(
                    of: names)
            else { return false }
            let lines = names.map { "\($0):\(header($0))\n" }.joined()
            let canonical = "POST\n/\n\(query)\n\(lines)\n\(names.joined(separator: ";"))\n\(digest)"
            let text = "ACS3-HMAC-SHA256\n\(PlainSHA256.hex(PlainSHA256.digest(Array(canonical.utf8))))"
            return authorization.hasSuffix("Signature=\(PlainSHA256.hex(code(text, secret)))")
        }
    }
}
