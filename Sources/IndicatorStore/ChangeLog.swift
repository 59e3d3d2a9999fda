import Database
import Indicators
import SurveillanceKit

/// How submissions moved one counter of one institution, in a row: groups of entries, a group for each event and kind of change.
///
/// A group is the step of its event's number from the group before, with the kind of change in the last two bits; how many bytes its entries
/// take; the entries. Their first day counts from the first day of the group before. So a visit of today takes five bytes.
struct LogRow: Equatable {
    /// The number of its first event.
    let first: Int64
    /// Those of its last group: from them the next one counts.
    var last: Int64
    var day: Int32 = 0
    var bytes: [UInt8] = []

    /// So many bytes a row has at most, unless one group has more: four rows fill a page of a database.
    static let mostBytes = 960

    init(first: Int64) {
        self.first = first
        last = first
    }

    init(first: Int64, last: Int64, day: Int32, bytes: [UInt8]) {
        self.first = first
        self.last = last
        self.day = day
        self.bytes = bytes
    }

    /// Appends what an event has changed, kind by kind, to the last row or as another one.
    static func append(
        _ groups: [(kind: ChangeKind, entries: ArraySlice<IndicatorEntry>)], event: Int64, _ coding: EntryCoding,
        to rows: inout [LogRow]
    ) {
        if let last = rows.indices.last {
            let (end, number, day) = (rows[last].bytes.count, rows[last].last, rows[last].day)
            rows[last].append(groups, event: event, coding)
            if rows[last].bytes.count <= mostBytes { return }
            rows[last].bytes.removeLast(rows[last].bytes.count - end)
            (rows[last].last, rows[last].day) = (number, day)
        }
        var row = LogRow(first: event)
        row.append(groups, event: event, coding)
        rows.append(row)
    }

    private mutating func append(
        _ groups: [(kind: ChangeKind, entries: ArraySlice<IndicatorEntry>)], event: Int64, _ coding: EntryCoding
    ) {
        var body: [UInt8] = []
        for (kind, entries) in groups {
            body.removeAll(keepingCapacity: true)
            coding.append(entries, after: day, to: &body)
            VariableLength.append(UInt64(event - last) << 2 | UInt64(kind.rawValue), to: &bytes)
            VariableLength.append(UInt64(body.count), to: &bytes)
            bytes.append(contentsOf: body)
            last = event
            day = entries.first?.day ?? day
        }
    }

    /// Goes through a row's groups, from the earliest on, until `body` answers false.
    ///
    /// - Parameter body: is handed the number of the event, the kind, the entries, and the day from which the first of them counts.
    /// - Throws: `DatabaseError.unexpectedValue` where the bytes are cut off, or are not what was written.
    @inline(__always)
    static func forEachGroup(
        _ bytes: UnsafeRawBufferPointer, first: Int64,
        _ body: (_ event: Int64, _ kind: ChangeKind, _ entries: UnsafeRawBufferPointer, _ start: Int32) throws -> Bool
    ) throws {
        var reader = VariableLength(bytes)
        var (event, day) = (first, Int32(0))
        while !reader.isAtEnd {
            let head = reader.next()
            let count = Int(truncatingIfNeeded: reader.next())
            let start = reader.offset(in: bytes)
            reader.skip(count)
            guard !reader.isCut, count > 0, let kind = ChangeKind(rawValue: Int(head & 3)) else {
                throw LogRow.damaged
            }
            event += Int64(head >> 2)
            let group = UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
            guard try body(event, kind, group, day) else { return }
            day = EntryCoding.firstDay(group, after: day)
        }
    }
}

extension LogRow {
    static let damaged = DatabaseError.unexpectedValue(
        column: "entries", expected: "entries of figures", found: "bytes that are cut off")
}

/// The rows of all counters and institutions.
enum ChangeLog {
    /// What an event has changed of a counter, kind by kind.
    typealias Change = (
        counter: Int64, coding: EntryCoding, groups: [(kind: ChangeKind, entries: ArraySlice<IndicatorEntry>)]
    )

    /// Appends what an event has changed.
    static func append(
        _ changes: [Change], event: Int64, institution: Int64, _ transaction: any Transaction
    ) throws {
        guard let bulk = transaction as? any BulkTransaction else {
            for change in changes { try append(change, event: event, institution: institution, transaction) }
            return
        }
        try append(changes, event: event, institution: institution, bulk)
    }

    private static func append(
        _ change: Change, event: Int64, institution: Int64, _ transaction: any Transaction
    ) throws {
        let select = try transaction.statement(
            """
            SELECT first, last, day, entries FROM indicator_log WHERE counter = ? AND institution = ? \
            ORDER BY first DESC LIMIT 1
            """)
        try select.bind([.integer(change.counter), .integer(institution)])
        var rows: [LogRow] = []
        if try select.step() {
            rows = [row(select)]
            select.reset()
        }
        let known = rows.count
        LogRow.append(change.groups, event: event, change.coding, to: &rows)
        guard let row = rows.last else { return }
        if rows.count > known {
            return try insert(row, counter: change.counter, institution: institution, transaction)
        }
        let update = try transaction.statement(
            "UPDATE indicator_log SET entries = ?, last = ?, day = ? WHERE counter = ? AND institution = ? AND first = ?"
        )
        try run(update, row, counter: change.counter, institution: institution)
    }

    /// The same for many, in three statements.
    private static func append(
        _ changes: [Change], event: Int64, institution: Int64, _ bulk: any BulkTransaction
    ) throws {
        guard !changes.isEmpty else { return }
        var rows: [[LogRow]] = Array(repeating: [], count: changes.count)
        try bulk.forEachMatch(
            """
            SELECT first, last, day, entries, place FROM keys JOIN indicator_log ON counter = k1 AND institution = k2 \
            WHERE first = (SELECT max(later.first) FROM indicator_log AS later \
            WHERE later.counter = k1 AND later.institution = k2)
            """, [], keys: [changes.map(\.counter), changes.map { _ in institution }]
        ) { rows[Int($0.integer(at: 4)) - 1] = [row($0)] }
        var replaced: (counters: [Int64], firsts: [Int64]) = ([], [])
        for (place, change) in changes.enumerated() {
            let known = rows[place]
            LogRow.append(change.groups, event: event, change.coding, to: &rows[place])
            guard let earlier = known.first, rows[place].count == 1 else { continue }
            replaced.counters.append(change.counter)
            replaced.firsts.append(earlier.first)
        }
        if !replaced.counters.isEmpty {
            try bulk.execute(
                "DELETE FROM indicator_log USING keys WHERE counter = k1 AND institution = k2 AND first = k3", [],
                keys: [replaced.counters, replaced.counters.map { _ in institution }, replaced.firsts])
        }
        let insert = try bulk.bulkInsert(
            into: "indicator_log", columns: ["entries", "last", "day", "counter", "institution", "first"])
        for (change, rows) in zip(changes, rows) {
            if let row = rows.last { try run(insert, row, counter: change.counter, institution: institution) }
        }
        try insert.flush()
    }

    static func insert(
        _ row: LogRow, counter: Int64, institution: Int64, _ transaction: any Transaction
    ) throws {
        let insert = try transaction.statement(
            "INSERT INTO indicator_log (entries, last, day, counter, institution, first) VALUES (?, ?, ?, ?, ?, ?)")
        try run(insert, row, counter: counter, institution: institution)
    }

    private static func run(_ write: any Statement, _ row: LogRow, counter: Int64, institution: Int64) throws {
        try row.bytes.withUnsafeBufferPointer { try write.bind(blob: $0, at: 0) }
        for (place, number) in [row.last, Int64(row.day), counter, institution, row.first].enumerated() {
            try write.bind(number, at: place + 1)
        }
        try write.run()
    }

    /// An institution's rows of a counter, from the earliest on.
    static func rows(counter: Int64, institution: Int64, _ connection: any Connection) throws -> [LogRow] {
        let select = try connection.statement(
            "SELECT first, last, day, entries FROM indicator_log WHERE counter = ? AND institution = ? ORDER BY first")
        try select.bind([.integer(counter), .integer(institution)])
        defer { select.reset() }
        var rows: [LogRow] = []
        while try select.step() { rows.append(row(select)) }
        return rows
    }

    private static func row(_ select: any Statement) -> LogRow {
        LogRow(
            first: select.integer(at: 0), last: select.integer(at: 1),
            day: Int32(truncatingIfNeeded: select.integer(at: 2)), bytes: select.withBytes(at: 3) { Array($0) })
    }
}
