import Foundation
import Indicators
import ProgramFiles
import SurveillanceKit
import Tabular
import Testing

/// What the indicators of a program come to over a few records, which stand as CSV in a folder: a file a file type.
///
/// Records are made as they are stored: text, whole numbers and numbers by the field's type, blank cells nil.
struct IndicatorTally {
    /// By indicator `3`, `2/3` or, where values are kept, `0×2 5×1`.
    private(set) var figures: [String: String] = [:]

    init(_ compiled: CompiledIndicators, folder: URL) throws {
        let links = Links()
        var tally = ChangeTally(compiled)
        var record: Int64 = 0
        for fileType in compiled.program.fileTypes {
            guard let reading = compiled.readings[fileType.id] else { continue }
            let row = CellRow(reading)
            for values in try IndicatorTally.records(of: fileType, folder) {
                record += 1
                row.fill(values)
                compiled.forEachFact(row) { tally.note(base: $0, link: $1, fact: $2, amount: $3) }
                guard let base = compiled.base(fileType.id) else { continue }
                let judged = compiled.judge(row, base: base)
                tally.note(base: base, record: record, before: nil, after: judged, wasKnown: false)
            }
        }
        var entries: [Int: [IndicatorEntry]] = [:]
        try tally.finish(links).forEachCounter { entries[$0] = $1.flatMap(\.entries) }
        for definition in compiled.definitions {
            let own = entries[definition.numerator] ?? []
            let others = definition.denominator.flatMap { entries[$0] } ?? []
            figures[definition.indicator.id] = IndicatorTally.text(own, others, definition.indicator)
        }
    }

    private static func text(
        _ entries: [IndicatorEntry], _ others: [IndicatorEntry], _ indicator: Indicator
    ) -> String {
        if case .distinct = indicator.kind { return "\(Set(entries.map(\.value)).count)" }
        if indicator.keepsValues {
            let values = Dictionary(grouping: entries, by: \.value).mapValues { $0.reduce(0) { $0 + $1.amount } }
            return values.sorted { $0.key < $1.key }.map { "\($0.key)×\($0.value)" }.joined(separator: " ")
        }
        let (first, second) = (entries.map(\.amount).reduce(0, +), others.map(\.amount).reduce(0, +))
        switch indicator.kind {
        case .count, .sum: return "\(first)"
        default: return "\(first)/\(second)"
        }
    }

    private static func records(of fileType: FileType, _ folder: URL) throws -> [RecordValues] {
        let url = folder.appendingPathComponent("\(fileType.id).csv")
        let rows = try SmallTable.cells(BytesSource([UInt8](try Data(contentsOf: url))))
        let header = try #require(rows.first)
        for name in header { try #require(fileType.fieldIndex(name) != nil, "\(fileType.id) has no \(name)") }
        return try rows.dropFirst().map { cells in
            try #require(cells.count == header.count, "\(cells)")
            return RecordValues(
                names: header,
                values: zip(header, cells).map { name, cell in
                    fileType.fieldIndex(name).flatMap { stored(cell, fileType.fields[$0]) }
                })
        }
    }

    private static func stored(_ cell: String, _ field: Field) -> StoredValue? {
        if cell.isEmpty { return nil }
        return switch field.type {
        case .integer, .boolean: Int64(cell).map { .integer($0) }
        case .number: Double(cell).map { .number($0) }
        case .string, .date, .datetime: .text(Array(cell.utf8))
        }
    }

    /// Nothing was known before.
    private final class Links: KeptLinks {
        func expect(base: Int, links: () -> Set<Int64>, changed: [Int64]) {}
        func facts(base: Int, link: Int64) -> [Int64] { [] }
        func keep(_ facts: [Int64], base: Int, link: Int64) {}
        func records(base: Int, link: Int64) -> [Int64] { [] }
        func note(record: Int64, base: Int, link: Int64, isThere: Bool) {}
        func rows(base: Int, records: [Int64]) -> [Int64: JudgedRow] { [:] }
    }
}
