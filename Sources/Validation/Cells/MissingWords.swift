/// Texts that programs write where there is nothing: `NULL`, `(null)`, `\N`, `NaN`, `#N/A`, `Invalid date`.
///
/// A cell is such a word only as a whole: a surname or a sentence that holds one is data. Words of a program's own (`missingValues`) count
/// as they are written.
///
/// Source: pandas `na_values`; MySQL `LOAD DATA`; Excel's error values; what JavaScript, C# and Java print.
struct MissingWords: Sendable {
    /// In lower case; upper and lower case do not matter.
    private static let folded: Set<String> = [
        "null", "none", "undefined", "n/a", "#n/a", "#n/a n/a", "#na", "#ref!", "#value!", "#div/0!", "#name?",
        "#num!", "#null!", "#spill!", "#calc!", "#field!", "#getting_data", "#blocked!", "#connect!", "#unknown!",
        "invalid date", "invalid datetime", "dbnull", "system.dbnull", "dbnull.value", "na", "nan", "nat", "空",
    ]
    /// Words that may be something else when they stand bare: a name (`Nan`), a test (`NAT`), sodium (`NA`), or simply `空`.
    private static let bracketedOnly: Set<String> = ["na", "nan", "nat", "空"]
    /// Of those, what programs write bare.
    private static let bare: Set<String> = [
        "nan", "NaN", "NAN", "NaT", "\\N", "-nan", "-NaN", "1.#QNAN", "-1.#IND", "1.#IND",
    ]
    private static let longest = 24
    private static let opening: [UInt8] = Array("([{<'\"`".utf8)
    private static let closing: [UInt8] = Array(")]}>'\"`".utf8)

    private let own: Set<String>
    private let longestOwn: Int

    init(own: [String] = []) {
        self.own = Set(own.filter { !$0.isEmpty })
        longestOwn = self.own.map(\.utf8.count).max() ?? 0
    }

    /// Of a byte with which a word begins only where `mayBegin` says so.
    static let commonMark: UInt8 = 1
    /// Of a byte that is looked at, whatever follows it.
    static let certainMark: UInt8 = 2

    /// Marks the bytes with which a word may begin: no other text has to be looked at.
    func mark(in table: UnsafeMutablePointer<UInt8>) {
        for byte in "NnUuIiDdSsE(#\\<[{".utf8 { table[Int(byte)] = MissingWords.commonMark }
        for word in own { if let first = word.utf8.first { table[Int(first)] = MissingWords.certainMark } }
    }

    /// - Parameter isText: in a number or a date `NA` is nothing, too; in a text it may be sodium.
    func contains(_ text: UnsafeBufferPointer<UInt8>, isText: Bool) -> Bool {
        guard text.count <= max(MissingWords.longest, longestOwn) else { return MissingWords.isFilling(text) }
        if !own.isEmpty, own.contains(String(decoding: text, as: UTF8.self)) { return true }
        guard MissingWords.mayBegin(text) else { return false }
        let word = String(decoding: text, as: UTF8.self)
        if MissingWords.bare.contains(word) { return true }
        let lowered = word.lowercased()
        if MissingWords.folded.contains(lowered), !isText || !MissingWords.bracketedOnly.contains(lowered) {
            return true
        }
        if MissingWords.isFilling(text) || MissingWords.isOfficeError(text) { return true }
        return MissingWords.isBracketed(word)
    }

    /// Whether the first two bytes can be those of a word; tells most texts apart without making a string.
    static func mayBegin(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count > 1 else { return false }
        let second = text[1] | 0x20
        switch text[0] | 0x20 {
        // null, none, nil, nan, nat, n/a, na
        case UInt8(ascii: "n"):
            return switch second {
            case UInt8(ascii: "u"), UInt8(ascii: "o"), UInt8(ascii: "i"), UInt8(ascii: "a"), UInt8(ascii: "/"): true
            default: false
            }
        case UInt8(ascii: "u"): return second == UInt8(ascii: "n")
        case UInt8(ascii: "i"): return second == UInt8(ascii: "n")
        case UInt8(ascii: "d"): return second == UInt8(ascii: "b")
        case UInt8(ascii: "s"): return second == UInt8(ascii: "y")
        case UInt8(ascii: "e"): return second == UInt8(ascii: "r")
        default: return (text[0] | 0x20) &- 0x61 >= 26 && text[0] < 0x80
        }
    }

    /// `(null)`, `<NULL>`, `[NULL]`, `{null}`, `'NULL'`, `(空)`.
    private static func isBracketed(_ word: String) -> Bool {
        let bytes = Array(word.utf8)
        guard bytes.count > 2, let place = opening.firstIndex(of: bytes[0]), bytes.last == closing[place] else {
            return false
        }
        let inner = String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self).lowercased()
        return folded.contains(inner) || inner == "nil" || inner == "object object" || inner == "object null"
            || inner == "object undefined"
            || inner == "空白"
    }

    /// A column too narrow for its value, `########`, or a date of which no part is known, `NaN-NaN-NaN NaN:NaN:NaN`.
    private static func isFilling(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = text.first, text.count > 2 else { return false }
        if first == UInt8(ascii: "#") { return text.allSatisfy { $0 == first } }
        guard first == UInt8(ascii: "N") || first == UInt8(ascii: "u"), text.count <= 64 else { return false }
        let parts = String(decoding: text, as: UTF8.self).split { " -/:.T年月日时分秒".contains($0) }
        return parts.count > 1 && (parts.allSatisfy { $0 == "NaN" } || parts.allSatisfy { $0 == "undefined" })
    }

    /// `Err:502` of LibreOffice.
    private static func isOfficeError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.count == 7 && text.starts(with: "Err:5".utf8) && text[5] &- 0x30 <= 9 && text[6] &- 0x30 <= 9
    }
}
