import SurveillanceKit
import Tabular

/// How often each value stands in a field that all rows should fill alike, in the first rows of one file or of several.
struct ValueCensus {
    private var counts: [[UInt8]: (rows: Int, first: Int)] = [:]
    private var seen = 0

    /// What most rows hold; the earlier of two that are as common.
    var commonest: [UInt8]? {
        counts.max { ($0.value.rows, $1.value.first) < ($1.value.rows, $0.value.first) }?.key
    }

    /// Counts the rows of a file's first block, but for those that are unlike the header: what stands where cannot be told.
    ///
    /// - Parameter isIdentifier: the field holds a code, which counts without what a spreadsheet has put into it.
    mutating func count(_ field: Int?, in block: RecordBlock, _ header: HeaderMatch, isIdentifier: Bool) {
        guard let field, header.fieldColumns[field] >= 0 else { return }
        let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: TableReader.labelScratch(block))
        defer { scratch.deallocate() }
        let width = header.columnFields.count
        for row in 1..<max(block.rowCount, 1)
        where block.cellCount(ofRow: row) >= width && block.filledCells(ofRow: row).allSatisfy({ $0.column < width }) {
            var cursor = block.cursor(ofRow: row)
            var cell: RawCell?
            for _ in 0...Int(header.fieldColumns[field]) { cell = cursor.next() }
            guard let cell, !cell.isMalformed else { continue }
            let text = cell.isQuoted ? CellText.unquoted(cell.bytes, scratch: scratch) : CellText.trimmed(cell.bytes)
            if text.isEmpty || text.elementsEqual("-".utf8) { continue }
            counts[isIdentifier ? IdentifierText.key(text) : Array(text), default: (0, seen)].rows += 1
            seen += 1
        }
    }

    /// The institution that each program's files are of, where a program has several that say so.
    ///
    /// A package comes from one institution: a single case among the discharges that carries another code than all outpatients is
    /// wrong, although no other row of its own file shows it. What cannot be read is left to the check itself.
    static func institutions(of assignments: [PackageValidator.Assignment], limits: TableLimits) -> [String: [UInt8]] {
        let asked = assignments.filter { $0.type?.institutionField != nil && $0.file.fault == nil }
        let programs = Dictionary(grouping: asked) { $0.type?.program.id ?? "" }
        return programs.filter { $0.value.count > 1 }.compactMapValues { files in
            var census = ValueCensus()
            let block = TableReader.makeBlock()
            for file in files {
                guard let type = file.type, var reader = try? file.file.table(limits: limits, labels: type.labels)
                else {
                    continue
                }
                guard (try? reader.read(into: block)) == true else { continue }
                census.count(
                    type.institutionField, in: block, HeaderMatch(TableValidator.labels(of: block), to: type),
                    isIdentifier: true)
            }
            return census.commonest
        }
    }
}
