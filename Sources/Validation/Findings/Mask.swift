import SurveillanceKit

/// Hides what may point at a patient before a cell is shown or logged.
///
/// Fields marked as direct identifiers are always hidden. Elsewhere a value is hidden when it may be somebody's by accident of a shifted
/// column: a run of digits as long as a telephone, ID, card or document number's, text beyond ASCII that is no word of the list,
/// letters that may be a name, and what is far longer than the field can be.
enum Mask {
    private static let longestShown = 60
    /// What exporters write for nothing, and words that say no more than a code.
    private static let plainWords: Set<String> = [
        "null", "none", "nil", "nan", "n/a", "na", "undefined", "unknown", "true", "false", "yes", "no", "male",
        "female",
        "positive", "negative", "test",
    ]

    static func shown(_ value: UnsafeBufferPointer<UInt8>, of field: Field) -> String {
        let text = String(decoding: value, as: UTF8.self)
        guard field.sensitivity != .direct, !holdsLongNumber(value), !isFarTooLong(text, for: field),
            isPlain(text, value, of: field)
        else {
            return String(repeating: "*", count: min(text.count, 18))
        }
        // No text has more characters than bytes.
        return value.count > longestShown && text.count > longestShown ? text.prefix(longestShown) + "…" : text
    }

    /// What a header calls a column that no standard knows, or nothing where it may be a patient's: a file without a header has a row of
    /// theirs in its place. Shown is what is built as the standards' own names are: `P7501`.
    static func shown(label: String) -> String? {
        let letters = label.prefix { $0.isASCII && $0.isLetter }
        let digits = label.dropFirst(letters.count)
        let isName = (1...2).contains(letters.count) && (1...5).contains(digits.count)
        return isName && digits.allSatisfy { $0.isASCII && $0.isNumber } ? label : nil
    }

    /// A record number where one digit belongs.
    private static func isFarTooLong(_ text: String, for field: Field) -> Bool {
        guard let maximum = field.constraints.maximumLength else { return false }
        return text.count > 2 * maximum + 2 && !plainWords.contains(text.lowercased()) && !isWord(text, of: field)
    }

    private static func isPlain(_ text: String, _ value: UnsafeBufferPointer<UInt8>, of field: Field) -> Bool {
        if value.allSatisfy({ $0 < 0x80 }) {
            return !mayBeName(value) || plainWords.contains(text.lowercased()) || isWord(text, of: field)
        }
        if field.type != .string { return text.unicodeScalars.allSatisfy { !$0.properties.isAlphabetic } }
        return Suggestion.knownWords.contains(text) || isWord(text, of: field)
    }

    private static func isWord(_ text: String, of field: Field) -> Bool {
        field.codeList?.entries.contains { $0.code == text || $0.meaning.zh == text || $0.meaning.en == text } ?? false
    }

    /// Letters and no digit, `Li Na`, or a word of four letters beside digits, `zhangsan01`. A code has a digit and few letters.
    private static func mayBeName(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        var hasDigit = false
        var (letters, run, longest) = (0, 0, 0)
        for byte in value {
            if byte &- 0x30 <= 9 { hasDigit = true }
            guard (byte | 0x20) &- 0x61 < 26 else {
                run = 0
                continue
            }
            letters += 1
            run += 1
            longest = max(longest, run)
        }
        return longest >= 4 || (letters > 1 && !hasDigit)
    }

    /// Eleven digits in a row, seven behind a letter (`E12345678`) or behind an area code (`010-12345678`).
    private static func holdsLongNumber(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        var run = 0
        var limit = 11
        for byte in value {
            if byte &- 0x30 <= 9 {
                run += 1
                if run >= limit { return true }
                continue
            }
            let isLetter = (byte | 0x20) &- 0x61 < 26
            let isAreaCode = byte == UInt8(ascii: "-") && (run == 3 || run == 4) && value.first == UInt8(ascii: "0")
            limit = isLetter || isAreaCode ? 7 : 11
            run = 0
        }
        return false
    }
}
