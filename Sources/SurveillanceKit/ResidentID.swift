/// The number of a resident identity card 居民身份证.
///
/// Eighteen characters: six digits of the division, the day of birth, three of sequence and a check character; or the fifteen digits
/// of the first generation, with a two-digit year and no check. Source: GB 11643-1999; the check is ISO 7064, MOD 11-2.
public enum ResidentID {
    private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    private static let checkCharacters = Array("10X98765432".utf8)

    /// Whether the length, the day of birth and the check character are right.
    public static func isValid(_ text: Span<UInt8>) -> Bool {
        switch text.count {
        case 18: return isSecondGeneration(text)
        case 15: return digits(text, 0..<15) != nil && day(text, year: 6..<8, century: 1900, month: 8, day: 10)
        default: return false
        }
    }

    private static func isSecondGeneration(_ text: Span<UInt8>) -> Bool {
        guard digits(text, 0..<17) != nil, day(text, year: 6..<10, century: 0, month: 10, day: 12) else { return false }
        var sum = 0
        for index in 0..<17 { sum += Int(text[index] - 0x30) * weights[index] }
        let last = text[17] == UInt8(ascii: "x") ? UInt8(ascii: "X") : text[17]
        return last == checkCharacters[sum % 11]
    }

    private static func day(_ text: Span<UInt8>, year: Range<Int>, century: Int, month: Int, day: Int) -> Bool {
        guard let y = digits(text, year), let m = digits(text, month..<month + 2), let d = digits(text, day..<day + 2)
        else {
            return false
        }
        return CivilDate(year: century + y, month: m, day: d) != nil
    }

    private static func digits(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var value = 0
        for index in range {
            let digit = text[index] &- 0x30
            guard digit <= 9 else { return nil }
            value = value &* 10 &+ Int(digit)
        }
        return value
    }
}
