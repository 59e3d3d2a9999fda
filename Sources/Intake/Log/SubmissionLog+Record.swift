public import Database
import SurveillanceKit
import JSON

extension SubmissionLog {
    /// Records an arrival whose bytes are durable in the spool. Only after the transaction may the client be told.
    ///
    /// Every arrival is a submission of its own, also with bytes that were received before: what was sent last counts, and the
    /// report in between may have changed what is stored. Two arrivals alone are answered with the earlier submission: one whose key
    /// (`Idempotency-Key`) came before, and one that repeats the institution's last arrival, bytes and name, while that still waits
    /// or is processed: a double click, or a client that tries again after a broken connection.
    ///
    /// - Throws: `IntakeError.idempotencyConflict` where the key came with other bytes before.
    public func record(_ arrival: Arrival, in transaction: any Transaction) throws -> Recorded {
        let key = arrival.idempotencyKey.map { seal.code("key/" + $0) }
        if let key, let first = try submission(withKey: key, of: arrival.institution, in: transaction) {
            // A failed try is none: its key is free again.
            if first.state != .failed {
                guard isRepetition(arrival, of: first) else { throw IntakeError.idempotencyConflict(first: first.id) }
                return .known(first)
            }
            try transaction.execute(
                "DELETE FROM idempotency WHERE institution = ? AND key = ?", [.text(arrival.institution), .text(key)])
        }
        let recorded: Recorded
        if let last = try last(of: arrival.institution, in: transaction), !last.state.isFinal,
            isRepetition(arrival, of: last)
        {
            recorded = .known(last)
        } else {
            recorded = .new(try insert(arrival, in: transaction))
        }
        if let key {
            try transaction.execute(
                "INSERT INTO idempotency (institution, key, submission) VALUES (?, ?, ?)",
                [.text(arrival.institution), .text(key), .text(recorded.submission.id.description)])
        }
        return recorded
    }

    public func record(_ arrival: Arrival) async throws -> Recorded {
        try await database.write { try record(arrival, in: $0) }
    }

    /// Whether it is the same bytes under the same name. A table's name says what it is; an archive may bear any name.
    private func isRepetition(_ arrival: Arrival, of submission: Submission) -> Bool {
        func name(_ fileName: String) -> String {
            let name = fileName.lowercased()
            return name.hasSuffix(".zip") ? "archive" : name
        }
        return submission.sm3 == arrival.sm3 && submission.size == arrival.size
            && name(submission.fileName) == name(arrival.fileName)
    }

    /// The institution's last arrival.
    private func last(of institution: String, in connection: any Connection) throws -> Submission? {
        let sql = "SELECT \(Self.columns) FROM submission WHERE institution = ? ORDER BY sequence DESC LIMIT 1"
        guard let row = try connection.firstRow(sql, [.text(institution)]) else { return nil }
        return try submission(row, in: connection)
    }

    private func submission(
        withKey key: String, of institution: String, in connection: any Connection
    ) throws -> Submission? {
        let sql = """
            SELECT \(Self.columns) FROM submission
            WHERE id = (SELECT submission FROM idempotency WHERE institution = ? AND key = ?)
            """
        guard let row = try connection.firstRow(sql, [.text(institution), .text(key)]) else { return nil }
        return try submission(row, in: connection)
    }

    private func insert(_ arrival: Arrival, in transaction: any Transaction) throws -> Submission {
        let earlier: String? = try transaction.first(
            "SELECT id FROM submission WHERE institution = ? AND sm3 = ? AND size = ? ORDER BY sequence DESC LIMIT 1",
            [.text(arrival.institution), .text(arrival.sm3), .integer(Int64(arrival.size))])
        let sql = """
            INSERT INTO submission (id, sequence, institution, account, file_name, size, sm3, received_at, state, attempt, tries,
                not_before, is_kept, same_bytes_as, contents)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'received', 0, 0, 0, 1, ?, ?)
            """
        try transaction.execute("UPDATE intake_counter SET value = value + 1 WHERE name = 'submission'")
        let sequence: Int64? = try transaction.first("SELECT value FROM intake_counter WHERE name = 'submission'")
        try transaction.execute(
            sql,
            [
                .text(arrival.id.description), .integer(sequence ?? 1), .text(arrival.institution),
                .text(arrival.account),
                .blob(try seal.seal(arrival.fileName, place: Self.place("file_name", arrival.id))),
                .integer(Int64(arrival.size)), .text(arrival.sm3), .milliseconds(arrival.receivedAt), SQLValue(earlier),
                SQLValue(try contents(of: arrival)),
            ])
        return Submission(
            id: arrival.id, institution: arrival.institution, account: arrival.account, fileName: arrival.fileName,
            size: arrival.size, sm3: arrival.sm3, receivedAt: arrival.receivedAt, state: .received,
            sameBytesAs: try earlier.map(Self.id), contents: arrival.contents)
    }

    private func contents(of arrival: Arrival) throws -> [UInt8]? {
        guard !arrival.contents.isEmpty else { return nil }
        return try seal.seal(
            CanonicalJSON.array(arrival.contents.map(\.json)).bytes, place: Self.place("contents", arrival.id))
    }
}
