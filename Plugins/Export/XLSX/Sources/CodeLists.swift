import SurveillanceKit

/// The codes of drop-down lists that are too long for a formula: a column each on one hidden sheet, equal lists once.
struct CodeLists {
    private var lists: [[String]] = []

    var isEmpty: Bool { lists.isEmpty }

    /// Where the codes stand: `=vedette_lists!$B$1:$B$58`.
    mutating func range(of codes: [String]) -> String {
        let column: Int
        if let known = lists.firstIndex(of: codes) {
            column = known
        } else {
            column = lists.count
            lists.append(codes)
        }
        let letters = Self.letters(column)
        return "=\(CodeListSheet.name)!$\(letters)$1:$\(letters)$\(codes.count)"
    }

    /// Every code with its place, row by row.
    func rows(_ body: (_ row: UInt32, _ column: UInt16, _ code: String) -> Void) {
        for row in 0..<(lists.map(\.count).max() ?? 0) {
            for (column, codes) in lists.enumerated() where row < codes.count {
                body(UInt32(row), UInt16(column), codes[row])
            }
        }
    }

    private static func letters(_ column: Int) -> String {
        let last = String(UnicodeScalar(UInt8(65 + column % 26)))
        return column >= 26 ? letters(column / 26 - 1) + last : last
    }
}

/// What a spreadsheet offers beside a cell.
enum Offer {
    /// Source: Excel specifications and limits; a list within a formula, and a message, have so many characters.
    static let longest = 255

    /// Whether a list of codes may stand in the formula itself, where commas part them.
    static func standsInFormula(_ codes: [String]) -> Bool {
        codes.reduce(codes.count - 1) { $0 + $1.utf16.count } <= longest
            && !codes.contains { $0.contains(where: { ",\"\n".contains($0) }) }
    }

    static func shortened(_ text: String) -> String {
        text.unicodeScalars.count <= longest
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(longest - 1))) + "…"
    }
}
