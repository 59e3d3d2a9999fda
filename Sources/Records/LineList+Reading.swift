public import Database
public import SurveillanceKit

/// One record as it is, or was, known.
public struct StoredRecord: Hashable, Sendable {
    public var number: Int64
    /// The institution's number in the line list.
    public var institution: Int64
    /// The row of its file.
    public var row: Int
    /// Since when this version is the known one.
    public var since: Instant
    public var values: RecordValues
}

extension LineList {
    /// The instant of the last change: what is read now is what a read as of this instant answers for ever.
    public func latest(in connection: any Connection) throws -> Instant {
        Instant(milliseconds: try RecordCounters.value(RecordCounters.instant, in: connection) ?? 0)
    }

    /// Hands over the records of a file type, in no particular order.
    ///
    /// - Parameters:
    ///   - institution: a code; nil for all.
    ///   - asOf: as they were known at that instant; nil for now.
    /// - Throws: `LineListError.historyGone` for an instant whose versions are no longer kept.
    public func forEachRecord(
        program: String, fileType: String, institution: String? = nil, asOf: Instant? = nil,
        in connection: any Connection, _ body: (StoredRecord) throws -> Void
    ) throws {
        let table = try table(program, fileType)
        let columns = "_record, _institution, _row, _since" + table.names.map { ", \"\($0)\"" }.joined()
        guard let (sql, values) = try query(table, columns, institution, asOf, connection) else { return }
        let select = try connection.statement(sql)
        try select.bind(values)
        defer { select.reset() }
        while try select.step() {
            try body(
                StoredRecord(
                    number: select.integer(at: 0), institution: select.integer(at: 1), row: Int(select.integer(at: 2)),
                    since: Instant(milliseconds: select.integer(at: 3)),
                    values: RecordValues(
                        names: table.names,
                        values: table.names.indices.map { StoredValue(select.value(at: $0 + 4)) })))
        }
    }

    /// How many records of a file type there are, of one institution or of all.
    public func count(
        program: String, fileType: String, institution: String? = nil, asOf: Instant? = nil,
        in connection: any Connection
    ) throws -> Int {
        let table = try table(program, fileType)
        guard let (sql, values) = try query(table, "_record, _since", institution, asOf, connection) else { return 0 }
        return try connection.first("SELECT count(*) FROM (\(sql)) AS counted", values) ?? 0
    }

    /// Nil for an institution of which nothing was ever stored.
    private func query(
        _ table: RecordTable, _ columns: String, _ code: String?, _ asOf: Instant?, _ connection: any Connection
    ) throws -> (sql: String, values: [SQLValue])? {
        var own: [SQLValue] = []
        if let code {
            guard let known = try institution(code, in: connection) else { return nil }
            own = [.integer(known.number)]
        }
        var values = own
        if let asOf {
            try requireKept(table, asOf, connection)
            let at = SQLValue.integer(asOf.milliseconds)
            values = [at] + own + [at, at] + own
        }
        return (table.selectAll(columns, institution: code != nil, asOf: asOf != nil), values)
    }

    /// - Throws: `LineListError.historyGone` for an instant whose versions are no longer kept.
    func requireKept(_ table: RecordTable, _ asOf: Instant, _ connection: any Connection) throws {
        let kept = try RecordCounters.value(RecordTable.historyKept(table.name), in: connection)
        if let kept, asOf.milliseconds < kept { throw LineListError.historyGone(before: Instant(milliseconds: kept)) }
    }
}

extension RecordTable {
    /// The counter with the instant from which on earlier versions are kept.
    static func historyKept(_ table: String) -> String { "history/\(table)" }
}
