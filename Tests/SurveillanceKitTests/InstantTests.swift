import Foundation
import SurveillanceKit
import Testing

@Suite("Instants")
struct InstantTests {
    @Test(
        "are milliseconds; their seconds are rounded down",
        arguments: [
            (0, 0), (999, 0), (1000, 1), (-1, -1), (-1000, -1), (-1001, -2), (1_795_132_800_123, 1_795_132_800),
        ]
            as [(Int64, Int64)])
    func seconds(milliseconds: Int64, seconds: Int64) {
        #expect(Instant(milliseconds: milliseconds).seconds == seconds)
        #expect(Instant(seconds: seconds) <= Instant(milliseconds: milliseconds))
    }

    @Test("stay within their range")
    func range() {
        #expect(Instant.distantFuture.advanced(by: 1) == .distantFuture)
        #expect(Instant(milliseconds: .min).advanced(by: -1).milliseconds == .min)
        #expect(Instant(seconds: .max) == .distantFuture)
        #expect(Instant(seconds: .min).milliseconds == .min)
        #expect(Instant(seconds: 5).advanced(by: -5001).milliseconds == -1)
        #expect(Instant(seconds: 5).advanced(byDays: .max) == .distantFuture)
        #expect(Instant.distantFuture.milliseconds(since: Instant(milliseconds: -1)) == .max)
        #expect(Instant(milliseconds: .min).milliseconds(since: Instant(milliseconds: 1)) == .min)
    }

    @Test(
        "say how many seconds there are to wait, rounded up, and at least one",
        arguments: [(60_000, 60), (59_001, 60), (1, 1), (0, 1), (-5000, 1)] as [(Int64, Int64)])
    func wait(milliseconds: Int64, seconds: Int64) {
        let now = Instant(milliseconds: 1_795_132_800_123)
        #expect(now.advanced(by: milliseconds).secondsToWait(from: now) == seconds)
    }

    @Test(
        "are written and read as UTC to the millisecond",
        arguments: [
            (-1, "1969-12-31T23:59:59.999Z"), (0, "1970-01-01T00:00:00.000Z"),
            (1_795_132_800_007, "2026-11-20T00:00:00.007Z"), (1_709_164_799_999, "2024-02-28T23:59:59.999Z"),
        ] as [(Int64, String)])
    func text(milliseconds: Int64, text: String) {
        let instant = Instant(milliseconds: milliseconds)
        #expect(instant.utc == text && Instant(utc: text) == instant)
        #expect(instant.utcSeconds == text.prefix(19) + "Z")
    }

    @Test(
        "are read from nothing else",
        arguments: [
            "", "2026-11-20", "2026-11-20T00:00:00Z", "2026-11-20T24:00:00.000Z", "2026-02-29T00:00:00.000Z",
            "2026-11-20 00:00:00.000Z", "2026-11-20T00:00:00.000+",
        ])
    func otherText(text: String) { #expect(Instant(utc: text) == nil) }

    @Test("are shown in the civil time of a place")
    func civil() {
        #expect(Instant(milliseconds: -1).civil(secondsEastOfUTC: 8 * 3600) == "1970-01-01 07:59:59")
        #expect(Instant(milliseconds: 0).civil(secondsEastOfUTC: -3600) == "1969-12-31 23:00:00")
    }

    @Test("are coded as their milliseconds")
    func coding() throws {
        let data = try JSONEncoder().encode([Instant(milliseconds: 1_795_132_800_007)])
        #expect(String(decoding: data, as: UTF8.self) == "[1795132800007]")
        #expect(try JSONDecoder().decode([Instant].self, from: data) == [Instant(milliseconds: 1_795_132_800_007)])
    }
}
