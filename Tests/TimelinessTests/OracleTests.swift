import Foundation
import Seeding
import SurveillanceKit
import Testing
import Timeliness

/// Random rules, registers and receipts, judged by the engine and by a slow reading of the rules that shares no code with it.
@Suite("Judgements are those of a slow reading of the rules")
struct OracleTests {
    /// All 100,000 where the environment asks for them, and a part otherwise.
    private static let histories = ProcessInfo.processInfo.environment["VEDETTE_HISTORIES"].flatMap { Int($0) } ?? 300

    @Test("random histories")
    func histories() throws {
        var generator = SeededGenerator(seed: 13)
        let calendar = try GoldenCases.calendar()
        var seen: [String: Int] = [:]
        for number in 0..<OracleTests.histories {
            let history = RandomHistory(&generator)
            let expected = SlowOracle(history).obligations()
            var found: [String: String] = [:]
            let book = try DutyBook(
                [history.program], overrides: history.overrides, calendar: calendar, institutions: [history.institution]
            )
            try book.forEach(
                dueOn: history.days, at: history.now, receipts: { _, _ in DutyReceipts(history.receipts) }
            ) { obligation, _ in
                let key = "\(obligation.kind.rawValue) \(obligation.from) \(obligation.to) \(obligation.dueAt.utc)"
                found[key] = "\(obligation.state.rawValue) \(obligation.receivedAt?.utc ?? "-")"
                seen["\(obligation.kind.rawValue) \(obligation.state.rawValue)", default: 0] += 1
            }
            for key in Set(found.keys).union(expected.keys).sorted() where found[key] != expected[key] {
                Issue.record("history \(number), \(key): \(found[key] ?? "-") for \(expected[key] ?? "-"); \(history)")
                return
            }
        }
        // What the generator never makes is not tested; a part of the histories has not everything.
        guard OracleTests.histories >= 2_000 else { return }
        for kind in ["first-report", "daily", "working-days", "weekly", "monthly", "once"] {
            for state in Obligation.State.allCases {
                #expect(seen["\(kind) \(state.rawValue)", default: 0] > 0, "\(kind) \(state.rawValue)")
            }
        }
    }

    @Test("are the same when they are asked again, and in whatever order the receipts are given")
    func again() throws {
        var generator = SeededGenerator(seed: 14)
        let calendar = try GoldenCases.calendar()
        for _ in 0..<200 {
            let history = RandomHistory(&generator)
            let book = try DutyBook(
                [history.program], overrides: history.overrides, calendar: calendar, institutions: [history.institution]
            )
            func judged(_ receipts: [DutyReceipt]) throws -> [Obligation] {
                var all: [Obligation] = []
                try book.forEach(dueOn: history.days, at: history.now, receipts: { _, _ in DutyReceipts(receipts) }) {
                    obligation, _ in all.append(obligation)
                }
                return all
            }
            let first = try judged(history.receipts)
            #expect(try judged(history.receipts) == first)
            #expect(try judged(history.receipts.shuffled(using: &generator)) == first)
            #expect(try judged(history.receipts + history.receipts) == first)
        }
    }
}
