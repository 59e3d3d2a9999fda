import Database
import Notices
import Portal
import StoreKit
import SurveillanceKit
import Testing
import Timeliness
import TimelinessStore

@testable import CoreRuntime

@Suite("Feeds that fall silent or shrink, on every store", .everyStore)
struct FeedTests {
    private let code = TestPlatform.institution.code
    private let today = CivilDate(daysSince1970: 20_785)  // 2026-11-28

    /// Thirty days of packages at ten in the morning, with 100 visits each.
    private func history(_ test: TestPlatform) async throws {
        let zone = try #require(CivilZone("Asia/Shanghai"))
        let ten = try #require(TimeOfDay("10:00"))
        try await test.platform.data.database.write { [code, today] transaction in
            for back in 1...30 {
                let day = today.advanced(byDays: -back)
                try DutyLog.note(
                    ["influenza": .accepted],
                    of: DutyLog.Sent("s\(back)", of: code, receivedAt: zone.instant(day, ten)), in: transaction)
            }
        }
        try await rows(test, (1...30).map { (today.advanced(byDays: -$0), 100) })
    }

    private func rows(_ test: TestPlatform, _ days: [(CivilDate, Int)]) async throws {
        try await test.platform.data.records.write { [code] transaction in
            try transaction.execute("DELETE FROM record_institution WHERE code = ?", [.text(code)])
            try transaction.execute(
                "INSERT INTO record_institution (number, code, revision, has_earlier_keys) VALUES (77, ?, 0, 0)",
                [.text(code)])
            for (day, count) in days {
                try transaction.execute(
                    "DELETE FROM record_day_count WHERE institution = 77 AND day = ?", [SQLValue(day.daysSince1970)])
                try transaction.execute(
                    """
                    INSERT INTO record_day_count (institution, program, file_type, day, records) \
                    VALUES (77, 'influenza', 'flu', ?, ?)
                    """, [SQLValue(day.daysSince1970), SQLValue(count)])
            }
        }
    }

    private func told(_ test: TestPlatform) async throws -> [String] {
        try await test.platform.data.database.read { connection in
            try connection.rows("SELECT notice_key FROM notice WHERE kind = 'feed-silent' ORDER BY notice_key")
                .map { try $0[0] }
        }
    }

    @Test("whoever always reports by ten is told once at twenty past ten that nothing has come, and not before")
    func silent() async throws {
        let clock = try SetClock("2026-11-28T10:10:00+08:00")
        let test = try TestPlatform(now: clock.now)
        try await history(test)
        try await test.platform.feeds.look(pending: [:])
        #expect(try await told(test) == [])
        try clock.set("2026-11-28T10:20:00+08:00")
        // What has been received and not been processed is no silence.
        try await test.platform.feeds.look(
            pending: [code: [DutyReceipt(receivedAt: clock.now(), outcome: .pending)]])
        #expect(try await told(test) == [])
        for _ in 0..<3 { try await test.platform.feeds.look(pending: [:]) }
        let key = "feed-silent/influenza/\(code)/daily/2026-11-28"
        #expect(try await told(test) == [key])
        try await test.restart(now: clock.now)
        try await test.platform.feeds.look(pending: [:])
        #expect(try await told(test) == [key])
    }

    @Test("a day with far fewer rows than usual is told once a package has brought it, and shown with what is usual")
    func short() async throws {
        let clock = try SetClock("2026-11-28T09:00:00+08:00")
        let test = try TestPlatform(now: clock.now)
        try await history(test)
        try await test.platform.feeds.look(pending: [:])
        try await rows(test, [(today.advanced(byDays: -1), 3), (today, 20)])
        try await test.platform.data.database.write { [code] transaction in
            try DutyLog.note(
                ["influenza": .accepted], of: DutyLog.Sent("now", of: code, receivedAt: clock.now()), in: transaction)
        }
        for _ in 0..<2 { try await test.platform.feeds.look(pending: [:]) }
        #expect(try await told(test) == ["feed-silent/influenza/\(code)/daily/2026-11-27"])
        let covered = try await test.platform.portalServices.coverage(of: code, in: .nation)
        #expect(covered.map(\.program) == ["influenza"])
        let days = covered[0].days
        #expect(days.count == 7 && days[6].day == today && days[6].rows == 20 && days[6].verdict == nil)
        #expect(days[5].verdict == .fewer(expected: 100) && days[4].verdict == .usual)
        #expect(try await test.platform.portalServices.coverage(of: code, in: .institution("other")).isEmpty)
        let filled = try await test.platform.portalServices.filled(today, in: .nation)
        #expect(filled.map { "\($0.program) \($0.region) \($0.institutions)" } == ["influenza 11 1"])
    }
}
