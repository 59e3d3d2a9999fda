import ShangMi
import SurveillanceKit

/// A request to a gateway, before it is signed and sent.
struct GatewayRequest: Sendable {
    var method: String
    /// `https` or `http`.
    var scheme: String
    /// With its port where that is not the scheme's own, as the header `Host` has it.
    var host: String
    var path: String
    var query: [(name: String, value: String)]
    var headers: [(name: String, value: String)]
    var body: String

    /// The query as it is signed and sent: sorted by name, each part escaped by RFC 3986.
    var canonicalQuery: String {
        query.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
            .map { "\(Self.escaped($0.name))=\(Self.escaped($0.value))" }.joined(separator: "&")
    }

    var url: String { "\(scheme)://\(host)\(path)" + (query.isEmpty ? "" : "?\(canonicalQuery)") }

    static func escaped(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default: escaped += "%" + Hex.encode([byte]).uppercased()
            }
        }
        return escaped
    }

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
}

/// How a gateway knows who sends.
enum RequestSigner: Sendable {
    case none
    /// `X-Vedette-Signature`: HMAC-SHA256 of the seconds in `X-Vedette-Timestamp`, the method, path with query, and the body, with line ends between.
    case hmacSHA256
    /// Tencent Cloud. Source: 签名方法 v3 (TC3-HMAC-SHA256), cloud.tencent.com/document/product/382/52072.
    case tc3(keyID: String, service: String)
    /// Alibaba Cloud. Source: V3 版本请求体与签名机制 (ACS3-HMAC-SHA256), help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature.
    case acs3(keyID: String)

    static let names = ["acs3", "hmac-sha256", "none", "tc3"]

    /// The request with what the signature adds to its headers.
    ///
    /// - Parameter nonce: is never the same for two requests.
    func signed(_ request: GatewayRequest, secret: String, at now: Instant, nonce: String) throws -> GatewayRequest {
        var request = request
        let key = Array(secret.utf8)
        func code(_ text: String, _ key: [UInt8]) throws -> [UInt8] { try SHA256.code(Array(text.utf8), key: key) }
        switch self {
        case .none: break
        case .hmacSHA256:
            let target = request.path + (request.query.isEmpty ? "" : "?\(request.canonicalQuery)")
            let text = "\(now.seconds)\n\(request.method)\n\(target)\n\(request.body)"
            request.headers += [
                ("X-Vedette-Timestamp", "\(now.seconds)"), ("X-Vedette-Signature", Hex.encode(try code(text, key))),
            ]
        case .tc3(let keyID, let service):
            let names = "content-type;host"
            let canonical = [
                request.method, request.path, request.canonicalQuery,
                "content-type:\(request.header("content-type") ?? "")\nhost:\(request.host)\n", names,
                try SHA256.hex(request.body),
            ].joined(separator: "\n")
            let day = String(now.utc.prefix(10))
            let scope = "\(day)/\(service)/tc3_request"
            let text = "TC3-HMAC-SHA256\n\(now.seconds)\n\(scope)\n\(try SHA256.hex(canonical))"
            let signing = try code("tc3_request", try code(service, try code(day, Array("TC3\(secret)".utf8))))
            let signature = Hex.encode(try code(text, signing))
            request.headers += [
                ("X-TC-Timestamp", "\(now.seconds)"),
                (
                    "Authorization",
                    "TC3-HMAC-SHA256 Credential=\(keyID)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
                ),
            ]
        case .acs3(let keyID):
            let digest = try SHA256.hex(request.body)
            request.headers += [
                ("x-acs-date", now.utcSeconds), ("x-acs-signature-nonce", nonce), ("x-acs-content-sha256", digest),
            ]
            var own = request.headers.map { ($0.name.lowercased(), $0.value) }
                .filter { $0.0.hasPrefix("x-acs-") || $0.0 == "content-type" }
            own.append(("host", request.host))
            own.sort { $0.0 < $1.0 }
            let names = own.map(\.0).joined(separator: ";")
            let canonical = [
                request.method, request.path, request.canonicalQuery, own.map { "\($0.0):\($0.1)\n" }.joined(), names,
                digest,
            ].joined(separator: "\n")
            let signature = Hex.encode(try code("ACS3-HMAC-SHA256\n\(try SHA256.hex(canonical))", key))
            request.headers.append(
                (
                    "Authorization",
                    "ACS3-HMAC-SHA256 Credential=\(keyID),SignedHeaders=\(names),Signature=\(signature)"
                ))
        }
        return request
    }
}
