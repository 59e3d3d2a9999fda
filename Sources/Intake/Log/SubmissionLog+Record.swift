import Database

extension SubmissionLog {
    /// Records an arrival whose bytes are durable in the spool. Only after the transaction may the client be told.
    ///
    /// The same bytes from the same institution are the same upload as long as they are kept and their processing has not
    /// failed. A table's name says what it is and is part of it; an archive may bear any name. A key (`Idempotency-Key`)
    /// that comes again is answered with the upload it first came with.
    ///
    /// - Throws: `IntakeError.idempotencyConflict` where the key came with other bytes before.
    public func record(_ arrival: Arrival, in transaction: any Transaction) throws -> Recorded {
        let sameName = sameName(arrival.fileName)
        let key = arrival.idempotencyKey.map { seal.code("key/" + $0) }
        if let key, let first = try submission(withKey: key, of: arrival.institution, in: transaction) {
            let isSame =
                first.sm3 == arrival.sm3 && first.size == arrival.size && self.sameName(first.fileName) == sameName
            // A failed try is none: its key is free again.
            if first.state != .failed {
                guard isSame else { throw IntakeError.idempotencyConflict(first: first.id) }
                return .known(first)
            }
            try transaction.execute(
                "DELETE FROM idempotency WHERE institution = ? AND key = ?", [.text(arrival.institution), .text(key)])
        }
        let recorded =
            if let known = try same(arrival, sameName, in: transaction) {
                Recorded.known(known)
            } else {
                try insertOrRecognise(arrival, sameName, in: transaction)
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

    /// Whether this institution has sent the same before: the answer to give before anything is written.
    private func same(_ arrival: Arrival, _ sameName: String, in connection: any Connection) throws -> Submission? {
        let sql = """
            SELECT \(Self.columns) FROM submission WHERE institution = ? AND sm3 = ? AND size = ? AND same_name = ?
            """
        let values: [SQLValue] = [
            .text(arrival.institution), .text(arrival.sm3), .integer(Int64(arrival.size)), .text(sameName),
        ]
        guard let row = try connection.firstRow(sql, values) else { return nil }
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

    /// Where the database lets several write at once, the unique index decides who was first.
    private func insertOrRecognise(
        _ arrival: Arrival, _ sameName: String, in transaction: any Transaction
    ) throws -> Recorded {
        do {
            return .new(try transaction.savepoint { try insert(arrival, sameName, in: transaction) })
        } catch DatabaseError.constraint(.unique, let detail) {
            guard let known = try same(arrival, sameName, in: transaction) else {
                throw DatabaseError.constraint(.unique, detail: detail)
            }
            return .known(known)
        }
    }

    private func insert(_ arrival: Arrival, _ sameName: String, in transaction: any Transaction) throws -> Submission {
        let sql = """
            INSERT INTO submission (id, sequence, institution, account, file_name, size, sm3, received_at, state, attempt, tries,
                not_before, is_kept, same_name)
            SELECT ?, coalesce(max(sequence), 0) + 1, ?, ?, ?, ?, ?, ?, 'received', 0, 0, 0, 1, ? FROM submission
            """
        try transaction.execute(
            sql,
            [
                .text(arrival.id.description), .text(arrival.institution), .text(arrival.account),
                .blob(try seal.seal(arrival.fileName, place: Self.place("file_name", arrival.id))),
                .integer(Int64(arrival.size)), .text(arrival.sm3), .integer(arrival.receivedAt), .text(sameName),
            ])
        return Submission(
            id: arrival.id, institution: arrival.institution, account: arrival.account, fileName: arrival.fileName,
            size: arrival.size, sm3: arrival.sm3, receivedAt: arrival.receivedAt, state: .received)
    }

    /// What the same bytes must be called to be the same upload, as a keyed code.
    func sameName(_ fileName: String) -> String {
        let name = fileName.lowercased()
        return name.hasSuffix(".zip") ? "archive" : seal.code("name/" + name)
    }
}
