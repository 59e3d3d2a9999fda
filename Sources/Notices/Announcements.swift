public import Database
public import SurveillanceKit

/// What administrators tell those who use the platform, until they withdraw it.
public struct Announcement: Hashable, Sendable {
    public var id: String
    public var title: BilingualText
    public var text: BilingualText
    /// Whom it is for: the accounts of a region; nil for everybody.
    public var region: Region?
    public var publishedAt: Instant
    public var publishedBy: String

    public init(
        id: String, title: BilingualText, text: BilingualText, region: Region? = nil, publishedAt: Instant,
        publishedBy: String
    ) {
        self.id = id
        self.title = title
        self.text = text
        self.region = region
        self.publishedAt = publishedAt
        self.publishedBy = publishedBy
    }

    /// The most characters of a title and of a text.
    public static let longest = (title: 100, text: 4_000)
}

/// Announcements, and which account has read which. What was withdrawn stays, and is shown to nobody.
///
/// Every function is part of whatever else the caller does in its connection or transaction.
public enum Announcements {
    public static let migrations = [
        Migration(
            id: "announcements-1",
            statements: [
                """
                CREATE TABLE announcement (
                    id TEXT PRIMARY KEY,
                    title_zh TEXT NOT NULL,
                    title_en TEXT NOT NULL,
                    text_zh TEXT NOT NULL,
                    text_en TEXT NOT NULL,
                    -- Digits of GB/T 2260; empty for everybody.
                    region TEXT NOT NULL,
                    -- Milliseconds since 1970-01-01 UTC.
                    published_at BIGINT NOT NULL,
                    published_by TEXT NOT NULL,
                    withdrawn_at BIGINT,
                    withdrawn_by TEXT
                )
                """,
                """
                CREATE TABLE announcement_read (
                    account TEXT NOT NULL,
                    announcement TEXT NOT NULL REFERENCES announcement,
                    read_at BIGINT NOT NULL,
                    PRIMARY KEY (account, announcement)
                )
                """,
            ])
    ]

    public static func publish(_ announcement: Announcement, in transaction: any Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO announcement (id, title_zh, title_en, text_zh, text_en, region, published_at, published_by)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(announcement.id), .text(announcement.title.zh), .text(announcement.title.en),
                .text(announcement.text.zh), .text(announcement.text.en), .text(announcement.region?.prefix ?? ""),
                .integer(announcement.publishedAt.milliseconds), .text(announcement.publishedBy),
            ])
    }

    /// - Returns: false where there is none of that id that is shown.
    public static func withdraw(
        _ id: String, at moment: Instant, by author: String, in transaction: any Transaction
    ) throws -> Bool {
        try transaction.execute(
            "UPDATE announcement SET withdrawn_at = ?, withdrawn_by = ? WHERE id = ? AND withdrawn_at IS NULL",
            [.integer(moment.milliseconds), .text(author), .text(id)]) == 1
    }

    /// What is shown to an account, the latest first, each with whether it has been read.
    ///
    /// - Parameter region: where the account is; nil for the whole nation, which sees all.
    public static func shown(
        to account: String, in region: String?, _ connection: any Connection
    ) throws -> [(announcement: Announcement, isRead: Bool)] {
        let rows = try connection.rows(
            """
            SELECT id, title_zh, title_en, text_zh, text_en, region, published_at, published_by, read_at
            FROM announcement LEFT JOIN announcement_read ON announcement_read.announcement = announcement.id
                AND announcement_read.account = ?
            WHERE withdrawn_at IS NULL ORDER BY published_at DESC, id DESC
            """, [.text(key(account))])
        return try rows.map { row in
            let at: Int64 = try row["published_at"]
            let prefix: String = try row["region"]
            let readAt: Int64? = try row["read_at"]
            return (
                Announcement(
                    id: try row["id"], title: BilingualText(zh: try row["title_zh"], en: try row["title_en"]),
                    text: BilingualText(zh: try row["text_zh"], en: try row["text_en"]), region: Region(prefix),
                    publishedAt: Instant(milliseconds: at), publishedBy: try row["published_by"]),
                readAt != nil
            )
        }.filter { entry in
            guard let own = entry.announcement.region, let region else { return true }
            // One for a county is no news to its province's other counties, and is to the province.
            return own.contains(region) || own.prefix.hasPrefix(region)
        }
    }

    /// Notes that an account has read some of those that there are; what it has read already keeps its time.
    public static func markRead(
        _ ids: [String], by account: String, at moment: Instant, in transaction: any Transaction
    ) throws {
        for id in ids {
            try transaction.execute(
                """
                INSERT INTO announcement_read (account, announcement, read_at) VALUES (?, ?, ?)
                ON CONFLICT (account, announcement) DO NOTHING
                """, [.text(key(account)), .text(id), .integer(moment.milliseconds)])
        }
    }

    /// Names of accounts are the same in upper and lower case.
    private static func key(_ account: String) -> String { account.lowercased() }
}
