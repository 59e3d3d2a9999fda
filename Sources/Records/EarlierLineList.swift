public import Database
public import Deidentification
public import SurveillanceKit

/// Takes over the records of a data folder in which they still lie beside people and submissions, one wide table a file type.
///
/// Works in small transactions and notes how far it has come, so that it can be cut off at any moment and goes on at the next start. A table
/// is dropped when all of it has been taken over.
public struct EarlierLineList {
    private let lineList: LineList
    private let old: any SQLDatabase
    private let new: any SQLDatabase
    private let links: (Program, FileType, String) throws -> LinkHashes

    private static let rowsAtOnce = 2_000

    /// - Parameter links: makes the hashes by which an institution's parents are found.
    public init(
        _ lineList: LineList, from old: any SQLDatabase, to new: any SQLDatabase,
        links: @escaping (Program, FileType, String) throws -> LinkHashes
    ) {
        self.lineList = lineList
        self.old = old
        self.new = new
        self.links = links
    }

    /// - Parameter progress: is told of each table how many records have been taken over.
    /// - Returns: how many records were taken over.
    @discardableResult
    public func takeOver(progress: (_ table: String, _ records: Int) -> Void) throws -> Int {
        var all = 0
        for program in lineList.programs {
            for fileType in program.fileTypes {
                let table = try lineList.table(program.id, fileType.id)
                guard try isThere(table.name) else { continue }
                var count = 0
                while true {
                    let taken = try takeSome(table, program)
                    if taken == 0 { break }
                    count += taken
                    progress(table.name, count)
                }
                try old.writeBlocking { try $0.execute("DROP TABLE \(table.quoted(table.name))") }
                try new.writeBlocking { try RecordCounters.set(mark(table), to: 0, in: $0) }
                all += count
            }
        }
        return all
    }

    private func mark(_ table: RecordTable) -> String { "taken-over/\(table.name)" }

    /// Only SQLite ever had such tables.
    private func isThere(_ name: String) throws -> Bool {
        try old.readBlocking { connection in
            let count: Int? = try connection.first(
                "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ? AND sql LIKE '%_first_submission%'",
                [.text(name)])
            return (count ?? 0) > 0
        }
    }

    private func takeSome(_ table: RecordTable, _ program: Program) throws -> Int {
        let last = try new.readBlocking { try RecordCounters.value(mark(table), in: $0) } ?? 0
        let (rows, times) = try old.readBlocking { connection in
            let rows = try connection.rows(
                "SELECT * FROM \(table.quoted(table.name)) WHERE _id > ? ORDER BY _id LIMIT ?",
                [.integer(last), SQLValue(EarlierLineList.rowsAtOnce)])
            var times: [String: Int64] = [:]
            for row in rows {
                let id: String = try row["_submission"]
                guard times[id] == nil else { continue }
                let time: Int64? = try connection.firstRow(
                    "SELECT coalesce(finished_at, received_at) FROM submission WHERE id = ?", [.text(id)]
                ).flatMap { try $0[0] }
                times[id] = time ?? 0
            }
            return (rows, times)
        }
        guard let end = rows.last else { return 0 }
        var kept = EarlierValues()
        try new.writeBlocking { transaction in
            var institutions: [String: (number: Int64, links: LinkHashes)] = [:]
            var submissions: [String: Int64] = [:]
            var days: [Int64: [Int: [Int64]]] = [:]
            let first = try RecordCounters.take(Int64(rows.count), of: table.name, in: transaction)
            for (offset, row) in rows.enumerated() {
                let code: String = try row["_institution"]
                let institution =
                    try institutions[code] ?? (
                        EarlierLineList.institution(code, lineList, transaction), links(program, table.fileType, code)
                    )
                institutions[code] = institution
                let id: String = try row["_submission"]
                let since = times[id] ?? 0
                let submission =
                    try submissions[id]
                    ?? EarlierLineList.submission(id, of: institution.number, since: since, transaction)
                submissions[id] = submission
                try store(
                    row, as: first + Int64(offset), of: institution.number, institution.links, submission: submission,
                    since: since, in: table, &kept, transaction)
                if let place = table.coverPlace, case .text(let text)? = StoredValue(try row.value(table.names[place])),
                    let day = text.withUnsafeBufferPointer({ CivilDate(beginning: $0)?.daysSince1970 })
                {
                    days[institution.number, default: [:]][day, default: []].append(first + Int64(offset))
                }
            }
            for (institution, days) in days {
                for (day, records) in days {
                    var numbers = RecordNumbers(records)
                    // No submission has stored at so early an instant, and no two parts of a table begin with one record.
                    try transaction.execute(
                        RecordTable.insertDay,
                        [
                            .integer(institution), .text(table.program), .text(table.fileType.id), SQLValue(day),
                            .integer(-1), .integer(first), .blob(numbers.finish()),
                        ])
                }
            }
            let latest = max(
                try RecordCounters.value(RecordCounters.instant, in: transaction) ?? 0, times.values.max() ?? 0)
            try RecordCounters.set(RecordCounters.instant, to: latest, in: transaction)
            try RecordCounters.set(mark(table), to: try end["_id"], in: transaction)
        }
        return rows.count
    }

    private static func institution(
        _ code: String, _ lineList: LineList, _ transaction: any Transaction
    ) throws -> Int64 {
        let number = try RecordWriter.institution(code, lineList, transaction).number
        try transaction.execute(
            "UPDATE record_institution SET has_earlier_keys = 1 WHERE number = ?", [.integer(number)])
        return number
    }

    private static func submission(
        _ id: String, of institution: Int64, since: Int64, _ transaction: any Transaction
    ) throws -> Int64 {
        if let known: Int64 = try transaction.first("SELECT number FROM record_submission WHERE id = ?", [.text(id)]) {
            return known
        }
        let number = try RecordCounters.take(1, of: "record_submission", in: transaction)
        try transaction.execute(
            "INSERT INTO record_submission (number, id, institution, stored_at) VALUES (?, ?, ?, ?)",
            [.integer(number), .text(id), .integer(institution), .integer(since)])
        return number
    }

    private func store(
        _ row: Row, as record: Int64, of institution: Int64, _ links: LinkHashes, submission: Int64, since: Int64,
        in table: RecordTable, _ kept: inout EarlierValues, _ transaction: any Transaction
    ) throws {
        let bytes: [UInt8] = try row["_key"]
        guard let key = EarlierKeys.key(stored: bytes) else {
            throw DatabaseError.unexpectedValue(column: "_key", expected: "16 bytes", found: "\(bytes.count) bytes")
        }
        let present = Dictionary(uniqueKeysWithValues: zip(row.columnNames, row.values))
        let fields = table.fileType.storedFields
        let values = table.columns.map { column in
            present[column.name].flatMap(StoredValue.init)
                .flatMap { kept.kept($0, of: fields[column.field]) }.map(SQLValue.init) ?? .null
        }
        let packs = transaction.dialect.mixesTextAndBytes
        let written = zip(values, table.columns).map { value, column in
            packs && column.isPseudonym ? PseudonymBytes.packed(value) : value
        }
        // What it held as it came is not known: the next time it comes it is compared by its stored values.
        try transaction.execute(
            table.insertKey,
            [.integer(institution), .integer(key.high), .integer(key.low), .integer(record), .integer(0)])
        try transaction.execute(
            table.insert,
            [
                .integer(record), .integer(institution), .integer(submission), .integer(since),
                .integer(try row["_row"]),
            ] + written)
        for set in table.lookups.indices {
            let held = table.lookupPlaces[set].compactMap { $0 < 0 ? nil : StoredValue(values[$0]) }
            guard held.count == table.lookups[set].count else { continue }
            let key = links.key(set: set, of: held)
            try transaction.execute(
                table.insertLookup(set),
                [.integer(institution), .integer(key.high), .integer(key.low), .integer(record)])
        }
    }
}

extension Row {
    /// A column's value; null where there is no such column.
    fileprivate func value(_ name: String) throws -> SQLValue {
        columnNames.firstIndex { $0 == name }.map { values[$0] } ?? .null
    }
}
