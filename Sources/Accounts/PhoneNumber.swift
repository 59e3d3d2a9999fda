/// A mobile telephone in mainland China, as messages are sent to it.
public struct PhoneNumber: Hashable, Sendable {
    /// `13800000000`
    public let national: String

    /// With the country's code, as gateways want it: `+8613800000000`.
    public var international: String { "+86" + national }

    /// `138****0000`, which tells its owner which one it is.
    public var masked: String { national.prefix(3) + "****" + national.suffix(4) }

    /// - Returns: nil for what is no mobile number: eleven digits that begin with 1 and another digit from 3 on. Blanks, hyphens, full width and `+86`
    ///   before it do not matter.
    public init?(_ typed: String) {
        guard typed.utf8.count <= 64 else { return nil }
        var digits: [UInt8] = []
        for scalar in typed.unicodeScalars {
            let plain = (0xFF10...0xFF19).contains(scalar.value) ? scalar.value - 0xFEE0 : scalar.value
            switch plain {
            case 0x30...0x39: digits.append(UInt8(plain))
            case 0x20, 0x2D, 0x3000, 0x28, 0x29: continue
            case 0x2B where digits.isEmpty: continue
            case 0xFF0B where digits.isEmpty: continue
            default: return nil
            }
        }
        if digits.count == 13, digits.starts(with: "86".utf8) { digits.removeFirst(2) }
        guard digits.count == 11, digits[0] == UInt8(ascii: "1"), digits[1] >= UInt8(ascii: "3") else { return nil }
        national = String(decoding: digits, as: UTF8.self)
    }
}
