public import Database
public import SurveillanceKit

extension LineList {
    // MARK: Withdrawing a submission

    /// Takes back what a submission brought: every record that it brought or changed last returns to the version before; one that had
    /// none is withdrawn. Versions that came with submissions withdrawn earlier are passed over. Nothing is erased.
    ///
    /// - Parameter observer: is told of every record that is another now, of the file types that it asks for.
    /// Withdrawing once more changes nothing and answers the same.
    ///
    /// - Returns: how many records returned to an earlier version (`changed`), and how many are no longer there (`withdrawn`).
    /// - Throws: `LineListError.unknownSubmission`; `.historyGone` where what came before has been erased since.
    public func withdraw(
        submission id: String, at now: Instant, in transaction: any Transaction,
        observer: (any RecordObserver)? = nil
    ) throws -> Withdrawn {
        let found = try transaction.firstRow(
            """
            SELECT number, institution, withdrawn_at, returned, removed FROM record_submission WHERE id = ?
            """, [.text(id)])
        guard let found else { throw LineListError.unknownSubmission(id) }
        let (submission, institution): (Int64, Int64) = (try found[0], try found[1])
        let withdrawn: Int64? = try found[2]
        if let withdrawn {
            let change = try RecordCounters.value(LineList.changeCounter, in: transaction) ?? 0
            return Withdrawn(
                at: Instant(milliseconds: withdrawn), returned: try found[3], removed: try found[4], change: change)
        }
        var counts = StoringCounts()
        let instant = try RecordWriter.nextInstant(now, transaction)
        // What came before is looked for among submissions that stand.
        try transaction.execute(
            "UPDATE record_submission SET withdrawn_at = ? WHERE number = ?",
            [.integer(instant.milliseconds), .integer(submission)])
        for table in allTables {
            let taken = try Withdrawal(
                table, institution: institution, submission: submission, instant, transaction)
            counts += try taken.run(observer)
        }
        try transaction.execute(
            "UPDATE record_submission SET returned = ?, removed = ? WHERE number = ?",
            [SQLValue(counts.changed), SQLValue(counts.withdrawn), .integer(submission)])
        try transaction.execute(
            "UPDATE record_institution SET revision = revision + 1 WHERE number = ?", [.integer(institution)])
        return Withdrawn(
            at: instant, returned: counts.changed, removed: counts.withdrawn,
            change: try RecordCounters.nextChange(in: transaction))
    }

    /// - Throws: `LineListError.historyGone` where what came before a submission's records has been erased since.
    public func requireWithdrawable(_ id: String, in connection: any Connection) throws {
        let storedAt: Int64? = try connection.first(
            "SELECT stored_at FROM record_submission WHERE id = ? AND withdrawn_at IS NULL", [.text(id)])
        guard let storedAt else { return }
        for table in allTables {
            let kept = try RecordCounters.value(RecordTable.historyKept(table.name), in: connection)
            let isIn: Int? = try connection.first(
                """
                SELECT 1 FROM record_file AS f JOIN record_submission AS s ON s.number = f.submission \
                WHERE s.id = ? AND f.program = ? AND f.file_type = ? AND f.added + f.changed + f.withdrawn > 0
                """, [.text(id), .text(table.program), .text(table.fileType.id)])
            if let kept, isIn != nil, storedAt <= kept {
                throw LineListError.historyGone(before: Instant(milliseconds: kept))
            }
        }
    }

    /// What withdrawing a submission came to.
    public struct Withdrawn: Hashable, Sendable {
        public var at: Instant
        /// Records that are as they were before.
        public var returned: Int
        /// Records that are no longer there.
        public var removed: Int
        /// The number of this change of the line list.
        public var change: Int64
    }

    // MARK: What the log of submissions has to be told

    /// What a submission's attempt came to, sealed as it was stored; nil where that attempt has stored nothing, or the log knows it.
    public func outcome(of submission: String, attempt: Int, in connection: any Connection) throws -> [UInt8]? {
        try connection.firstRow(
            "SELECT outcome FROM record_submission WHERE id = ? AND attempt = ? AND outcome IS NOT NULL",
            [.text(submission), .integer(Int64(attempt))]
        ).map { try $0[0] }
    }

    /// The submissions of which an outcome is still kept.
    public func withOutcome(in connection: any Connection) throws -> [String] {
        try connection.rows("SELECT id FROM record_submission WHERE outcome IS NOT NULL").map { try $0[0] }
    }

    /// Forgets outcomes that the log of submissions has.
    public func forget(outcomesOf submissions: [String], in transaction: any Transaction) throws {
        for id in submissions {
            try transaction.execute("UPDATE record_submission SET outcome = NULL WHERE id = ?", [.text(id)])
        }
    }

    // MARK: Keeping

    /// Erases versions that were replaced longer ago than their program keeps them (`historyDays`).
    ///
    /// - Returns: how many.
    @discardableResult
    public func purgeHistory(at now: Instant, in transaction: any Transaction) throws -> Int {
        var count = 0
        for program in programs {
            guard let days = program.historyDays else { continue }
            let kept = now.milliseconds - Int64(days) * 86_400_000
            for fileType in program.fileTypes {
                let table = try table(program.id, fileType.id)
                let erased = try transaction.execute(
                    "DELETE FROM \(table.history) WHERE _until <= ?", [.integer(kept)])
                guard erased > 0 else { continue }
                try RecordCounters.set(RecordTable.historyKept(table.name), to: kept, in: transaction)
                count += erased
            }
        }
        return count
    }
}

/// Takes back what one submission brought to one file type.
private struct Withdrawal {
    let table: RecordTable
    let institution: Int64
    let submission: Int64
    let instant: Instant
    let transaction: any Transaction

    private struct Found {
        var key: RecordKey
        var record: Int64
        var since: Instant
        var isThere: Bool
    }

    init(
        _ table: RecordTable, institution: Int64, submission: Int64, _ instant: Instant,
        _ transaction: any Transaction
    ) throws {
        self.table = table
        self.institution = institution
        self.submission = submission
        self.instant = instant
        self.transaction = transaction
    }

    func run(_ observer: (any RecordObserver)?) throws -> StoringCounts {
        let observes = observer?.observes(program: table.program, fileType: table.fileType.id) ?? false
        var counts = StoringCounts()
        var days: [Int: Int] = [:]
        // Where versions have been erased since, what came before is not known any more.
        let kept = try RecordCounters.value(RecordTable.historyKept(table.name), in: transaction)
        for found in try records() {
            let before = found.isThere ? try values(of: found.record) : nil
            if let kept, found.since.milliseconds <= kept {
                throw LineListError.historyGone(before: Instant(milliseconds: kept))
            }
            if found.isThere {
                try transaction.execute(
                    table.keepVersion, [.integer(instant.milliseconds), .integer(found.record)])
                try transaction.execute(table.delete, [.integer(found.record)])
            } else {
                try transaction.execute(
                    table.endWithdrawal,
                    [
                        .integer(instant.milliseconds), .integer(found.record),
                        .integer(Instant.distantFuture.milliseconds),
                    ])
            }
            // The next that comes, whatever it is, is compared with what is stored then.
            try transaction.execute(
                table.updateKey,
                [.integer(0), .integer(institution), .integer(found.key.high), .integer(found.key.low)])
            let earlier = try earlier(of: found.record)
            let after = try earlier.flatMap { try bringBack(found.record, $0) }
            if after == nil { try noteAbsence(of: found.record, since: earlier) }
            if let day = before.flatMap(table.coverDay) { days[day, default: 0] -= 1 }
            if let day = after.flatMap(table.coverDay) { days[day, default: 0] += 1 }
            if before == nil && after == nil { continue }
            if after == nil { counts.withdrawn += 1 } else { counts.changed += 1 }
            if observes {
                try observer?.returned(
                    program: table.program, fileType: table.fileType.id, record: found.record, key: found.key,
                    before: before, after: after, wasKnown: true)
            }
        }
        try DayCounts.add(days, to: table, institution: institution, transaction)
        return counts
    }

    /// The records whose current version, or whose withdrawal, the submission brought.
    private func records() throws -> [Found] {
        func select(_ since: String) -> String {
            "SELECT k.key_high, k.key_low, k.record, \(since) FROM \(table.key) AS k"
        }
        var found: [Found] = []
        func gather(_ sql: String, _ values: [SQLValue], isThere: Bool) throws {
            try transaction.forEachRow(sql, values) { row in
                found.append(
                    Found(
                        key: RecordKey(high: try row[0], low: try row[1]), record: try row[2],
                        since: Instant(milliseconds: try row[3]), isThere: isThere))
            }
        }
        try gather(
            "\(select("t._since")) JOIN \(table.quoted(table.name)) AS t ON t._record = k.record WHERE k.institution = ? AND t._submission = ?",
            [.integer(institution), .integer(submission)], isThere: true)
        try gather(
            """
            \(select("h._from")) JOIN \(table.history) AS h ON h._record = k.record WHERE k.institution = ? AND h._submission = ? \
            AND h._withdrawn = 1 AND h._until = ?
            """, [.integer(institution), .integer(submission), .integer(Instant.distantFuture.milliseconds)],
            isThere: false)
        return found
    }

    private func values(of record: Int64) throws -> RecordValues? {
        let select = try transaction.statement(table.selectRecord)
        try select.bind(record, at: 0)
        defer { select.reset() }
        guard try select.step() else { return nil }
        return RecordValues(
            names: table.names, values: table.columns.indices.map { StoredValue(select.value(at: $0 + 2)) })
    }

    /// A version that stands.
    private struct Earlier {
        var from: Int64
        var submission: Int64
        /// That the record was withdrawn.
        var isAbsence: Bool
    }

    /// The latest version that no withdrawn submission brought; nil where there is none.
    private func earlier(of record: Int64) throws -> Earlier? {
        let found = try transaction.firstRow(
            """
            SELECT h._from, h._submission, h._withdrawn FROM \(table.history) AS h \
            JOIN record_submission AS s ON s.number = h._submission \
            WHERE h._record = ? AND s.withdrawn_at IS NULL ORDER BY h._from DESC LIMIT 1
            """, [.integer(record)])
        return try found.map { row in
            let withdrawn: Int = try row[2]
            return Earlier(from: try row[0], submission: try row[1], isAbsence: withdrawn != 0)
        }
    }

    /// Makes a version the current one; answers nil where it is that the record was withdrawn.
    private func bringBack(_ record: Int64, _ earlier: Earlier) throws -> RecordValues? {
        guard !earlier.isAbsence else { return nil }
        try transaction.execute(
            table.bringBack, [.integer(instant.milliseconds), .integer(record), .integer(earlier.from)])
        return try values(of: record)
    }

    /// Notes that a record is not there: because of the submission that had withdrawn it before, or of this one.
    private func noteAbsence(of record: Int64, since earlier: Earlier?) throws {
        try transaction.execute(
            table.insertWithdrawal,
            [
                .integer(record), .integer(instant.milliseconds), .integer(Instant.distantFuture.milliseconds),
                .integer(institution), .integer(earlier?.submission ?? submission), .integer(0),
            ])
    }
}
