import Audit
import Database
import Foundation
import Intake
import Reporting
import SurveillanceKit
import Synchronization
import Testing
import Timeliness

@testable import CoreRuntime

@Suite("Weekly snapshots of figures")
struct SnapshotTests {
    private final class Clock: Sendable {
        private let time: Mutex<Instant>
        init(_ time: Instant) { self.time = Mutex(time) }
        var now: Instant { time.withLock { $0 } }
        func set(_ instant: Instant) { time.withLock { $0 = instant } }
    }

    @Test(
        "are of the last Wednesday's 00:00 in the program's zone",
        arguments: [
            ("2026-11-25T00:00:00+08:00", "2026-11-25T00:00:00.000+08:00"),
            ("2026-11-24T23:59:59+08:00", "2026-11-18T00:00:00.000+08:00"),
            ("2026-11-29T20:00:00+08:00", "2026-11-25T00:00:00.000+08:00"),
            ("2027-01-01T00:00:00+08:00", "2026-12-30T00:00:00.000+08:00"),
        ])
    func instants(_ now: String, _ expected: String) throws {
        let zone = try #require(CivilZone("Asia/Shanghai"))
        let instant = FigureSnapshot.lastInstant(at: try #require(Instant(withZone: now)), in: zone)
        #expect(zone.text(instant) == expected)
    }

    @Test(
        "stay as they were frozen when figures change, are made up for when the server was down, and stand signed in the audit trail"
    )
    func frozen() async throws {
        let monday = try #require(Instant(withZone: "2026-11-16T10:00:00+08:00"))
        let clock = Clock(monday)
        let test = try TestPlatform(now: { clock.now })
        #expect(try await test.platform.takeSnapshots(at: clock.now) == 0)
        let id = try await test.send(try TestPlatform.package("FeverClinic", "clean")).submission.id
        try await test.processAll()
        // Two Wednesdays have passed; what changed in between is not in the first.
        clock.set(try #require(Instant(withZone: "2026-11-18T09:00:00+08:00")))
        // Not while figures are worked out anew.
        try await test.platform.data.records.write { try $0.execute("UPDATE indicator_institution SET declared = ''") }
        #expect(try await test.platform.takeSnapshots(at: clock.now) == 0)
        #expect(try await test.platform.bringFiguresUpToDate() > 0)
        #expect(try await test.platform.takeSnapshots(at: clock.now) == 1)
        #expect(try await test.platform.takeSnapshots(at: clock.now) == 0)
        clock.set(try #require(Instant(withZone: "2026-11-27T09:00:00+08:00")))
        _ = try await test.platform.withdraw(id, reason: "x", by: .platform)
        clock.set(try #require(Instant(withZone: "2026-12-04T09:00:00+08:00")))
        #expect(try await test.platform.takeSnapshots(at: clock.now) == 2)
        let desk = try test.desk()
        let figures = try desk.figures(test.platform.registry)
        let found = try desk.snapshots(of: "fever-clinic", figures)
        #expect(found.map(\.fault) == [nil, nil, nil])
        let texts = found.map { String(decoding: $0.snapshot.body, as: UTF8.self) }
        // As of before the withdrawal the visits are there, afterwards they are not.
        #expect(
            texts[2].contains("2026-W44,nation,total,fever-clinic/visits,")
                && texts[1].contains(",fever-clinic/visits,"))
        #expect(!texts[0].contains("fever-clinic/visits,2"))
        #expect(try await test.audit().filter { $0.hasSuffix("figures.snapshot fever-clinic") }.count == 3)
        // One that was altered is told apart.
        try await test.platform.data.database.write {
            try $0.execute(
                "UPDATE figure_snapshot SET body = ? WHERE at < ?",
                [.blob([1]), .integer(clock.now.milliseconds - 864_000_000)])
        }
        #expect(try desk.snapshots(of: "fever-clinic", figures).compactMap(\.fault).count == 1)
    }
}
