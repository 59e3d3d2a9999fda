import Notices
import SurveillanceKit
import Testing

@Suite("Quiet hours")
struct QuietHoursTests {
    /// `2026-03-01T21:30` in China.
    private func instant(_ text: String) throws -> Instant {
        let parts = text.split(separator: "T")
        let day = try #require(CivilDate(String(parts[0])))
        let time = try parts[1].split(separator: ":").map { try #require(Int64($0)) }
        return Instant(seconds: Int64(day.daysSince1970) * 86_400 + (time[0] - 8) * 3600 + time[1] * 60)
    }

    @Test(
        "end at their end, on the next day where they go over midnight; the end itself is not quiet",
        arguments: [
            ("21:30", "07:00", "2026-03-01T21:29", nil), ("21:30", "07:00", "2026-03-01T21:30", "2026-03-02T07:00"),
            ("21:30", "07:00", "2026-03-01T23:59", "2026-03-02T07:00"),
            ("21:30", "07:00", "2026-03-02T00:00", "2026-03-02T07:00"),
            ("21:30", "07:00", "2026-03-02T06:59", "2026-03-02T07:00"), ("21:30", "07:00", "2026-03-02T07:00", nil),
            ("12:00", "14:00", "2026-02-28T13:00", "2026-02-28T14:00"), ("12:00", "14:00", "2026-02-28T14:00", nil),
            ("00:00", "06:00", "2026-03-01T00:00", "2026-03-01T06:00"), ("00:00", "06:00", "2026-03-01T23:00", nil),
        ] as [(String, String, String, String?)])
    func ends(from: String, to: String, at: String, end: String?) throws {
        let quiet = try #require(QuietHours(from: from, to: to))
        #expect(try quiet.end(at: instant(at)) == end.map { try instant($0) })
    }

    @Test(
        "are times of day",
        arguments: [
            ("25:00", "07:00"), ("21:60", "07:00"), ("9:00", "10:00"), ("07:00", "07:00"), ("", "07:00"),
            ("21.30", "07:00"),
        ])
    func refused(from: String, to: String) { #expect(QuietHours(from: from, to: to) == nil) }
}
