import FoundationEssentials

extension SM2Signature {
    /// - Parameter der: a sequence of the two numbers, as GM/T 0009 and certificates have it; nil for anything else.
    public init?(der: [UInt8]) {
        var reader = DERReader(der)
        guard var pair = try? reader.enter(DERReader.sequence), reader.isAtEnd, let r = try? pair.number(),
            let s = try? pair.number(), pair.isAtEnd, r.count <= 32, s.count <= 32
        else { return nil }
        func padded(_ number: [UInt8]) -> [UInt8] { [UInt8](repeating: 0, count: 32 - number.count) + number }
        self.init(r: padded(r), s: padded(s))
    }

    /// As GM/T 0009 has it.
    public var der: [UInt8] {
        func number(_ bytes: [UInt8]) -> [UInt8] {
            var digits = Array(bytes.drop { $0 == 0 })
            if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
            return [DERReader.integer, UInt8(digits.count)] + digits
        }
        let body = number(r) + number(s)
        return [DERReader.sequence, UInt8(body.count)] + body
    }

    /// Reads what tools write: hexadecimal digits or base64, of DER or of the two numbers one after the other.
    public init?(text: String) {
        let plain = String(text.unicodeScalars.filter { !$0.properties.isWhitespace })
        guard plain.utf8.count <= 256,
            let bytes = Hex.decode(plain.lowercased()) ?? Data(base64Encoded: plain).map(Array.init)
        else { return nil }
        self.init(fileBytes: bytes)
    }

    /// Reads DER or the two numbers one after the other.
    public init?(fileBytes bytes: [UInt8]) {
        if let own = SM2Signature(der: bytes) { self = own } else { self.init(bytes: bytes) }
    }
}

extension SM2PrivateKey {
    /// A key as tools write it: `EC PRIVATE KEY`, `SM2 PRIVATE KEY` or `PRIVATE KEY` in PEM, without a password; nil for anything else.
    ///
    /// Source: RFC 5915, RFC 5208.
    public init?(pem: String) throws(ShangMiError) {
        var found: [UInt8]?
        let plain = ["EC PRIVATE KEY", "SM2 PRIVATE KEY"].lazy.compactMap { PEMText.blocks($0, in: pem)?.first }.first
        if let plain {
            found = Self.number(ofEC: DERReader(plain))
        } else if let block = PEMText.blocks("PRIVATE KEY", in: pem)?.first {
            found = Self.number(ofPKCS8: DERReader(block))
        }
        guard var bytes = found else { return nil }
        defer { wipe(&bytes) }
        try self.init(bytes: bytes)
    }

    private static func number(ofEC reader: DERReader) -> [UInt8]? {
        var reader = reader
        guard var key = try? reader.enter(DERReader.sequence), (try? key.number()) == [1],
            let secret = try? key.next(DERReader.octets), secret.content.count <= 32
        else { return nil }
        let bytes = Array(key.content(secret))
        return [UInt8](repeating: 0, count: 32 - bytes.count) + bytes
    }

    private static func number(ofPKCS8 reader: DERReader) -> [UInt8]? {
        var reader = reader
        guard var key = try? reader.enter(DERReader.sequence), (try? key.number()) == [0],
            var kind = try? key.enter(DERReader.sequence), (try? kind.name()) == "1.2.840.10045.2.1",
            (try? kind.name()) == "1.2.156.10197.1.301", let inner = try? key.next(DERReader.octets)
        else { return nil }
        return number(ofEC: DERReader(Array(key.content(inner))))
    }
}
