import Database
import Foundation
import Notices
import PluginKit
import Settings
import StoreKit
import SurveillanceKit
import Synchronization
import Testing
import Validation

@testable import CoreRuntime

@Suite("Notices of a running server, on every store", .everyStore)
struct NoticeTests {
    private static let now = Instant(seconds: 1_772_000_000)

    static func subject(_ institution: String = TestPlatform.institution.code) throws -> NoticeSubject {
        let day = try #require(CivilDate(year: 2026, month: 3, day: 1))
        return NoticeSubject(
            program: "fever-clinic", programTitle: BilingualText(zh: "发热门诊", en: "Fever clinics"),
            institution: institution, institutionName: BilingualText(zh: "示例医院", en: "Example Hospital"), rule: "daily",
            days: day...day, dueAt: Instant(seconds: Int64(day.daysSince1970) * 86_400 + 9 * 3600),
            zone: "Asia/Shanghai", secondsEastOfUTC: 28_800)
    }

    @Test(
        "what was added is written to the log once, also over a restart; what cannot be delivered is counted and said with its reason"
    )
    func running() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("vedette.json")
        try Data(#"{ "plugins": { "notify": { "log": { "file": "n.log" } } } }"#.utf8).write(to: file)
        let notifiers = try Configuration(contentsOf: file).plugins.all
        let test = try TestPlatform(now: { Self.now }) { configuration in
            configuration.plugins = EnabledPlugins(notifiers + configuration.plugins.all.filter { $0 is any Store })
        }
        let missed = try Notice.missed(Self.subject(), at: Self.now)
        for _ in 0..<2 {
            try await test.platform.data.database.write { _ = try Outbox.add(missed, in: $0) }
            await test.platform.schedule.runDue()
            test.platform.deliverNotices()
        }
        let text = try String(contentsOf: folder.appendingPathComponent("n.log"), encoding: .utf8)
        #expect(text.split(separator: "\n").count == 1)
        #expect(
            text.contains(
                "示例医院（12345678901234567890A1）：发热门诊 2026-03-01 的数据未在 2026-03-01 17:00 (Asia/Shanghai) 前收到"))
        #expect(try await test.platform.metrics().contains("vedette_notices{state=\"delivered\"} 1\n"))
        // Without the log nobody is on.
        try await test.restart(now: { Self.now })
        let other = try Notice.backInOrder(Self.subject(), at: Self.now)
        try await test.platform.data.database.write { _ = try Outbox.add(other, in: $0) }
        test.platform.deliverNotices()
        await test.platform.schedule.runDue()
        #expect(try await test.platform.metrics().contains("vedette_notices{state=\"undeliverable\"} 1\n"))
        let troubles = try test.desk().noticeTroubles()
        #expect(troubles.map(\.count) == [1] && troubles[0].reason.en.hasPrefix("no notifier is on"))
    }

    @Test(
        "a setting that is unknown or cannot be used is refused with file and line",
        arguments: [
            (#""quiet": {}"#, "notices: unknown property 'quiet'; known are contacts, perMinute, quietHours"),
            (#""perMinute": 0"#, "notices: 'perMinute' must be above 0"),
            (
                #""quietHours": { "from": "25:00", "to": "07:00" }"#,
                "notices.quietHours: 'from' is '25:00' and 'to' is '07:00'"
            ),
            (#""quietHours": { "from": "07:00" }"#, "notices.quietHours: 'to' is missing"),
            (#""contacts": "none.json""#, "none.json"),
        ])
    func settings(text: String, reason: String) throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("{ \"notices\": {\n\(text) } }".utf8).write(to: file)
        let error = try #require(throws: ProgramError.self) { try Configuration(contentsOf: file) }
        #expect(error.description.contains(reason), "\(error)")
        if !text.contains("none") { #expect(error.description.contains(".json:2: "), "\(error)") }
    }
}
