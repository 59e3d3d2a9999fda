import Database
import Records
import ShangMi
import SurveillanceKit
import StoreKit
import Testing

@testable import Deidentification

/// A line list of one file type in memory.
struct Store {
    let database: any SQLDatabase
    let lineList: LineList
    let program: Program
    private let type: FileType
    private let links: LinkHashes

    init(historyDays: Int? = nil, drops: Bool = false, database: (any SQLDatabase)? = nil) throws {
        func field(_ name: String, _ type: FieldType) -> Field {
            Field(
                name: name, title: BilingualText(zh: name, en: name), type: type,
                constraints: Constraints(isRequired: name == "K"), sensitivity: .quasi,
                deidentify: drops && name == "V" ? .drop : .keep)
        }
        type = FileType(
            id: "t", title: BilingualText(zh: "甲", en: "t"),
            fields: [field("K", .integer), field("V", .integer), field("D", .date)], primaryKey: ["K"], eventDate: "D")
        program = Program(
            id: "p", title: BilingualText(zh: "甲", en: "p"), version: "1.0.0", effectiveFrom: "2020-01-01",
            timeZone: "UTC", historyDays: historyDays,
            coverage: Program.Coverage(days: PlainHistory.coveredDays, by: "D"), fileTypes: [type])
        lineList = LineList([program])
        self.database = try database ?? TestStore.database()
        try self.database.migrate(LineList.migrations)
        try lineList.prepare(self.database)
        links = try LinkHashes(
            program, type, institution: "", key: SymmetricKey(bytes: [UInt8](repeating: 1, count: 32)))
    }

    func code(_ institution: Int) -> String { "H\(institution)" }
    func id(_ institution: Int, _ submission: Int) -> String { "\(institution)/\(submission)" }

    /// Stores a submission in both and compares what it came to.
    func check(
        _ institution: Int, _ submission: Int, _ rows: [Int: PlainHistory.Row], _ model: inout PlainHistory,
        looksUp: Bool, at now: Int64 = 1000, _ transaction: any Transaction
    ) throws {
        let known = try lineList.institution(code(institution), in: transaction)
        var batch = batch(rows)
        var held = RecordWriter.HeldFile(program: "p", fileType: "t")
        let standings =
            looksUp
            ? try known.map {
                try lineList.standings(
                    of: batch.rows.map(\.identity), program: "p", fileType: "t", institution: $0, in: transaction)
            } ?? batch.rows.map { _ in .new } : nil
        // What the look-up found is told by the records, what nobody has looked for by the keys.
        if !looksUp { held.keys = rows.keys.map { RecordKey(high: Int64($0), low: 0) } }
        for index in batch.rows.indices.reversed() {
            switch standings?[index] {
            case .new: batch.rows[index].record = 0
            case .stored(let record):
                held.records.append(record)
                batch.rows[index].record = record
            case .unchanged(let record):
                held.records.append(record)
                batch.rows[index].record = record
                guard !batch.rows[index].isWithdrawal else { break }
                held.unchanged += 1
                batch.rows.remove(at: index)
            case .unknown: held.keys.append(batch.rows[index].identity.key)
            case nil: break
            }
        }
        held.latestDay = rows.values.compactMap { if case .value(let value) = $0 { value.day } else { nil } }.max()
        // Asked before anything is stored, as the pipeline does.
        let vanished = try lineList.vanished([held], of: known, in: transaction)
        #expect(vanished.count == (held.keys.isEmpty ? 1 : 0))
        let observer = RecordChanges([program], institution: code(institution))
        let later = Set((submission + 1..<max(submission + 1, model.submissions.count)).map { id(institution, $0) })
        let writer = try RecordWriter(
            lineList, institution: code(institution), expecting: known?.revision,
            submission: id(institution, submission),
            keeping: later, at: Instant(milliseconds: now), in: transaction,
            observer: observer)
        try writer.store(batch, file: 0)
        try writer.note(held, file: 0)
        try writer.note(vanished: vanished)
        try writer.finish(attempt: 1, outcome: [])
        let changes = observer.all.map(change)
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
        let observer = RecordChanges([program], institution: code(institution))
        let withdrawn = try lineList.withdraw(
            submission: id(institution, submission), at: Instant(milliseconds: 1000), in: transaction,
            observer: observer)
        let changes = observer.all.map(change)
        let expected = model.withdraw(submission, at: withdrawn.at.milliseconds)
        #expect(changes.sorted { $0.key < $1.key } == expected)
    }

    func batch(_ rows: [Int: PlainHistory.Row]) -> DeidentifiedBatch {
        var batch = DeidentifiedBatch(program: program, fileType: type, institution: "", links: links)
        for (key, row) in rows.sorted(by: { $0.key < $1.key }) { append(row, key, to: &batch) }
        return batch
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

    func recordsByDay(_ institution: Int, in connection: any Connection) throws -> [CivilDate: Int] {
        try lineList.recordsByDay(
            program: "p", fileType: "t", institution: code(institution),
            CivilDate(daysSince1970: 0)...CivilDate(daysSince1970: 100_000), in: connection)
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
