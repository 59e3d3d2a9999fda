/// Reads a table slowly and plainly, one character after the other: what the fast reader is measured against.
///
/// It follows the same words: rows end with CRLF, LF or CR; a cell is quoted when a quote is the first thing in it but blanks and
/// TABs; inside, a doubled quote is a quote and line ends are text; anything but blanks behind the closing quote makes the cell
/// malformed, and so does a quote that never closes. A malformed cell ends at the latest with its line.
public struct PlainCSV {
    public struct Cell: Equatable {
        public var text: [UInt8]
        public var isMalformed: Bool
        /// Where it stands, quotes and blanks included.
        public var range: Range<Int>
    }

    public struct Row: Equatable {
        /// As a spreadsheet counts: the first row is 1.
        public var number: Int
        /// The physical line it begins on.
        public var line: Int
        public var cells: [Cell]
    }

    private let bytes: [UInt8]
    private var at = 0
    private var line = 1

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    public static func rows(_ bytes: [UInt8]) -> [Row] {
        var reader = PlainCSV(bytes)
        var rows: [Row] = []
        while reader.at < bytes.count {
            rows.append(Row(number: rows.count + 1, line: reader.line, cells: reader.row()))
        }
        return rows
    }

    private mutating func row() -> [Cell] {
        var cells: [Cell] = []
        while true {
            cells.append(cell())
            guard at < bytes.count, bytes[at] == UInt8(ascii: ",") else { break }
            at += 1
        }
        takeLineEnd()
        return cells
    }

    private mutating func takeLineEnd() {
        guard at < bytes.count else { return }
        if bytes[at] == UInt8(ascii: "\r"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "\n") { at += 1 }
        at += 1
        line += 1
    }

    private var isAtLineEnd: Bool { bytes[at] == UInt8(ascii: "\n") || bytes[at] == UInt8(ascii: "\r") }
    private var isAtSeparator: Bool { bytes[at] == UInt8(ascii: ",") || isAtLineEnd }

    private mutating func cell() -> Cell {
        let start = at
        while at < bytes.count, bytes[at] == UInt8(ascii: " ") || bytes[at] == UInt8(ascii: "\t") { at += 1 }
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
            while at < bytes.count, !isAtSeparator { at += 1 }
            return Cell(text: PlainCSV.trimmed(bytes[start..<at]), isMalformed: false, range: start..<at)
        }
        let lineBefore = line
        let quote = at
        at += 1
        var text: [UInt8] = []
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "\"") {
                guard at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "\"") else { break }
                at += 1
            } else if isAtLineEnd {
                let isFirstOfTwo =
                    bytes[at] == UInt8(ascii: "\r") && at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "\n")
                if !isFirstOfTwo { line += 1 }
            }
            text.append(bytes[at])
            at += 1
        }
        guard at < bytes.count else {
            line = lineBefore
            return malformed(from: start, quote)
        }
        at += 1
        var isMalformed = false
        while at < bytes.count, !isAtSeparator {
            if bytes[at] != UInt8(ascii: " "), bytes[at] != UInt8(ascii: "\t") { isMalformed = true }
            at += 1
        }
        if isMalformed, line > lineBefore {
            line = lineBefore
            return malformed(from: start, quote)
        }
        return Cell(text: isMalformed ? [] : PlainCSV.trimmed(text[...]), isMalformed: isMalformed, range: start..<at)
    }

    private mutating func malformed(from start: Int, _ quote: Int) -> Cell {
        at = quote
        while at < bytes.count, !isAtLineEnd { at += 1 }
        return Cell(text: [], isMalformed: true, range: start..<at)
    }

    private static let blanks: [[UInt8]] =
        [[0x09], [0x0A], [0x0B], [0x0C], [0x0D], [0x20]] + ["\u{A0}", "\u{3000}", "\u{FEFF}"].map { Array($0.utf8) }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var rest = bytes
        while let blank = blanks.first(where: { rest.starts(with: $0) }) { rest = rest.dropFirst(blank.count) }
        while let blank = blanks.first(where: { rest.suffix($0.count).elementsEqual($0) }) {
            rest = rest.dropLast(blank.count)
        }
        return Array(rest)
    }
}
