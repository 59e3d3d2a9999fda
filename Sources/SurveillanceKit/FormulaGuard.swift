/// Keeps a spreadsheet from running a cell of a CSV that comes back: an apostrophe is put before what begins like a formula, and taken
/// off again when the file is read.
///
/// Plain numbers and a lone sign are no formulas. What a sender has put apostrophes before himself gets one more, so that one can be
/// taken off whatever it was. Source: OWASP, "CSV Injection".
public enum FormulaGuard {
    public static let mark = UInt8(ascii: "'")

    /// Whether the text begins like a formula once apostrophes and blanks before it are passed over.
    public static func concerns(_ text: some Sequence<UInt8>) -> Bool {
        // Hardly any cell goes further than this.
        guard let first = text.first(where: { $0 != mark && $0 > 0x20 }), firstBytes.contains(first) else {
            return false
        }
        let rest = Array(text.drop { $0 == mark }.drop { $0 <= 0x20 })
        guard let sign = signs.first(where: { rest.starts(with: $0) }) else { return false }
        guard sign.count == 1, rest[0] == UInt8(ascii: "+") || rest[0] == UInt8(ascii: "-") else {
            return true
        }
        return !isNumber(rest.dropFirst())
    }

    /// `= + - @`, and the same in full width.
    private static let signs = ["=", "+", "-", "@", "＝", "＋", "－", "＠"].map { Array($0.utf8) }

    private static let firstBytes = Set(signs.map { $0[0] })

    /// Digits with at most one point, or nothing but blanks.
    private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        var points = 0
        for byte in text {
            switch byte {
            case 0x30...0x39: continue
            case UInt8(ascii: "."): points += 1
            case 0...0x20: continue
            default: return false
            }
        }
        return points <= 1
    }
}
