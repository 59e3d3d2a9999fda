import Database
import Indicators
import SurveillanceKit

/// How each submission moved one figure of one institution: groups of entries, a group for each instant and kind of change.
///
/// A group is how long after the row's first instant it came, with the kind of change in the last two bits; how many bytes its entries take; the
/// entries. Rows are filled up to 4 KB, so that a submission rewrites little and a series over years reads few rows.
enum ChangeLog {
    private static let rowBytes = 4_096

    /// The day before which the first entry of a group counts: the day of the row's first instant.
    @inline(__always)
    static func startDay(_ first: Int64) -> Int32 { Int32(truncatingIfNeeded: first / 86_400_000) }

    /// Appends what an instant has changed, kind by kind.
    static func append(
        _ groups: [(kind: ChangeKind, entries: ArraySlice<IndicatorEntry>)], at: Int64, _ coding: EntryCoding,
        definition: Int64, institution: Int64, _ transaction: any Transaction
    ) throws {
        let select = try transaction.statement(
            """
            SELECT first, entries FROM indicator_log WHERE definition = ? AND institution = ? ORDER BY first DESC LIMIT 1
            """)
        try select.bind([.integer(definition), .integer(institution)])
        var last: (first: Int64, bytes: [UInt8])?
        if try select.step() {
            last = (select.integer(at: 0), select.withBytes(at: 1) { Array($0) })
            select.reset()
        }
        if let first = last?.first, var bytes = last?.bytes, bytes.count < rowBytes, first <= at {
            encode(groups, at: at, first: first, coding, to: &bytes)
            let update = try transaction.statement(
                "UPDATE indicator_log SET entries = ? WHERE definition = ? AND institution = ? AND first = ?")
            try bytes.withUnsafeBufferPointer { try update.bind(blob: $0, at: 0) }
            try update.bind(definition, at: 1)
            try update.bind(institution, at: 2)
            try update.bind(first, at: 3)
            return try update.run()
        }
        var bytes: [UInt8] = []
        encode(groups, at: at, first: at, coding, to: &bytes)
        try insert(bytes, first: at, definition: definition, institution: institution, transaction)
    }

    static func insert(
        _ bytes: [UInt8], first: Int64, definition: Int64, institution: Int64, _ transaction: any Transaction
    ) throws {
        let insert = try transaction.statement(
            "INSERT INTO indicator_log (definition, institution, first, entries) VALUES (?, ?, ?, ?)")
        try insert.bind(definition, at: 0)
        try insert.bind(institution, at: 1)
        try insert.bind(first, at: 2)
        try bytes.withUnsafeBufferPointer { try insert.bind(blob: $0, at: 3) }
        try insert.run()
    }

    static func encode(
        _ groups: [(kind: ChangeKind, entries: ArraySlice<IndicatorEntry>)], at: Int64, first: Int64,
        _ coding: EntryCoding, to bytes: inout [UInt8]
    ) {
        var body: [UInt8] = []
        for (kind, entries) in groups {
            body.removeAll(keepingCapacity: true)
            coding.append(entries, after: startDay(first), to: &body)
            VariableLength.append(UInt64(at - first) << 2 | UInt64(kind.rawValue), to: &bytes)
            VariableLength.append(UInt64(body.count), to: &bytes)
            bytes.append(contentsOf: body)
        }
    }

    /// Whether a row is full, and the next change begins another.
    static func isFull(_ bytes: [UInt8]) -> Bool { bytes.count >= rowBytes }

    /// Goes through a row's groups, from the earliest on, until `body` answers false.
    @inline(__always)
    static func forEachGroup(
        _ bytes: UnsafeRawBufferPointer, first: Int64,
        _ body: (_ at: Int64, _ kind: ChangeKind, _ entries: UnsafeRawBufferPointer) -> Bool
    ) {
        var reader = VariableLength(bytes)
        while !reader.isAtEnd {
            let head = reader.next()
            let count = Int(reader.next())
            let start = reader.offset(in: bytes)
            reader.skip(count)
            guard !reader.isCut, let kind = ChangeKind(rawValue: Int(head & 3)) else { return }
            let group = UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
            guard body(first + Int64(head >> 2), kind, group) else { return }
        }
    }
}
