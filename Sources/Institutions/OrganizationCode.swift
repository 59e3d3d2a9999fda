/// The check character of a nine-character organisation code.
///
/// Source: GB 11714-1997, section 5: C9 = 11 − Σ(Ci × Wi) mod 11, where 10 is written X and 11 is written 0.
public enum OrganizationCode {
    private static let weights = [3, 7, 9, 10, 5, 8, 4, 2]

    /// The ninth character that the first eight call for; nil where they are not eight digits or capital letters.
    public static func checkCharacter(of first: some StringProtocol) -> Character? {
        let values = first.utf8.map { byte -> Int? in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 0x30
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte) - 0x41 + 10
            default: nil
            }
        }.compactMap(\.self)
        guard values.count == 8, first.utf8.count == 8 else { return nil }
        let sum = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
        switch 11 - sum % 11 {
        case 10: return "X"
        case 11: return "0"
        case let digit: return Character("\(digit)")
        }
    }

    /// Whether a text is nine characters whose last one is right.
    public static func isRight(_ code: String) -> Bool {
        guard code.utf8.count == 9, let expected = checkCharacter(of: code.prefix(8)) else { return false }
        return code.last == expected
    }

    /// Whether a code is of the range that the standard leaves to everybody's own use, PDY00001 to PDY99999.
    public static func isPrivate(_ code: String) -> Bool {
        guard code.hasPrefix("PDY") else { return false }
        let digits = code.dropFirst(3).prefix(5)
        return digits.utf8.count == 5 && digits.utf8.allSatisfy { (0x30...0x39).contains($0) } && digits != "00000"
    }
}
