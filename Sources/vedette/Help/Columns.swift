/// Text in the columns of a terminal, where a Chinese character takes two.
enum Columns {
    static func count(_ text: some StringProtocol) -> Int { text.unicodeScalars.reduce(0) { $0 + width($1) } }

    /// Breaks text into lines of at most `width` columns: at blanks, and between Chinese characters.
    ///
    /// - Parameter indent: how far every line but the first begins in.
    static func wrapped(_ text: String, width: Int, indent: Int = 0) -> [String] {
        let blanks = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        var columns = 0
        for piece in pieces(text).flatMap({ parts($0, of: max(10, width - indent)) }) {
            let size = count(piece)
            let isBlank = piece.allSatisfy { $0 == " " }
            if columns + size > width, columns > (lines.isEmpty ? 0 : indent) {
                lines.append(trimmed(line))
                (line, columns) = (blanks, indent)
                if isBlank { continue }
            }
            if isBlank, !lines.isEmpty, columns == indent { continue }
            line += piece
            columns += size
        }
        if columns > (lines.isEmpty ? 0 : indent) { lines.append(trimmed(line)) }
        return lines
    }

    /// As `wrapped`, with every line that far in.
    static func wrapped(_ text: String, width: Int, under indent: Int) -> [String] {
        let blanks = String(repeating: " ", count: indent)
        return wrapped(text, width: max(10, width - indent)).map { blanks + $0 }
    }

    /// A word that is wider than a line, in parts that are not.
    private static func parts(_ piece: String, of width: Int) -> [String] {
        guard count(piece) > width else { return [piece] }
        var parts = [""]
        for character in piece {
            if count(parts[parts.count - 1]) + count(String(character)) > width { parts.append("") }
            parts[parts.count - 1].append(character)
        }
        return parts
    }

    private static func trimmed(_ line: String) -> String {
        var line = line[...]
        while line.last == " " { line.removeLast() }
        return String(line)
    }

    /// What no line may break: a word, or a Chinese character with the punctuation that must not begin a line.
    static func pieces(_ text: String) -> [String] {
        var pieces: [String] = []
        for character in text {
            let isBlank = character == " "
            let lastIsBlank = pieces.last?.last == " "
            let startsAnew =
                pieces.isEmpty || isBlank != lastIsBlank || !isBlank && isWide(character) && !opensLine(character)
                || !isBlank && !isWide(character) && pieces.last.map { isWide($0.last ?? " ") } ?? false
            // What opens a bracket stays with what follows.
            let lastOpens = pieces.last?.last.map { "（“《".contains($0) } ?? false
            if opensLine(character), !pieces.isEmpty, !lastIsBlank {
                pieces[pieces.count - 1].append(character)
            } else if startsAnew, !(lastOpens && !isBlank) {
                pieces.append(String(character))
            } else {
                pieces[pieces.count - 1].append(character)
            }
        }
        return pieces
    }

    /// Punctuation that must not stand at the beginning of a line.
    private static func opensLine(_ character: Character) -> Bool { "，。；：、）”》？！".contains(character) }

    private static func isWide(_ character: Character) -> Bool {
        character.unicodeScalars.first.map { width($0) == 2 } ?? false
    }

    /// Source: Unicode Standard Annex 11, wide and fullwidth characters, as far as this program prints them.
    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            2
        case 0x300...0x36F, 0x200B...0x200F: 0
        default: 1
        }
    }
}
