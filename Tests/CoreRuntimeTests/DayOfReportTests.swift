import Audit
import CheckKit
import Foundation
import Intake
import ProgramFiles
import SurveillanceKit
import Synchronization
import Testing

@testable import CoreRuntime

@Suite("The day of a report")
struct DayOfReportTests {
    private static let files = [
        "Ward/program.json": """
        { "id": "ward", "version": "1.0.0", "effectiveFrom": "2026-01-01", "title": { "zh": "病区", "en": "Ward" },
          "timeZone": "Asia/Shanghai", "files": ["ward"] }
        """,
        "Ward/files/ward.json": """
        { "name": "ward", "title": "病区", "en": { "title": "Wards" }, "primaryKey": ["DAY"],
          "fields": [ { "name": "DAY", "title": "日期", "en": { "title": "Day" }, "type": "date", "format": "%Y-%m-%d",
            "constraints": { "required": true }, "sensitivity": "none", "deidentify": "keep" } ],
          "rules": [ { "id": "not-in-future", "expression": "DAY <= today()", "field": "DAY", "severity": "error",
            "message": { "zh": "晚于上报当天", "en": "after the day of the report" } } ] }
        """,
    ]
    /// 2026-11-06 at 16:30 UTC, which is the 7th in Shanghai.
    private static let evening = Instant(milliseconds: 1_793_982_600_000)
    private let csv = MarkedCSV("DAY\n2026-11-06\n2026-11-07\n❶2026-11-08\n")

    @Test("is told in the program's zone")
    func zone() throws {
        let registry = try TemporaryPrograms(DayOfReportTests.files).registry()
        let files = [(name: "ward_1.csv", bytes: csv.bytes)]
        let examined = try Examined(files, by: registry, receivedAt: DayOfReportTests.evening)
        #expect(examined.places == csv.expecting("❶ not-in-future"))
        let before = MarkedCSV("DAY\n2026-11-06\n❶2026-11-07\n❷2026-11-08\n")
        let earlier = try Examined(files, by: registry, receivedAt: DayOfReportTests.evening.advanced(bySeconds: -3600))
        #expect(earlier.places == before.expecting("❶ not-in-future", "❷ not-in-future"))
    }

    @Test("is that on which it was received, however late it is processed or tried again")
    func received() async throws {
        let programs = try TemporaryPrograms(DayOfReportTests.files)
        let clock = Clock(DayOfReportTests.evening)
        let test = try TestPlatform(now: { clock.now }, programs: programs.folder)
        let id = try await test.send(csv.bytes, named: "ward_1.csv").submission.id
        clock.advance(by: 40 * 86_400_000)
        try await test.processAll()
        let before = try await test.findingLines(id)
        #expect(before.count == 1)
        _ = try await test.platform.retry(id, by: .platform)
        try await test.processAll()
        #expect(try await test.findingLines(id) == before)
    }
}

/// A clock that a test sets.
private final class Clock: Sendable {
    private let milliseconds: Atomic<Int64>

    init(_ start: Instant) { milliseconds = Atomic(start.milliseconds) }

    var now: Instant { Instant(milliseconds: milliseconds.load(ordering: .relaxed)) }
    func advance(by amount: Int64) { _ = milliseconds.add(amount, ordering: .relaxed) }
}
