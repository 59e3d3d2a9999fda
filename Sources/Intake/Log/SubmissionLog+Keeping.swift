public import Database
public import SurveillanceKit

/// What taking up again after a start found.
public struct TakenUp: Hashable, Sendable {
    /// Attempts that were cut off: queued again, or failed where they had been tried too often.
    public var cutOff: [SubmissionID] = []
    /// Whole uploads in the spool that the log does not know: kept, and set apart.
    public var setApart: [SubmissionID] = []
    /// Uploads whose time the log says is over, and which a purge was cut off from removing.
    public var removed: [SubmissionID] = []
    /// Submissions whose bytes should be kept and are gone; those that waited have failed.
    public var missing: [SubmissionID] = []
}

/// What the log says is kept and is not there.
public struct Lacking: Hashable, Sendable {
    public var uploads: [SubmissionID] = []
    public var findings: [SubmissionID] = []

    public init() {}

    public var isEmpty: Bool { uploads.isEmpty && findings.isEmpty }
}

/// Bytes that were removed because their time was over.
public struct Purged: Hashable, Sendable {
    public let id: SubmissionID
    public let institution: String
    public let receivedAt: Instant
    public let size: Int
}

extension SubmissionLog {
    /// The submissions whose processing had begun and has not ended.
    public func processing(in connection: any Connection) throws -> [Submission] {
        try connection.rows("SELECT \(Self.columns) FROM submission WHERE state = 'processing' ORDER BY sequence").map {
            try submission($0, in: connection)
        }
    }

    /// The submissions that have ended with rows that stand and whose bytes are kept, in the order of arrival.
    public func stored(in connection: any Connection) throws -> [SubmissionID] {
        try connection.rows(
            """
            SELECT id FROM submission
            WHERE is_kept = 1 AND state IN ('accepted', 'partly-accepted') AND withdrawn_at IS NULL ORDER BY sequence
            """
        ).map { try Self.id($0[0]) }
    }

    /// What the log says is kept and the folders lack.
    ///
    /// - Parameters:
    ///   - uploads: the names of the files in the spool.
    ///   - findings: the names of the files in the folder of findings.
    public static func lacking(
        uploads: Set<String>, findings: Set<String>, in connection: any Connection
    ) throws -> Lacking {
        var lacking = Lacking()
        let sql = "SELECT id, state, attempt FROM submission WHERE is_kept = 1 ORDER BY sequence"
        try connection.forEachRow(sql) { row in
            let id = try Self.id(row["id"])
            let state = try Self.state(row["state"])
            if !uploads.contains(id.description) { lacking.uploads.append(id) }
            let hasFindings = state.isFinal && state != .failed
            if hasFindings, !findings.contains(FindingsFolder.name(id, try row["attempt"])) {
                lacking.findings.append(id)
            }
        }
        return lacking
    }

    /// Brings log and spool together at start, before anything is received or processed. Whole files that the log does not know are kept.
    /// What another server has claimed and still renews is left alone.
    ///
    /// - Parameter maximumTries: How often processing may have begun before an attempt that was cut off counts as failed: a
    ///   report that ends the process must not end it for ever.
    public func takeUp(_ spool: Spool, maximumTries: Int, at now: Instant) throws -> TakenUp {
        var taken = TakenUp()
        let inSpool = Set(try spool.ids())
        let kept = try database.writeBlockingAgain { transaction in
            taken = TakenUp()
            let rows = try transaction.rows(
                "SELECT id, state, tries, claimed_by, claimed_until FROM submission WHERE is_kept = 1")
            let kept = try rows.map { row in
                (
                    id: try Self.id(row["id"]), state: try row["state"] as String, tries: try row["tries"] as Int,
                    isOthers: try isClaimedByOther(row, at: now)
                )
            }
            for (id, state, tries, isOthers) in kept where !isOthers {
                if !inSpool.contains(id) {
                    if state == "received" || state == "processing" {
                        try fail(id, reason: Self.missing, isKept: false, at: now, in: transaction)
                    } else {
                        try transaction.execute(
                            "UPDATE submission SET is_kept = 0 WHERE id = ?", [.text(id.description)])
                    }
                    taken.missing.append(id)
                } else if state == "processing" {
                    if tries >= maximumTries {
                        try fail(id, reason: Self.cutOffTooOften(tries), isKept: true, at: now, in: transaction)
                    } else {
                        try transaction.execute(
                            "UPDATE submission SET state = 'received' WHERE id = ?", [.text(id.description)])
                    }
                    taken.cutOff.append(id)
                }
            }
            // A clock that was ahead and has been set back must not keep anything waiting.
            try transaction.execute(
                "UPDATE submission SET not_before = 0 WHERE state = 'received' AND not_before > ?",
                [.milliseconds(now.advanced(bySeconds: 3600))])
            return Set(kept.map(\.id))
        }
        let expired = try database.readBlocking { try expiredIDs(in: $0) }
        for id in inSpool.subtracting(kept).sorted() {
            if expired.contains(id) {
                try spool.remove(id)
                taken.removed.append(id)
            } else {
                try spool.folder.setApart(id.description)
                taken.setApart.append(id)
            }
        }
        return taken
    }

    /// Removes the bytes of submissions whose time is over from the spool, and forgets their keys.
    ///
    /// - Parameters:
    ///   - keptFrom: The moment since which bytes are kept, nil where all are, for the programs whose files a submission held: none
    ///     where no program knew them or processing failed. What is queued or processing always stays.
    ///   - note: Is told what is removed, within the transaction that forgets it: for the audit trail.
    /// - Returns: what was removed.
    @discardableResult
    public func purge(
        _ spool: Spool, keptFrom: @escaping @Sendable (Set<String>) -> Instant?,
        note: @escaping @Sendable ([Purged], any Transaction) throws -> Void = { _, _ in }
    ) async throws -> [Purged] {
        let purged = try await database.write { transaction -> [Purged] in
            let sql = """
                SELECT id, institution, received_at, size FROM submission
                WHERE is_kept = 1 AND state NOT IN ('received', 'processing') ORDER BY sequence
                """
            let due = try transaction.rows(sql).compactMap { row -> Purged? in
                let id: String = try row["id"]
                let programs = try transaction.rows(
                    "SELECT DISTINCT program FROM submitted_file WHERE submission = ? AND program IS NOT NULL",
                    [.text(id)]
                ).map { row -> String in try row[0] }
                let receivedAt = try row.instant("received_at")
                guard let since = keptFrom(Set(programs)), receivedAt < since else { return nil }
                return Purged(
                    id: try Self.id(id), institution: try row["institution"], receivedAt: receivedAt,
                    size: try row["size"])
            }
            for submission in due {
                let id = SQLValue.text(submission.id.description)
                try transaction.execute("UPDATE submission SET is_kept = 0, is_expired = 1 WHERE id = ?", [id])
                try transaction.execute("DELETE FROM idempotency WHERE submission = ?", [id])
                try forgetWaiting(submission.id, in: transaction)
            }
            try note(due, transaction)
            return due
        }
        // After the log: bytes that a crash leaves here are removed at the next start.
        for submission in purged { try spool.remove(submission.id) }
        if !purged.isEmpty { try spool.folder.makeDurable() }
        return purged
    }

    /// The submissions whose bytes and findings were kept for long enough.
    public func expiredIDs() async throws -> Set<SubmissionID> { try await database.read { try expiredIDs(in: $0) } }

    private func expiredIDs(in connection: any Connection) throws -> Set<SubmissionID> {
        Set(try connection.rows("SELECT id FROM submission WHERE is_expired = 1").map { try Self.id($0[0]) })
    }

    private func isClaimedByOther(_ row: Row, at now: Instant) throws -> Bool {
        guard try row["state"] as String == "processing", let holder: String = try row["claimed_by"] else {
            return false
        }
        let until: Int64? = try row["claimed_until"]
        return holder != owner && until.map { $0 >= now.milliseconds } ?? false
    }

    private func fail(
        _ id: SubmissionID, reason: BilingualText, isKept: Bool, at now: Instant, in transaction: any Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE submission SET state = 'failed', finished_at = ?, reason_zh = ?, reason_en = ?, is_kept = ?
            WHERE id = ?
            """,
            [.milliseconds(now), .text(reason.zh), .text(reason.en), SQLValue(isKept), .text(id.description)])
    }

    private static let missing = BilingualText(
        zh: "服务器上没有该上报的原始文件；请重新上传", en: "the bytes of this submission are missing on the server; send it again")

    private static func cutOffTooOften(_ tries: Int) -> BilingualText {
        BilingualText(
            zh: "处理 \(tries) 次均被中断，已停止；请联系管理员查看日志后重试",
            en:
                "processing was cut off \(tries.counted("time")) and has been stopped; an administrator may look at the log and retry"
        )
    }
}
