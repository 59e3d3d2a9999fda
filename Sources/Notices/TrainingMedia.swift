public import Database
public import SurveillanceKit

/// A video or slides that administrators keep for those who use the platform.
public struct TrainingMedia: Hashable, Sendable {
    /// What may be kept, known by its first bytes.
    public enum Kind: String, CaseIterable, Sendable {
        case mp4, webm, pdf

        public var mediaType: String {
            switch self {
            case .mp4: "video/mp4"
            case .webm: "video/webm"
            case .pdf: "application/pdf"
            }
        }

        /// Nil for every other kind of file, whatever its name is.
        ///
        /// Source: ISO/IEC 14496-12, 4.3 (`ftyp`); RFC 8794, 11.2.1 (EBML); ISO 32000-1, 7.5.2.
        public init?(_ bytes: [UInt8]) {
            if bytes.count >= 12, bytes[4..<8].elementsEqual("ftyp".utf8) {
                self = .mp4
            } else if bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
                self = .webm
            } else if bytes.starts(with: "%PDF-".utf8) {
                self = .pdf
            } else {
                return nil
            }
        }
    }

    public var id: String
    public var title: BilingualText
    /// What it shows.
    public var caption: BilingualText
    public var kind: Kind
    public var size: Int
    public var publishedAt: Instant
    public var publishedBy: String

    public init(
        id: String, title: BilingualText, caption: BilingualText, kind: Kind, size: Int, publishedAt: Instant,
        publishedBy: String
    ) {
        self.id = id
        self.title = title
        self.caption = caption
        self.kind = kind
        self.size = size
        self.publishedAt = publishedAt
        self.publishedBy = publishedBy
    }

    public static let longest = (title: 100, caption: 1_000)
    /// 50 MB: a quarter of an hour of a screen recording.
    public static let maximumBytes = 52_428_800
    /// As many are kept at once.
    public static let mostKept = 30
    /// A file lies in pieces of this size, so that no more than one is read for a part of it.
    public static let pieceBytes = 1 << 20
}

/// The videos and slides, with their content in pieces. What is removed loses its content, and keeps who removed it.
///
/// Every function is part of whatever else the caller does in its connection or transaction.
public enum TrainingMediaStore {
    public static let migrations = [
        Migration(
            id: "training-media-1",
            statements: [
                """
                CREATE TABLE training_media (
                    id TEXT PRIMARY KEY,
                    title_zh TEXT NOT NULL,
                    title_en TEXT NOT NULL,
                    caption_zh TEXT NOT NULL,
                    caption_en TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    size BIGINT NOT NULL,
                    -- Milliseconds since 1970-01-01 UTC.
                    published_at BIGINT NOT NULL,
                    published_by TEXT NOT NULL,
                    removed_at BIGINT,
                    removed_by TEXT
                )
                """,
                """
                CREATE TABLE training_piece (
                    media TEXT NOT NULL REFERENCES training_media,
                    number BIGINT NOT NULL,
                    content BLOB NOT NULL,
                    PRIMARY KEY (media, number)
                )
                """,
            ])
    ]

    private static let columns =
        "id, title_zh, title_en, caption_zh, caption_en, kind, size, published_at, published_by"

    /// What is kept, the latest first.
    public static func all(in connection: any Connection) throws -> [TrainingMedia] {
        try connection.rows(
            "SELECT \(columns) FROM training_media WHERE removed_at IS NULL ORDER BY published_at DESC, id DESC"
        ).compactMap(media)
    }

    public static func find(_ id: String, in connection: any Connection) throws -> TrainingMedia? {
        try connection.firstRow(
            "SELECT \(columns) FROM training_media WHERE id = ? AND removed_at IS NULL", [.text(id)]
        ).flatMap(media)
    }

    private static func media(_ row: Row) throws -> TrainingMedia? {
        let name: String = try row["kind"]
        let at: Int64 = try row["published_at"]
        guard let kind = TrainingMedia.Kind(rawValue: name) else { return nil }
        return TrainingMedia(
            id: try row["id"], title: BilingualText(zh: try row["title_zh"], en: try row["title_en"]),
            caption: BilingualText(zh: try row["caption_zh"], en: try row["caption_en"]), kind: kind,
            size: try row["size"], publishedAt: Instant(milliseconds: at), publishedBy: try row["published_by"])
    }

    public static func add(_ media: TrainingMedia, _ content: [UInt8], in transaction: any Transaction) throws {
        try transaction.execute(
            "INSERT INTO training_media (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .text(media.id), .text(media.title.zh), .text(media.title.en), .text(media.caption.zh),
                .text(media.caption.en), .text(media.kind.rawValue), SQLValue(content.count),
                .integer(media.publishedAt.milliseconds), .text(media.publishedBy),
            ])
        for (number, start) in stride(from: 0, to: content.count, by: TrainingMedia.pieceBytes).enumerated() {
            let piece = content[start..<min(start + TrainingMedia.pieceBytes, content.count)]
            try transaction.execute(
                "INSERT INTO training_piece (media, number, content) VALUES (?, ?, ?)",
                [.text(media.id), SQLValue(number), .blob(Array(piece))])
        }
    }

    /// - Returns: nil behind the last piece, and of what has been removed.
    public static func piece(_ number: Int, of id: String, in connection: any Connection) throws -> [UInt8]? {
        try connection.first(
            "SELECT content FROM training_piece WHERE media = ? AND number = ?", [.text(id), SQLValue(number)])
    }

    /// - Returns: false where there is none of that id.
    public static func remove(
        _ id: String, at moment: Instant, by author: String, in transaction: any Transaction
    ) throws -> Bool {
        let found = try transaction.execute(
            "UPDATE training_media SET removed_at = ?, removed_by = ? WHERE id = ? AND removed_at IS NULL",
            [.integer(moment.milliseconds), .text(author), .text(id)])
        guard found == 1 else { return false }
        try transaction.execute("DELETE FROM training_piece WHERE media = ?", [.text(id)])
        return true
    }
}
