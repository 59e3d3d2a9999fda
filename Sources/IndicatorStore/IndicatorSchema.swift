import Database

/// The tables of figures, beside the records that they are worked out from.
enum IndicatorSchema {
    static let migrations = [
        Migration(id: "indicators-1") { transaction in
            let dialect = transaction.dialect
            // Definitions, file types with children, and how they were declared.
            try transaction.execute(
                """
                CREATE TABLE indicator_name (
                    number \(dialect.number),
                    name TEXT NOT NULL UNIQUE,
                    fingerprint TEXT NOT NULL
                )
                """)
            // Which records children refer to: the hash of the fields of their link.
            try transaction.execute(
                """
                CREATE TABLE indicator_link (
                    base BIGINT NOT NULL,
                    institution BIGINT NOT NULL,
                    link BIGINT NOT NULL,
                    record BIGINT NOT NULL,
                    PRIMARY KEY (base, institution, link, record)
                )\(dialect.clustered)
                """)
            // What is counted of the children of a link.
            try transaction.execute(
                """
                CREATE TABLE indicator_fact (
                    base BIGINT NOT NULL,
                    institution BIGINT NOT NULL,
                    link BIGINT NOT NULL,
                    facts \(dialect.blob) NOT NULL,
                    PRIMARY KEY (base, institution, link)
                )\(dialect.clustered)
                """)
            // How each submission moved each figure of its institution, many submissions in a row.
            try transaction.execute(
                """
                CREATE TABLE indicator_log (
                    definition BIGINT NOT NULL,
                    institution BIGINT NOT NULL,
                    -- The instant of its first change, in milliseconds since 1970 UTC.
                    first BIGINT NOT NULL,
                    entries \(dialect.blob) NOT NULL,
                    PRIMARY KEY (definition, institution, first)
                )\(dialect.clustered)
                """)
            // The figures as they are now, by province and ISO week.
            try transaction.execute(
                """
                CREATE TABLE indicator_roll (
                    definition BIGINT NOT NULL,
                    province BIGINT NOT NULL,
                    -- Its Monday, in days since 1970.
                    week BIGINT NOT NULL,
                    entries \(dialect.blob) NOT NULL,
                    PRIMARY KEY (definition, province, week)
                )\(dialect.clustered)
                """)
            // What happened at an instant.
            try transaction.execute(
                """
                CREATE TABLE indicator_event (
                    at BIGINT NOT NULL PRIMARY KEY,
                    institution BIGINT NOT NULL,
                    submission TEXT NOT NULL,
                    is_withdrawal BIGINT NOT NULL
                )\(dialect.clustered)
                """)
            // Where an institution's figures are counted, and by which declarations they were worked out.
            try transaction.execute(
                """
                CREATE TABLE indicator_institution (
                    program TEXT NOT NULL,
                    institution BIGINT NOT NULL,
                    declared TEXT NOT NULL,
                    region TEXT NOT NULL,
                    level BIGINT NOT NULL,
                    -- Earlier instants cannot be asked for: what was known then has been erased before the figures were worked out.
                    since BIGINT NOT NULL,
                    PRIMARY KEY (program, institution)
                )\(dialect.clustered)
                """)
        },
        // What definitions share is kept once, by counters; instants of the past are events of an institution. Figures are worked out anew.
        Migration(id: "indicators-2") { transaction in
            let dialect = transaction.dialect
            for table in ["indicator_log", "indicator_roll", "indicator_event"] {
                try transaction.execute("DROP TABLE \(table)")
            }
            for table in ["indicator_link", "indicator_fact", "indicator_institution"] {
                try transaction.execute("DELETE FROM \(table)")
            }
            // How each submission moved each counter of its institution, many submissions in a row.
            try transaction.execute(
                """
                CREATE TABLE indicator_log (
                    counter BIGINT NOT NULL,
                    institution BIGINT NOT NULL,
                    -- The numbers of its first and its last event, and the first day of its last group.
                    first BIGINT NOT NULL,
                    last BIGINT NOT NULL,
                    day BIGINT NOT NULL,
                    entries \(dialect.blob) NOT NULL,
                    PRIMARY KEY (counter, institution, first)
                )\(dialect.clustered)
                """)
            // The counters as they are now, by province and ISO week.
            try transaction.execute(
                """
                CREATE TABLE indicator_roll (
                    counter BIGINT NOT NULL,
                    province BIGINT NOT NULL,
                    -- Its Monday, in days since 1970.
                    week BIGINT NOT NULL,
                    entries \(dialect.blob) NOT NULL,
                    PRIMARY KEY (counter, province, week)
                )\(dialect.clustered)
                """)
            // When an institution's records changed, numbered from 1 on, and by which submission.
            try transaction.execute(
                """
                CREATE TABLE indicator_event (
                    institution BIGINT NOT NULL,
                    at BIGINT NOT NULL,
                    number BIGINT NOT NULL,
                    submission BIGINT NOT NULL,
                    is_withdrawal BIGINT NOT NULL,
                    PRIMARY KEY (institution, at)
                )\(dialect.clustered)
                """)
        },
        // Records by their links take a row for many. Figures stay as they are; the buckets come with working them out anew.
        Migration(id: "indicators-3") { transaction in
            let dialect = transaction.dialect
            try transaction.execute("DROP TABLE indicator_link")
            // Which records children refer to, by the first bits of the hash of their link's fields.
            try transaction.execute(
                """
                CREATE TABLE indicator_bucket (
                    base BIGINT NOT NULL,
                    institution BIGINT NOT NULL,
                    bucket BIGINT NOT NULL,
                    entries \(dialect.blob) NOT NULL,
                    PRIMARY KEY (base, institution, bucket)
                )\(dialect.clustered)
                """)
            try transaction.execute("UPDATE indicator_institution SET declared = ''")
        },
        // The weeks of all provinces lie together, each with a digest of what is kept of it.
        Migration(id: "indicators-4") { transaction in
            let dialect = transaction.dialect
            try transaction.execute(
                """
                CREATE TABLE indicator_week (
                    counter BIGINT NOT NULL,
                    -- Its Monday, in days since 1970.
                    week BIGINT NOT NULL,
                    province BIGINT NOT NULL,
                    digest BIGINT NOT NULL,
                    entries \(dialect.blob) NOT NULL,
                    PRIMARY KEY (counter, week, province)
                )\(dialect.clustered)
                """)
            try RollUp.moveEntries(from: "indicator_roll", transaction)
            try transaction.execute("DROP TABLE indicator_roll")
        },
    ]
}
