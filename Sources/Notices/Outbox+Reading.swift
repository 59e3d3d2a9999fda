public import Database
public import SurveillanceKit

extension Outbox {
    /// The states of a delivery.
    public enum State: String, CaseIterable, Sendable {
        /// It is handed over when it is due.
        case waiting
        case sending
        /// It may have been taken; that is found out next.
        case unsure
        case sent
        /// It could not be handed over, and is not tried any more.
        case failed
        /// It may have been taken, and nobody can tell: an administrator decides.
        case held
        /// It was of no use any more.
        case expired
    }

    /// A message that did not arrive, or of which nobody knows.
    public struct Undelivered: Hashable, Sendable {
        public var id: String
        public var notice: Notice
        /// The notifier: `mail`.
        public var channel: String
        public var address: String
        public var state: State
        public var tries: Int
        public var endedAt: Instant?
        public var reason: BilingualText?
    }

    /// How many messages are in each state, those in none left out.
    public static func counts(in connection: any Connection) throws -> [State: Int] {
        var counts: [State: Int] = [:]
        try connection.forEachRow("SELECT state, count(*) FROM notice_delivery GROUP BY state") { row in
            let name: String = try row[0]
            if let state = State(rawValue: name) { counts[state] = try row[1] }
        }
        return counts
    }

    /// What an administrator should look at: messages that failed, are held, or are tried again after something went wrong; the latest first.
    ///
    /// - Parameter institution: only what is about it; nil for all.
    public static func undelivered(
        limit: Int = 100, of institution: String? = nil, in connection: any Connection
    ) throws -> [Undelivered] {
        let own = institution == nil ? "" : " AND n.institution = ?"
        let rows = try connection.rows(
            """
            SELECT d.id, d.channel, d.address, d.state, d.tries, d.ended_at, d.reason_zh, d.reason_en, \(StoredNotice.columns) \
            FROM notice_delivery AS d JOIN notice AS n ON n.id = d.notice \
            WHERE (d.state IN ('failed', 'held') OR (d.state IN ('waiting', 'unsure') AND d.reason_en IS NOT NULL))\(own) \
            ORDER BY n.at DESC, d.id LIMIT ?
            """, (institution.map { [.text($0)] } ?? []) + [SQLValue(limit)])
        return try rows.map { row in
            let state: String = try row[3]
            let ended: Int64? = try row[5]
            let (zh, en): (String?, String?) = (try row[6], try row[7])
            return Undelivered(
                id: try row[0], notice: try StoredNotice.notice(row, from: 8), channel: try row[1],
                address: try row[2], state: State(rawValue: state) ?? .failed, tries: try row[4],
                endedAt: ended.map { Instant(milliseconds: $0) },
                reason: zh.flatMap { zh in en.map { BilingualText(zh: zh, en: $0) } })
        }
    }

    /// Has a message that failed or is held handed over again, as an administrator asks.
    ///
    /// - Returns: false where it is in another state, or has no address.
    @discardableResult
    public static func sendAgain(_ id: String, at now: Instant, in transaction: any Transaction) throws -> Bool {
        try transaction.execute(
            """
            UPDATE notice_delivery SET state = 'waiting', tries = 0, not_before = ?, ended_at = NULL, reason_zh = NULL, \
            reason_en = NULL WHERE id = ? AND state IN ('failed', 'held') AND tries > 0
            """, [.integer(now.milliseconds), .text(id)]) == 1
    }

    /// Leaves a message that failed or is held alone from now on.
    @discardableResult
    public static func dismiss(_ id: String, at now: Instant, in transaction: any Transaction) throws -> Bool {
        try transaction.execute(
            """
            UPDATE notice_delivery SET state = 'expired', ended_at = ? WHERE id = ? AND state IN ('failed', 'held')
            """, [.integer(now.milliseconds), .text(id)]) == 1
    }

    /// Erases the messages and words of notices that were told, or given up, long ago. Their keys stay: they are never told again.
    ///
    /// - Returns: how many notices were erased.
    @discardableResult
    public static func purge(endedBefore moment: Instant, in transaction: any Transaction) throws -> Int {
        let ended = """
            is_addressed = 1 AND at < ? AND text_en <> '' AND NOT EXISTS (SELECT 1 FROM notice_delivery AS d \
            WHERE d.notice = notice.id AND (d.ended_at IS NULL OR d.ended_at >= ?))
            """
        let moments: [SQLValue] = [.integer(moment.milliseconds), .integer(moment.milliseconds)]
        try transaction.execute(
            "DELETE FROM notice_delivery WHERE notice IN (SELECT id FROM notice WHERE \(ended))", moments)
        return try transaction.execute(
            """
            UPDATE notice SET title_zh = '', title_en = '', text_zh = '', text_en = '', template_values = '{}' WHERE \(ended)
            """, moments)
    }
}
