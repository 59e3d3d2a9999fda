public import Database
public import SurveillanceKit

/// How many current records each day has, of every institution and covered file type; kept by difference, in the transactions that change
/// the records.
enum DayCounts {
    static let migration = Migration(id: "records-days") { transaction in
        try transaction.execute(
            """
            CREATE TABLE record_day_count (
                institution BIGINT NOT NULL,
                program TEXT NOT NULL,
                file_type TEXT NOT NULL,
                -- Days since 1970.
                day BIGINT NOT NULL,
                records BIGINT NOT NULL,
                PRIMARY KEY (institution, program, file_type, day)
            )\(transaction.dialect.clustered)
            """)
        try transaction.execute(
            "CREATE INDEX record_day_count_day ON record_day_count (program, file_type, day)")
    }

    /// Counts what was stored before the counts were kept.
    static func prepare(_ table: RecordTable, in transaction: any Transaction) throws {
        guard let coverPlace = table.coverPlace else { return }
        let mark = "days/\(table.name)"
        guard try RecordCounters.value(mark, in: transaction) == nil else { return }
        let day = table.quoted(table.names[coverPlace])
        var counts: [Int64: [Int: Int]] = [:]
        try transaction.forEachRow(
            """
            SELECT _institution, \(day), count(*) FROM \(table.quoted(table.name)) WHERE \(day) IS NOT NULL \
            GROUP BY _institution, \(day)
            """
        ) { row in
            let text: String = try row[1]
            guard let day = Array(text.utf8).withUnsafeBufferPointer({ CivilDate(beginning: $0)?.daysSince1970 })
            else { return }
            let institution: Int64 = try row[0]
            counts[institution, default: [:]][day, default: 0] += try row[2]
        }
        for (institution, days) in counts { try add(days, to: table, institution: institution, transaction) }
        try RecordCounters.set(mark, to: 1, in: transaction)
    }

    /// - Parameter days: by how many records each day has more or fewer.
    static func add(
        _ days: [Int: Int], to table: RecordTable, institution: Int64, _ transaction: any Transaction
    ) throws {
        for (day, count) in days.sorted(by: { $0.key < $1.key }) where count != 0 {
            try transaction.execute(
                """
                INSERT INTO record_day_count (institution, program, file_type, day, records) VALUES (?, ?, ?, ?, ?) \
                ON CONFLICT (institution, program, file_type, day) \
                DO UPDATE SET records = record_day_count.records + excluded.records
                """,
                [
                    .integer(institution), .text(table.program), .text(table.fileType.id), SQLValue(day),
                    SQLValue(count),
                ])
        }
    }
}

extension LineList {
    /// How many current records an institution has for each of some days; days without any are left out. A file type that its program
    /// does not cover has none.
    public func recordsByDay(
        program: String, fileType: String, institution code: String, _ days: ClosedRange<CivilDate>,
        in connection: any Connection
    ) throws -> [CivilDate: Int] {
        guard let institution = try institution(code, in: connection) else { return [:] }
        var counts: [CivilDate: Int] = [:]
        try connection.forEachRow(
            """
            SELECT day, records FROM record_day_count WHERE institution = ? AND program = ? AND file_type = ? AND day >= ? \
            AND day <= ?
            """,
            [
                .integer(institution.number), .text(program), .text(fileType), SQLValue(days.lowerBound.daysSince1970),
                SQLValue(days.upperBound.daysSince1970),
            ]
        ) { row in
            let records: Int = try row[1]
            if records > 0 { counts[CivilDate(daysSince1970: try row[0])] = records }
        }
        return counts
    }

    /// Which institutions have records of a day, by their codes.
    public func institutions(
        program: String, fileType: String, on day: CivilDate, in connection: any Connection
    ) throws -> [String] {
        try connection.rows(
            """
            SELECT i.code FROM record_day_count AS c JOIN record_institution AS i ON i.number = c.institution \
            WHERE c.program = ? AND c.file_type = ? AND c.day = ? AND c.records > 0
            """, [.text(program), .text(fileType), SQLValue(day.daysSince1970)]
        ).map { try $0[0] }
    }
}
