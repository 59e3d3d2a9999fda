/// The number of a resident identity card 居民身份证.
///
/// Eighteen characters: six digits of the division, the day of birth, three of sequence and a check character; or the fifteen digits
/// of the first generation, with a two-digit year and no check. Source: GB 11643-1999; the check is ISO 7064, MOD 11-2.
public enum ResidentID {
    /// Whether the length, the day of birth and the check character are right.
    public static func isValid(_ text: Span<UInt8>) -> Bool {
        text.withUnsafeBufferPointer { text in
            switch text.count {
            case 18: isSecondGeneration(text)
            case 15: isFirstGeneration(text)
            default: false
            }
        }
    }

    /// All weights are powers of two, modulo 11: so the sum is made by doubling, a digit at a time.
    private static func isSecondGeneration(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var sum = 0
        for index in 0..<17 {
            let digit = text[index] &- 0x30
            guard digit <= 9 else { return false }
            sum = (sum &+ Int(digit)) &* 2
        }
        guard hasDay(text, year: number(text, 6) &* 100 &+ number(text, 8), month: 10) else { return false }
        // With the check character, of which X is ten, the sum is 1 modulo 11.
        let check = (12 &- sum % 11) % 11
        return check == 10
            ? text[17] | 0x20 == UInt8(ascii: "x") : text[17] == UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: check)
    }

    private static func isFirstGeneration(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.allSatisfy { $0 &- 0x30 <= 9 } && hasDay(text, year: 1900 &+ number(text, 6), month: 8)
    }

    /// Whether month and day, which stand side by side, are of that year.
    private static func hasDay(_ text: UnsafeBufferPointer<UInt8>, year: Int, month: Int) -> Bool {
        CivilDate.isDay(year: year, month: number(text, month), day: number(text, month &+ 2))
    }

    /// The number that two digits make.
    private static func number(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> Int {
        Int(text[place] &- 0x30) &* 10 &+ Int(text[place &+ 1] &- 0x30)
    }
}
