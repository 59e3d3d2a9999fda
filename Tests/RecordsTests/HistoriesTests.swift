import Database
import Records
import ShangMi
import SurveillanceKit
import TestKit
import Testing

@testable import Deidentification

/// Ten thousand institutions, each with a history of its own that is drawn at random, against a plain model.
@Suite("Records are what a plain model says they are")
struct HistoriesTests {
    private static let atOnce = 500
    private static let steps = 7

    @Test(
        "10,000 histories of submissions, corrections, withdrawals, retries and transactions that are lost: records, every instant, differences",
        arguments: 0..<20)
    func histories(part: Int) throws {
        let hash = try Self.run(part, lost: part.isMultiple(of: 2))
        // The same without what was lost ends the same.
        if part == 0 { #expect(try Self.run(part, lost: false) == hash) }
    }

    private struct Lost: Error {}

    /// - Returns: a hash of the records at the end.
    private static func run(_ part: Int, lost: Bool) throws -> Int {
        var random = Randomness(seed: UInt64(part) + 1)
        var chance = Randomness(seed: UInt64(part) + 1000)
        let store = try Store()
        var models = [PlainHistory](repeating: PlainHistory(), count: atOnce)
        var seen: [(instant: Int64, known: [[Int: PlainHistory.Value]])] = []
        for _ in 0..<steps {
            let begun = (random, models)
            while true {
                (random, models) = begun
                do {
                    try store.database.writeBlocking { transaction in
                        for index in models.indices {
                            try step(&models[index], institution: index, store, &random, transaction)
                        }
                        if lost, chance.oneIn(3) { throw Lost() }
                    }
                    break
                } catch is Lost {}
            }
            try store.database.readBlocking { connection in
                let known = try store.known(in: connection)
                for index in models.indices { #expect(known[index] ?? [:] == models[index].known()) }
                seen.append((try store.lineList.latest(in: connection).milliseconds, models.map { $0.known() }))
            }
        }
        try store.database.readBlocking { connection in
            for state in seen {
                let known = try store.known(asOf: Instant(milliseconds: state.instant), in: connection)
                for index in models.indices { #expect(known[index] ?? [:] == state.known[index]) }
            }
            // Of some institutions as of every instant at which anything of theirs changed, and of the one before.
            for index in stride(from: 0, to: atOnce, by: 50) {
                for instant in Set(models[index].versions.values.flatMap { $0 }.flatMap { [$0.from, $0.from - 1] }) {
                    let known = try store.known(index, asOf: Instant(milliseconds: instant), in: connection)
                    #expect(known[index] ?? [:] == models[index].known(asOf: instant))
                }
            }
        }
        var hasher = FNV()
        try store.database.readBlocking { connection in
            for (institution, known) in try store.known(in: connection).sorted(by: { $0.key < $1.key }) {
                for (key, value) in known.sorted(by: { $0.key < $1.key }) {
                    for number in [institution, key, value.text, value.day] { hasher.add(number) }
                }
            }
        }
        return hasher.value
    }

    private struct FNV {
        var value = 1_469_598_103
        mutating func add(_ number: Int) { value = (value ^ number) &* 1_099_511_628_211 }
    }

    /// One thing that an institution does.
    private static func step(
        _ model: inout PlainHistory, institution: Int, _ store: Store, _ random: inout Randomness,
        _ transaction: any Transaction
    ) throws {
        let choice = model.submissions.isEmpty ? 0 : random.below(10)
        switch choice {
        case 0..<6:
            var rows: [Int: PlainHistory.Row] = [:]
            for key in 0..<4 where random.oneIn(2) {
                let value = PlainHistory.Value(text: random.below(3), day: 20_000 + random.below(6))
                rows[key] = random.oneIn(6) ? .withdraw : .value(value)
            }
            let submission = model.send(rows)
            try store.check(institution, submission, rows, &model, looksUp: random.oneIn(2), transaction)
        case 6..<8:
            let submission = random.below(model.submissions.count)
            let looksUp = random.oneIn(2)
            // A withdrawn submission is not processed again.
            guard !model.withdrawn.contains(submission) else { return }
            try store.check(
                institution, submission, model.submissions[submission], &model, looksUp: looksUp, transaction)
        default:
            let submission = random.below(model.submissions.count)
            try store.checkWithdrawal(institution, submission, &model, transaction)
        }
    }
}

/// A line list of one file type in memory.
private struct Store {
    let database: SQLiteDatabase
    let lineList: LineList
    private let program: Program
    private let type: FileType
    private let links: LinkHashes

    init() throws {
        func field(_ name: String, _ type: FieldType) -> Field {
            Field(
                name: name, title: BilingualText(zh: name, en: name), type: type,
                constraints: Constraints(isRequired: name == "K"), sensitivity: .quasi, deidentify: .keep)
        }
        type = FileType(
            id: "t", title: BilingualText(zh: "甲", en: "t"),
            fields: [field("K", .integer), field("V", .integer), field("D", .date)], primaryKey: ["K"], eventDate: "D")
        program = Program(
            id: "p", title: BilingualText(zh: "甲", en: "p"), version: "1.0.0", effectiveFrom: "2020-01-01",
            timeZone: "UTC", coverage: Program.Coverage(days: PlainHistory.coveredDays, by: "D"), fileTypes: [type])
        lineList = LineList([program])
        database = try SQLiteDatabase.inMemory()
        try database.migrate(LineList.migrations)
        try lineList.prepare(database)
        links = try LinkHashes(
            program, type, institution: "", key: SymmetricKey(bytes: [UInt8](repeating: 1, count: 32)))
    }

    private func code(_ institution: Int) -> String { "H\(institution)" }
    private func id(_ institution: Int, _ submission: Int) -> String { "\(institution)/\(submission)" }

    /// Stores a submission in both and compares what it came to.
    func check(
        _ institution: Int, _ submission: Int, _ rows: [Int: PlainHistory.Row], _ model: inout PlainHistory,
        looksUp: Bool, _ transaction: any Transaction
    ) throws {
        let known = try lineList.institution(code(institution), in: transaction)
        var batch = DeidentifiedBatch(program: program, fileType: type, institution: code(institution), links: links)
        var held = RecordWriter.HeldFile(program: "p", fileType: "t")
        for (key, row) in rows.sorted(by: { $0.key < $1.key }) { append(row, key, to: &batch) }
        let standings =
            looksUp
            ? try known.map {
                try lineList.standings(
                    of: batch.rows.map(\.identity), program: "p", fileType: "t", institution: $0, in: transaction)
            } ?? batch.rows.map { _ in .new } : nil
        for index in batch.rows.indices.reversed() {
            switch standings?[index] {
            case .new: batch.rows[index].record = 0
            case .stored(let record): batch.rows[index].record = record
            case .unchanged(let record):
                batch.rows[index].record = record
                guard !batch.rows[index].isWithdrawal else { break }
                held.unchanged += 1
                batch.rows.remove(at: index)
            case .unknown, nil: break
            }
        }
        held.keys = rows.keys.map { RecordKey(high: Int64($0), low: 0) }
        held.latestDay = rows.values.compactMap { if case .value(let value) = $0 { value.day } else { nil } }.max()
        var changes: [PlainHistory.Change] = []
        let later = Set((submission + 1..<max(submission + 1, model.submissions.count)).map { id(institution, $0) })
        let writer = try RecordWriter(
            lineList, institution: code(institution), expecting: known?.revision,
            submission: id(institution, submission),
            keeping: later, at: Instant(milliseconds: 1000), in: transaction,
            onChange: { changes.append(change($0)) })
        try writer.store(batch, file: 0)
        try writer.note(held, file: 0)
        try writer.finish(attempt: 1, outcome: [])
        let expected = model.store(submission, at: writer.instant.milliseconds)
        #expect(changes.sorted { $0.key < $1.key } == expected.changes)
        let found = try #require(try lineList.differences(of: id(institution, submission), in: transaction).first)
        #expect(
            PlainHistory.Counts(
                added: found.added, changed: found.changed, unchanged: found.unchanged, withdrawn: found.withdrawn,
                vanished: found.vanished) == expected.counts)
        let listed = try lineList.changes(of: id(institution, submission), offset: 0, limit: 99, in: transaction)
        #expect(listed.count == expected.changes.count + expected.counts.vanished)
        for entry in listed where entry.kind == .changed { #expect(entry.fields?.isEmpty == false) }
    }

    func checkWithdrawal(
        _ institution: Int, _ submission: Int, _ model: inout PlainHistory, _ transaction: any Transaction
    ) throws {
        var changes: [PlainHistory.Change] = []
        let withdrawn = try lineList.withdraw(
            submission: id(institution, submission), at: Instant(milliseconds: 1000), in: transaction
        ) { changes.append(change($0)) }
        let expected = model.withdraw(submission, at: withdrawn.at.milliseconds)
        #expect(changes.sorted { $0.key < $1.key } == expected)
    }

    private func append(_ row: PlainHistory.Row, _ key: Int, to batch: inout DeidentifiedBatch) {
        let first = Int32(batch.cells.count)
        func integer(_ field: UInt16, _ value: Int) {
            batch.cells.append(.init(field: field, kind: .integer, count: 0, bits: UInt64(value)))
        }
        integer(0, key)
        var content: Int64 = -1
        if case .value(let value) = row {
            integer(1, value.text)
            let start = batch.text.count
            CivilText.append(Int64(value.day) * 86_400, withTime: false, to: &batch.text)
            batch.cells.append(
                .init(field: 2, kind: .text, count: UInt32(batch.text.count - start), bits: UInt64(start)))
            content = Int64(value.text * 100_000 + value.day) + 1
        }
        batch.rows.append(
            .init(
                number: key + 2, cells: first..<Int32(batch.cells.count),
                identity: RowIdentity(key: RecordKey(high: Int64(key), low: 0), content: content), record: nil,
                isWithdrawal: row == .withdraw))
    }

    private func change(_ change: RecordChange) -> PlainHistory.Change {
        if let day = change.eventDay { #expect(value(change.after ?? change.before)?.day == day.daysSince1970) }
        return PlainHistory.Change(
            key: Int(change.key.high), before: value(change.before), after: value(change.after))
    }

    private func value(_ values: RecordValues?) -> PlainHistory.Value? {
        guard let values, case .integer(let text)? = values["V"], case .text(let day)? = values["D"],
            let date = CivilDate(String(decoding: day, as: UTF8.self))
        else { return nil }
        return PlainHistory.Value(text: Int(text), day: date.daysSince1970)
    }

    /// What is known of every institution, or of one.
    func known(
        _ institution: Int? = nil, asOf: Instant? = nil, in connection: any Connection
    ) throws -> [Int: [Int: PlainHistory.Value]] {
        var numbers: [Int64: Int] = [:]
        try connection.forEachRow("SELECT number, code FROM record_institution") { row in
            let code: String = try row[1]
            numbers[try row[0]] = Int(code.dropFirst())
        }
        var known: [Int: [Int: PlainHistory.Value]] = [:]
        try lineList.forEachRecord(
            program: "p", fileType: "t", institution: institution.map(code), asOf: asOf, in: connection
        ) { record in
            guard let own = numbers[record.institution], case .integer(let key)? = record.values["K"] else { return }
            known[own, default: [:]][Int(key)] = value(record.values)
        }
        return known
    }
}
