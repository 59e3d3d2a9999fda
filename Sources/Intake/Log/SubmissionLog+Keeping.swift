import Database
import SurveillanceKit

/// What taking up again after a start found.
public struct TakenUp: Hashable, Sendable {
    /// Attempts that were cut off: queued again, or failed where they had been tried too often.
    public var cutOff: [SubmissionID] = []
    /// Uploads in the spool that were never acknowledged, removed.
    public var removed: [SubmissionID] = []
    /// Submissions that should be processed and whose bytes are gone: failed.
    public var missing: [SubmissionID] = []
}

/// Bytes that were removed because their time was over.
public struct Purged: Hashable, Sendable {
    public let id: SubmissionID
    public let institution: String
    public let receivedAt: Int64
    public let size: Int
}

extension SubmissionLog {
    /// The submissions whose processing had begun and has not ended.
    public func processing(in connection: any Connection) throws -> [Submission] {
        try connection.rows("SELECT \(Self.columns) FROM submission WHERE state = 'processing' ORDER BY sequence").map {
            try submission($0, in: connection)
        }
    }

    /// Brings log and spool together at start, before anything is received or processed.
    ///
    /// - Parameter maximumTries: How often processing may have begun before an attempt that was cut off counts as failed: a
    ///   report that ends the process must not end it for ever.
    public func takeUp(_ spool: Spool, maximumTries: Int, at now: Int64) throws -> TakenUp {
        var taken = TakenUp()
        let inSpool = Set(try spool.ids())
        let kept = try database.writeBlocking { transaction in
            let kept = try transaction.rows("SELECT id, state, tries FROM submission WHERE is_kept = 1").map { row in
                (id: try Self.id(row["id"]), state: try row["state"] as String, tries: try row["tries"] as Int)
            }
            for (id, state, tries) in kept where state == "received" || state == "processing" {
                if !inSpool.contains(id) {
                    try fail(id, reason: Self.missing, isKept: false, at: now, in: transaction)
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
            return Set(kept.map(\.id))
        }
        for id in inSpool.subtracting(kept).sorted() {
            try spool.remove(id)
            taken.removed.append(id)
        }
        return taken
    }

    /// Removes the bytes of submissions whose time is over from the spool, and forgets how to recognise them.
    ///
    /// - Parameters:
    ///   - keptFrom: The moment since which bytes are kept, in milliseconds since 1970-01-01 UTC, for the programs whose files a
    ///     submission held: none where no program knew them or processing failed. What is queued or processing always stays.
    ///   - note: Is told what is removed, within the transaction that forgets it: for the audit trail.
    /// - Returns: what was removed.
    @discardableResult
    public func purge(
        _ spool: Spool, keptFrom: @escaping @Sendable (Set<String>) -> Int64,
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
                let receivedAt: Int64 = try row["received_at"]
                guard receivedAt < keptFrom(Set(programs)) else { return nil }
                return Purged(
                    id: try Self.id(id), institution: try row["institution"], receivedAt: receivedAt,
                    size: try row["size"])
            }
            for submission in due {
                let id = SQLValue.text(submission.id.description)
                try transaction.execute("UPDATE submission SET is_kept = 0, same_name = NULL WHERE id = ?", [id])
                try transaction.execute("DELETE FROM idempotency WHERE submission = ?", [id])
            }
            try note(due, transaction)
            return due
        }
        // After the log: bytes that a crash leaves here are removed at the next start.
        for submission in purged { try spool.remove(submission.id) }
        if !purged.isEmpty { try spool.folder.makeDurable() }
        return purged
    }

    /// The submissions whose bytes are kept, as those of the findings are.
    public func keptIDs() async throws -> Set<SubmissionID> {
        try await database.read { connection in
            Set(try connection.rows("SELECT id FROM submission WHERE is_kept = 1").map { try Self.id($0[0]) })
        }
    }

    private func fail(
        _ id: SubmissionID, reason: BilingualText, isKept: Bool, at now: Int64, in transaction: any Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE submission SET state = 'failed', finished_at = ?, reason_zh = ?, reason_en = ?, is_kept = ?, same_name = NULL
            WHERE id = ?
            """,
            [.integer(now), .text(reason.zh), .text(reason.en), SQLValue(isKept), .text(id.description)])
    }

    private static let missing = BilingualText(
        zh: "服务器上没有该上报的原始文件；请重新上传", en: "the bytes of this submission are missing on the server; send it again")

    private static func cutOffTooOften(_ tries: Int) -> BilingualText {
        BilingualText(
            zh: "处理 \(tries) 次均被中断，已停止；请联系管理员查看日志后重试",
            en:
                "processing was cut off \(tries) times and has been stopped; an administrator may look at the log and retry"
        )
    }
}
