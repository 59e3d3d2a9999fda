import Database

/// The tables beside the records themselves: who reported, which submissions brought records, what the next numbers are.
enum RecordSchema {
    static let migrations = [
        Migration(id: "records-1") { transaction in
            let dialect = transaction.dialect
            try transaction.execute(
                """
                CREATE TABLE record_institution (
                    number \(dialect.number),
                    code TEXT NOT NULL UNIQUE,
                    -- Counts what was stored or withdrawn, so that who looked before knows whether anything has changed since.
                    revision BIGINT NOT NULL,
                    -- 1 while records may be known by keys of an earlier version.
                    has_earlier_keys BIGINT NOT NULL
                )
                """)
            try transaction.execute(
                """
                CREATE TABLE record_submission (
                    number \(dialect.number),
                    id TEXT NOT NULL UNIQUE,
                    institution BIGINT NOT NULL,
                    -- Since when what it brought is known, in milliseconds since 1970 UTC.
                    stored_at BIGINT NOT NULL,
                    withdrawn_at BIGINT,
                    -- What withdrawing it came to: records that are as before, and those that are gone.
                    returned BIGINT,
                    removed BIGINT,
                    -- The attempt that stored it and, sealed, what it came to, until the log of submissions has it.
                    attempt BIGINT,
                    outcome \(dialect.blob)
                )
                """)
            try transaction.execute("CREATE TABLE record_counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL)")
        },
        Migration(id: "records-2") { transaction in
            let dialect = transaction.dialect
            // What each attempt of a submission came to, a file each; the records as `RecordNumbers`.
            try transaction.execute(
                """
                CREATE TABLE record_file (
                    submission BIGINT NOT NULL,
                    file BIGINT NOT NULL,
                    at BIGINT NOT NULL,
                    program TEXT NOT NULL,
                    file_type TEXT NOT NULL,
                    added BIGINT NOT NULL,
                    changed BIGINT NOT NULL,
                    unchanged BIGINT NOT NULL,
                    withdrawn BIGINT NOT NULL,
                    vanished BIGINT NOT NULL,
                    added_records \(dialect.blob) NOT NULL,
                    changed_records \(dialect.blob) NOT NULL,
                    withdrawn_records \(dialect.blob) NOT NULL,
                    vanished_records \(dialect.blob) NOT NULL,
                    PRIMARY KEY (submission, file, at)
                )\(dialect.clustered)
                """)
            // Which records a submission has brought for a day, so that those of some days are found without reading all.
            try transaction.execute(
                """
                CREATE TABLE record_day (
                    institution BIGINT NOT NULL,
                    program TEXT NOT NULL,
                    file_type TEXT NOT NULL,
                    -- Days since 1970.
                    day BIGINT NOT NULL,
                    at BIGINT NOT NULL,
                    file BIGINT NOT NULL,
                    records \(dialect.blob) NOT NULL,
                    PRIMARY KEY (institution, program, file_type, day, at, file)
                )\(dialect.clustered)
                """)
        },
        DayCounts.migration,
        Migration(id: "records-submissions") { transaction in
            // For what an institution has sent.
            try transaction.execute(
                "CREATE INDEX record_submission_institution ON record_submission (institution)")
        },
    ]
}

/// Numbers that are given out once, in blocks, and the last instant.
struct RecordCounters {
    static let instant = "instant"

    /// Counts what was stored and withdrawn. Answers the number of the change.
    static func nextChange(in transaction: any Transaction) throws -> Int64 {
        try take(1, of: LineList.changeCounter, in: transaction) + 1
    }

    /// The first of some numbers that nobody else gets.
    static func take(_ count: Int64, of name: String, in transaction: any Transaction) throws -> Int64 {
        try transaction.execute(
            "INSERT INTO record_counter (name, value) VALUES (?, 1) ON CONFLICT (name) DO NOTHING", [.text(name)])
        try transaction.execute(
            "UPDATE record_counter SET value = value + ? WHERE name = ?", [.integer(count), .text(name)])
        let next: Int64? = try transaction.first("SELECT value FROM record_counter WHERE name = ?", [.text(name)])
        return (next ?? count + 1) - count
    }

    static func value(_ name: String, in connection: any Connection) throws -> Int64? {
        try connection.first("SELECT value FROM record_counter WHERE name = ?", [.text(name)])
    }

    static func set(_ name: String, to value: Int64, in transaction: any Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO record_counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """, [.text(name), .integer(value)])
    }
}
