import JSON
public import ShangMi
public import SurveillanceKit

/// A receipt and the server's signature (SM2) of it, as one JSON object that can be checked without the server.
public struct SignedReceipt: Hashable, Sendable {
    public let receipt: Receipt
    /// What is signed and what the next receipt holds the digest of: the object without `signature`, in its one form.
    let body: CanonicalJSON
    let signature: SM2Signature

    init(body: CanonicalJSON, signature: SM2Signature) throws {
        receipt = try Receipt(json: body)
        self.body = body
        self.signature = signature
    }

    /// Reads a receipt as `json` writes it, without checking its signature; blanks and the order of members do not matter.
    ///
    /// - Throws: `ReceiptError.malformed`.
    public init(parsing bytes: [UInt8]) throws {
        let json = try CanonicalJSON(receipt: bytes)
        guard let signature = json["signature"]?.text.flatMap({ SM2Signature(hex: $0) }) else {
            throw ReceiptError.malformed
        }
        try self.init(body: json.without("signature"), signature: signature)
    }

    /// The receipt as a file to keep.
    public var json: [UInt8] {
        guard case .object(var members) = body else { return body.bytes }
        members["signature"] = .text(signature.hex)
        return CanonicalJSON.object(members).bytes
    }

    /// The id of the key that signed it.
    public var keyID: String { body["key"]?.text ?? "" }

    /// When the last byte was durable, as the receipt writes it.
    public var receivedAtText: String { body["receivedAt"]?.text ?? "" }

    /// 128 hexadecimal digits.
    public var signatureText: String { signature.hex }

    /// The digest that the next receipt holds, 64 hexadecimal digits.
    public var digest: String { SM3.digest(body.bytes).hex }

    /// Checks that the holder of the key has signed exactly this receipt, every member of it.
    ///
    /// - Throws: `ReceiptError.otherKey` where another key signed it, `.wrongSignature` where anything has been altered.
    public func verify(_ publicKey: SM2PublicKey) throws {
        let expected = Self.keyID(publicKey)
        let found = body["key"]?.text ?? ""
        guard found == expected else { throw ReceiptError.otherKey(found: found, expected: expected) }
        guard try publicKey.isValid(signature, of: body.bytes) else { throw ReceiptError.wrongSignature }
    }

    /// The first 16 hexadecimal digits of the digest of a public key.
    public static func keyID(_ key: SM2PublicKey) -> String { String(SM3.digest(key.coordinates).hex.prefix(16)) }
}

extension CanonicalJSON {
    /// - Throws: `ReceiptError.malformed`.
    init(receipt bytes: [UInt8]) throws(ReceiptError) {
        do { self = try CanonicalJSON(parsing: bytes) } catch { throw .malformed }
    }
}

/// Why a receipt proves nothing.
public enum ReceiptError: Error, Hashable, Sendable, CustomStringConvertible {
    case malformed
    case otherKey(found: String, expected: String)
    case wrongSignature

    public var description: String { message.en }

    public var message: BilingualText {
        switch self {
        case .malformed:
            BilingualText(
                zh: "这不是 Vedette 的回执文件；请使用下载的原始 JSON 文件",
                en: "this is no receipt of Vedette; take the JSON file as it was downloaded")
        case .otherKey(let found, let expected):
            BilingualText(
                zh: "回执由另一密钥（\(found)）签名，而非 \(expected)；请使用签发该回执的服务器的公钥",
                en:
                    "the receipt was signed with key \(found), not \(expected); take the public key of the server that issued it"
            )
        case .wrongSignature:
            BilingualText(zh: "签名不符：回执内容已被改动", en: "the signature does not fit: the receipt has been altered")
        }
    }
}
