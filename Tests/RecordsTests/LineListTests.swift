import Database
import Records
import SurveillanceKit
import StoreKit
import Testing

@testable import Deidentification

@Suite("A line list of one file type, on every store", .everyStore)
struct LineListTests {
    private static let day: Int64 = 86_400_000

    private func value(_ text: Int) -> PlainHistory.Row { .value(PlainHistory.Value(text: text, day: 20_000)) }

    /// Sends rows at a moment.
    @discardableResult
    private func send(
        _ rows: [Int: PlainHistory.Row], at now: Int64, _ store: Store, _ model: inout PlainHistory
    ) throws -> Int {
        let submission = model.send(rows)
        try store.database.writeBlocking {
            try store.check(0, submission, rows, &model, looksUp: false, at: now, $0)
        }
        return submission
    }

    @Test("standings and parents are answered as of any instant")
    func asOf() throws {
        let store = try Store()
        var model = PlainHistory()
        try send([1: value(1)], at: 10_000, store, &model)
        try send([1: value(2), 2: value(1)], at: 20_000, store, &model)
        try send([1: .withdraw], at: 30_000, store, &model)
        try store.database.readBlocking { connection in
            let institution = try #require(try store.lineList.institution(store.code(0), in: connection))
            func standing(_ key: Int64, _ content: Int64, _ instant: Int64?) throws -> LineList.Standing? {
                try store.lineList.standings(
                    of: [RowIdentity(key: RecordKey(high: key, low: 0), content: content)], program: "p", fileType: "t",
                    institution: institution, asOf: instant.map { Instant(milliseconds: $0) }, in: connection
                ).first
            }
            #expect(try standing(2, 120_001, nil) == .unchanged(record: 1025))
            #expect(try standing(2, 120_001, 10_000) == .new)
            #expect(try standing(2, 120_001, 20_000) == .unchanged(record: 1025))
            #expect(try standing(1, 120_001, 10_000) == .stored(record: 1))
            #expect(try standing(1, 120_001, 9_999) == .new && standing(1, 120_001, 30_000) == .new)
            func parent(_ instant: Int64?) throws -> [StoredValue?]? {
                try store.lineList.parent(
                    program: "p", fileType: "t", .primaryKey(RecordKey(high: 1, low: 0), earlier: { nil }),
                    asked: ["V"],
                    institution: institution, asOf: instant.map { Instant(milliseconds: $0) }, in: connection)
            }
            #expect(try parent(nil) == nil && parent(9_999) == nil && parent(30_000) == nil)
            #expect(try parent(10_000) == [.integer(1)] && parent(29_999) == [.integer(2)])
        }
    }

    @Test(
        "versions are erased after historyDays: what was before is told to be gone, and what brought it is not withdrawn"
    )
    func history() throws {
        let store = try Store(historyDays: 10)
        var model = PlainHistory()
        try send([1: value(1)], at: Self.day, store, &model)
        let second = try send([1: value(2)], at: 2 * Self.day, store, &model)
        func purge(_ day: Int64) throws -> Int {
            try store.database.writeBlocking {
                try store.lineList.purgeHistory(at: Instant(milliseconds: day * Self.day), in: $0)
            }
        }
        #expect(try purge(11) == 0)
        #expect(
            try store.database.readBlocking { try store.known(asOf: Instant(milliseconds: Self.day), in: $0) }[0]?.count
                == 1)
        #expect(try purge(12) == 1)
        #expect(throws: LineListError.self) {
            try store.database.readBlocking { try store.known(asOf: Instant(milliseconds: Self.day), in: $0) }
        }
        let id = store.id(0, second)
        #expect(throws: LineListError.self) {
            try store.database.readBlocking { try store.lineList.requireWithdrawable(id, in: $0) }
        }
        #expect(throws: LineListError.self) {
            try store.database.writeBlocking {
                try store.lineList.withdraw(submission: id, at: Instant(milliseconds: 13 * Self.day), in: $0)
            }
        }
        #expect(try store.database.readBlocking { try store.known(in: $0) }[0]?[1]?.text == 2)
    }

    @Test("a withdrawn submission that is stored again stores nothing and stays withdrawn")
    func again() throws {
        let store = try Store()
        var model = PlainHistory()
        try send([1: value(1)], at: 1000, store, &model)
        let second = try send([1: value(2), 2: value(2)], at: 2000, store, &model)
        try store.database.writeBlocking { try store.checkWithdrawal(0, second, &model, $0) }
        try store.database.writeBlocking { transaction in
            let known = try store.lineList.institution(store.code(0), in: transaction)
            let writer = try RecordWriter(
                store.lineList, institution: store.code(0), expecting: known?.revision, submission: store.id(0, second),
                at: Instant(milliseconds: 3000), in: transaction)
            #expect(writer.isWithdrawn)
            try writer.store(store.batch(model.submissions[second]), file: 0)
            try writer.finish(attempt: 2, outcome: [])
            #expect(writer.counts == StoringCounts())
        }
        #expect(
            try store.database.readBlocking { try store.known(in: $0) }[0] == [
                1: PlainHistory.Value(text: 1, day: 20_000)
            ])
    }

    @Test("a field that a later version of the program drops is gone with all that was kept of it")
    func droppedField() throws {
        let store = try Store()
        var model = PlainHistory()
        try send([1: value(1)], at: 1000, store, &model)
        try send([1: value(2)], at: 2000, store, &model)
        _ = try Store(drops: true, database: store.database)
        for table in ["p_t", "p_t_history"] {
            let names = try store.database.readBlocking {
                try $0.statement("SELECT * FROM \(table) LIMIT 0").columnNames
            }
            #expect(names.contains("D") && !names.contains("V"))
        }
    }
}
