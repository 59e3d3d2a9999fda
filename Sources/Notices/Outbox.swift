public import Database
import ShangMi
public import SurveillanceKit

/// What is to be told to whom: kept with what it tells, in the same transaction, until it has been told.
public enum Outbox {
    public static let migrations = [
        Migration(
            id: "notices-1",
            statements: [
                """
                CREATE TABLE notice (
                    -- A hash of its key.
                    id TEXT PRIMARY KEY,
                    notice_key TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    -- The institution that is told; null for those who run the platform.
                    recipient TEXT,
                    program TEXT,
                    institution TEXT,
                    period TEXT,
                    at BIGINT NOT NULL,
                    title_zh TEXT NOT NULL,
                    title_en TEXT NOT NULL,
                    text_zh TEXT NOT NULL,
                    text_en TEXT NOT NULL,
                    -- What templates may use: a JSON object of texts.
                    template_values TEXT NOT NULL,
                    not_before BIGINT NOT NULL,
                    until BIGINT NOT NULL,
                    -- 1 once it has a delivery for each address.
                    is_addressed BIGINT NOT NULL
                )
                """,
                "CREATE INDEX notice_addressed ON notice (is_addressed, not_before)",
                """
                CREATE TABLE notice_delivery (
                    -- Told to whoever takes it, so that it is known again.
                    id TEXT PRIMARY KEY,
                    notice TEXT NOT NULL REFERENCES notice,
                    channel TEXT NOT NULL,
                    address TEXT NOT NULL,
                    state TEXT NOT NULL CHECK (state IN
                        ('waiting', 'sending', 'unsure', 'sent', 'failed', 'held', 'expired')),
                    -- How often it has been handed over, or asked for, since it was last put back.
                    tries BIGINT NOT NULL,
                    not_before BIGINT NOT NULL,
                    -- Who hands it over, and until when that holds.
                    holder TEXT,
                    held_until BIGINT NOT NULL,
                    -- When it was last handed over; 0 where it never was.
                    begun_at BIGINT NOT NULL,
                    ended_at BIGINT,
                    reason_zh TEXT,
                    reason_en TEXT
                )
                """,
                "CREATE INDEX notice_delivery_state ON notice_delivery (channel, state, not_before)",
                "CREATE INDEX notice_delivery_channel ON notice_delivery (channel, begun_at)",
                "CREATE INDEX notice_delivery_notice ON notice_delivery (notice)",
            ]),
        Migration(id: "notices-2", statements: ["CREATE INDEX notice_at ON notice (at)"]),
        // One person, told by what he has given: an applicant.
        Migration(
            id: "notices-3",
            statements: ["ALTER TABLE notice ADD COLUMN phone TEXT", "ALTER TABLE notice ADD COLUMN mail TEXT"]),
    ]

    /// Adds a notice: it is told once the transaction is durable, and never where that is lost.
    ///
    /// - Returns: false where a notice with the same key was added before; nothing is changed then.
    @discardableResult
    public static func add(_ notice: Notice, in transaction: any Transaction) throws -> Bool {
        var (recipient, phone, mail): (String?, String?, String?)
        switch notice.recipient {
        case .institution(let code): recipient = code
        case .administrators: break
        case .person(let number, let address): (phone, mail) = (number, address)
        }
        return try transaction.execute(
            """
            INSERT INTO notice (id, notice_key, kind, recipient, program, institution, period, at, title_zh, title_en, text_zh, text_en, \
            template_values, not_before, until, phone, mail, is_addressed) \
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) \
            ON CONFLICT (id) DO NOTHING
            """,
            [
                .text(id(ofKey: notice.key)), .text(notice.key), .text(notice.kind.rawValue), SQLValue(recipient),
                SQLValue(notice.program), SQLValue(notice.institution), SQLValue(notice.period),
                .integer(notice.at.milliseconds), .text(notice.title.zh), .text(notice.title.en),
                .text(notice.text.zh), .text(notice.text.en), .text(StoredNotice.text(of: notice.values)),
                .integer(notice.notBefore?.milliseconds ?? 0),
                .integer((notice.until ?? .distantFuture).milliseconds), SQLValue(phone), SQLValue(mail),
            ]) == 1
    }

    /// Takes a notice back that nobody has been told yet: a reminder, once the report has come.
    ///
    /// - Returns: whether nobody will be told by it any more; false where it is on its way or was told.
    @discardableResult
    public static func cancel(key: String, at now: Instant, in transaction: any Transaction) throws -> Bool {
        let id = id(ofKey: key)
        try transaction.execute("UPDATE notice SET is_addressed = 1 WHERE id = ? AND is_addressed = 0", [.text(id)])
        try transaction.execute(
            "UPDATE notice_delivery SET state = 'expired', ended_at = ? WHERE notice = ? AND state = 'waiting'",
            [.integer(now.milliseconds), .text(id)])
        let told: Int? = try transaction.first(
            "SELECT 1 FROM notice_delivery WHERE notice = ? AND state <> 'expired'", [.text(id)])
        return told == nil
    }

    static func id(ofKey key: String) -> String { digest("notice", key) }

    /// The id under which a notice is told to one address by one notifier.
    static func id(of notice: String, by channel: String, to address: String) -> String {
        digest("delivery", notice, channel, address)
    }

    private static func digest(_ parts: String...) -> String {
        String(SM3.digest(parts.joined(separator: "\u{0}")).description.prefix(32))
    }
}
