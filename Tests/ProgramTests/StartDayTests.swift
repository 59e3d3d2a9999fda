import CheckKit
import ProgramFiles
import SurveillanceKit
import Testing
import Validation

@Suite("A program takes reports from its first day on")
struct StartDayTests {
    /// 2026-06-01 00:00 in Shanghai, in milliseconds since 1970-01-01 UTC.
    private static let start = Instant(milliseconds: 1_780_243_200_000)

    private func examine(_ names: [String], at receivedAt: Instant, zone: String = "Asia/Shanghai") throws -> Examined {
        let program = Mpox.program.replacing("Asia/Shanghai", with: zone)
        let registry = try TemporaryPrograms(Mpox.files(changing: ["Mpox/program.json": program])).registry()
        let csv = Array("CASE,SEX,ONSET,SEEN\nA1,1,2026-06-01,2026-06-02\n".utf8)
        return try Examined(names.map { ($0, csv) }, by: registry, receivedAt: receivedAt)
    }

    @Test("in its own time zone, to the millisecond")
    func zone() throws {
        let before = try examine(["mpox_1.csv"], at: StartDayTests.start.advanced(by: -1))
        #expect(before.findings.map(\.code) == [.programNotStarted])
        #expect(before.findings[0].severity == .error && before.findings[0].program == "mpox")
        #expect(before.findings[0].fileType == "mpox")
        #expect(
            before.findings[0].message.en
                == "Mpox surveillance takes reports from 2026-06-01 on; this file was received before that day, send it from then on"
        )
        #expect(before.findings[0].message.zh.contains("自 2026-06-01 起接收"))
        #expect(before.reports.map(\.errors) == [1] && before.checkedRows == 0)
        let from = try examine(["mpox_1.csv"], at: StartDayTests.start)
        #expect(from.findings.map(\.code) == [] && from.checkedRows == 1)
        // The day begins eight hours later in UTC.
        let utc = try examine(["mpox_1.csv"], at: StartDayTests.start, zone: "UTC")
        #expect(utc.findings.map(\.code) == [.programNotStarted])
        let later = try examine(["mpox_1.csv"], at: StartDayTests.start.advanced(bySeconds: 8 * 3600), zone: "UTC")
        #expect(later.findings.map(\.code) == [])
    }

    @Test("and until then says so of each of its files, and of no other")
    func others() throws {
        let early = try examine(["MPOX_1.csv", "flu_1.csv"], at: Instant(milliseconds: 0))
        #expect(
            early.findings.map { "\($0.file) \($0.code.rawValue)" }.sorted() == [
                "MPOX_1.csv program-not-started", "flu_1.csv unknown-file",
            ])
    }

    @Test(
        "a day that the calendar has",
        arguments: [
            ("2024-02-29", true), ("2020-08-01", true), ("2026-02-29", false), ("2026-13-01", false),
            ("2026-00-10", false),
            ("2026-1-01", false), ("26-01-01", false), ("2026-01-01 ", false), ("2026/01/01", false),
            ("２026-01-0", false), ("", false),
        ])
    func days(text: String, isDay: Bool) { #expect((CivilDate(text) != nil) == isDay) }
}
