/// What came of checking one block of rows, before keys and links have been compared with the rest of the package.
struct CheckedBlock {
    enum RowState: UInt8 {
        case blank
        case standing
        case rejected
    }

    var firstRow = 0
    var states: [RowState] = []
    var lines: [Int32] = []
    var findings: [RawFinding] = []
    /// Values that findings quote.
    var text: [UInt8] = []
    /// For each row the hashes of its key sets, then of its links; zero where a part is blank or unreadable.
    var hashes: [KeyHash] = []
    /// Rows that stand so far, and for each row of the block its place among them, or -1.
    var batch: CheckedBatch?
    var batchRows: [Int32] = []
}
