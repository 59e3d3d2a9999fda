import Glibc

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

    struct Decimal {
        var value: Double
        var integerDigits: Int
        var decimals: Int
    }

    private static let powersOfTen: [Double] = (0...22).map { pow(10, Double($0)) }

    /// A decimal number, `12`, `12.50`, `.5`, `1.2E+05`; digits are counted as written, without leading and trailing zeros.
    static func decimal(_ text: UnsafeBufferPointer<UInt8>) -> Decimal? {
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
    @inline(never)
    private static func slowly(_ text: UnsafeBufferPointer<UInt8>) -> Decimal? {
        guard text.count <= 64 else { return nil }
        var index = 0
        func digits() -> Int {
            let start = index
            while index < text.count, text[index] &- 0x30 <= 9 { index += 1 }
            return index - start
        }
        func skip(_ signs: String) { if index < text.count, signs.utf8.contains(text[index]) { index += 1 } }
        skip("+-")
        let integerDigits = digits()
        var decimals = 0
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            decimals = digits()
        }
        guard integerDigits + decimals > 0 else { return nil }
        if index < text.count, text[index] == UInt8(ascii: "e") || text[index] == UInt8(ascii: "E") {
            index += 1
            skip("+-")
            guard digits() > 0 else { return nil }
        }
        guard index == text.count, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else {
            return nil
        }
        // With an exponent the digits as written say nothing of the value's; count those of the value.
        let plain = abs(value) < 1 ? 0 : Int(log10(abs(value))) + 1
        return Decimal(value: value, integerDigits: max(plain, 0), decimals: decimals)
    }
}
