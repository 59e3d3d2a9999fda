public import Database
public import Deidentification
public import SurveillanceKit

/// What storing came to.
public struct StoringCounts: Hashable, Sendable {
    public var added = 0
    public var changed = 0
    public var unchanged = 0
    public var withdrawn = 0

    public init() {}

    public static func += (left: inout StoringCounts, right: StoringCounts) {
        left.added += right.added
        left.changed += right.changed
        left.unchanged += right.unchanged
        left.withdrawn += right.withdrawn
    }
}

/// Stores the rows of one submission, within one transaction.
///
/// All that a submission brings is known from one instant on, later than that of any submission before. The keys of new records are
/// entered a file at a time and in order, which costs half as much as one by one.
public final class RecordWriter {
    let lineList: LineList
    let transaction: any Transaction
    let institution: LineList.KnownInstitution
    let submission: Int64
    /// Since when what is stored is known.
    public let instant: Instant
    let onWritten: ((DeidentifiedBatch, DeidentifiedBatch.Row) -> Void)?
    let observer: (any RecordObserver)?
    /// Numbers of submissions that count more than this one.
    let later: Set<Int64>
    /// File types, as `program/type`, of which a record that was stored before has changed.
    public private(set) var changedTypes: Set<String> = []
    public private(set) var counts = StoringCounts()
    /// The submission has been withdrawn: nothing of it is stored again.
    public let isWithdrawn: Bool
    private var current: TableWriter?
    private var currentFile = 0
    private var files: [Int: WrittenFile] = [:]
    /// By table, where the program says which days a package holds.
    private var covered: [String: CoveredDays] = [:]

    /// What was written of one file.
    private struct WrittenFile {
        var table: RecordTable
        var counts = StoringCounts()
        var vanished: [Int64] = []
        var records = TableWriter.Written()
    }

    /// - Parameters:
    ///   - expected: the revision that the look-ups saw; nil where nothing was known of the institution then.
    ///   - now: the instant, unless one as late has been given before.
    ///   - later: submissions that count more than this one: what they have written stays.
    ///   - onWritten: is told each row that is new or changes its record.
    ///   - observer: is told what becomes of the records of the file types that it asks for.
    /// - Throws: `LineListError.changedMeanwhile`.
    public init(
        _ lineList: LineList, institution code: String, expecting expected: Int64?, submission id: String,
        keeping later: Set<String> = [], at now: Instant, in transaction: any Transaction,
        onWritten: ((DeidentifiedBatch, DeidentifiedBatch.Row) -> Void)? = nil,
        observer: (any RecordObserver)? = nil
    ) throws {
        self.lineList = lineList
        self.transaction = transaction
        self.onWritten = onWritten
        self.observer = observer
        self.later = Set(
            try later.compactMap { id -> Int64? in
                try transaction.first(
                    "SELECT number FROM record_submission WHERE id = ? AND withdrawn_at IS NULL", [.text(id)])
            })
        institution = try RecordWriter.institution(code, lineList, transaction)
        guard institution.revision == expected ?? 0 else { throw LineListError.changedMeanwhile }
        instant = try RecordWriter.nextInstant(now, transaction)
        let known = try transaction.firstRow(
            "SELECT number, withdrawn_at FROM record_submission WHERE id = ?", [.text(id)])
        if let known {
            submission = try known[0]
            let withdrawnAt: Int64? = try known[1]
            isWithdrawn = withdrawnAt != nil
            if !isWithdrawn {
                try transaction.execute(
                    "UPDATE record_submission SET stored_at = ? WHERE number = ?",
                    [.integer(instant.milliseconds), .integer(submission)])
            }
        } else {
            isWithdrawn = false
            submission = try RecordCounters.take(1, of: "record_submission", in: transaction)
            try transaction.execute(
                "INSERT INTO record_submission (number, id, institution, stored_at) VALUES (?, ?, ?, ?)",
                [.integer(submission), .text(id), .integer(institution.number), .integer(instant.milliseconds)])
        }
    }

    static func institution(
        _ code: String, _ lineList: LineList, _ transaction: any Transaction
    ) throws -> LineList.KnownInstitution {
        if let known = try lineList.institution(code, in: transaction) { return known }
        let number = try RecordCounters.take(1, of: "record_institution", in: transaction)
        try transaction.execute(
            "INSERT INTO record_institution (number, code, revision, has_earlier_keys) VALUES (?, ?, 0, 0)",
            [.integer(number), .text(code)])
        return LineList.KnownInstitution(number: number, revision: 0, hasEarlierKeys: false)
    }

    /// Later than every instant before, whatever the clock does.
    static func nextInstant(_ now: Instant, _ transaction: any Transaction) throws -> Instant {
        let last = try RecordCounters.value(RecordCounters.instant, in: transaction) ?? 0
        let instant = max(now.milliseconds, last + 1)
        try RecordCounters.set(RecordCounters.instant, to: instant, in: transaction)
        return Instant(milliseconds: instant)
    }

    /// What a package holds of one file beyond the rows that are stored.
    public struct HeldFile: Sendable {
        public var program: String
        public var fileType: String
        /// Rows that were known as they are.
        public var unchanged = 0
        /// Records that rows of the file were found to be, also rejected ones; and the keys of rows that nobody has looked up.
        public var records: [Int64] = []
        public var keys: [RecordKey] = []
        /// The latest day of its rows, in days since 1970, by the field that the program's coverage names.
        public var latestDay: Int?

        public init(program: String, fileType: String) {
            self.program = program
            self.fileType = fileType
        }
    }

    /// Notes what a package holds of a file; called once for each that was taken.
    ///
    /// - Parameter file: its place in the package.
    public func note(_ held: HeldFile, file: Int) throws {
        guard !isWithdrawn else { return }
        try endFile()
        let table = try lineList.table(held.program, held.fileType)
        files[file, default: WrittenFile(table: table)].counts.unchanged += held.unchanged
        counts.unchanged += held.unchanged
        cover(table, file: file)
        covered[table.name]?.note(held)
    }

    /// Notes what has vanished of the file types of a package, once all its files have been noted.
    public func note(vanished: [LineList.Vanished]) throws {
        for one in vanished { covered[try lineList.table(one.program, one.fileType).name]?.note(vanished: one.records) }
    }

    private func cover(_ table: RecordTable, file: Int) {
        if covered[table.name] == nil { covered[table.name] = CoveredDays(table, file: file) }
    }

    /// Stores rows; those of one file come one after another.
    ///
    /// - Parameter file: the file's place in its package.
    /// - Throws: `LineListError.sameKeyTwice`; the transaction is of no use then.
    public func store(_ batch: DeidentifiedBatch, file: Int) throws {
        guard !batch.rows.isEmpty, !isWithdrawn else { return }
        let table = try lineList.table(batch.program.id, batch.fileType.id)
        if current?.table.name != table.name || currentFile != file {
            try endFile()
            cover(table, file: file)
            current = try TableWriter(table, self)
            currentFile = file
        }
        try current?.store(batch)
    }

    /// No rows follow: what waits for the last of a file is stored.
    public func complete() throws { try endFile() }

    /// The rows that follow are of another file.
    private func endFile() throws {
        guard let writer = current else { return }
        current = nil
        try writer.flush()
        counts += writer.counts
        files[currentFile, default: WrittenFile(table: writer.table)].counts += writer.counts
        files[currentFile]?.records.add(writer.written)
        if writer.counts.changed + writer.counts.withdrawn > 0 {
            changedTypes.insert("\(writer.table.program)/\(writer.table.fileType.id)")
        }
    }

    /// Ends the submission's part in the transaction.
    ///
    /// - Parameters:
    ///   - attempt: which attempt this was.
    ///   - outcome: what is to be told the log of submissions, sealed; kept until `LineList.forget` is told that it has it.
    /// - Returns: the number of this change of the line list.
    @discardableResult
    public func finish(attempt: Int, outcome: [UInt8]) throws -> Int64 {
        try endFile()
        try noteDifferences()
        try transaction.execute(
            "UPDATE record_submission SET attempt = ?, outcome = ? WHERE number = ?",
            [.integer(Int64(attempt)), .blob(outcome), .integer(submission)])
        if counts.added + counts.changed + counts.withdrawn > 0 {
            try transaction.execute(
                "UPDATE record_institution SET revision = revision + 1 WHERE number = ?", [.integer(institution.number)]
            )
        }
        return try RecordCounters.nextChange(in: transaction)
    }

    private func noteDifferences() throws {
        for (name, days) in covered {
            var days = days
            let vanished = try days.vanished(institution: institution.number, transaction)
            covered[name] = days
            files[days.file]?.vanished = vanished
        }
        for (file, written) in files.sorted(by: { $0.key < $1.key }) {
            let table = written.table
            func numbers(_ records: [Int64]) -> SQLValue {
                var numbers = RecordNumbers(records)
                return .blob(numbers.finish())
            }
            try transaction.execute(
                """
                INSERT INTO record_file (submission, file, at, program, file_type, added, changed, unchanged, withdrawn, \
                vanished, added_records, changed_records, withdrawn_records, vanished_records) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(submission), SQLValue(file), .integer(instant.milliseconds), .text(table.program),
                    .text(table.fileType.id), SQLValue(written.counts.added), SQLValue(written.counts.changed),
                    SQLValue(written.counts.unchanged), SQLValue(written.counts.withdrawn),
                    SQLValue(written.vanished.count), numbers(written.records.added),
                    numbers(written.records.changed), numbers(written.records.withdrawn), numbers(written.vanished),
                ])
            try DayCounts.add(written.records.dayCounts, to: table, institution: institution.number, transaction)
            for (day, records) in written.records.days {
                try transaction.execute(
                    RecordTable.insertDay,
                    [
                        .integer(institution.number), .text(table.program), .text(table.fileType.id), SQLValue(day),
                        .integer(instant.milliseconds), SQLValue(file), numbers(records),
                    ])
            }
        }
    }
}
