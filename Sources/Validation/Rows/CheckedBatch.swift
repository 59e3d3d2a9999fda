import SurveillanceKit
import Tabular

/// Rows that stand: validated, every cell parsed as its field's type, and still with all that points at patients.
///
/// Only Validation can make one. Blank cells are left out: a row is a run of cells, each with its field's index.
public struct CheckedBatch: Sendable {
    public let type: CompiledFileType
    public internal(set) var rows: [Row] = []
    public internal(set) var cells: [CheckedCell] = []
    /// The bytes that the rows were read from, and behind them the text of each cell that was read otherwise than it stands.
    public internal(set) var text: [UInt8] = []
    /// The field in each column of the file, or -1: what a row's bytes mean.
    public internal(set) var columns: [Int32] = []
    /// How many bytes of `text` are as they came.
    public internal(set) var sourceCount = 0
    /// What the context's block work has made of the rows, those included that were rejected afterwards; nil without such work.
    public internal(set) var prepared: (any Sendable)?

    public struct Row: Sendable {
        /// The row's number in its file, as a spreadsheet counts.
        public var number: Int
        public var cells: Range<Int>
        /// The row's bytes as they came, in UTF-8, from its first filled cell to its last, with what separates them; a place in `text`.
        public var source: Range<Int>
        /// The column of its first filled cell.
        public var firstColumn = 0
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
