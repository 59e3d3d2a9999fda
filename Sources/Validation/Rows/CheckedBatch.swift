import SurveillanceKit
import Tabular

/// Rows that stand: validated, every cell parsed as its field's type, and still with all that points at patients.
///
/// Only Validation can make one. Blank cells are left out: a row is a run of cells, each with its field's index.
public struct CheckedBatch: Sendable {
    public let type: CompiledFileType
    public internal(set) var rows: [Row] = []
    public internal(set) var cells: [CheckedCell] = []
    public internal(set) var text: [UInt8] = []
    /// What the context's block work has made of the rows, those included that were rejected afterwards; nil without such work.
    public internal(set) var prepared: (any Sendable)?

    public struct Row: Sendable {
        /// The row's number in its file, as a spreadsheet counts.
        public var number: Int
        public var cells: Range<Int>
        /// The row withdraws the record of its key: it has the key's cells alone.
        public var isWithdrawal = false
    }

    init(type: CompiledFileType) { self.type = type }

    public func text(of cell: CheckedCell) -> ArraySlice<UInt8> {
        text[Int(cell.textStart)..<Int(cell.textStart) + Int(cell.textCount)]
    }
}

/// One cell of a row that stands.
public struct CheckedCell: Sendable {
    public var field: UInt16
    /// `-`: the sender does not know the value.
    public var isPlaceholder: Bool
    public var textStart: UInt32
    public var textCount: UInt32
    /// As `Expressions.Cell.bits`.
    public var bits: UInt64
}
