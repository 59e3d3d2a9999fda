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
    }
}
