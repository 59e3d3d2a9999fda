import Database
import Deidentification
import SurveillanceKit

/// Writes the cells of a row into a record's columns, and compares them with what stands there.
struct RecordCells {
    /// For each field its place among the columns, or -1 where it is dropped.
    private let places: [Int]
    private let coverPlace: Int
    /// For each column whether it is written as `PseudonymBytes`.
    private let isPacked: [Bool]
    /// For each column its cell in the row under way, -1 for none.
    private var cellOf: [Int]

    init(_ table: RecordTable, _ dialect: SQLDialect) {
        places = table.places
        coverPlace = table.coverPlace ?? -1
        isPacked = table.columns.map { dialect.mixesTextAndBytes && $0.isPseudonym }
        cellOf = Array(repeating: -1, count: table.columns.count)
    }

    /// Binds a row's cells to the parameters of the columns, which begin at `first`. The texts must stay until the statement has run.
    ///
    /// - Returns: the day to which the row belongs, in days since 1970, where the type is covered.
    func bind(
        _ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch, _ text: UnsafeBufferPointer<UInt8>,
        to statement: any Statement, from first: Int
    ) throws -> Int? {
        var day: Int?
        for index in row.cells {
            let cell = batch.cells[Int(index)]
            let place = places[Int(cell.field)]
            guard place >= 0 else { continue }
            switch cell.kind {
            case .text:
                let bytes = UnsafeBufferPointer(rebasing: text[Int(cell.bits)..<Int(cell.bits) + Int(cell.count)])
                if place == coverPlace { day = CivilDate(beginning: bytes)?.daysSince1970 }
                guard isPacked[place] else {
                    try statement.bind(borrowedText: bytes, at: first + place)
                    continue
                }
                try PseudonymBytes.with(bytes) { packed in
                    guard let packed else { return try statement.bind(text: bytes, at: first + place) }
                    try statement.bind(blob: packed, at: first + place)
                }
            case .integer: try statement.bind(Int64(bitPattern: cell.bits), at: first + place)
            case .number: try statement.bind(Double(bitPattern: cell.bits), at: first + place)
            }
        }
        return day
    }

    /// Whether a record holds what a row does. The statement stands on the record; its fields begin at the third column.
    mutating func isSame(
        _ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch, _ text: UnsafeBufferPointer<UInt8>,
        as select: any Statement
    ) -> Bool {
        for place in cellOf.indices { cellOf[place] = -1 }
        for index in row.cells {
            let place = places[Int(batch.cells[Int(index)].field)]
            if place >= 0 { cellOf[place] = Int(index) }
        }
        for place in cellOf.indices {
            let isNull = select.isNull(at: place + 2)
            guard cellOf[place] >= 0 else {
                if isNull { continue }
                return false
            }
            if isNull { return false }
            let cell = batch.cells[cellOf[place]]
            switch cell.kind {
            case .text:
                let bytes = UnsafeBufferPointer(rebasing: text[Int(cell.bits)..<Int(cell.bits) + Int(cell.count)])
                let isSame = select.withBytes(at: place + 2) { stored in
                    isPacked[place] ? PseudonymBytes.isSame(stored, as: bytes) : stored.elementsEqual(bytes)
                }
                if !isSame { return false }
            case .integer: if select.integer(at: place + 2) != Int64(bitPattern: cell.bits) { return false }
            case .number: if select.real(at: place + 2) != Double(bitPattern: cell.bits) { return false }
            }
        }
        return true
    }
}
