import Database
import Indicators
import Records
import SurveillanceKit

/// Works the figures of one institution out from the stored versions of its records, as if each submission were stored once more.
struct Replay {
    private let program: IndicatorProgram
    /// For each counter its rows of the change log.
    private(set) var rows: [[LogRow]]
    private(set) var records = 0
    let links: MemoryLinks
    private let events: [(number: Int64, at: Int64)]

    /// What a version begins or ends.
    private enum Step {
        case row(base: Int, record: Int64, JudgedRow, begins: Bool)
        case fact(base: Int, link: Int64, fact: Int, amount: Int64)
    }

    /// - Parameter kept: what was known before has been erased: it counts as if it had come then.
    init(
        _ program: IndicatorProgram, institution: Int64, kept: Instant, _ lineList: LineList,
        _ connection: any Connection
    ) throws {
        self.program = program
        links = MemoryLinks(program.compiled)
        rows = program.numbers.map { _ in [] }
        events = try EventLog.events(of: institution, connection)
        var steps: [Int64: [Step]] = [:]
        for (fileType, reading) in program.compiled.readings.sorted(by: { $0.key < $1.key }) {
            try gather(fileType, reading, institution, kept, lineList, connection, into: &steps)
        }
        for (event, steps) in steps.sorted(by: { $0.key < $1.key }) { try apply(steps, event: event) }
    }

    /// The number of the event of an instant; of the one before it where what happened then has been erased.
    private func event(at instant: Int64) -> Int64 {
        var range = events.startIndex..<events.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if events[middle].at <= instant {
                range = middle + 1..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        return range.lowerBound == 0 ? 0 : events[range.lowerBound - 1].number
    }

    private mutating func gather(
        _ fileType: String, _ reading: RowReading, _ institution: Int64, _ kept: Instant, _ lineList: LineList,
        _ connection: any Connection, into steps: inout [Int64: [Step]]
    ) throws {
        let compiled = program.compiled
        let base = compiled.base(fileType)
        let cells = CellRow(reading)
        let fields = cells.askedFields
        var count = 0
        try lineList.forEachVersion(
            program: compiled.program.id, fileType: fileType, institution: institution, fields: fields.map(\.name),
            in: connection
        ) { select in
            count += 1
            let record = select.integer(at: 0)
            let known = (from: max(select.integer(at: 1), kept.milliseconds), until: select.integer(at: 2))
            guard known.until > known.from else { return }
            let ends = known.until != Instant.distantFuture.milliseconds
            let (from, until) = (event(at: known.from), ends ? event(at: known.until) : 0)
            cells.fill(select, fields, from: 3)
            if let base {
                let row = compiled.judge(cells, base: base)
                steps[from, default: []].append(.row(base: base, record: record, row, begins: true))
                if ends { steps[until, default: []].append(.row(base: base, record: record, row, begins: false)) }
            }
            compiled.forEachFact(cells) { base, link, fact, amount in
                steps[from, default: []].append(.fact(base: base, link: link, fact: fact, amount: amount))
                if ends {
                    steps[until, default: []].append(.fact(base: base, link: link, fact: fact, amount: -amount))
                }
            }
        }
        records += count
    }

    private mutating func apply(_ steps: [Step], event: Int64) throws {
        var tally = ChangeTally(program.compiled)
        var ended: [Int: [Int64: JudgedRow]] = [:]
        for case .row(let base, let record, let row, false) in steps { ended[base, default: [:]][record] = row }
        for step in steps {
            switch step {
            case .row(let base, let record, let row, true):
                let before = ended[base]?.removeValue(forKey: record)
                tally.note(base: base, record: record, before: before, after: row, wasKnown: before != nil)
                links.rows[base][record] = row
            case .row: break
            case .fact(let base, let link, let fact, let amount):
                tally.note(base: base, link: link, fact: fact, amount: amount)
            }
        }
        for (base, rows) in ended {
            for (record, row) in rows {
                tally.note(base: base, record: record, before: row, after: nil, wasKnown: true)
                links.rows[base][record] = nil
            }
        }
        try tally.finish(links).forEachCounter { counter, groups in
            LogRow.append(groups, event: event, program.compiled.counters[counter].coding, to: &rows[counter])
        }
    }

    /// The counter as it is now, by its rows of the change log.
    static func sums(_ rows: [LogRow], _ coding: EntryCoding) throws -> [IndicatorEntry] {
        struct Key: Hashable {
            var day: Int32
            var cell: Int32
            var value: Int64
        }
        var sums: [Key: Int64] = [:]
        for row in rows {
            try row.bytes.withUnsafeBytes { bytes in
                try LogRow.forEachGroup(bytes, first: row.first) { _, _, entries, start in
                    let isWhole = coding.forEach(entries, after: start) { day, cell, value, amount in
                        sums[Key(day: day, cell: cell, value: value), default: 0] += amount
                    }
                    guard isWhole else { throw LogRow.damaged }
                    return true
                }
            }
        }
        return sums.filter { $0.value != 0 }.map { key, amount in
            IndicatorEntry(counter: 0, day: key.day, cell: key.cell, value: key.value, amount: amount)
        }.sorted(by: IndicatorEntry.isOrdered)
    }
}

/// What is kept of an institution's links and children while its figures are worked out anew.
final class MemoryLinks: KeptLinks {
    var rows: [[Int64: JudgedRow]]
    private(set) var facts: [[Int64: [Int64]]]
    private(set) var records: [[Int64: Set<Int64>]]

    init(_ compiled: CompiledIndicators) {
        rows = compiled.bases.map { _ in [:] }
        facts = compiled.bases.map { _ in [:] }
        records = compiled.bases.map { _ in [:] }
    }

    func expect(base: Int, links: () -> Set<Int64>, changed: [Int64]) {}

    func facts(base: Int, link: Int64) -> [Int64] { facts[base][link] ?? [] }

    func keep(_ facts: [Int64], base: Int, link: Int64) {
        self.facts[base][link] = facts.contains { $0 != 0 } ? facts : nil
    }

    func records(base: Int, link: Int64) -> [Int64] { records[base][link].map { $0.sorted() } ?? [] }

    func note(record: Int64, base: Int, link: Int64, isThere: Bool) {
        if isThere {
            records[base][link, default: []].insert(record)
        } else {
            records[base][link]?.remove(record)
            if records[base][link]?.isEmpty == true { records[base][link] = nil }
        }
    }

    func rows(base: Int, records: [Int64]) -> [Int64: JudgedRow] {
        var found: [Int64: JudgedRow] = [:]
        for record in records { found[record] = rows[base][record] }
        return found
    }
}
