import Database
import Deidentification
import SurveillanceKit

/// The table that holds one file type's records: a typed column for each field that is kept, and what is known of each record.
///
/// Columns of ours begin with `_`; the fields' own bear the fields' names, so that any SQL tool can read them.
struct LineListTable: Sendable {
    struct Column: Sendable {
        var field: Int
        var name: String
        var type: StoredType
    }

    let name: String
    let columns: [Column]
    /// For each field its place among the columns, or nil where it is dropped.
    let places: [Int?]
    let indexes: [[String]]

    /// - Parameter lookups: sets of fields by which children look for their parents here.
    init(_ fileType: FileType, of program: Program, lookups: [[String]]) {
        name = LineListTable.name(program: program.id, fileType: fileType.id)
        var columns: [Column] = []
        var places: [Int?] = []
        for (index, field) in fileType.fields.enumerated() {
            if let type = StoredType(field) {
                places.append(columns.count)
                columns.append(Column(field: index, name: field.name, type: type))
            } else {
                places.append(nil)
            }
        }
        self.columns = columns
        self.places = places
        indexes = lookups
    }

    static func name(program: String, fileType: String) -> String {
        "\(program.replacing("-", with: "_"))_\(fileType)"
    }

    /// Creates the table, or adds the columns of fields that are new in this version of the program.
    func create(in transaction: any Transaction) throws {
        let own = """
            _id INTEGER PRIMARY KEY, _institution TEXT NOT NULL, _key BLOB NOT NULL, _content BLOB NOT NULL, \
            _submission TEXT NOT NULL, _row INTEGER NOT NULL, _first_submission TEXT NOT NULL, _revision INTEGER NOT NULL
            """
        let fields = columns.map { ", \(quoted($0.name)) \($0.type.sql)" }.joined()
        try transaction.execute(
            "CREATE TABLE IF NOT EXISTS \(quoted(name)) (\(own)\(fields), UNIQUE (_institution, _key))")
        let present = Set(try transaction.statement("SELECT * FROM \(quoted(name)) LIMIT 0").columnNames)
        for column in columns where !present.contains(column.name) {
            try transaction.execute("ALTER TABLE \(quoted(name)) ADD COLUMN \(quoted(column.name)) \(column.type.sql)")
        }
        for fields in indexes {
            let index = quoted("\(name)_by_\(fields.joined(separator: "_"))")
            let list = (["_institution"] + fields.map(quoted)).joined(separator: ", ")
            try transaction.execute("CREATE INDEX IF NOT EXISTS \(index) ON \(quoted(name)) (\(list))")
        }
    }

    var selectKnown: String {
        "SELECT _id, _content, _submission FROM \(quoted(name)) WHERE _institution = ? AND _key = ?"
    }

    var insert: String {
        let names = ["_institution", "_key", "_content", "_submission", "_row", "_first_submission", "_revision"]
        let all = names + columns.map { quoted($0.name) }
        return
            "INSERT INTO \(quoted(name)) (\(all.joined(separator: ", "))) VALUES (\(all.map { _ in "?" }.joined(separator: ", ")))"
    }

    var update: String {
        let fields = columns.map { ", \(quoted($0.name)) = ?" }.joined()
        return """
            UPDATE \(quoted(name)) SET _content = ?, _submission = ?, _row = ?, _revision = _revision + 1\(fields) WHERE _id = ?
            """
    }

    /// - Parameter asked: the fields whose values are wanted; null for one that has no column.
    func selectParent(_ fields: [String], asked: [String]) -> String {
        let conditions = fields.map { " AND \(quoted($0)) = ?" }.joined()
        let wanted = asked.map { field in columns.contains { $0.name == field } ? quoted(field) : "NULL" }
        let list = asked.isEmpty ? "1" : wanted.joined(separator: ", ")
        return
            "SELECT \(list) FROM \(quoted(name)) WHERE _institution = ?\(conditions)\(asked.isEmpty ? " LIMIT 1" : "")"
    }

    private func quoted(_ name: String) -> String { "\"\(name)\"" }
}

extension StoredType {
    var sql: String {
        switch self {
        case .text: "TEXT"
        case .integer: "INTEGER"
        case .number: "REAL"
        }
    }
}
