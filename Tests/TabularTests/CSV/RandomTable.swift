import Seeding
import TestKit

/// Tables as exporters, editors and accidents make them.
enum RandomTable {
    private static let lineEnds = ["\n", "\r\n", "\r"]
    private static let words = [
        "a", "12", "2026-03-05 08:01:02", "-", "示例甲", "Ω", "𠮷", "x y", "-,-", "M80000/3", "流感，甲型", "é", ".",
        "!#$%&'()*+",
    ]
    private static let blanks = [" ", "\t", "  ", "\t ", "\u{3000}", "\u{A0}", "\u{B}"]

    /// Rows of cells, well-formed in the sense of RFC 4180 and a little beyond: blanks round quotes, any line end.
    static func wellFormed(_ random: inout Randomness) -> [UInt8] {
        let lineEnd = random.pick(lineEnds)
        let mixes = random.oneIn(4)
        let rows = 1 + random.below(12)
        let columns = 1 + random.below(9)
        var text = ""
        for row in 0..<rows {
            let count = random.oneIn(12) ? random.below(12) + 1 : columns
            text += (0..<count).map { _ in cell(&random) }.joined(separator: ",")
            if random.oneIn(9) { text += "," }
            if row < rows - 1 || !random.oneIn(3) { text += mixes ? random.pick(lineEnds) : lineEnd }
            if random.oneIn(15) { text += lineEnd }
        }
        return Array(text.utf8)
    }

    /// Pieces in any order: quotes where none belong, cells that never close.
    static func anything(_ random: inout Randomness) -> [UInt8] {
        let pieces =
            ["\"", "\"", "\"\"", ",", ",", ",,,,,,,,,", "\n", "\r\n", "\r", " ", "\t", "\u{3000}"] + words + [
                "longer than a word of eight bytes"
            ]
        return Array((0..<random.below(60)).map { _ in random.pick(pieces) }.joined().utf8)
    }

    private static func cell(_ random: inout Randomness) -> String {
        switch random.below(8) {
        case 0, 1, 2: return ""
        case 3: return random.pick(blanks) + random.pick(words) + random.pick(blanks)
        case 4: return "mid\"quote\"" + random.pick(["", " ", "\"\""])
        case 5, 6:
            var inner = ""
            for _ in 0..<random.below(5) {
                inner += random.pick(words + ["\"\"", "\n", "\r\n", "\r", ",", " ", ",,,,,,,,,,"])
            }
            let pad = random.oneIn(3) ? random.pick([" ", "\t", " \t "]) : ""
            return pad + "\"" + inner + "\"" + (random.oneIn(3) ? random.pick([" ", "\t"]) : "")
        default: return random.pick(words).replacing(",", with: ";")
        }
    }
}
