import Database
import Deidentification
import SurveillanceKit

/// The de-identified records of all programs, one table a file type.
///
/// A record is found by institution and key. One that comes again unchanged costs a look-up and is left as it is; a changed one is
/// replaced, and knows the submission that touched it last.
public struct LineList: Sendable {
    private let tables: [String: LineListTable]

    public init(_ programs: [Program]) {
        var tables: [String: LineListTable] = [:]
        for program in programs {
            let links = program.fileTypes.flatMap(\.foreignKeys).flatMap(\.links)
            for fileType in program.fileTypes {
                var lookups: [[String]] = []
                for link in links where link.fileType == fileType.id && !lookups.contains(link.parentFields) {
                    lookups.append(link.parentFields)
                }
                let table = LineListTable(fileType, of: program, lookups: lookups)
                tables[table.name] = table
            }
        }
        self.tables = tables
    }

    /// Brings the tables to the shape the programs have now. Columns of fields that are gone stay as they are.
    public func prepare(_ database: any SQLDatabase) throws {
        try database.writeBlocking { transaction in
            for table in tables.values.sorted(by: { $0.name < $1.name }) { try table.create(in: transaction) }
        }
    }

    /// What storing a batch came to.
    public struct Changes: Hashable, Sendable {
        public var added = 0
        public var changed = 0
        public var unchanged = 0
        /// Left as they are, because a later submission has written them.
        public var newer = 0

        public static func += (left: inout Changes, right: Changes) {
            left.added += right.added
            left.changed += right.changed
            left.unchanged += right.unchanged
            left.newer += right.newer
        }
    }

    /// Stores a batch as part of a transaction.
    ///
    /// - Parameters:
    ///   - submission: the submission the rows came with.
    ///   - later: submissions that count more than this one: what they have written stays.
    ///   - written: told each row that is new or changes its record.
    public func store(
        _ batch: DeidentifiedBatch, from submission: String, keeping later: Set<String> = [],
        in transaction: any Transaction, written: ((DeidentifiedBatch.Row) -> Void)? = nil
    ) throws -> Changes {
        let name = LineListTable.name(program: batch.program.id, fileType: batch.fileType.id)
        guard let table = tables[name] else { throw LineListError.unknownTable(name) }
        let known = try transaction.statement(table.selectKnown)
        let insert = try transaction.statement(table.insert)
        let update = try transaction.statement(table.update)
        var changes = Changes()
        for row in batch.rows {
            try known.bind(batch.institution, at: 0)
            try known.bind(.blob(row.key), at: 1)
            var id: Int64?
            var isSame = false
            var isNewer = false
            if try known.step() {
                id = known.integer(at: 0)
                isSame = known.withBytes(at: 1) { $0.elementsEqual(row.content) }
                if !later.isEmpty, case .text(let writer) = known.value(at: 2) { isNewer = later.contains(writer) }
            }
            known.reset()
            if isSame {
                changes.unchanged += 1
                continue
            }
            if isNewer {
                changes.newer += 1
                continue
            }
            written?(row)
            if let id {
                try update.bind(.blob(row.content), at: 0)
                try update.bind(submission, at: 1)
                try update.bind(Int64(row.number), at: 2)
                try bind(row, of: batch, to: update, from: 3, table)
                try update.bind(id, at: 3 + table.columns.count)
                try update.run()
                changes.changed += 1
            } else {
                try insert.bind(batch.institution, at: 0)
                try insert.bind(.blob(row.key), at: 1)
                try insert.bind(.blob(row.content), at: 2)
                try insert.bind(submission, at: 3)
                try insert.bind(Int64(row.number), at: 4)
                try insert.bind(submission, at: 5)
                try insert.bind(Int64(1), at: 6)
                try bind(row, of: batch, to: insert, from: 7, table)
                try insert.run()
                changes.added += 1
            }
        }
        return changes
    }

    private func bind(
        _ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch, to statement: any Statement, from first: Int,
        _ table: LineListTable
    ) throws {
        for column in table.columns.indices { try statement.bindNull(at: first + column) }
        for cell in batch.cells[row.cells] {
            guard let place = table.places[cell.field] else { continue }
            switch cell.value {
            case .text(let range):
                try batch.text[range].withUnsafeBufferPointer { try statement.bind(text: $0, at: first + place) }
            case .integer(let value): try statement.bind(value, at: first + place)
            case .number(let value): try statement.bind(value, at: first + place)
            }
        }
    }

    /// What is stored in some fields of the record that a row refers to as its parent; nil where there is no such record.
    ///
    /// Where several records are that parent, a field in which they do not agree is nil, as is one that is empty or not stored at all.
    ///
    /// - Parameters:
    ///   - values: what the parent holds in `fields`, as it is stored.
    ///   - asked: the fields whose values are wanted.
    public func parent(
        program: String, fileType: String, fields: [String], values: [StoredValue], asked: [String],
        institution: String, in connection: any Connection
    ) throws -> [StoredValue?]? {
        let name = LineListTable.name(program: program, fileType: fileType)
        guard let table = tables[name] else { throw LineListError.unknownTable(name) }
        let select = try connection.statement(table.selectParent(fields, asked: asked))
        try select.bind(institution, at: 0)
        for (place, value) in values.enumerated() { try bind(value, to: select, at: place + 1) }
        defer { select.reset() }
        guard try select.step() else { return nil }
        func held() -> [StoredValue?] { asked.indices.map { StoredValue(select.value(at: $0)) } }
        var agreed = held()
        while agreed.contains(where: { $0 != nil }), try select.step() {
            agreed = zip(agreed, held()).map { $0 == $1 ? $0 : nil }
        }
        return agreed
    }

    private func bind(_ value: StoredValue, to statement: any Statement, at place: Int) throws {
        switch value {
        case .text(let bytes): try bytes.withUnsafeBufferPointer { try statement.bind(text: $0, at: place) }
        case .integer(let number): try statement.bind(number, at: place)
        case .number(let number): try statement.bind(number, at: place)
        }
    }

    /// How many records of a file type there are, of one institution or of all.
    public func count(program: String, fileType: String, institution: String? = nil, in connection: any Connection)
        throws -> Int
    {
        let name = LineListTable.name(program: program, fileType: fileType)
        guard tables[name] != nil else { throw LineListError.unknownTable(name) }
        let condition = institution == nil ? "" : " WHERE _institution = ?"
        return try connection.first(
            "SELECT count(*) FROM \"\(name)\"\(condition)", institution.map { [.text($0)] } ?? []) ?? 0
    }
}

/// A table that no program of this run has: the line list was made for other programs than the batch's.
public enum LineListError: Error, CustomStringConvertible {
    case unknownTable(String)

    public var description: String {
        switch self {
        case .unknownTable(let name): "no table '\(name)' in the line list: its program was not loaded at start"
        }
    }
}

extension StoredValue {
    /// Nil for what the line list never keeps.
    fileprivate init?(_ value: SQLValue) {
        switch value {
        case .text(let text): self = .text(Array(text.utf8))
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .number(number)
        case .null, .blob: return nil
        }
    }
}
