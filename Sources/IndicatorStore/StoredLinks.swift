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
    private var hasFacts: [Int: Bool] = [:]
    private var changedFacts: [(base: Int, link: Int64, facts: [Int64])] = []
    private var changedLinks: [(base: Int, link: Int64, record: Int64, isThere: Bool)] = []
    private var rows: [Int: CellRow] = [:]

    init(_ program: IndicatorProgram, institution: Int64, _ lineList: LineList, _ transaction: any Transaction) {
        self.program = program
        self.institution = institution
        self.lineList = lineList
        self.transaction = transaction
    }

    func facts(base: Int, link: Int64) throws -> [Int64] {
        if hasFacts[base] == nil {
            let any: Int? = try transaction.first(
                "SELECT 1 FROM indicator_fact WHERE base = ? AND institution = ? LIMIT 1",
                [.integer(program.bases[base]), .integer(institution)])
            hasFacts[base] = any != nil
        }
        guard hasFacts[base] == true else { return [] }
        let select = try transaction.statement(
            "SELECT facts FROM indicator_fact WHERE base = ? AND institution = ? AND link = ?")
        try select.bind([.integer(program.bases[base]), .integer(institution), .integer(link)])
        defer { select.reset() }
        guard try select.step() else { return [] }
        let count = program.compiled.bases[base].facts.count
        return select.withBytes(at: 0) { bytes in
            var reader = VariableLength(UnsafeRawBufferPointer(bytes))
            return (0..<count).map { _ in reader.signed() }
        }
    }

    func keep(_ facts: [Int64], base: Int, link: Int64) { changedFacts.append((base, link, facts)) }

    func records(base: Int, link: Int64) throws -> [Int64] {
        try transaction.rows(
            "SELECT record FROM indicator_link WHERE base = ? AND institution = ? AND link = ? ORDER BY record",
            [.integer(program.bases[base]), .integer(institution), .integer(link)]
        ).map { try $0[0] }
    }

    func note(record: Int64, base: Int, link: Int64, isThere: Bool) {
        changedLinks.append((base, link, record, isThere))
    }

    func row(base: Int, record: Int64) throws -> JudgedRow? {
        let compiled = program.compiled
        let fileType = compiled.bases[base].fileType
        guard let reading = compiled.readings[fileType] else { return nil }
        let row = rows[base] ?? CellRow(reading)
        rows[base] = row
        let fields = row.askedFields
        var judged: JudgedRow?
        try lineList.forEachVersion(
            program: compiled.program.id, fileType: fileType, institution: institution, fields: fields.map(\.name),
            record: record, in: transaction
        ) { select in
            row.fill(select, fields, from: 3)
            judged = compiled.judge(row, base: base)
        }
        return judged
    }

    /// Writes what has changed. What stands there already is noted again: no figure keeps a report from being stored.
    func flush() throws {
        for (base, link, record, _) in changedLinks.filter({ !$0.isThere }) {
            try transaction.execute(
                "DELETE FROM indicator_link WHERE base = ? AND institution = ? AND link = ? AND record = ?",
                [.integer(program.bases[base]), .integer(institution), .integer(link), .integer(record)])
        }
        let links = changedLinks.filter(\.isThere).sorted {
            ($0.base, $0.link, $0.record) < ($1.base, $1.link, $1.record)
        }
        let facts = changedFacts.sorted { ($0.base, $0.link) < ($1.base, $1.link) }
        (changedLinks, changedFacts, hasFacts) = ([], [], [:])
        if let bulk = transaction as? any BulkTransaction {
            for base in program.bases.indices {
                try write(links.filter { $0.base == base }.map { ($0.link, $0.record) }, of: base, bulk)
                try write(facts.filter { $0.base == base }.map { ($0.link, $0.facts) }, of: base, bulk)
            }
        } else {
            try write(links)
            for (base, link, facts) in facts { try write(link, facts, of: base) }
        }
    }

    // MARK: A statement each

    private func write(_ links: [(base: Int, link: Int64, record: Int64, isThere: Bool)]) throws {
        guard !links.isEmpty else { return }
        let insert = try transaction.statement(
            """
            INSERT INTO indicator_link (base, institution, link, record) VALUES (?, ?, ?, ?) \
            ON CONFLICT (base, institution, link, record) DO NOTHING
            """)
        for (base, link, record, _) in links {
            try insert.bind(program.bases[base], at: 0)
            try insert.bind(institution, at: 1)
            try insert.bind(link, at: 2)
            try insert.bind(record, at: 3)
            try insert.run()
        }
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
        try bind(link, facts, of: base, to: insert)
    }

    private func bind(_ link: Int64, _ facts: [Int64], of base: Int, to insert: any Statement) throws {
        var bytes: [UInt8] = []
        for fact in facts { VariableLength.append(signed: fact, to: &bytes) }
        try insert.bind(program.bases[base], at: 0)
        try insert.bind(institution, at: 1)
        try insert.bind(link, at: 2)
        try bytes.withUnsafeBufferPointer { try insert.bind(blob: $0, at: 3) }
        try insert.run()
    }

    // MARK: Many at once

    private func write(_ links: [(link: Int64, record: Int64)], of base: Int, _ bulk: any BulkTransaction) throws {
        guard !links.isEmpty else { return }
        try bulk.execute(
            """
            INSERT INTO indicator_link (base, institution, link, record) \
            SELECT CAST(? AS BIGINT), CAST(? AS BIGINT), k1, k2 FROM keys ON CONFLICT (base, institution, link, record) DO NOTHING
            """, [.integer(program.bases[base]), .integer(institution)],
            keys: [links.map(\.link), links.map(\.record)])
    }

    private func write(_ facts: [(link: Int64, facts: [Int64])], of base: Int, _ bulk: any BulkTransaction) throws {
        guard !facts.isEmpty else { return }
        try bulk.execute(
            "DELETE FROM indicator_fact WHERE base = ? AND institution = ? AND link IN (SELECT k1 FROM keys)",
            [.integer(program.bases[base]), .integer(institution)], keys: [facts.map(\.link)])
        let insert = try bulk.bulkInsert(
            into: "indicator_fact", columns: ["base", "institution", "link", "facts"])
        for (link, facts) in facts where facts.contains(where: { $0 != 0 }) {
            try bind(link, facts, of: base, to: insert)
        }
        try insert.flush()
    }
}
