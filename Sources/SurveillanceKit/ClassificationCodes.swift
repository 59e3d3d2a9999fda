/// The syntax of classification codes. Whether a code is in this year's edition is not looked at: hospitals use national extensions.
public enum ClassificationCodes {
    /// ICD-10 and its Chinese clinical editions: a letter, two digits, and behind a point up to six letters or digits: `J10.100x001`.
    ///
    /// A dagger or asterisk may end it. Source: GB/T 14396-2016; 国家临床版 extends the fourth character to six with `x` and more.
    public static func isICD10(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 3, isLetter(text[0]), isDigit(text[1]), isDigit(text[2]) else { return false }
        var end = text.count
        if text[end - 1] == UInt8(ascii: "*") || text[end - 1] == UInt8(ascii: "+") { end -= 1 }
        if end == 3 { return true }
        guard text[3] == UInt8(ascii: "."), end > 4, end <= 12 else { return false }
        for index in 4..<end where !isDigit(text[index]) && !isLetter(text[index]) { return false }
        return true
    }

    /// ICD-9-CM-3 procedures: two digits, and behind a point up to six letters or digits: `33.2400x001`.
    public static func isICD9CM3(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 2, isDigit(text[0]), isDigit(text[1]) else { return false }
        if text.count == 2 { return true }
        guard text[2] == UInt8(ascii: "."), text.count > 3, text.count <= 11 else { return false }
        for index in 3..<text.count where !isDigit(text[index]) && !isLetter(text[index]) { return false }
        return true
    }

    /// ICD-O morphology, M80000/0 to M99999/6. Source: the field tables' `format` of P351, P353 and P355.
    public static func isMorphology(_ text: Span<UInt8>) -> Bool {
        guard text.count == 8, text[0] == UInt8(ascii: "M") || text[0] == UInt8(ascii: "m"),
            text[6] == UInt8(ascii: "/")
        else { return false }
        for index in 1..<6 where !isDigit(text[index]) { return false }
        return text[1] >= UInt8(ascii: "8") && text[7] >= UInt8(ascii: "0") && text[7] <= UInt8(ascii: "6")
    }

    /// A Chinese postcode: six digits.
    public static func isPostcode(_ text: Span<UInt8>) -> Bool {
        guard text.count == 6 else { return false }
        for index in 0..<6 where !isDigit(text[index]) { return false }
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }
    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
}
