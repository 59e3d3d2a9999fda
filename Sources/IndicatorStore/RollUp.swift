import Database
import Indicators
import SurveillanceKit

/// The figures as they are now, by province and ISO week: what series over years are read from.
///
/// A cell stands for the groups of all dimensions and the institutions' level together: `cell × levels + level`.
enum RollUp {
    /// The Monday of a day's ISO week; a day of its own for records without one.
    static func week(_ day: Int32) -> Int64 {
        guard day != IndicatorEntry.noDay else { return Int64(day) }
        // 1970-01-01 was a Thursday, so day -3 a Monday.
        let since = Int64(day) + 3
        return (since >= 0 ? since / 7 : (since - 6) / 7) * 7 - 3
    }

    /// What a counter's figures of one week move by.
    private struct Part {
        let counter: Int64
        let coding: EntryCoding
        let week: Int64
        let entries: [IndicatorEntry]
    }

    /// So many rows are read and written at once where a server keeps them: some megabytes of a large province.
    private static let mostAtOnce = 64

    /// Adds entries of counters, each counter's in order.
    static func add(
        _ changes: [(counter: Int64, coding: EntryCoding, entries: [IndicatorEntry])],
        place: (province: Int64, level: Int), _ transaction: any Transaction
    ) throws {
        let parts = changes.flatMap { self.parts($0.entries, $0.coding, counter: $0.counter, level: place.level) }
        guard let bulk = transaction as? any BulkTransaction else {
            for part in parts { try add(part, province: place.province, transaction) }
            return
        }
        for start in stride(from: 0, to: parts.count, by: mostAtOnce) {
            try add(parts[start..<min(start + mostAtOnce, parts.count)], province: place.province, bulk)
        }
    }

    private static func parts(
        _ entries: [IndicatorEntry], _ coding: EntryCoding, counter: Int64, level: Int
    ) -> [Part] {
        var parts: [Part] = []
        var rest = entries[...]
        while let first = rest.first {
            let week = week(first.day)
            let end = rest.firstIndex { self.week($0.day) != week } ?? rest.endIndex
            let own = rest[..<end].map { entry in
                var entry = entry
                entry.cell = entry.cell * Int32(InstitutionPlace.levelCount) + Int32(level)
                return entry
            }
            parts.append(Part(counter: counter, coding: coding, week: week, entries: own))
            rest = rest[end...]
        }
        return parts
    }

    private static func add(_ part: Part, province: Int64, _ transaction: any Transaction) throws {
        let key: [SQLValue] = [.integer(part.counter), .integer(part.week), .integer(province)]
        let select = try transaction.statement(
            "SELECT digest, entries FROM indicator_week WHERE counter = ? AND week = ? AND province = ?")
        try select.bind(key)
        var stored: [IndicatorEntry]?
        if try select.step() {
            stored = try self.stored(select, digest: 0, part)
            select.reset()
        }
        let sums = merge(stored ?? [], part.entries)
        if sums.isEmpty {
            guard stored != nil else { return }
            try transaction.execute(
                "DELETE FROM indicator_week WHERE counter = ? AND week = ? AND province = ?", key)
            return
        }
        let write = try transaction.statement(
            stored == nil
                ? "INSERT INTO indicator_week (entries, digest, counter, week, province) VALUES (?, ?, ?, ?, ?)"
                : "UPDATE indicator_week SET entries = ?, digest = ? WHERE counter = ? AND week = ? AND province = ?")
        try run(write, sums, part, province: province)
    }

    /// The same for many, in three statements.
    private static func add(_ parts: ArraySlice<Part>, province: Int64, _ bulk: any BulkTransaction) throws {
        let parts = Array(parts)
        let keys = [parts.map(\.counter), parts.map(\.week), parts.map { _ in province }]
        var stored: [Int: [IndicatorEntry]] = [:]
        try bulk.forEachMatch(
            """
            SELECT place, digest, entries FROM keys JOIN indicator_week ON counter = k1 AND week = k2 AND province = k3
            """, [], keys: keys
        ) { row in
            let place = Int(row.integer(at: 0)) - 1
            stored[place] = try self.stored(row, digest: 1, parts[place])
        }
        if !stored.isEmpty {
            let known = stored.keys.sorted()
            try bulk.execute(
                "DELETE FROM indicator_week USING keys WHERE counter = k1 AND week = k2 AND province = k3", [],
                keys: keys.map { column in known.map { column[$0] } })
        }
        let insert = try bulk.bulkInsert(
            into: "indicator_week", columns: ["entries", "digest", "counter", "week", "province"])
        for (place, part) in parts.enumerated() {
            let sums = merge(stored[place] ?? [], part.entries)
            if !sums.isEmpty { try run(insert, sums, part, province: province) }
        }
        try insert.flush()
    }

    private static func stored(_ row: any Statement, digest: Int, _ part: Part) throws -> [IndicatorEntry] {
        try withEntries(row, digest: digest, entries: digest + 1) { try decode($0, part.coding, week: part.week) }
    }

    private static func run(
        _ write: any Statement, _ sums: [IndicatorEntry], _ part: Part, province: Int64
    ) throws {
        var bytes: [UInt8] = []
        part.coding.append(sums, after: start(part.week), to: &bytes)
        try bytes.withUnsafeBufferPointer { try write.bind(blob: $0, at: 0) }
        let numbers = [bytes.withUnsafeBytes { Digest.of($0) }, part.counter, part.week, province]
        for (place, number) in numbers.enumerated() { try write.bind(number, at: place + 1) }
        try write.run()
    }

    /// Hands over the entries of the row that a statement stands at.
    ///
    /// - Throws: `DatabaseError.unexpectedValue` where they are not those that were written.
    static func withEntries<Result>(
        _ select: any Statement, digest: Int, entries: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        let known = select.integer(at: digest)
        return try select.withBytes(at: entries) { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            guard Digest.of(bytes) == known else { throw damaged }
            return try body(bytes)
        }
    }

    private static let damaged = DatabaseError.unexpectedValue(
        column: "entries", expected: "the entries of figures that were written", found: "other bytes")

    /// Moves what is kept without a digest, a counter at a time.
    static func moveEntries(from table: String, _ transaction: any Transaction) throws {
        let counters: [Int64] = try transaction.rows("SELECT DISTINCT counter FROM \(table)").map { try $0[0] }
        for counter in counters {
            let rows = try transaction.rows(
                "SELECT week, province, entries FROM \(table) WHERE counter = ?", [.integer(counter)])
            for row in rows {
                let (week, province, entries): (Int64, Int64, [UInt8]) = (try row[0], try row[1], try row[2])
                try transaction.execute(
                    "INSERT INTO indicator_week (counter, week, province, digest, entries) VALUES (?, ?, ?, ?, ?)",
                    [
                        .integer(counter), .integer(week), .integer(province),
                        .integer(entries.withUnsafeBytes { Digest.of($0) }), .blob(entries),
                    ])
            }
        }
    }

    /// The day after which the first entry of a week counts.
    static func start(_ week: Int64) -> Int32 { week == Int64(IndicatorEntry.noDay) ? 0 : Int32(week) }

    static func decode(
        _ bytes: UnsafeRawBufferPointer, _ coding: EntryCoding, week: Int64
    ) throws -> [IndicatorEntry] {
        var entries: [IndicatorEntry] = []
        entries.reserveCapacity(bytes.count / 3)
        let isWhole = coding.forEach(bytes, after: start(week)) { day, cell, value, amount in
            entries.append(IndicatorEntry(counter: 0, day: day, cell: cell, value: value, amount: amount))
        }
        guard isWhole else { throw LogRow.damaged }
        return entries
    }

    /// The sums of two lists that are in order, without those that come to nothing.
    static func merge(_ left: [IndicatorEntry], _ right: [IndicatorEntry]) -> [IndicatorEntry] {
        func key(_ entry: IndicatorEntry) -> (Int32, Int32, Int64) { (entry.day, entry.cell, entry.value) }
        var merged: [IndicatorEntry] = []
        merged.reserveCapacity(left.count + right.count)
        var (one, other) = (0, 0)
        while one < left.count || other < right.count {
            if other == right.count || one < left.count && key(left[one]) < key(right[other]) {
                merged.append(left[one])
                one += 1
            } else if one == left.count || key(right[other]) < key(left[one]) {
                merged.append(right[other])
                other += 1
            } else {
                var sum = left[one]
                sum.amount += right[other].amount
                if sum.amount != 0 { merged.append(sum) }
                one += 1
                other += 1
            }
        }
        return merged
    }
}
