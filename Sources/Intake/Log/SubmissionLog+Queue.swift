public import Database
public import SurveillanceKit

extension SubmissionLog {
    /// Takes the next submission for processing, nil where none may begin.
    ///
    /// The submissions of one institution are processed in the order of their arrival, one at a time; a later one may correct an
    /// earlier one. Those of different institutions go side by side, the oldest first.
    ///
    public func claimNext(at now: Instant) async throws -> Submission? {
        try await database.write { try claimNext(at: now, in: $0) }
    }

    public func claimNext(at now: Instant, in transaction: any Transaction) throws -> Submission? {
        // What another server has claimed and no longer renews is free again.
        try transaction.execute(
            "UPDATE submission SET state = 'received' WHERE state = 'processing' AND claimed_by <> ? AND claimed_until < ?",
            [.text(owner), .integer(now.milliseconds)])
        let sql = """
            SELECT id FROM submission AS candidate
            WHERE state = 'received' AND not_before <= ?
              AND NOT EXISTS (SELECT 1 FROM submission WHERE institution = candidate.institution AND state = 'processing')
              AND NOT EXISTS (SELECT 1 FROM submission WHERE institution = candidate.institution AND state = 'received'
                              AND sequence < candidate.sequence)
            ORDER BY sequence LIMIT 1
            """
        guard let text: String = try transaction.first(sql, [.milliseconds(now)]) else { return nil }
        try transaction.execute(
            """
            UPDATE submission SET state = 'processing', attempt = attempt + 1, tries = tries + 1, claimed_by = ?,
                claimed_until = ?
            WHERE id = ?
            """,
            [.text(owner), .integer(now.milliseconds + Self.claimMilliseconds), .text(text)])
        return try find(Self.id(text), scope: .nation, in: transaction)
    }

    /// Says that this server still works on what it has claimed; to be called several times within `claimMilliseconds`.
    public func renewClaims(at now: Instant) async throws {
        try await database.write { transaction in
            try transaction.execute(
                "UPDATE submission SET claimed_until = ? WHERE state = 'processing' AND claimed_by = ?",
                [.integer(now.milliseconds + Self.claimMilliseconds), .text(owner)])
        }
    }

    /// The moment at which everything that waits for its next try is due; nil where nothing waits.
    public func allDue() async throws -> Instant? {
        try await database.read { connection in
            try connection.firstRow(
                """
                SELECT not_before FROM submission WHERE state = 'received' AND not_before > 0
                ORDER BY not_before DESC LIMIT 1
                """
            )?.instant("not_before")
        }
    }

    /// Ends processing with a result, in the transaction in which the rows are stored.
    ///
    /// - Parameters:
    ///   - attempt: as `claimNext` gave it.
    ///   - state: accepted, partly accepted or rejected.
    ///   - records: what storing its rows came to.
    /// - Throws: `IntakeError.notProcessing` where the attempt has been taken over: nothing of it may be stored then.
    @discardableResult
    public func finish(
        _ id: SubmissionID, attempt: Int, files: [FileReport], state: SubmissionState,
        records: Submission.Records? = nil, at now: Instant, in transaction: any Transaction
    ) throws -> Submission {
        try end(
            id, attempt: attempt,
            """
            state = ?, finished_at = ?, records_added = ?, records_changed = ?, records_unchanged = ?, records_withdrawn = ?
            """,
            [
                .text(state.rawValue), .milliseconds(now), SQLValue(records?.added), SQLValue(records?.changed),
                SQLValue(records?.unchanged), SQLValue(records?.withdrawn),
            ], in: transaction)
        try removeFiles(of: id, in: transaction)
        for (position, file) in files.enumerated() {
            try insert(file, position: position, of: id, in: transaction)
        }
        try noteRepair(by: id, files: files, state: state, in: transaction)
        return try require(id, in: transaction)
    }

    /// Accepts a submission in the transaction that records it: what it says needs no processing.
    public func acceptAtOnce(
        _ id: SubmissionID, files: [FileReport], at now: Instant, in transaction: any Transaction
    ) throws -> Submission {
        let changed = try transaction.execute(
            """
            UPDATE submission SET state = 'accepted', attempt = 1, tries = 1, finished_at = ?, records_added = 0,
                records_changed = 0, records_unchanged = 0, records_withdrawn = 0
            WHERE id = ? AND state = 'received' AND attempt = 0
            """, [.milliseconds(now), .text(id.description)])
        guard changed == 1 else { throw IntakeError.notProcessing(id, attempt: 0) }
        for (position, file) in files.enumerated() {
            try insert(file, position: position, of: id, in: transaction)
        }
        return try require(id, in: transaction)
    }

    /// Ends an attempt that went wrong. It is tried again after a while, until it has been tried too often; then it has failed.
    ///
    /// - Parameters:
    ///   - reason: For the page; it is stored in clear and must not quote the report.
    ///   - maximumTries: 1 fails at once, for what no retry can mend.
    ///   - delay: milliseconds until the next try; the institution's later submissions wait as well.
    /// - Returns: the submission as it is now, received or failed.
    public func fail(
        _ id: SubmissionID, attempt: Int, reason: BilingualText, maximumTries: Int, retryAfter delay: Int64 = 0,
        at now: Instant
    ) async throws -> Submission {
        try await database.write { transaction in
            try fail(
                id, attempt: attempt, reason: reason, maximumTries: maximumTries, retryAfter: delay, at: now,
                in: transaction)
        }
    }

    public func fail(
        _ id: SubmissionID, attempt: Int, reason: BilingualText, maximumTries: Int, retryAfter delay: Int64 = 0,
        at now: Instant, in transaction: any Transaction
    ) throws -> Submission {
        let tries: Int? = try transaction.first("SELECT tries FROM submission WHERE id = ?", [.text(id.description)])
        if (tries ?? 0) < maximumTries {
            try end(
                id, attempt: attempt, "state = 'received', not_before = ?",
                [.milliseconds(now.advanced(by: delay))], in: transaction
            )
        } else {
            try end(
                id, attempt: attempt,
                "state = 'failed', finished_at = ?, reason_zh = ?, reason_en = ?",
                [.milliseconds(now), .text(reason.zh), .text(reason.en)], in: transaction)
        }
        return try require(id, in: transaction)
    }

    /// Gives a submission back untouched: what kept it from being processed was no fault of its own, such as a full disk. It does not
    /// count as a try.
    ///
    /// - Parameter until: before it, it is not taken up again.
    public func handBack(_ id: SubmissionID, attempt: Int, until: Instant) async throws {
        try await database.write { transaction in
            try end(
                id, attempt: attempt, "state = 'received', tries = tries - 1, not_before = ?", [.milliseconds(until)],
                in: transaction)
        }
    }

    /// Puts a finished or failed submission back into the queue, as new.
    ///
    /// - Throws: `IntakeError.cannotRetry` for one that is queued or processing, `.notKept` where its bytes are gone.
    public func retry(_ id: SubmissionID) async throws -> Submission {
        try await database.write { try retry(id, in: $0) }
    }

    public func retry(_ id: SubmissionID, in transaction: any Transaction) throws -> Submission {
        let submission = try require(id, in: transaction)
        guard submission.state.isFinal else { throw IntakeError.cannotRetry(id, state: submission.state) }
        guard submission.withdrawal == nil else { throw IntakeError.withdrawn(id) }
        guard submission.isKept else { throw IntakeError.notKept(id) }
        try forgetWaiting(id, in: transaction)
        try forgetRepairs(by: id, in: transaction)
        try forgetAcknowledgement(of: id, in: transaction)
        try removeFiles(of: id, in: transaction)
        try transaction.execute(
            """
            UPDATE submission SET state = 'received', finished_at = NULL, reason_zh = NULL, reason_en = NULL, tries = 0,
                not_before = 0, records_added = NULL, records_changed = NULL, records_unchanged = NULL,
                records_withdrawn = NULL
            WHERE id = ?
            """, [.text(id.description)])
        return try require(id, in: transaction)
    }

    // MARK: Parts

    func require(_ id: SubmissionID, in connection: any Connection) throws -> Submission {
        guard let submission = try find(id, scope: .nation, in: connection) else {
            throw IntakeError.noSuchSubmission(id)
        }
        return submission
    }

    private func end(
        _ id: SubmissionID, attempt: Int, _ assignments: String, _ values: [SQLValue], in transaction: any Transaction
    ) throws {
        let changed = try transaction.execute(
            "UPDATE submission SET \(assignments) WHERE id = ? AND state = 'processing' AND attempt = ?",
            values + [.text(id.description), .integer(Int64(attempt))])
        guard changed == 1 else { throw IntakeError.notProcessing(id, attempt: attempt) }
    }

    private func removeFiles(of id: SubmissionID, in transaction: any Transaction) throws {
        try transaction.execute("DELETE FROM submitted_file WHERE submission = ?", [.text(id.description)])
    }

    private func insert(
        _ file: FileReport, position: Int, of id: SubmissionID, in transaction: any Transaction
    ) throws {
        let sql = """
            INSERT INTO submitted_file (submission, position, name, program, file_type, row_count, accepted, rejected, errors, warnings, notes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        try transaction.execute(
            sql,
            [
                .text(id.description), .integer(Int64(position)),
                .blob(try seal.seal(file.name, place: Self.place("file/\(position)", id))), SQLValue(file.program),
                SQLValue(file.fileType), SQLValue(file.rows), SQLValue(file.accepted), SQLValue(file.rejected),
                SQLValue(file.errors), SQLValue(file.warnings), SQLValue(try Self.text(of: file.notes)),
            ])
    }
}
