import JSON
import ShangMi

/// One file of a package that came as several: its own name, size and digest.
public struct SentFile: Hashable, Codable, Sendable {
    public var name: String
    public var size: Int
    /// The digest of its bytes, 64 hexadecimal digits.
    public var sm3: String

    public init(name: String, size: Int, sm3: String) {
        self.name = name
        self.size = size
        self.sm3 = sm3
    }

    var json: CanonicalJSON {
        .object(["name": .text(name), "size": .integer(Int64(size)), "sm3": .text(sm3)])
    }

    init(json: CanonicalJSON) throws {
        guard let name = json["name"]?.text, let size = json["size"]?.integer, let sm3 = json["sm3"]?.text else {
            throw ReceiptError.malformed
        }
        self.init(name: name, size: size, sm3: sm3)
    }
}
