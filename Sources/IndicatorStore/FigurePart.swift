import Deidentification
import Indicators
import Records
import SurveillanceKit

/// What a program needs of one submission to keep its figures.
///
/// Unchecked: the storing thread makes it, and reads its tally only when `JudgingThread` has judged every block.
final class FigurePart: @unchecked Sendable {
    let program: IndicatorProgram
    let place: (province: Int64, level: Int)
    var tally: ChangeTally
    private var rows: [String: CellRow] = [:]

    init(_ program: IndicatorProgram, _ place: (province: Int64, level: Int)) {
        self.program = program
        self.place = place
        tally = ChangeTally(program.compiled)
    }

    func row(_ fileType: String) -> CellRow? {
        if let known = rows[fileType] { return known }
        guard let reading = program.compiled.readings[fileType] else { return nil }
        let row = CellRow(reading)
        rows[fileType] = row
        return row
    }

    /// Judges the rows of a block, and what stood before them.
    func judge(_ block: StoredBlock) {
        guard let cells = row(block.batch.fileType.id) else { return }
        let (compiled, batch, base) = (program.compiled, block.batch, block.base)
        batch.text.withUnsafeBufferPointer { text in
            for change in block.changes {
                var earlier: JudgedRow?
                if let before = change.before {
                    cells.fill(before)
                    if let base { earlier = compiled.judge(cells, base: base) }
                    compiled.forEachFact(cells) { tally.note(base: $0, link: $1, fact: $2, amount: -$3) }
                }
                cells.fill(change.row, of: batch, text)
                if let base {
                    tally.note(
                        base: base, record: change.record, before: earlier, after: compiled.judge(cells, base: base),
                        wasKnown: change.wasKnown)
                }
                compiled.forEachFact(cells) { tally.note(base: $0, link: $1, fact: $2, amount: $3) }
            }
        }
    }

    /// Judges a record that returns to an earlier version, or goes.
    func judge(
        _ fileType: String, base: Int?, record: Int64, before: RecordValues?, after: RecordValues?, wasKnown: Bool
    ) {
        guard let cells = row(fileType) else { return }
        let compiled = program.compiled
        func judge(_ values: RecordValues?, _ sign: Int64) -> JudgedRow? {
            guard let values else { return nil }
            cells.fill(values)
            compiled.forEachFact(cells) { tally.note(base: $0, link: $1, fact: $2, amount: sign * $3) }
            return base.map { compiled.judge(cells, base: $0) }
        }
        let (earlier, later) = (judge(before, -1), judge(after, 1))
        if let base { tally.note(base: base, record: record, before: earlier, after: later, wasKnown: wasKnown) }
    }
}

/// The rows of one block that were stored as new records or new versions.
struct StoredBlock: Sendable {
    let part: FigurePart
    /// The place of the file type among the bases that are counted; nil of one whose rows are counted as children alone.
    let base: Int?
    let batch: DeidentifiedBatch
    var changes: [Change] = []

    struct Change: Sendable {
        var row: DeidentifiedBatch.Row
        var record: Int64
        /// What the record held; nil where it was not there.
        var before: RecordValues?
        /// Whether that was known before this submission.
        var wasKnown: Bool
    }
}
