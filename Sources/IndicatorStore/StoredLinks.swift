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

    /// Writes what has changed.
    func flush() throws {
        for (base, link, record, _) in changedLinks.filter({ !$0.isThere }) {
            try transaction.execute(
                "DELETE FROM indicator_link WHERE base = ? AND institution = ? AND link = ? AND record = ?",
                [.integer(program.bases[base]), .integer(institution), .integer(link), .integer(record)])
        }
        let links = changedLinks.filter(\.isThere).sorted {
            ($0.base, $0.link, $0.record) < ($1.base, $1.link, $1.record)
        }
        if !links.isEmpty {
            let insert = try into("indicator_link", ["base", "institution", "link", "record"])
            for (base, link, record, _) in links {
                try insert.bind(program.bases[base], at: 0)
                try insert.bind(institution, at: 1)
                try insert.bind(link, at: 2)
                try insert.bind(record, at: 3)
                try insert.run()
            }
            try (insert as? any BulkInsert)?.flush()
        }
        changedLinks = []
        try flushFacts()
    }

    private func flushFacts() throws {
        let changed = changedFacts.sorted { ($0.base, $0.link) < ($1.base, $1.link) }
        changedFacts = []
        guard !changed.isEmpty else { return }
        for (base, link, _) in changed where hasFacts[base] == true {
            try transaction.execute(
                "DELETE FROM indicator_fact WHERE base = ? AND institution = ? AND link = ?",
                [.integer(program.bases[base]), .integer(institution), .integer(link)])
        }
        let insert = try into("indicator_fact", ["base", "institution", "link", "facts"])
        var bytes: [UInt8] = []
        for (base, link, facts) in changed where facts.contains(where: { $0 != 0 }) {
            bytes.removeAll(keepingCapacity: true)
            for fact in facts { VariableLength.append(signed: fact, to: &bytes) }
            try insert.bind(program.bases[base], at: 0)
            try insert.bind(institution, at: 1)
            try insert.bind(link, at: 2)
            try bytes.withUnsafeBufferPointer { try insert.bind(blob: $0, at: 3) }
            try insert.run()
        }
        try (insert as? any BulkInsert)?.flush()
        hasFacts = [:]
    }

    private func into(_ table: String, _ columns: [String]) throws -> any Statement {
        if let bulk = transaction as? any BulkTransaction { return try bulk.bulkInsert(into: table, columns: columns) }
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        // What stands there already is what is to be noted: no figure keeps a report from being stored.
        let key = columns.filter { $0 != "facts" }.joined(separator: ", ")
        let again = columns.contains("facts") ? "UPDATE SET facts = excluded.facts" : "NOTHING"
        return try transaction.statement(
            "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks)) ON CONFLICT (\(key)) DO \(again)"
        )
    }
}
