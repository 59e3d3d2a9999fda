public import Database
public import Deidentification
public import SurveillanceKit

/// The de-identified records of all programs: the current version of each in typed columns, and every earlier one.
///
/// A record is found by institution and key. One that comes again unchanged costs a look-up and is left as it is; of a changed one the
/// version before is kept with the instants from which and until which it was the known one.
public struct LineList: Sendable {
    private let tables: [String: RecordTable]
    let programs: [Program]

    public init(_ programs: [Program]) {
        self.programs = programs
        var tables: [String: RecordTable] = [:]
        for program in programs {
            for fileType in program.fileTypes {
                let table = RecordTable(fileType, of: program)
                tables[table.name] = table
            }
        }
        self.tables = tables
    }

    public static let migrations = RecordSchema.migrations
    /// The counter, in the table `record_counter`, that every change moves: a line list that knows less is an older one.
    public static let changeCounter = "change"

    /// Brings the tables to the shape the programs have now, in a database with `migrations` applied. Columns of fields that are gone stay
    /// as they are.
    public func prepare(_ database: any SQLDatabase) throws {
        try database.writeBlockingAgain { transaction in
            for table in tables.values.sorted(by: { $0.name < $1.name }) {
                try table.create(in: transaction)
                try DayCounts.prepare(table, in: transaction)
            }
        }
    }

    func table(_ program: String, _ fileType: String) throws -> RecordTable {
        let name = RecordTable.name(program: program, fileType: fileType)
        guard let table = tables[name] else { throw LineListError.unknownTable(name) }
        return table
    }

    var allTables: [RecordTable] { tables.values.sorted { $0.name < $1.name } }

    // MARK: What is known

    /// An institution as the line list numbers it.
    public struct KnownInstitution: Hashable, Sendable {
        public let number: Int64
        /// Moves with everything that is stored or withdrawn.
        public let revision: Int64
        /// Whether some of its records may be known by keys of an earlier version.
        public let hasEarlierKeys: Bool
    }

    /// Nil for an institution of which nothing was ever stored.
    public func institution(_ code: String, in connection: any Connection) throws -> KnownInstitution? {
        let sql = "SELECT number, revision, has_earlier_keys FROM record_institution WHERE code = ?"
        guard let row = try connection.firstRow(sql, [.text(code)]) else { return nil }
        let hasEarlierKeys: Int = try row[2]
        return KnownInstitution(number: try row[0], revision: try row[1], hasEarlierKeys: hasEarlierKeys != 0)
    }

    /// What the line list has of a row.
    public enum Standing: Hashable, Sendable {
        case new
        /// The same row was stored before, as this record.
        case unchanged(record: Int64)
        /// There is a record of its key, and something of the row may be another.
        case stored(record: Int64)
        /// Only its de-identified form can tell, under a key of an earlier version.
        case unknown
    }

    /// Looks rows up by key and content: what an unchanged row costs.
    ///
    /// - Parameter asOf: as it was known at that instant; nil for now. Of a record that has changed since, what the row would have
    ///   changed then is not told from what it would not: it is `stored`.
    public func standings(
        of identities: [RowIdentity], program: String, fileType: String, institution: KnownInstitution,
        asOf: Instant? = nil, in connection: any Connection
    ) throws -> [Standing] {
        let table = try table(program, fileType)
        if let asOf { return try standings(of: identities, table, institution, asOf, connection) }
        if let bulk = connection as? any BulkConnection {
            return try standings(of: identities, table, institution, bulk)
        }
        let select = try connection.statement(table.selectKey)
        try select.bind(institution.number, at: 0)
        return try identities.map { identity in
            try select.bind(identity.key.high, at: 1)
            try select.bind(identity.key.low, at: 2)
            guard try select.step() else { return institution.hasEarlierKeys ? .unknown : .new }
            let standing: Standing =
                select.integer(at: 1) == identity.content
                ? .unchanged(record: select.integer(at: 0)) : .stored(record: select.integer(at: 0))
            select.reset()
            return standing
        }
    }

    /// One query for all, where each of its own would wait for a server.
    private func standings(
        of identities: [RowIdentity], _ table: RecordTable, _ institution: KnownInstitution,
        _ connection: any BulkConnection
    ) throws -> [Standing] {
        var standings = [Standing](
            repeating: institution.hasEarlierKeys ? .unknown : .new, count: identities.count)
        guard !identities.isEmpty else { return standings }
        try connection.forEachMatch(
            table.matchKeys, [.integer(institution.number)],
            keys: [identities.map(\.key.high), identities.map(\.key.low)]
        ) { row in
            let place = Int(row.integer(at: 0)) - 1
            standings[place] =
                row.integer(at: 2) == identities[place].content
                ? .unchanged(record: row.integer(at: 1)) : .stored(record: row.integer(at: 1))
        }
        return standings
    }

    private func standings(
        of identities: [RowIdentity], _ table: RecordTable, _ institution: KnownInstitution, _ asOf: Instant,
        _ connection: any Connection
    ) throws -> [Standing] {
        try requireKept(table, asOf, connection)
        let now = try standings(
            of: identities, program: table.program, fileType: table.fileType.id, institution: institution,
            in: connection)
        let at = SQLValue.integer(asOf.milliseconds)
        return try zip(identities, now).map { identity, now in
            if case .unknown = now { return .unknown }
            guard
                let record: Int64 = try connection.first(
                    table.selectKey,
                    [.integer(institution.number), .integer(identity.key.high), .integer(identity.key.low)])
            else { return .new }
            let isAsNow: Int? = try connection.first(table.selectIsSince, [.integer(record), at])
            if isAsNow != nil { return now }
            let versions: Int? = try connection.first(
                table.selectAsked([], asOf: true), [.integer(record), at, .integer(record), at, at])
            return versions == nil ? .new : .stored(record: record)
        }
    }

    // MARK: Parents

    /// How a row's parent is looked for.
    public enum ParentSearch {
        /// By its primary key, and by the key of an earlier version where there are such.
        case primaryKey(RecordKey, earlier: () -> RecordKey?)
        /// By other fields: the place of the set among the file type's, the hash of what the parent holds there, and that itself.
        case fields(set: Int, RecordKey, [StoredValue])
    }

    /// What is stored in some fields of the record that a row refers to as its parent; nil where there is no such record.
    ///
    /// Where several records are that parent, a field in which they do not agree is nil, as is one that is empty or not stored at all.
    ///
    /// - Parameters:
    ///   - asked: the fields whose values are wanted.
    ///   - asOf: as it was known at that instant; nil for now.
    public func parent(
        program: String, fileType: String, _ search: ParentSearch, asked: [String], institution: KnownInstitution,
        asOf: Instant? = nil, in connection: any Connection
    ) throws -> [StoredValue?]? {
        let table = try table(program, fileType)
        if let asOf { try requireKept(table, asOf, connection) }
        var records: [Int64] = []
        var held: (fields: [String], values: [StoredValue]) = ([], [])
        func find(_ sql: String, _ key: RecordKey) throws {
            try connection.forEachRow(
                sql, [.integer(institution.number), .integer(key.high), .integer(key.low)]
            ) { records.append(try $0[0]) }
        }
        switch search {
        case .primaryKey(let key, let earlier):
            try find(table.selectKey, key)
            if records.isEmpty, institution.hasEarlierKeys, let key = earlier() { try find(table.selectKey, key) }
        case .fields(let set, let key, let values):
            // Finds what ever held the values: what does not hold them any more is passed over below.
            try find(table.selectLookup(set), key)
            held = (table.lookups[set], values)
        }
        let select = try connection.statement(table.selectAsked(asked + held.fields, asOf: asOf != nil))
        var agreed: [StoredValue?]?
        for record in records {
            let instant = asOf.map { SQLValue.integer($0.milliseconds) }
            let own = SQLValue.integer(record)
            try select.bind(instant.map { [own, $0, own, $0, $0] } ?? [own])
            defer { select.reset() }
            // A withdrawn record is nobody's parent.
            guard try select.step() else { continue }
            let found = (0..<asked.count + held.fields.count).map { StoredValue(select.value(at: $0)) }
            guard zip(found[asked.count...], held.values).allSatisfy({ $0 == $1 }) else { continue }
            let answer = Array(found[..<asked.count])
            agreed = agreed.map { zip($0, answer).map { $0 == $1 ? $0 : nil } } ?? answer
            if agreed?.allSatisfy({ $0 == nil }) == true { break }
        }
        return agreed
    }
}

/// What the line list cannot do, and why.
public enum LineListError: Error, CustomStringConvertible {
    /// The line list was made for other programs than the batch's.
    case unknownTable(String)
    /// Something of the institution was stored or withdrawn since its rows were looked up: look again.
    case changedMeanwhile
    /// Two rows of a package have one key, where the look-up had said that there is no record of it.
    case sameKeyTwice
    case unknownSubmission(String)
    /// Earlier versions of that time are no longer kept.
    case historyGone(before: Instant)

    public var description: String {
        switch self {
        case .unknownTable(let name): "no table '\(name)' in the line list: its program was not loaded at start"
        case .changedMeanwhile: "the institution's records have changed since they were looked up; try again"
        case .sameKeyTwice: "two rows have one key; look each up as it is stored"
        case .unknownSubmission(let id): "the line list has nothing of submission \(id)"
        case .historyGone(let instant):
            "earlier versions are kept from \(CivilText.text(instant.milliseconds / 1000, withTime: true)) UTC on (historyDays); ask for a later time"
        }
    }
}

extension SQLValue {
    init(_ value: StoredValue) {
        self =
            switch value {
            case .text(let text): .text(String(decoding: text, as: UTF8.self))
            case .integer(let number): .integer(number)
            case .number(let number): .real(number)
            }
    }
}

extension StoredValue {
    /// Nil for what the line list never keeps.
    init?(_ value: SQLValue) {
        switch value {
        case .text(let text): self = .text(Array(text.utf8))
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .number(number)
        case .blob(let bytes):
            guard let text = PseudonymBytes.text(of: bytes) else { return nil }
            self = .text(text)
        case .null: return nil
        }
    }
}
