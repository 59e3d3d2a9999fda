public import Database
public import Deidentification
import Indicators
public import Records
public import SurveillanceKit

/// Keeps the figures of one institution while a submission of it is stored, or taken back, in the same transaction.
///
/// It observes what becomes of each record and, at the end, moves exactly the cells that these changes touch. What the rows of a large report
/// count for is worked out by `JudgingThread` while further rows are stored.
public final class IndicatorWriter: RecordObserver {
    private let store: IndicatorStore
    private let code: String
    private let place: InstitutionPlace?
    private let isNew: Bool
    private let transaction: any Transaction
    private var institution: Int64?
    /// Nil of a program whose figures are not worked out for this institution yet.
    private var parts: [String: FigurePart?] = [:]
    private let judging = JudgingThread()
    /// The block that is being stored, as far as it has been.
    private var block: StoredBlock?

    /// The file type whose rows are coming: rows of one follow each other.
    private struct Current {
        let program: String
        let fileType: String
        let part: FigurePart
        let base: Int?
    }

    private var current: Current?

    private func current(_ program: String, _ fileType: String) throws -> Current? {
        if let current, current.fileType == fileType, current.program == program { return current }
        guard let part = try part(program), part.program.compiled.readings[fileType] != nil else { return nil }
        let found = Current(
            program: program, fileType: fileType, part: part, base: part.program.compiled.base(fileType))
        current = found
        return found
    }

    /// - Parameters:
    ///   - isNew: nothing was ever stored of this institution before.
    ///   - place: where its figures are counted if they have not been counted before; nil where the register does not know it.
    public init(
        _ store: IndicatorStore, institution code: String, isNew: Bool, place: InstitutionPlace?,
        in transaction: any Transaction
    ) {
        self.store = store
        self.code = code
        self.isNew = isNew
        self.place = place
        self.transaction = transaction
    }

    deinit { judging.end() }

    public func observes(program id: String, fileType: String) -> Bool {
        guard let program = try? store.program(id) else { return false }
        return program.compiled.readings[fileType] != nil
    }

    public func stored(
        _ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch, as record: Int64, before: RecordValues?,
        wasKnown: Bool
    ) throws {
        let change = StoredBlock.Change(row: row, record: record, before: before, wasKnown: wasKnown)
        if block == nil {
            guard let current = try current(batch.program.id, batch.fileType.id) else { return }
            block = StoredBlock(part: current.part, base: current.base, batch: batch)
        }
        block?.changes.append(change)
    }

    public func storedBlock() {
        guard let block else { return }
        self.block = nil
        judging.add(block)
    }

    public func returned(
        program id: String, fileType: String, record: Int64, key: RecordKey, before: RecordValues?,
        after: RecordValues?, wasKnown: Bool
    ) throws {
        guard let current = try current(id, fileType) else { return }
        // What was stored before it counts first.
        storedBlock()
        judging.finish()
        current.part.judge(
            fileType, base: current.base, record: record, before: before, after: after, wasKnown: wasKnown)
    }

    /// Moves the figures.
    ///
    /// - Parameters:
    ///   - instant: since when the change is known.
    ///   - submission: which one was stored, or taken back.
    public func finish(at instant: Instant, submission: String, isWithdrawal: Bool = false) throws {
        storedBlock()
        judging.finish()
        // From now on its figures are kept, whatever this submission had.
        if isNew { for program in store.programs { _ = try part(program.compiled.program.id) } }
        if institution == nil { institution = try store.lineList.institution(code, in: transaction)?.number }
        guard let institution else { return }
        let event = try EventLog.note(
            at: instant, institution, submission, isWithdrawal: isWithdrawal, store.lineList, transaction)
        for part in parts.sorted(by: { $0.key < $1.key }).compactMap(\.value) {
            let links = StoredLinks(part.program, institution: institution, store.lineList, transaction)
            let changes = try part.tally.finish(links)
            try links.flush()
            try IndicatorWriter.write(
                changes, of: part.program, institution: institution, event: event, part.place, transaction)
        }
    }

    /// Writes the changes of an event, counter by counter.
    private static func write(
        _ changes: FigureChanges, of program: IndicatorProgram, institution: Int64, event: Int64,
        _ place: (province: Int64, level: Int), _ transaction: any Transaction
    ) throws {
        var moved: [ChangeLog.Change] = []
        changes.forEachCounter { counter, groups in
            moved.append((program.numbers[counter], program.compiled.counters[counter].coding, groups))
        }
        try ChangeLog.append(moved, event: event, institution: institution, transaction)
        let sums = moved.map { change in
            let first = change.groups.first.map { Array($0.entries) } ?? []
            let sum = change.groups.dropFirst().reduce(first) { RollUp.merge($0, Array($1.entries)) }
            return (change.counter, change.coding, sum)
        }
        try RollUp.add(sums, place: place, transaction)
    }

    /// Nil of a program whose figures are not worked out for this institution yet.
    private func part(_ id: String) throws -> FigurePart? {
        if let known = parts[id] { return known }
        let part = try begun(id)
        parts[id] = .some(part)
        return part
    }

    private func begun(_ id: String) throws -> FigurePart? {
        let program = try store.program(id)
        if institution == nil { institution = try store.lineList.institution(code, in: transaction)?.number }
        guard let institution else { return nil }
        let row = try transaction.firstRow(
            "SELECT declared, region, level FROM indicator_institution WHERE program = ? AND institution = ?",
            [.text(id), .integer(institution)])
        if let row {
            let declared: String = try row[0]
            guard declared == program.declared else { return nil }
            let region: String = try row[1]
            return FigurePart(program, (InstitutionPlace(region: region, level: nil).province, try row[2]))
        }
        guard isNew else { return nil }
        let place = place ?? InstitutionPlace(region: "", level: nil)
        try transaction.execute(
            """
            INSERT INTO indicator_institution (program, institution, declared, region, level, since) VALUES (?, ?, ?, ?, ?, 0)
            """,
            [
                .text(id), .integer(institution), .text(program.declared), .text(place.region),
                SQLValue(place.levelNumber),
            ])
        return FigurePart(program, (place.province, place.levelNumber))
    }
}
