public import SurveillanceKit
import Validation

/// Rows from which everything that names a patient is gone. The line list takes nothing else.
///
/// Only a `Deidentifier` can make one. As in a `CheckedBatch`, blank cells are left out; so are placeholders, and cells that were dropped.
public struct DeidentifiedBatch: Sendable {
    public let program: Program
    public let fileType: FileType
    public let institution: String
    /// Makes what children will look for these rows by.
    public let links: LinkHashes
    public internal(set) var rows: [Row] = []
    public internal(set) var cells: [Cell] = []
    public internal(set) var text: [UInt8] = []

    public struct Row: Sendable {
        /// The row's number in its file, as a spreadsheet counts.
        public var number: Int
        public var cells: Range<Int32>
        public var identity: RowIdentity
        /// The record that the look-up before found for it; 0 where there was none, nil where nobody has looked.
        public var record: Int64?
        /// The record of the row's key is withdrawn; its other cells say nothing.
        public var isWithdrawal = false
    }

    /// 16 bytes: a value, and its field in the file type.
    public struct Cell: Sendable {
        public enum Kind: UInt8, Sendable {
            case text
            case integer
            case number
        }

        public var field: UInt16
        public var kind: Kind
        /// Of a text its bytes.
        public var count: UInt32
        /// Of a text where it begins in the batch's text; of a number the value.
        public var bits: UInt64
    }

    init(program: Program, fileType: FileType, institution: String, links: LinkHashes) {
        self.links = links
        self.program = program
        self.fileType = fileType
        self.institution = institution
    }

    /// The value of a cell, copied.
    public func value(of cell: Cell) -> StoredValue {
        switch cell.kind {
        case .text: .text(Array(text[Int(cell.bits)..<Int(cell.bits) + Int(cell.count)]))
        case .integer: .integer(Int64(bitPattern: cell.bits))
        case .number: .number(Double(bitPattern: cell.bits))
        }
    }

    /// The bytes that the batch holds, nearly.
    public var byteCount: Int {
        text.count + cells.count * MemoryLayout<Cell>.stride + rows.count * MemoryLayout<Row>.stride
    }

    /// Keeps the rows that have certain numbers, in ascending order as the batch's own.
    public mutating func keep(rowsNumbered numbers: some Sequence<Int>) {
        var wanted = numbers.makeIterator()
        var next = wanted.next()
        rows.removeAll { row in
            while let number = next, number < row.number { next = wanted.next() }
            return next != row.number
        }
    }
}

/// What a stored value of a field is, after de-identification.
public enum StoredType: Sendable {
    case text
    case integer
    case number

    /// Nil where the field is dropped.
    public init?(_ field: Field) {
        switch field.deidentify {
        case .drop: return nil
        case .year: self = .integer
        case .pseudonym, .area, .scrub: self = .text
        case .keep:
            switch field.type {
            case .string, .date, .datetime: self = .text
            case .integer, .boolean: self = .integer
            case .number: self = .number
            }
        }
    }
}
