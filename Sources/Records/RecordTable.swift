import Database
import Deidentification
import SurveillanceKit

/// The tables that hold one file type's records, and the SQL that works on them.
///
/// `<program>_<type>` has the current version of each record: a typed column for each field that is kept, under the field's own name, so
/// that any SQL tool can read it. Columns of ours begin with `_`. `…_key` finds a record by institution and key, and has the hash by which
/// an unchanged row is known; `…_by_<fields>` finds parents by other fields; `…_history` has every earlier version.
struct RecordTable: Sendable {
    struct Column: Sendable {
        var field: Int
        var name: String
        var type: StoredType
        /// Its values are written as `PseudonymBytes` where the engine can.
        var isPseudonym: Bool
    }

    let name: String
    let program: String
    let fileType: FileType
    let columns: [Column]
    let names: [String]
    /// For each field its place among the columns, or -1 where it is dropped.
    let places: [Int]
    /// The sets of fields, other than the primary key, by which children look for their parents.
    let lookups: [[String]]
    /// The places of the fields of each set.
    let lookupPlaces: [[Int]]
    /// The column that says to which day a record belongs, and how many days every package holds; nil where the type is not covered.
    let coverPlace: Int?
    let coveredDays: Int?

    init(_ fileType: FileType, of program: Program) {
        name = RecordTable.name(program: program.id, fileType: fileType.id)
        self.program = program.id
        self.fileType = fileType
        var columns: [Column] = []
        var places: [Int] = []
        for (index, field) in fileType.storedFields.enumerated() {
            if let type = StoredType(field) {
                places.append(columns.count)
                columns.append(
                    Column(field: index, name: field.name, type: type, isPseudonym: field.deidentify == .pseudonym))
            } else {
                places.append(-1)
            }
        }
        self.columns = columns
        self.places = places
        names = columns.map(\.name)
        let lookups = program.lookups(of: fileType)
        self.lookups = lookups
        lookupPlaces = lookups.map { set in
            set.map { field in columns.firstIndex { $0.name == field } ?? -1 }
        }
        coverPlace = program.coverage.flatMap { coverage in columns.firstIndex { $0.name == coverage.by } }
        coveredDays = coverPlace == nil ? nil : program.coverage?.days
    }

    /// The day to which a record belongs, in days since 1970, where the type is covered and the field is filled.
    func coverDay(of values: RecordValues) -> Int? {
        guard let coverPlace, case .text(let text)? = values.values[coverPlace] else { return nil }
        return text.withUnsafeBufferPointer { CivilDate(beginning: $0)?.daysSince1970 }
    }

    static func name(program: String, fileType: String) -> String {
        "\(program.replacing("-", with: "_"))_\(fileType)"
    }

    // MARK: Shape

    /// Creates the tables, or adds the columns of fields that are new in this version of the program.
    func create(in transaction: any Transaction) throws {
        let dialect = transaction.dialect
        let fields = columns.map { ", \(quoted($0.name)) \($0.type.sql)" }.joined()
        try transaction.execute(
            """
            CREATE TABLE IF NOT EXISTS \(quoted(name)) (_record \(dialect.number), _institution BIGINT NOT NULL, \
            _submission BIGINT NOT NULL, _since BIGINT NOT NULL, _row BIGINT NOT NULL\(fields))
            """)
        try transaction.execute(
            """
            CREATE TABLE IF NOT EXISTS \(history) (_record BIGINT NOT NULL, _from BIGINT NOT NULL, _until BIGINT NOT NULL, \
            _institution BIGINT NOT NULL, _submission BIGINT NOT NULL, _row BIGINT NOT NULL, \
            _withdrawn BIGINT NOT NULL\(fields), PRIMARY KEY (_record, _from))\(dialect.clustered)
            """)
        for table in [quoted(name), history] {
            let present = Set(try transaction.statement("SELECT * FROM \(table) LIMIT 0").columnNames)
            for column in columns where !present.contains(column.name) {
                try transaction.execute("ALTER TABLE \(table) ADD COLUMN \(quoted(column.name)) \(column.type.sql)")
            }
            // What the program no longer wants kept goes, with all that was kept of it.
            for field in fileType.storedFields where present.contains(field.name) && StoredType(field) == nil {
                try transaction.execute("ALTER TABLE \(table) DROP COLUMN \(quoted(field.name))")
            }
        }
        try transaction.execute(
            """
            CREATE TABLE IF NOT EXISTS \(key) (institution BIGINT NOT NULL, key_high BIGINT NOT NULL, \
            key_low BIGINT NOT NULL, record BIGINT NOT NULL, content BIGINT NOT NULL, \
            PRIMARY KEY (institution, key_high, key_low))\(dialect.clustered)
            """)
        for set in lookups.indices {
            try transaction.execute(
                """
                CREATE TABLE IF NOT EXISTS \(lookup(set)) (institution BIGINT NOT NULL, key_high BIGINT NOT NULL, \
                key_low BIGINT NOT NULL, record BIGINT NOT NULL, \
                PRIMARY KEY (institution, key_high, key_low, record))\(dialect.clustered)
                """)
        }
    }

    // MARK: Statements

    var history: String { quoted(name + "_history") }
    var key: String { quoted(name + "_key") }
    func lookup(_ set: Int) -> String { quoted("\(name)_by_\(lookups[set].joined(separator: "_"))") }

    var selectKey: String {
        "SELECT record, content FROM \(key) WHERE institution = ? AND key_high = ? AND key_low = ?"
    }

    /// The keys of an institution in their order. Parameters: institution, the least and the greatest first half, how many at most.
    var selectKeys: String {
        """
        SELECT key_high, key_low, record, content FROM \(key) WHERE institution = ? AND key_high >= ? AND key_high <= ? \
        ORDER BY key_high, key_low LIMIT ?
        """
    }

    /// What is stored under many keys at once. Parameter: institution.
    var matchKeys: String {
        """
        SELECT keys.place, k.record, k.content FROM keys \
        JOIN \(key) AS k ON k.institution = ? AND k.key_high = keys.k1 AND k.key_low = keys.k2
        """
    }

    static let keyColumns = ["institution", "key_high", "key_low", "record", "content"]
    static let lookupColumns = ["institution", "key_high", "key_low", "record"]
    /// The columns in the order of `insert`.
    var insertColumns: [String] {
        ["_record", "_institution", "_submission", "_since", "_row"] + columns.map { quoted($0.name) }
    }

    var insertKey: String {
        """
        INSERT INTO \(key) (institution, key_high, key_low, record, content) VALUES (?, ?, ?, ?, ?) \
        ON CONFLICT (institution, key_high, key_low) DO NOTHING
        """
    }

    var updateKey: String {
        "UPDATE \(key) SET content = ? WHERE institution = ? AND key_high = ? AND key_low = ?"
    }

    var deleteKey: String { "DELETE FROM \(key) WHERE institution = ? AND key_high = ? AND key_low = ?" }

    func insertLookup(_ set: Int) -> String {
        """
        INSERT INTO \(lookup(set)) (institution, key_high, key_low, record) VALUES (?, ?, ?, ?) \
        ON CONFLICT (institution, key_high, key_low, record) DO NOTHING
        """
    }

    func selectLookup(_ set: Int) -> String {
        "SELECT record FROM \(lookup(set)) WHERE institution = ? AND key_high = ? AND key_low = ?"
    }

    /// - Parameters:
    ///   - asked: the fields whose values are wanted; null for one that has no column.
    ///   - asOf: the parameters are the record and the instant, and again the record and twice the instant.
    func selectAsked(_ asked: [String], asOf: Bool = false) -> String {
        let wanted = asked.map { names.contains($0) ? quoted($0) : "NULL" }
        let select = "SELECT \(asked.isEmpty ? "1" : wanted.joined(separator: ", "))"
        let current = "\(select) FROM \(quoted(name)) WHERE _record = ?"
        guard asOf else { return current }
        return """
            \(current) AND _since <= ? UNION ALL \
            \(select) FROM \(history) WHERE _record = ? AND _from <= ? AND _until > ? AND _withdrawn = 0
            """
    }

    /// Parameters: institution, program, file type, day, instant, file, records.
    static let insertDay = """
        INSERT INTO record_day (institution, program, file_type, day, at, file, records) VALUES (?, ?, ?, ?, ?, ?, ?)
        """

    /// A row where the current version was the known one at an instant. Parameters: record, instant.
    var selectIsSince: String { "SELECT 1 FROM \(quoted(name)) WHERE _record = ? AND _since <= ?" }

    private var fieldList: String { columns.map { ", \(quoted($0.name))" }.joined() }
    private var fieldMarks: String { columns.map { _ in ", ?" }.joined() }

    /// Parameters: record, institution, submission, since, row, then the columns.
    var insert: String {
        """
        INSERT INTO \(quoted(name)) (_record, _institution, _submission, _since, _row\(fieldList)) \
        VALUES (?, ?, ?, ?, ?\(fieldMarks))
        """
    }

    /// Parameters: submission, since, row, the columns, then the record.
    var update: String {
        let fields = columns.map { ", \(quoted($0.name)) = ?" }.joined()
        return "UPDATE \(quoted(name)) SET _submission = ?, _since = ?, _row = ?\(fields) WHERE _record = ?"
    }

    /// Columns: since, submission, then the fields' own.
    var selectRecord: String { "SELECT _since, _submission\(fieldList) FROM \(quoted(name)) WHERE _record = ?" }

    // MARK: Many records at once, in the table `keys` of `BulkConnection`

    /// What is stored of records: since, submission, the fields' own, then the record's place among the keys.
    var matchRecords: String {
        let fields = columns.map { ", t.\(quoted($0.name))" }.joined()
        return
            "SELECT t._since, t._submission\(fields), keys.place FROM keys JOIN \(quoted(name)) AS t ON t._record = keys.k1"
    }

    /// Keeps the current versions in the history. Parameter: until. Keys: records.
    var keepVersions: String {
        let fields = columns.map { ", t.\(quoted($0.name))" }.joined()
        return """
            INSERT INTO \(history) (_record, _from, _until, _institution, _submission, _row, _withdrawn\(fieldList)) \
            SELECT t._record, t._since, CAST(? AS BIGINT), t._institution, t._submission, t._row, 0\(fields) \
            FROM keys JOIN \(quoted(name)) AS t ON t._record = keys.k1
            """
    }

    /// Keys: records.
    var deleteAll: String { "DELETE FROM \(quoted(name)) WHERE _record IN (SELECT k1 FROM keys)" }

    /// Parameter: institution. Keys: the two halves of a key, and the hash of what its record holds.
    var updateKeys: String {
        """
        UPDATE \(key) SET content = keys.k3 FROM keys \
        WHERE institution = ? AND key_high = keys.k1 AND key_low = keys.k2
        """
    }

    /// Ends withdrawals. Parameters: until, and the end of time. Keys: records.
    var endWithdrawals: String {
        "UPDATE \(history) SET _until = ? FROM keys WHERE _record = keys.k1 AND _until = ? AND _withdrawn = 1"
    }

    /// Parameter: institution. Keys: the two halves of a key, and the record.
    func insertLookups(_ set: Int) -> String {
        """
        INSERT INTO \(lookup(set)) (institution, key_high, key_low, record) \
        SELECT CAST(? AS BIGINT), k1, k2, k3 FROM keys ON CONFLICT (institution, key_high, key_low, record) DO NOTHING
        """
    }

    // MARK: One record

    /// Parameters: until, record.
    var keepVersion: String {
        """
        INSERT INTO \(history) (_record, _from, _until, _institution, _submission, _row, _withdrawn\(fieldList)) \
        SELECT _record, _since, ?, _institution, _submission, _row, 0\(fieldList) FROM \(quoted(name)) WHERE _record = ?
        """
    }

    /// The numbers of records and their days, as they are stored. Parameters: the first record, and the first behind the last. Only for a type
    /// that is covered.
    var selectCoverDays: String {
        let day = coverPlace.map { quoted(names[$0]) } ?? "NULL"
        return "SELECT _record, \(day) FROM \(quoted(name)) WHERE _record >= ? AND _record < ? ORDER BY _record"
    }

    /// Which submission has withdrawn a record that is withdrawn now. Parameters: record, the end of time.
    var selectWithdrawal: String {
        "SELECT _submission FROM \(history) WHERE _record = ? AND _until = ? AND _withdrawn = 1"
    }

    var delete: String { "DELETE FROM \(quoted(name)) WHERE _record = ?" }

    /// Notes that a record is withdrawn from now on. Parameters: record, from, until, institution, submission, row.
    var insertWithdrawal: String {
        """
        INSERT INTO \(history) (_record, _from, _until, _institution, _submission, _row, _withdrawn) \
        VALUES (?, ?, ?, ?, ?, ?, 1)
        """
    }

    /// Ends a withdrawal. Parameters: until, record, and the end of time.
    var endWithdrawal: String {
        "UPDATE \(history) SET _until = ? WHERE _record = ? AND _until = ? AND _withdrawn = 1"
    }

    /// Brings an earlier version back. Parameters: since, record, from.
    var bringBack: String {
        """
        INSERT INTO \(quoted(name)) (_record, _institution, _submission, _since, _row\(fieldList)) \
        SELECT _record, _institution, _submission, ?, _row\(fieldList) FROM \(history) WHERE _record = ? AND _from = ?
        """
    }

    /// All columns of the records there are, or were at an instant.
    func selectAll(_ columns: String, institution: Bool, asOf: Bool, further: String = "") -> String {
        let own = (institution ? " AND _institution = ?" : "") + further
        let current = "SELECT \(columns) FROM \(quoted(name))"
        guard asOf else { return own.isEmpty ? current : current + " WHERE" + own.dropFirst(4) }
        let earlier = columns.replacing("_since", with: "_from")
        return """
            \(current) WHERE _since <= ?\(own) UNION ALL \
            SELECT \(earlier) FROM \(history) WHERE _from <= ? AND _until > ? AND _withdrawn = 0\(own)
            """
    }

    func quoted(_ name: String) -> String { "\"\(name)\"" }
}

extension StoredType {
    var sql: String {
        switch self {
        case .text: "TEXT"
        case .integer: "BIGINT"
        case .number: "DOUBLE PRECISION"
        }
    }
}
