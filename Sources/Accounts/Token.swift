import FoundationEssentials
import ShangMi

/// A secret that stands for an account: 256 random bits, of which only the digest is stored.
enum Token {
    private static let byteCount = 32
    /// Longer texts were never given out and are not worth hashing.
    private static let maximumLength = 128

    /// 43 characters that need no escaping in a cookie, header or URL (base64url).
    static func new(_ random: RandomSource) -> String { base64URL(random.bytes(byteCount)) }

    static func digest(_ token: String) -> String? {
        let count = token.utf8.count
        return (1...maximumLength).contains(count) ? SM3.digest(token).hex : nil
    }

    static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().filter { $0 != "=" }
            .replacing("+", with: "-").replacing("/", with: "_")
    }
}

/// What the forms of a session must send back.
///
/// It follows from the session's token, which no other site knows, and is itself no key to the session.
enum FormToken {
    static func of(_ token: String, for purpose: String) throws(ShangMiError) -> String {
        let key = SymmetricKey(bytes: Array(token.utf8))
        return Token.base64URL(try HMACSM3.code(Array(purpose.utf8), key: key).bytes)
    }
}
