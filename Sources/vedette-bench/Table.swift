import Foundation
import SurveillanceKit

/// A row under construction: cells by field name, written in the order of the schema.
struct TableRow {
    private let places: [String: Int]
    var cells: [String]

    init(_ fileType: FileType) {
        places = Dictionary(uniqueKeysWithValues: fileType.fields.enumerated().map { ($1.name, $0) })
        cells = Array(repeating: "", count: fileType.fields.count)
    }

    subscript(name: String) -> String {
        get { places[name].map { cells[$0] } ?? "" }
        set { if let place = places[name] { cells[place] = newValue } }
    }

    mutating func clear() { for index in cells.indices { cells[index] = "" } }

    /// Appends the row as RFC 4180 has it, quoted only where that is needed.
    func append(to output: inout [UInt8]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            let bytes = cell.utf8
            if bytes.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) {
                output.append(0x22)
                for byte in bytes {
                    if byte == 0x22 { output.append(0x22) }
                    output.append(byte)
                }
                output.append(0x22)
            } else {
                output.append(contentsOf: bytes)
            }
        }
        output.append(0x0A)
    }
}

/// What is wrong with a generated table, and how much of it.
enum Faults: String, CaseIterable {
    case none
    /// One wrong cell in every row.
    case row
    /// Every filled cell of every row.
    case every
}

/// Rows of a file type that look like a hospital's: mostly empty columns, Chinese text, some quoted cells.
protocol RowMaker {
    static var fileType: String { get }
    mutating func fill(_ row: inout TableRow, number: Int, _ random: inout SeededRandom)
    /// Fields that can be made wrong one at a time without a second finding, and what is wrong in them.
    static var wrongCells: [(field: String, value: String)] { get }
}

enum TableGenerator {
    /// Writes a whole table; the same for the same seed.
    static func write(
        _ fileType: FileType, _ maker: some RowMaker, rows: Int, faults: Faults, seed: UInt64, to path: String
    ) throws {
        var maker = maker
        guard let file = fopen(path, "w") else { throw BenchError("\(path): \(String(cString: strerror(errno)))") }
        defer { fclose(file) }
        var random = SeededRandom(seed: seed)
        var row = TableRow(fileType)
        var output = Array(fileType.fields.map(\.name).joined(separator: ",").utf8) + [0x0A]
        for number in 0..<rows {
            row.clear()
            maker.fill(&row, number: number, &random)
            spoil(&row, number, faults, type(of: maker).wrongCells)
            row.append(to: &output)
            if output.count > 1 << 20 || number == rows - 1 {
                guard fwrite(output, 1, output.count, file) == output.count else {
                    throw BenchError("\(path): cannot be written")
                }
                output.removeAll(keepingCapacity: true)
            }
        }
    }

    private static func spoil(
        _ row: inout TableRow, _ number: Int, _ faults: Faults, _ wrong: [(field: String, value: String)]
    ) {
        switch faults {
        case .none: break
        case .row:
            let cell = wrong[number % wrong.count]
            row[cell.field] = cell.value
        case .every:
            // Too long for any text, no code, no date and no number.
            for index in row.cells.indices where !row.cells[index].isEmpty {
                row.cells[index] = String(repeating: "错", count: 24) + String(repeating: "x", count: 60)
            }
        }
    }
}

struct BenchError: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
