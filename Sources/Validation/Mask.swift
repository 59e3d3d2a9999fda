import SurveillanceKit

/// Hides what may point at a patient before a cell is shown or logged.
///
/// Fields marked as direct identifiers are always hidden. Elsewhere a value is hidden when it may be somebody's by accident of a shifted
/// column: eleven or more digits in a row (telephone, ID and card numbers), or text beyond ASCII where the list has no such word.
enum Mask {
    private static let longestShown = 60

    static func shown(_ value: ArraySlice<UInt8>, of field: Field) -> String {
        let text = String(decoding: value, as: UTF8.self)
        guard field.sensitivity != .direct, !holdsLongNumber(value), isPlain(text, of: field) else {
            return String(repeating: "*", count: min(text.count, 18))
        }
        return text.count > longestShown ? text.prefix(longestShown) + "…" : text
    }

    private static func isPlain(_ text: String, of field: Field) -> Bool {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return true }
        if field.type != .string { return text.unicodeScalars.allSatisfy { !$0.properties.isIdeographic } }
        return Suggestion.knownWords.contains(text) || (field.codeList?.entries.contains { $0.meaning.zh == text } ?? false)
    }

    private static func holdsLongNumber(_ value: ArraySlice<UInt8>) -> Bool {
        var run = 0
        for byte in value {
            run = byte &- 0x30 <= 9 ? run + 1 : 0
            if run >= 11 { return true }
        }
        return false
    }
}
