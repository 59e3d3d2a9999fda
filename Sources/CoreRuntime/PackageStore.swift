import Database
import Deidentification
import Foundation
import IndicatorStore
import Intake
import Records
import SurveillanceKit
import Validation

/// Stores the rows of one package in one transaction.
///
/// A few rows are held until the package has been checked, so that the writer is taken for moments alone. More are stored by a thread of its
/// own while the rest is checked; a check that is faster than the store waits. Memory is bounded in either case.
///
/// Unchecked: what is mutable is touched under `state`.
final class PackageStore: @unchecked Sendable {
    /// A file was refused after some of its rows had been stored: the package has to be begun anew, without it.
    struct RefusedLate: Error {
        var files: Set<Int>
    }

    private enum Item {
        case rows(file: Int, DeidentifiedBatch)
        /// No more rows come.
        case complete
        case end(Outcome, FieldSeal, vanished: [LineList.Vanished])
        case abandon(any Error)
    }

    private let data: DataFolder
    private let institution: String
    private let known: LineList.KnownInstitution?
    private let submission: Submission
    private let watch: ParentWatch
    /// Where the institution's figures are counted.
    private let place: InstitutionPlace?
    private let maximumHeldBytes: Int
    private let now: @Sendable () -> Instant
    private let keeps: Bool
    /// What storing would have come to, where nothing is kept; once `finish` has returned.
    private(set) var rehearsal: Rehearsal?
    private let state = NSCondition()
    private var items: [Item] = []
    private var heldBytes = 0
    private var held: [Int: RecordWriter.HeldFile] = [:]
    /// Files of which rows have been handed to the writer.
    private var begun: Set<Int> = []
    private var isStarted = false
    private var result: Result<Outcome, any Error>?

    init(
        _ lookups: PackageLookups, _ submission: Submission, _ watch: ParentWatch, place: InstitutionPlace?,
        maximumHeldBytes: Int, keeps: Bool = true, now: @escaping @Sendable () -> Instant
    ) {
        data = lookups.data
        institution = lookups.institution
        known = lookups.known
        self.submission = submission
        self.watch = watch
        self.place = place
        self.maximumHeldBytes = maximumHeldBytes
        self.now = now
        self.keeps = keeps
    }

    /// Takes rows that stand, in the order of the package.
    ///
    /// - Parameter latestDay: the latest of the days to which rows belong, in days since 1970.
    func add(_ prepared: PreparedRows, of type: CompiledFileType, file: Int, latestDay: Int? = nil) throws {
        try state.withLock {
            // In place: the numbers so far are not copied for each block.
            held[file, default: RecordWriter.HeldFile(program: type.program.id, fileType: type.id)]
                .add(prepared, latestDay: latestDay)
            guard !prepared.rows.rows.isEmpty else { return }
            while isStarted, result == nil, heldBytes > maximumHeldBytes { state.wait() }
            if let result { _ = try result.get() }
            items.append(.rows(file: file, prepared.rows))
            heldBytes += prepared.rows.byteCount
            if heldBytes > maximumHeldBytes, !isStarted { try start() }
            state.broadcast()
        }
    }

    /// Leaves out all that has come of a file.
    ///
    /// - Throws: `RefusedLate`.
    func refuse(file: Int) throws {
        try state.withLock {
            if begun.contains(file) { throw RefusedLate(files: [file]) }
            held[file] = nil
            items.removeAll { if case .rows(file, _) = $0 { true } else { false } }
        }
    }

    /// No more rows come: what waits for the last of them is stored, where rows are being stored already.
    func complete() {
        state.withLock {
            items.append(.complete)
            state.broadcast()
        }
    }

    /// Stores what is held and commits, with what the submission came to; returns when all is durable.
    ///
    /// - Returns: the outcome with what storing added to it.
    func finish(_ outcome: Outcome, seal: FieldSeal) throws -> Outcome {
        let files = state.withLock { Array(held.values) }
        // Found here, while the writer stores the last rows or is free for others: the revision that was looked up holds for this, too.
        let vanished = try data.records.readBlocking { try data.lineList.vanished(files, of: known, in: $0) }
        let isAlone = state.withLock {
            items.append(.end(outcome, seal, vanished: vanished))
            state.broadcast()
            return !isStarted
        }
        if isAlone { return try store() }
        return try wait().get()
    }

    /// Takes back what was stored. Returns when the writer is free.
    func abandon(_ error: any Error) {
        let isAlone = state.withLock {
            items.append(.abandon(error))
            state.broadcast()
            return !isStarted
        }
        if !isAlone { _ = wait() }
    }

    private func wait() -> Result<Outcome, any Error> {
        state.withLock {
            while true {
                if let result { return result }
                state.wait()
            }
        }
    }

    private func start() throws {
        try WorkerThread.start { [self] in
            let result = Result { try store() }
            state.withLock {
                self.result = result
                items = []
                state.broadcast()
            }
        }
        isStarted = true
    }

    private func store() throws -> Outcome {
        do {
            let (outcome, change) = try transact()
            data.noteChange(change)
            return outcome
        } catch let rehearsed as Rehearsal {
            // The transaction has been taken back with it.
            state.withLock { rehearsal = rehearsed }
            return rehearsed.outcome
        }
    }

    private func transact() throws -> (Outcome, change: Int64) {
        try data.records.writeBlocking { transaction in
            let watch = watch
            // Indicators: the figures move with the records, in the same transaction.
            let figures = IndicatorWriter(
                data.figures, institution: institution, isNew: known == nil, place: place, in: transaction)
            let writer = try RecordWriter(
                data.lineList, institution: institution, expecting: known?.revision,
                submission: submission.id.description, keeping: watch.later, at: now(),
                in: transaction, onWritten: watch.isIdle ? nil : { watch.note($1, of: $0) },
                observer: keeps ? figures : nil)
            while true {
                switch next() {
                case .rows(let file, let batch): try writer.store(batch, file: file)
                case .complete: try writer.complete()
                case .end(var outcome, let seal, let vanished):
                    for (file, held) in state.withLock({ held }).sorted(by: { $0.key < $1.key }) {
                        try writer.note(held, file: file)
                    }
                    try writer.note(vanished: vanished)
                    outcome.records = Submission.Records(
                        added: writer.counts.added, changed: writer.counts.changed, unchanged: writer.counts.unchanged,
                        withdrawn: writer.counts.withdrawn)
                    outcome.met = watch.met.sorted()
                    outcome.changedTypes = writer.changedTypes.sorted()
                    let change = try writer.finish(
                        attempt: submission.attempt, outcome: outcome.sealed(for: submission.id, seal))
                    guard keeps else {
                        throw try Rehearsal(outcome, of: submission.id, data.lineList, transaction)
                    }
                    try figures.finish(at: writer.instant, submission: submission.id.description)
                    return (outcome, change)
                case .abandon(let error): throw error
                }
            }
        }
    }

    /// Waits for something to do.
    private func next() -> Item {
        state.withLock {
            while items.isEmpty { state.wait() }
            // What comes after an end that is not to be does not matter.
            if let last = items.last, case .abandon = last { return last }
            let item = items.removeFirst()
            if case .rows(let file, let batch) = item {
                heldBytes -= batch.byteCount
                begun.insert(file)
                state.broadcast()
            }
            return item
        }
    }
}

extension RecordWriter.HeldFile {
    /// - Parameter day: the latest of the days to which the rows belong, in days since 1970.
    fileprivate mutating func add(_ prepared: PreparedRows, latestDay day: Int?) {
        unchanged += prepared.unchanged.count
        records += prepared.records
        keys += prepared.keys
        if let day { latestDay = max(latestDay ?? day, day) }
    }
}
