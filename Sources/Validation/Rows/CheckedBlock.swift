/// What came of checking one block of rows, before keys and links have been compared with the rest of the package.
struct CheckedBlock {
    enum RowState: UInt8 {
        case blank
        case standing
        case rejected
        /// No row at all: a header again, a footer.
        case passedOver
    }

    /// A column of the block whose texts have lost their characters.
    struct LostColumn {
        var field: Int
        var rows: Int
        /// The first of them, counted from 0.
        var first: Int
    }

    struct Row {
        var state: RowState
        var line: Int32
        /// Its place in the batch, or -1.
        var place: Int32
        /// It ends before the header does, unlike the rows beside it, and was read as if its last cells were empty.
        var endsEarly = false
        /// Another header stands here: what the rows behind it hold cannot be told.
        var isOtherHeader = false
        /// The record of its key is withdrawn: it is nobody's parent.
        var isWithdrawal = false
    }

    var firstRow = 0
    var rows: [Row] = []
    var findings: [RawFinding] = []
    /// Values that findings quote.
    var text: [UInt8] = []
    /// For each row the hashes of its key sets, then of its links.
    var hashes: [KeyHash] = []
    /// For each row the `ValueHash`es that children ask of its key sets, then those that it holds against its parents.
    var values: [UInt32] = []
    /// Rows that stand so far, where anybody wants them; and rejected ones whose parents may have to be looked for in the store.
    var batch: CheckedBatch?
    /// What was read otherwise than it stands.
    var notes: CellNotes?
    /// What kept the context's block work from being done.
    var failure: (any Error)?
    var lost: [LostColumn] = []
    /// Rows of another charset than the file's, counted from 0.
    var oddRows: [Int] = []
}
