import Expressions
import SurveillanceKit

/// Adds to each row that stands the national codes that its own ones stand for, by the institution's tables. One belongs to one checker.
///
/// They are stored with the row as it is stored, so that figures which ask for them are kept and told as those of every other field.
struct DerivedCodes {
    private let book: any CodeBook
    private let type: CompiledFileType
    private let day: Int
    private let uses: [(use: CompiledCodeUse, national: Int)]

    /// - Returns: nil where nothing is derived: no such field of the file type, no tables to ask, or no column of its event day.
    init?(_ book: (any CodeBook)?, _ type: CompiledFileType, _ header: HeaderMatch) {
        guard let book, let day = type.eventDayField, header.fieldColumns[day] >= 0 else { return nil }
        uses = type.codeUses.compactMap { use in
            header.fieldColumns[use.code] >= 0 ? use.national.map { (use, $0) } : nil
        }.sorted { $0.national < $1.national }
        guard !uses.isEmpty else { return nil }
        self.book = book
        self.type = type
        self.day = day
    }

    /// Adds to the last row of a batch.
    func add(from cells: RowCells, to batch: inout CheckedBatch) {
        guard let day = cells[day].pointee.civilDay else { return }
        for (use, national) in uses {
            let cell = cells[use.code].pointee
            guard cell.state == .value, cell.text.count > 0 else { continue }
            let field = type.fields[use.code]
            let codes = field.parts(of: cell.text).compactMap { book.national(of: $0, in: use.dictionary, on: day) }
            guard let first = codes.first else { continue }
            let separator = Array(String(field.field.separators.first ?? ",").utf8)
            batch.appendDerived(codes.dropFirst().reduce(first) { $0 + separator + $1 }, field: national)
        }
    }
}

extension Cell {
    /// The day of a date or moment, in days since 1970; nil where it holds none.
    var civilDay: Int? {
        guard state == .value else { return nil }
        let seconds = Int(Int64(bitPattern: bits))
        return (seconds - (seconds >= 0 ? 0 : 86_399)) / 86_400
    }
}

extension CheckedBatch {
    /// Adds a cell that no file has to the last row.
    fileprivate mutating func appendDerived(_ value: [UInt8], field: Int) {
        guard let last = rows.indices.last else { return }
        cells.append(
            CheckedCell(
                field: UInt16(field), isPlaceholder: false, textStart: UInt32(text.count),
                textCount: UInt32(value.count), bits: 0))
        text += value
        rows[last].cells = rows[last].cells.lowerBound..<cells.count
    }
}
