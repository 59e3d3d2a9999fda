/// Reads numbers as hospitals write them. No thousands separators, no `NaN`, no full-width digits.
enum NumberText {
    /// A whole number that fits 64 bits, with an optional sign; nil for anything else.
    @inline(__always)
    static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        var index = 0
        var isNegative = false
        if text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
            isNegative = text[0] == UInt8(ascii: "-")
            index = 1
        }
        guard index < text.count, text.count - index <= 18 else { return nil }
        var value: Int64 = 0
        while index < text.count {
            let digit = text[index] &- 0x30
            guard digit <= 9 else { return nil }
            value = value &* 10 &+ Int64(digit)
            index += 1
        }
        return isNegative ? -value : value
    }

    /// A number as it is written: no more than so many digits before the point and behind it count, and in most numbers no fewer.
    struct Decimal {
        var value: Double
        var integerDigits: Int
        var decimals: Int
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
    ]

    /// A decimal number, `12`, `12.50`, `.5`, `1.2E+05`.
    @inline(__always)
    static func decimal(_ text: UnsafeBufferPointer<UInt8>) -> Decimal? {
        text.count <= 8 ? short(text) ?? exactly(text) : exactly(text)
    }

    /// An amount of up to eight bytes without a sign, such as `459.64`: all digits at once. Nil for any other.
    @inline(__always)
    private static func short(_ text: UnsafeBufferPointer<UInt8>) -> Decimal? {
        let word = ShortText.word(text)
        let point = ShortText.mark(UInt64(UInt8(ascii: ".")), in: word)
        // The point's place in bits; without one, the end.
        let end = UInt64(truncatingIfNeeded: text.count &* 8)
        let integerBits = point == 0 ? end : UInt64(truncatingIfNeeded: point.trailingZeroBitCount &- 7)
        let digitBits = point == 0 ? end : end &- 8
        guard point & (point &- 1) == 0, digitBits > 0 else { return nil }
        // The digits side by side, then moved up so that the last is the highest byte; zeros come in from below.
        let below = (1 &<< integerBits) &- 1
        let digits = integerBits == end ? word : word & below | word &>> 8 & ~below
        guard let values = ShortText.digits(digits, bits: digitBits) else { return nil }
        let mantissa = ShortText.number(values &<< (64 &- digitBits))
        let decimals = Int(truncatingIfNeeded: (digitBits &- integerBits) &>> 3)
        return Decimal(
            value: Double(Int64(truncatingIfNeeded: mantissa)) / powersOfTen[decimals],
            integerDigits: Int(truncatingIfNeeded: integerBits &>> 3), decimals: decimals)
    }

    /// The same with its digits counted without leading zeros and those at the end.
    @inline(never)
    static func exactly(_ text: UnsafeBufferPointer<UInt8>) -> Decimal? {
        var index = 0
        var isNegative = false
        if text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
            isNegative = text[0] == UInt8(ascii: "-")
            index = 1
        }
        var mantissa: UInt64 = 0
        var digits = 0
        var integerDigits = 0
        var decimals = 0
        var significantDecimals = 0
        var seenPoint = false
        while index < text.count {
            let byte = text[index]
            let digit = byte &- 0x30
            if digit <= 9 {
                digits += 1
                if seenPoint {
                    decimals += 1
                    if digit != 0 { significantDecimals = decimals }
                } else if integerDigits > 0 || digit != 0 {
                    integerDigits += 1
                }
                guard integerDigits + decimals <= 19 else { return slowly(text) }
                mantissa = mantissa &* 10 &+ UInt64(digit)
            } else if byte == UInt8(ascii: "."), !seenPoint {
                seenPoint = true
            } else if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
                return slowly(text)
            } else {
                return nil
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        guard mantissa < 1 << 53 else { return slowly(text) }
        let value = Double(mantissa) / powersOfTen[decimals]
        return Decimal(value: isNegative ? -value : value, integerDigits: integerDigits, decimals: significantDecimals)
    }

    /// Exponents and very long numbers: rare, so left to the C library after a strict look at the syntax.
    ///
    /// Digits are counted as they would be written without the exponent: `1.5E+02` has three before the point and none behind.
    @inline(never)
    private static func slowly(_ text: UnsafeBufferPointer<UInt8>) -> Decimal? {
        guard text.count <= 64 else { return nil }
        var index = 0
        var digits: [UInt8] = []
        func takeDigits() -> Int {
            let start = index
            while index < text.count, text[index] &- 0x30 <= 9 {
                digits.append(text[index] &- 0x30)
                index += 1
            }
            return index - start
        }
        func take(_ bytes: String) -> UInt8? {
            guard index < text.count, bytes.utf8.contains(text[index]) else { return nil }
            index += 1
            return text[index - 1]
        }
        _ = take("+-")
        var point = takeDigits()
        if take(".") != nil { _ = takeDigits() }
        guard !digits.isEmpty else { return nil }
        if take("eE") != nil {
            let isNegative = take("+-") == UInt8(ascii: "-")
            let start = digits.count
            guard (1...4).contains(takeDigits()) else { return nil }
            let exponent = digits[start...].reduce(0) { $0 * 10 + Int($1) }
            digits.removeSubrange(start...)
            point += isNegative ? -exponent : exponent
        }
        guard index == text.count, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else {
            return nil
        }
        guard let first = digits.firstIndex(where: { $0 != 0 }), let last = digits.lastIndex(where: { $0 != 0 }) else {
            return Decimal(value: value, integerDigits: 0, decimals: 0)
        }
        return Decimal(value: value, integerDigits: max(0, point - first), decimals: max(0, last + 1 - point))
    }
}
