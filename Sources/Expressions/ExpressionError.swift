public import SurveillanceKit

/// Why an expression was refused when its program loaded, and where in it.
///
/// Lines and columns count from 1; a column is a character (Unicode scalar), as an editor counts.
public struct ExpressionError: Error, Hashable, Sendable, CustomStringConvertible {
    public var line: Int
    public var column: Int
    /// What is wrong and what would mend it.
    public var message: BilingualText

    public var description: String { "\(line):\(column): \(message.en)" }
}

/// A complaint at a byte of the source, before it has a line and a column.
struct Refusal: Error {
    var offset: Int
    var zh: String
    var en: String

    func located(in source: [UInt8]) -> ExpressionError {
        var line = 1
        var column = 1
        for byte in source.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return ExpressionError(line: line, column: column, message: BilingualText(zh: zh, en: en))
    }
}

/// The word of `words` that `word` was most likely meant to be; nil where none is near.
///
/// Near is: at most a third of the letters are wrong, missing, too many or exchanged with their neighbour, case aside.
func nearest(to word: String, among words: some Sequence<String>) -> String? {
    let wanted = Array(word.lowercased().unicodeScalars.prefix(64))
    var best: (word: String, distance: Int)?
    for candidate in words {
        let letters = Array(candidate.lowercased().unicodeScalars.prefix(64))
        let limit = Swift.max(1, Swift.max(wanted.count, letters.count) / 3)
        guard abs(letters.count - wanted.count) <= limit else { continue }
        let distance = distance(wanted, letters)
        if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
}

/// How many letters must be changed, added, dropped or exchanged with their neighbour (optimal string alignment).
private func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var rows = [Array(0...b.count)]
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            var least = Swift.min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = Swift.min(least, rows[i - 1][j - 1] + 1) }
            row.append(least)
        }
        rows.append(row)
    }
    return rows[a.count][b.count]
}
