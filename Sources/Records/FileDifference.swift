public import Database
import Deidentification
public import SurveillanceKit

/// What storing one file came to, record by record.
public struct FileDifference: Hashable, Sendable {
    /// The file's place in its package, from 0.
    public var file: Int
    public var program: String
    public var fileType: String
    public var added = 0
    public var changed = 0
    public var unchanged = 0
    /// Records that its rows have withdrawn.
    public var withdrawn = 0
    /// Stored records of the days that the package covers that are not in it.
    public var vanished = 0
}

/// How a submission changed one record.
public struct RecordDifference: Hashable, Sendable {
    public enum Kind: String, Sendable {
        case new
        case changed
        case withdrawn
        /// It stays stored; the package should have had it.
        case vanished
    }

    public var file: Int
    public var program: String
    public var fileType: String
    public var kind: Kind
    /// What is stored in the fields of its primary key; nil where the version is no longer kept.
    public var key: [(field: String, value: StoredValue?)]?
    /// Of a changed one the fields that differ; nil where the version before is no longer kept.
    public var fields: [String]?

    public static func == (left: RecordDifference, right: RecordDifference) -> Bool {
        (left.file, left.program, left.fileType, left.kind) == (right.file, right.program, right.fileType, right.kind)
            && left.fields == right.fields && left.key?.map(\.field) == right.key?.map(\.field)
            && left.key?.map(\.value) == right.key?.map(\.value)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(file)
        hasher.combine(fileType)
        hasher.combine(kind)
        hasher.combine(fields)
    }
}

extension LineList {
    /// What the last attempt of a submission came to, a file each, in the package's order. Empty for one that has stored nothing.
    ///
    /// - Parameter asOf: what was known at that instant; nil for now.
    public func differences(
        of submission: String, asOf: Instant? = nil, in connection: any Connection
    ) throws -> [FileDifference] {
        try connection.rows(
            """
            SELECT f.file, f.program, f.file_type, f.added, f.changed, f.unchanged, f.withdrawn, f.vanished \
            FROM \(LineList.attempt(asOf)) ORDER BY f.file
            """, LineList.values(of: submission, asOf)
        ).map { row in
            FileDifference(
                file: try row[0], program: try row[1], fileType: try row[2], added: try row[3], changed: try row[4],
                unchanged: try row[5], withdrawn: try row[6], vanished: try row[7])
        }
    }

    /// The records that the last attempt of a submission made new, changed or withdrew, and those that vanished from it: by file, and
    /// there in this order.
    ///
    /// - Parameters:
    ///   - offset: how many are passed over.
    ///   - limit: how many are answered at most.
    ///   - asOf: what was known at that instant; nil for now.
    public func changes(
        of submission: String, offset: Int, limit: Int, asOf: Instant? = nil, in connection: any Connection
    ) throws -> [RecordDifference] {
        let rows = try connection.rows(
            """
            SELECT f.file, f.program, f.file_type, f.at, f.added_records, f.changed_records, f.withdrawn_records, \
            f.vanished_records FROM \(LineList.attempt(asOf)) ORDER BY f.file
            """, LineList.values(of: submission, asOf))
        var found: [RecordDifference] = []
        var left = max(0, offset)
        for row in rows {
            let (program, fileType): (String, String) = (try row[1], try row[2])
            // A program that is set aside or gone has no table that can be read.
            guard let table = try? table(program, fileType) else { continue }
            for (place, kind) in [RecordDifference.Kind.new, .changed, .withdrawn, .vanished].enumerated() {
                for run in RecordNumbers.runs(try row[4 + place]) {
                    guard left < run.count else {
                        left -= run.count
                        continue
                    }
                    for record in run.dropFirst(left) {
                        guard found.count < limit else { return found }
                        found.append(
                            try difference(record, kind, file: try row[0], at: try row[3], table, connection))
                    }
                    left = 0
                }
            }
        }
        return found
    }

    /// The files of a submission's last attempt that was known at an instant.
    private static func attempt(_ asOf: Instant?) -> String {
        let files = "record_file AS f JOIN record_submission AS s ON s.number = f.submission WHERE s.id = ?"
        guard asOf != nil else { return files + " AND f.at = s.stored_at" }
        return files
            + " AND f.at = (SELECT max(g.at) FROM record_file AS g WHERE g.submission = s.number AND g.at <= ?)"
    }

    private static func values(of submission: String, _ asOf: Instant?) -> [SQLValue] {
        [.text(submission)] + (asOf.map { [.integer($0.milliseconds)] } ?? [])
    }

    private func difference(
        _ record: Int64, _ kind: RecordDifference.Kind, file: Int, at: Int64, _ table: RecordTable,
        _ connection: any Connection
    ) throws -> RecordDifference {
        // A withdrawn record is as it was in the moment before.
        let now = try version(of: record, asOf: kind == .withdrawn ? at - 1 : at, table, connection)
        let before = kind == .changed ? try version(of: record, asOf: at - 1, table, connection) : nil
        return RecordDifference(
            file: file, program: table.program, fileType: table.fileType.id, kind: kind,
            key: now.map { now in table.fileType.primaryKey.map { ($0, now[$0]) } },
            fields: before.flatMap { before in
                now.map { now in table.names.filter { before[$0] != now[$0] } }
            })
    }

    private func version(
        of record: Int64, asOf: Int64, _ table: RecordTable, _ connection: any Connection
    ) throws -> RecordValues? {
        let (own, at) = (SQLValue.integer(record), SQLValue.integer(asOf))
        let row = try connection.firstRow(
            table.selectAsked(table.names, asOf: true), [own, at, own, at, at])
        return row.map { row in RecordValues(names: table.names, values: row.values.map(StoredValue.init)) }
    }
}
