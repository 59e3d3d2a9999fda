public import Database
public import SurveillanceKit

/// What figures are worked out from: the stored versions of an institution's records, some fields of each.
extension LineList {
    /// Goes through every version of an institution's records of a file type that is kept, in no particular order.
    ///
    /// - Parameters:
    ///   - fields: names of fields; one that is not stored is always null.
    ///   - records: these alone, as they are now; nil for all and every version.
    ///   - body: is handed a row: the record, from when and until when it was known (milliseconds since 1970 UTC), then the fields as they
    ///     are stored; a pseudonym is read by `PseudonymBytes.withText`.
    public func forEachVersion(
        program: String, fileType: String, institution: Int64, fields: [String], records: [Int64]? = nil,
        in connection: any Connection, _ body: (any Statement) throws -> Void
    ) throws {
        let table = try table(program, fileType)
        let known = Set(table.names)
        let wanted = fields.map { known.contains($0) ? ", \(table.quoted($0))" : ", NULL" }.joined()
        let end = Instant.distantFuture.milliseconds
        let current = "SELECT _record, _since, \(end)\(wanted) FROM \(table.quoted(table.name)) WHERE _record"
        func run(_ sql: String, _ parameter: Int64) throws {
            let select = try connection.statement(sql)
            try select.bind(parameter, at: 0)
            defer { select.reset() }
            while try select.step() { try body(select) }
        }
        if let records {
            guard records.count > 1, let bulk = connection as? any BulkConnection else {
                return try records.forEach { try run("\(current) = ?", $0) }
            }
            return try bulk.forEachMatch("\(current) IN (SELECT k1 FROM keys)", [], keys: [records], body)
        }
        let own = "IN (SELECT record FROM \(table.key) WHERE institution = ?)"
        try run("\(current) \(own)", institution)
        try run(
            "SELECT _record, _from, _until\(wanted) FROM \(table.history) WHERE _record \(own) AND _withdrawn = 0",
            institution)
    }

    /// What a record holds now; nil where it is not there.
    public func values(
        program: String, fileType: String, record: Int64, in connection: any Connection
    ) throws -> RecordValues? {
        let table = try table(program, fileType)
        let row = try connection.firstRow(
            "SELECT \(table.names.map(table.quoted).joined(separator: ", ")) FROM \(table.quoted(table.name)) WHERE _record = ?",
            [.integer(record)])
        return row.map { RecordValues(names: table.names, values: $0.values.map(StoredValue.init)) }
    }

    /// From when on every version of a program's records is kept: 0 where nothing was ever erased.
    public func historyKept(program: String, in connection: any Connection) throws -> Instant {
        var latest: Int64 = 0
        for table in allTables where table.program == program {
            latest = max(latest, try RecordCounters.value(RecordTable.historyKept(table.name), in: connection) ?? 0)
        }
        return Instant(milliseconds: latest)
    }

    /// The code and number of every institution of which anything was stored.
    public func knownInstitutions(in connection: any Connection) throws -> [(code: String, number: Int64)] {
        try connection.rows("SELECT code, number FROM record_institution ORDER BY number").map { row in
            (code: try row[0], number: try row[1])
        }
    }

    /// When an institution's records changed, and by which submission: stored, or taken back.
    public func changes(
        of institution: Int64, in connection: any Connection
    ) throws -> [(at: Instant, submission: String, isWithdrawal: Bool)] {
        try connection.rows(
            """
            SELECT DISTINCT f.at, s.id, 0 FROM record_file AS f JOIN record_submission AS s ON s.number = f.submission \
            WHERE s.institution = ? UNION ALL SELECT withdrawn_at, id, 1 FROM record_submission \
            WHERE institution = ? AND withdrawn_at IS NOT NULL
            """, [.integer(institution), .integer(institution)]
        ).map { row in
            let isWithdrawal: Int = try row[2]
            return (Instant(milliseconds: try row[0]), try row[1], isWithdrawal != 0)
        }
    }

    /// A number that nobody else gets, of a table beside the records.
    public static func takeNumber(of table: String, in transaction: any Transaction) throws -> Int64 {
        try RecordCounters.take(1, of: table, in: transaction)
    }
}
