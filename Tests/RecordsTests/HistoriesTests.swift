import Database
import Records
import Seeding
import ShangMi
import SurveillanceKit
import TestKit
import StoreKit
import Testing

@testable import Deidentification

/// Ten thousand institutions, each with a history of its own that is drawn at random, against a plain model.
@Suite("Records are what a plain model says they are, on every store", .everyStore)
struct HistoriesTests {
    private static var atOnce: Int { TestStore.current == .postgresql ? 100 : 500 }
    private static let steps = 7

    @Test(
        "10,000 histories of submissions, corrections, withdrawals, retries and transactions that are lost: records, every instant, differences",
        arguments: 0..<20)
    func histories(part: Int) throws {
        // On PostgreSQL 200 of them: every statement waits for a server.
        if TestStore.current == .postgresql, part > 1 { return }
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
                for index in stride(from: 0, to: atOnce, by: 7) {
                    let counted = try store.recordsByDay(index, in: connection)
                    #expect(counted == models[index].recordsByDay)
                }
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
        // Counted anew, as in a database that had records before they were counted.
        try store.database.writeBlocking { transaction in
            try transaction.execute("DELETE FROM record_day_count")
            try transaction.execute("DELETE FROM record_counter WHERE name LIKE 'days/%'")
        }
        try store.lineList.prepare(store.database)
        try store.database.readBlocking { connection in
            for index in models.indices {
                let counted = try store.recordsByDay(index, in: connection)
                #expect(counted == models[index].recordsByDay)
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
