import Database
import StoreKit
import SurveillanceKit
import Testing
import Timeliness
import TimelinessStore

@Suite("What came of submissions, on every store", .everyStore)
struct DutyLogTests {
    let database: any SQLDatabase

    init() throws {
        database = try TestStore.database()
        try database.migrate(DutyLog.migrations)
    }

    private func note(
        _ submission: String, _ outcomes: [String: DutyReceipt.Outcome], at: Int64, of institution: String = "A",
        day: CivilDate? = nil
    ) throws {
        try database.writeBlocking {
            try DutyLog.note(
                outcomes,
                of: DutyLog.Sent(
                    submission, of: institution, receivedAt: Instant(milliseconds: at),
                    begunAt: Instant(milliseconds: at - 5)), day: day, in: $0)
        }
    }

    private func receipts(_ program: String, since: Int64 = 0, firsts: [Int64] = []) throws -> [String] {
        try database.readBlocking {
            try DutyLog.receipts(
                of: "A", for: program, since: Instant(milliseconds: since),
                firsts: firsts.map { Instant(milliseconds: $0) }, in: $0
            ).map {
                "\($0.receivedAt.milliseconds) \($0.outcome)\($0.day.map { " for \($0)" } ?? "")"
            }
        }
    }

    @Test("a package of two programs has an outcome for each, and one of no program is told with every program's")
    func programs() throws {
        try note("s1", ["flu": .accepted, "fever": .partlyAccepted], at: 10)
        try note("s2", ["": .rejected], at: 20)
        try note("s3", ["flu": .zero], at: 30, day: CivilDate("2026-03-01"))
        #expect(try receipts("flu") == ["10 accepted", "30 zero for 2026-03-01", "20 rejected"])
        #expect(try receipts("fever") == ["10 partlyAccepted", "20 rejected"])
        #expect(try receipts("other") == ["20 rejected"])
        let begun = try database.readBlocking {
            try DutyLog.receipts(of: "A", for: "fever", since: Instant(milliseconds: 0), in: $0).map(\.begunAt)
        }
        #expect(begun == [Instant(milliseconds: 5), Instant(milliseconds: 15)])
    }

    @Test("processing again replaces what a submission came to, also for a program that it no longer has")
    func replaces() throws {
        try note("s1", ["flu": .accepted, "fever": .accepted], at: 10)
        try note("s1", ["flu": .rejected], at: 10)
        #expect(try receipts("flu") == ["10 rejected"])
        #expect(try receipts("fever").isEmpty)
        try note("s1", ["fever": .accepted], at: 10)
        #expect(try receipts("flu").isEmpty)
        #expect(try receipts("fever") == ["10 accepted"])
    }

    @Test("a withdrawn one counts for nothing; a failure takes nothing from what an earlier attempt has stored")
    func ends() throws {
        try note("s1", ["flu": .accepted], at: 10)
        try note("s2", ["flu": .partlyAccepted], at: 20)
        let sent = DutyLog.Sent("s2", of: "A", receivedAt: Instant(milliseconds: 20))
        let never = DutyLog.Sent("s3", of: "A", receivedAt: Instant(milliseconds: 30))
        try database.writeBlocking { transaction in
            try DutyLog.noteWithdrawal(of: "s1", in: transaction)
            try DutyLog.noteFailure(of: sent, in: transaction)
            try DutyLog.noteFailure(of: never, in: transaction)
        }
        #expect(try receipts("flu") == ["10 withdrawn", "20 partlyAccepted", "30 failed"])
    }

    @Test("the first that counts is found however long ago it came, and older ones are left out")
    func firsts() throws {
        try note("s0", ["flu": .rejected], at: 5)
        for number in 1...9 { try note("s\(number)", ["flu": .accepted], at: Int64(number * 10)) }
        #expect(
            try receipts("flu", since: 80, firsts: [1, 25]) == [
                "10 accepted", "30 accepted", "80 accepted", "90 accepted",
            ])
        #expect(try receipts("flu", since: 80, firsts: [85]) == ["80 accepted", "90 accepted"])
    }

    @Test("every change has a number, by which another process finds it")
    func changes() throws {
        try note("s1", ["flu": .accepted], at: 10)
        let seen = try database.readBlocking { try DutyLog.lastChange(in: $0) }
        func news() throws -> [String] {
            try database.readBlocking {
                try DutyLog.changed(after: seen, in: $0).map { "\($0.institution)/\($0.program)" }
            }
            .sorted()
        }
        #expect(try news().isEmpty)
        try note("s2", ["flu": .accepted], at: 20, of: "B")
        try database.writeBlocking { try DutyLog.noteWithdrawal(of: "s1", in: $0) }
        #expect(try news() == ["A/flu", "B/flu"])
        var counted: [String] = []
        try database.readBlocking {
            try DutyLog.forEachCounting(receivedIn: Instant(milliseconds: 0)..<Instant.distantFuture, in: $0) {
                counted.append("\($0)/\($1)/\($2.receivedAt.milliseconds)")
            }
        }
        #expect(counted == ["B/flu/20"])
    }
}
