import Database
import Indicators
import Records
import SurveillanceKit

/// What is kept of an institution's links and children. What changes is written by `flush`, in order.
final class StoredLinks: KeptLinks {
    private let program: IndicatorProgram
    private let institution: Int64
    private let lineList: LineList
    private let transaction: any Transaction
    /// By base: whether anything was kept of this institution before.
    private var hasFacts: [Bool?]
    private var hasLinks: [Bool?]
    private var changedFacts: [(base: Int, link: Int64, facts: [Int64])] = []
    /// By base.
    private var changedLinks: [[LinkBucket.Change]]
    private var cells: [Int: CellRow] = [:]
    /// What `expect` has fetched, on a store that is asked for much at once.
    private var expected: (base: Int, facts: [Int64: [Int64]], buckets: [Int64: LinkBucket])?

    init(_ program: IndicatorProgram, institution: Int64, _ lineList: LineList, _ transaction: any Transaction) {
        self.program = program
        self.institution = institution
        self.lineList = lineList
        self.transaction = transaction
        changedLinks = Array(repeating: [], count: program.bases.count)
        hasFacts = Array(repeating: nil, count: program.bases.count)
        hasLinks = hasFacts
    }

    func expect(base: Int, links: () -> Set<Int64>, changed: [Int64]) throws {
        expected = nil
        guard let bulk = transaction as? any BulkTransaction else { return }
        var facts: [Int64: [Int64]] = [:]
        if try hasAny(&hasFacts, "indicator_fact", base) {
            try bulk.forEachMatch(
                """
                SELECT link, facts FROM keys JOIN indicator_fact ON base = k1 AND institution = k2 AND link = k3
                """, [], keys: keys(base, links().sorted())
            ) { facts[$0.integer(at: 0)] = self.facts($0, at: 1, base) }
        }
        let numbers = Set(changed.map { Int64(LinkBucket.number(of: $0)) })
        expected = (base, facts, try buckets(numbers.sorted(), base, bulk))
    }

    /// Whole primary keys: a planner that has no statistics yet takes base and institution for rare, and compares each row with each key.
    private func keys(_ base: Int, _ last: [Int64]) -> [[Int64]] {
        [program.bases[base], institution].map { Array(repeating: $0, count: last.count) } + [last]
    }

    private func buckets(_ numbers: [Int64], _ base: Int, _ bulk: any BulkTransaction) throws -> [Int64: LinkBucket] {
        var known: [Int64: LinkBucket] = [:]
        guard !numbers.isEmpty, try hasAny(&hasLinks, "indicator_bucket", base) else { return known }
        try bulk.forEachMatch(
            """
            SELECT bucket, entries FROM keys JOIN indicator_bucket ON base = k1 AND institution = k2 AND bucket = k3
            """, [], keys: keys(base, numbers)
        ) { row in
            known[row.integer(at: 0)] = try row.withBytes(at: 1) { try LinkBucket(UnsafeRawBufferPointer($0)) }
        }
        return known
    }

    func facts(base: Int, link: Int64) throws -> [Int64] {
        if let expected, expected.base == base { return expected.facts[link] ?? [] }
        guard try hasAny(&hasFacts, "indicator_fact", base) else { return [] }
        let select = try transaction.statement(
            "SELECT facts FROM indicator_fact WHERE base = ? AND institution = ? AND link = ?")
        try select.bind([.integer(program.bases[base]), .integer(institution), .integer(link)])
        defer { select.reset() }
        guard try select.step() else { return [] }
        return facts(select, at: 0, base)
    }

    private func facts(_ row: any Statement, at column: Int, _ base: Int) -> [Int64] {
        let count = program.compiled.bases[base].facts.count
        return row.withBytes(at: column) { bytes in
            var reader = VariableLength(UnsafeRawBufferPointer(bytes))
            return (0..<count).map { _ in reader.signed() }
        }
    }

    func keep(_ facts: [Int64], base: Int, link: Int64) { changedFacts.append((base, link, facts)) }

    func records(base: Int, link: Int64) throws -> [Int64] {
        try bucket(LinkBucket.number(of: link), base).records(link)
    }

    /// What is kept of a bucket; an empty one where nothing is.
    private func bucket(_ number: Int, _ base: Int) throws -> LinkBucket {
        if let expected, expected.base == base { return expected.buckets[Int64(number)] ?? LinkBucket() }
        guard try hasAny(&hasLinks, "indicator_bucket", base) else { return LinkBucket() }
        let select = try transaction.statement(
            "SELECT entries FROM indicator_bucket WHERE base = ? AND institution = ? AND bucket = ?")
        try select.bind([.integer(program.bases[base]), .integer(institution), .integer(Int64(number))])
        defer { select.reset() }
        guard try select.step() else { return LinkBucket() }
        return try select.withBytes(at: 0) { try LinkBucket(UnsafeRawBufferPointer($0)) }
    }

    /// From so many changed buckets on all are read by one query: a third of what a query for each takes.
    private static let manyBuckets = LinkBucket.count / 4

    /// What buckets hold after changes, as bytes; in the order of `changed`, which is that of their numbers.
    private func buckets(
        _ changed: [(number: Int, changes: LinkBucket.Changes)], of base: Int
    ) throws -> [[UInt8]] {
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        guard try hasAny(&hasLinks, "indicator_bucket", base) else {
            return try changed.map { try LinkBucket.bytes(none, after: $0.changes) }
        }
        let isMany = changed.count >= StoredLinks.manyBuckets
        let select = try transaction.statement(
            """
            SELECT bucket, entries FROM indicator_bucket WHERE base = ? AND institution = ? AND bucket >= ? AND bucket <= ? \
            ORDER BY bucket
            """)
        try select.bind(program.bases[base], at: 0)
        try select.bind(institution, at: 1)
        var found: [[UInt8]] = []
        found.reserveCapacity(changed.count)
        for range in isMany ? [0...Int64(LinkBucket.count)] : changed.map({ Int64($0.number)...Int64($0.number) }) {
            try select.bind(range.lowerBound, at: 2)
            try select.bind(range.upperBound, at: 3)
            defer { select.reset() }
            while try select.step() {
                let number = select.integer(at: 0)
                while found.count < changed.count, changed[found.count].number < number {
                    found.append(try LinkBucket.bytes(none, after: changed[found.count].changes))
                }
                guard found.count < changed.count, changed[found.count].number == number else { continue }
                found.append(
                    try select.withBytes(at: 1) {
                        try LinkBucket.bytes(UnsafeRawBufferPointer($0), after: changed[found.count].changes)
                    })
            }
        }
        for change in changed[found.count...] { found.append(try LinkBucket.bytes(none, after: change.changes)) }
        return found
    }

    private func hasAny(_ known: inout [Bool?], _ table: String, _ base: Int) throws -> Bool {
        if let known = known[base] { return known }
        let any: Int? = try transaction.first(
            "SELECT 1 FROM \(table) WHERE base = ? AND institution = ? LIMIT 1",
            [.integer(program.bases[base]), .integer(institution)])
        known[base] = any != nil
        return any != nil
    }

    func note(record: Int64, base: Int, link: Int64, isThere: Bool) {
        changedLinks[base].append((link, record, isThere))
    }

    func rows(base: Int, records: [Int64]) throws -> [Int64: JudgedRow] {
        let compiled = program.compiled
        let fileType = compiled.bases[base].fileType
        guard let reading = compiled.readings[fileType], !records.isEmpty else { return [:] }
        let row = cells[base] ?? CellRow(reading)
        cells[base] = row
        let fields = row.askedFields
        var judged: [Int64: JudgedRow] = [:]
        try lineList.forEachVersion(
            program: compiled.program.id, fileType: fileType, institution: institution, fields: fields.map(\.name),
            records: records, in: transaction
        ) { select in
            row.fill(select, fields, from: 3)
            judged[select.integer(at: 0)] = compiled.judge(row, base: base)
        }
        return judged
    }

    /// Writes what has changed. What stands there already is noted again: no figure keeps a report from being stored.
    func flush() throws {
        let facts = changedFacts.sorted { ($0.base, $0.link) < ($1.base, $1.link) }
        changedFacts = []
        for base in program.bases.indices {
            let changed = LinkBucket.byNumber(changedLinks[base])
            changedLinks[base] = []
            let own = facts.filter { $0.base == base }.map { ($0.link, $0.facts) }
            if let bulk = transaction as? any BulkTransaction {
                try write(changed, of: base, bulk)
                try write(own, of: base, bulk)
            } else {
                try write(changed, of: base)
                for (link, facts) in own { try write(link, facts, of: base) }
            }
        }
        for base in program.bases.indices { (hasFacts[base], hasLinks[base]) = (nil, nil) }
    }

    // MARK: A statement each

    private func write(_ changed: [(number: Int, changes: LinkBucket.Changes)], of base: Int) throws {
        guard !changed.isEmpty else { return }
        let insert = try transaction.statement(
            """
            INSERT INTO indicator_bucket (base, institution, bucket, entries) VALUES (?, ?, ?, ?) \
            ON CONFLICT (base, institution, bucket) DO UPDATE SET entries = excluded.entries
            """)
        for (bytes, (number, _)) in zip(try buckets(changed, of: base), changed) {
            if bytes.isEmpty {
                try transaction.execute(
                    "DELETE FROM indicator_bucket WHERE base = ? AND institution = ? AND bucket = ?",
                    [.integer(program.bases[base]), .integer(institution), .integer(Int64(number))])
            } else {
                try bind(bytes, Int64(number), of: base, to: insert)
            }
        }
    }

    private func bind(_ bytes: [UInt8], _ key: Int64, of base: Int, to insert: any Statement) throws {
        try insert.bind(program.bases[base], at: 0)
        try insert.bind(institution, at: 1)
        try insert.bind(key, at: 2)
        try bytes.withUnsafeBufferPointer { try insert.bind(blob: $0, at: 3) }
        try insert.run()
    }

    private func write(_ link: Int64, _ facts: [Int64], of base: Int) throws {
        guard facts.contains(where: { $0 != 0 }) else {
            try transaction.execute(
                "DELETE FROM indicator_fact WHERE base = ? AND institution = ? AND link = ?",
                [.integer(program.bases[base]), .integer(institution), .integer(link)])
            return
        }
        let insert = try transaction.statement(
            """
            INSERT INTO indicator_fact (base, institution, link, facts) VALUES (?, ?, ?, ?) \
            ON CONFLICT (base, institution, link) DO UPDATE SET facts = excluded.facts
            """)
        try bind(bytes(facts), link, of: base, to: insert)
    }

    private func bytes(_ facts: [Int64]) -> [UInt8] {
        var bytes: [UInt8] = []
        for fact in facts { VariableLength.append(signed: fact, to: &bytes) }
        return bytes
    }

    // MARK: Many at once

    private func write(
        _ changed: [(number: Int, changes: LinkBucket.Changes)], of base: Int,
        _ bulk: any BulkTransaction
    ) throws {
        guard !changed.isEmpty else { return }
        let numbers = changed.map { Int64($0.number) }
        let known = try buckets(numbers, base, bulk)
        if !known.isEmpty {
            try bulk.execute(
                """
                DELETE FROM indicator_bucket USING keys WHERE base = k1 AND institution = k2 AND bucket = k3
                """, [], keys: keys(base, numbers))
        }
        let insert = try bulk.bulkInsert(
            into: "indicator_bucket", columns: ["base", "institution", "bucket", "entries"])
        for (number, changes) in changed {
            var bucket = known[Int64(number)] ?? LinkBucket()
            bucket.change(changes)
            if !bucket.pairs.isEmpty { try bind(bucket.bytes, Int64(number), of: base, to: insert) }
        }
        try insert.flush()
    }

    private func write(_ facts: [(link: Int64, facts: [Int64])], of base: Int, _ bulk: any BulkTransaction) throws {
        guard !facts.isEmpty else { return }
        try bulk.execute(
            "DELETE FROM indicator_fact USING keys WHERE base = k1 AND institution = k2 AND link = k3", [],
            keys: keys(base, facts.map(\.link)))
        let insert = try bulk.bulkInsert(
            into: "indicator_fact", columns: ["base", "institution", "link", "facts"])
        for (link, facts) in facts where facts.contains(where: { $0 != 0 }) {
            try bind(bytes(facts), link, of: base, to: insert)
        }
        try insert.flush()
    }
}
