public import Database
public import SurveillanceKit

/// What a local code stands for in the national list, as its institution has decided.
public struct CodeMapping: Hashable, Sendable {
    /// As the institution's table writes it.
    public var code: String
    public var name: String
    public var nationalCode: String

    public init(code: String, name: String, nationalCode: String) {
        self.code = code
        self.name = name
        self.nationalCode = nationalCode
    }
}

/// The mappings that institutions have decided on, beside those that stand in their tables. They outlive a table: the next one has the same codes.
public enum MappingStore {
    public static let migrations = [
        Migration(
            id: "dictionaries-2",
            statements: [
                """
                CREATE TABLE code_mapping (
                    institution TEXT NOT NULL,
                    category TEXT NOT NULL,
                    -- Code and name in the form in which they are compared.
                    code TEXT NOT NULL,
                    name TEXT NOT NULL,
                    national_code TEXT NOT NULL,
                    -- Milliseconds since 1970-01-01 UTC.
                    decided_at BIGINT NOT NULL,
                    decided_by TEXT NOT NULL,
                    PRIMARY KEY (institution, category, code)
                )
                """,
                "CREATE INDEX code_mapping_name ON code_mapping (category, name)",
            ])
    ]

    /// Keeps what an institution has decided; a later decision about a code takes the place of the earlier.
    public static func decide(
        _ mappings: [CodeMapping], of institution: String, in category: String, at moment: Instant, by author: String,
        in transaction: any Transaction
    ) throws {
        for mapping in mappings {
            let code = plain(mapping.code)
            try transaction.execute(
                "DELETE FROM code_mapping WHERE institution = ? AND category = ? AND code = ?",
                [.text(institution), .text(category), .text(code)])
            guard !mapping.nationalCode.isEmpty else { continue }
            try transaction.execute(
                """
                INSERT INTO code_mapping (institution, category, code, name, national_code, decided_at, decided_by)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(institution), .text(category), .text(code), .text(plain(mapping.name)),
                    .text(mapping.nationalCode), .integer(moment.milliseconds), .text(author),
                ])
        }
    }

    /// An institution's decisions: the national code by category and local code, this in the form in which codes are compared.
    public static func mappings(
        of institution: String, in connection: any Connection
    ) throws -> [String: [[UInt8]: String]] {
        var mappings: [String: [[UInt8]: String]] = [:]
        let rows = try connection.rows(
            "SELECT category, code, national_code FROM code_mapping WHERE institution = ?", [.text(institution)])
        for row in rows {
            let (category, code, national): (String, String, String) = (try row[0], try row[1], try row[2])
            mappings[category, default: [:]][Array(code.utf8)] = national
        }
        return mappings
    }

    /// Says of an institution's decisions whether they are those that were read before.
    public static func stamp(of institution: String, in connection: any Connection) throws -> String {
        let row = try connection.firstRow(
            "SELECT COUNT(*), COALESCE(MAX(decided_at), 0) FROM code_mapping WHERE institution = ?",
            [.text(institution)])
        guard let row else { return "" }
        let (count, last): (Int64, Int64) = (try row[0], try row[1])
        return "\(count) \(last)"
    }

    /// What other institutions have decided about codes of a name: how many of them chose which national code, this in the form in which codes
    /// are compared.
    public static func choices(
        for name: String, in category: String, besides institution: String, in connection: any Connection
    ) throws -> [[UInt8]: Int] {
        try choices(for: [name], in: category, besides: institution, in: connection)[CodeText.plain(name.utf8)] ?? [:]
    }

    /// The same for many names: by name in the form in which names are compared, those that nobody has chosen for left out.
    public static func choices(
        for names: [String], in category: String, besides institution: String, in connection: any Connection
    ) throws -> [[UInt8]: [[UInt8]: Int]] {
        var choices: [[UInt8]: [[UInt8]: Int]] = [:]
        let plainNames = Set(names.map(plain)).sorted()
        for start in stride(from: 0, to: plainNames.count, by: askedAtOnce) {
            let part = plainNames[start..<min(start + askedAtOnce, plainNames.count)]
            // The last name fills up what is left, so that there is one statement for a few names and one for many.
            let count = part.count == 1 ? 1 : askedAtOnce
            let asked = part + Array(repeating: part.last ?? "", count: count - part.count)
            let rows = try connection.rows(
                """
                SELECT name, national_code, COUNT(DISTINCT institution) FROM code_mapping
                WHERE category = ? AND institution <> ? AND name IN (\(asked.map { _ in "?" }.joined(separator: ", ")))
                GROUP BY name, national_code
                """, [.text(category), .text(institution)] + asked.map { .text($0) })
            for row in rows {
                let (name, code, count): (String, String, Int) = (try row[0], try row[1], try row[2])
                choices[Array(name.utf8), default: [:]][CodeText.plain(code.utf8), default: 0] += count
            }
        }
        return choices
    }

    private static let askedAtOnce = 200

    private static func plain(_ text: String) -> String { String(decoding: CodeText.plain(text.utf8), as: UTF8.self) }
}
