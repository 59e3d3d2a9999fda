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

        /// What a glance needs: how many messages wait, were delivered, and could not be delivered.
        public static let summaries: [(name: String, states: [State])] = [
            ("waiting", [.waiting, .sending, .unsure]), ("delivered", [.sent]), ("undeliverable", [.failed, .held]),
        ]
    }

    /// One notice to one address, and how it stands.
    public struct Message: Hashable, Sendable {
        public var id: String
        public var notice: Notice
        /// The notifier: `mail`; empty where none was on.
        public var channel: String
        /// Empty where none was needed or known.
        public var address: String
        public var state: State
        public var tries: Int
        public var endedAt: Instant?
        /// What went wrong when it was last handed over.
        public var reason: BilingualText?

        package init(
            id: String, notice: Notice, channel: String, address: String, state: State, tries: Int,
            endedAt: Instant? = nil, reason: BilingualText? = nil
        ) {
            self.id = id
            self.notice = notice
            self.channel = channel
            self.address = address
            self.state = state
            self.tries = tries
            self.endedAt = endedAt
            self.reason = reason
        }
    }

    /// Which messages are asked for.
    public struct Query: Hashable, Sendable {
        /// Nil for what an administrator should look at: what failed, is held, or is tried again after something went wrong.
        public var states: Set<State>?
        /// Only what is about it.
        public var institution: String?
        /// Of notices of this instant or later.
        public var from: Instant?
        /// Of notices before this instant.
        public var until: Instant?
        public var limit: Int
        /// Where an earlier page ended: `Page.next`.
        public var after: String?

        public init(states: Set<State>?, institution: String? = nil, limit: Int = 100, after: String? = nil) {
            self.states = states
            self.institution = institution
            self.limit = limit
            self.after = after
        }
    }

    public struct Page: Sendable {
        public var messages: [Message]
        /// How many there are over all pages.
        public var total: Int
        /// With what the next page is asked for; nil after the last.
        public var next: String?

        public init(_ messages: [Message], total: Int, next: String? = nil) {
            self.messages = messages
            self.total = total
            self.next = next
        }
    }

    /// How many messages are in each state, those in none left out; a notice that is not due yet counts as one that waits.
    public static func counts(in connection: any Connection) throws -> [State: Int] {
        var counts: [State: Int] = [:]
        try connection.forEachRow("SELECT state, count(*) FROM notice_delivery GROUP BY state") { row in
            let name: String = try row[0]
            if let state = State(rawValue: name) { counts[state] = try row[1] }
        }
        let later: Int = try connection.first("SELECT count(*) FROM notice WHERE is_addressed = 0") ?? 0
        if later > 0 { counts[.waiting, default: 0] += later }
        return counts
    }

    /// For which programs and institutions there are notices of a kind since an instant, by program and code.
    public static func subjects(
        of kind: NoticeKind, since: Instant, in connection: any Connection
    ) throws -> [(program: String, institution: String)] {
        try connection.rows(
            """
            SELECT DISTINCT program, institution FROM notice WHERE kind = ? AND at >= ? AND program IS NOT NULL \
            AND institution IS NOT NULL ORDER BY program, institution
            """, [.text(kind.rawValue), .integer(since.milliseconds)]
        ).map { (try $0[0], try $0[1]) }
    }

    /// Messages that were addressed, the latest notice first.
    ///
    /// - Throws: `UnknownPlace` where `after` is no end of a page.
    public static func messages(_ query: Query, in connection: any Connection) throws -> Page {
        var (conditions, values): ([String], [SQLValue]) = ([], [])
        if let states = query.states {
            let names = states.map(\.rawValue).sorted()
            conditions.append("d.state IN (\(names.map { _ in "?" }.joined(separator: ", ")))")
            values += names.map { .text($0) }
        } else {
            conditions.append(
                "(d.state IN ('failed', 'held') OR (d.state IN ('waiting', 'unsure') AND d.reason_en IS NOT NULL))")
        }
        if let institution = query.institution {
            conditions.append("n.institution = ?")
            values.append(.text(institution))
        }
        if let from = query.from {
            conditions.append("n.at >= ?")
            values.append(.integer(from.milliseconds))
        }
        if let until = query.until {
            conditions.append("n.at < ?")
            values.append(.integer(until.milliseconds))
        }
        let total: Int =
            try connection.first(
                """
                SELECT count(*) FROM notice_delivery AS d JOIN notice AS n ON n.id = d.notice \
                WHERE \(conditions.joined(separator: " AND "))
                """, values) ?? 0
        if let after = query.after {
            let parts = after.split(separator: "-", maxSplits: 1)
            guard parts.count == 2, let at = Int64(parts[0]) else { throw UnknownPlace(text: after) }
            conditions.append("(n.at < ? OR (n.at = ? AND d.id > ?))")
            values += [.integer(at), .integer(at), .text(String(parts[1]))]
        }
        let rows = try connection.rows(
            """
            SELECT d.id, d.channel, d.address, d.state, d.tries, d.ended_at, d.reason_zh, d.reason_en, \(StoredNotice.columns) \
            FROM notice_delivery AS d JOIN notice AS n ON n.id = d.notice WHERE \(conditions.joined(separator: " AND ")) \
            ORDER BY n.at DESC, d.id LIMIT ?
            """, values + [SQLValue(query.limit + 1)])
        var messages = try rows.map(message)
        guard messages.count > query.limit else { return Page(messages, total: total) }
        messages.removeLast()
        return Page(
            messages, total: total, next: messages.last.map { "\($0.notice.at.milliseconds)-\($0.id)" })
    }

    /// A place in the list that no page ends at.
    public struct UnknownPlace: Error, Hashable, Sendable {
        public var text: String

        public init(text: String) { self.text = text }
    }

    private static func message(_ row: Row) throws -> Message {
        let state: String = try row[3]
        let ended: Int64? = try row[5]
        let (zh, en): (String?, String?) = (try row[6], try row[7])
        return Message(
            id: try row[0], notice: try StoredNotice.notice(row, from: 8), channel: try row[1], address: try row[2],
            state: State(rawValue: state) ?? .failed, tries: try row[4],
            endedAt: ended.map { Instant(milliseconds: $0) },
            reason: zh.flatMap { zh in en.map { BilingualText(zh: zh, en: $0) } })
    }

    /// Messages that could not be delivered: how many for each reason, the most frequent first.
    public struct Trouble: Hashable, Sendable {
        public var channel: String
        public var reason: BilingualText
        public var count: Int
    }

    public static func troubles(limit: Int = 20, in connection: any Connection) throws -> [Trouble] {
        try connection.rows(
            """
            SELECT channel, reason_zh, reason_en, count(*) FROM notice_delivery WHERE state IN ('failed', 'held') \
            GROUP BY channel, reason_zh, reason_en ORDER BY count(*) DESC, channel, reason_en LIMIT ?
            """, [SQLValue(limit)]
        ).map { row in
            let (zh, en): (String?, String?) = (try row[1], try row[2])
            return Trouble(
                channel: try row[0], reason: BilingualText(zh: zh ?? "", en: en ?? ""), count: try row[3])
        }
    }

    /// Has a message that failed or is held handed over again, as an administrator asks.
    ///
    /// Its notice also gets a message for each address that has been named since. A message that had no address gives way to those.
    ///
    /// - Returns: false where it is in another state.
    @discardableResult
    public static func sendAgain(_ id: String, at now: Instant, in transaction: any Transaction) throws -> Bool {
        guard
            let row = try transaction.firstRow(
                "SELECT notice, tries FROM notice_delivery WHERE id = ? AND state IN ('failed', 'held')", [.text(id)])
        else { return false }
        let (notice, tries): (String, Int) = (try row[0], try row[1])
        if tries == 0 {
            try transaction.execute("DELETE FROM notice_delivery WHERE id = ?", [.text(id)])
        } else {
            try transaction.execute(
                """
                UPDATE notice_delivery SET state = 'waiting', tries = 0, not_before = ?, ended_at = NULL, reason_zh = NULL, \
                reason_en = NULL WHERE id = ?
                """, [.integer(now.milliseconds), .text(id)])
        }
        try transaction.execute("UPDATE notice SET is_addressed = 0 WHERE id = ?", [.text(notice)])
        return true
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
