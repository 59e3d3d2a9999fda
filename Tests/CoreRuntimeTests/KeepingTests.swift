import Accounts
import Audit
import Foundation
import Portal
import SurveillanceKit
import Synchronization
import Intake
import Testing

@testable import CoreRuntime

/// A clock that a test turns on.
final class TurnedClock: Sendable {
    static let start = Instant(milliseconds: 1_795_132_800_000)  // 2026-11-20 00:00:00 UTC
    private let moment = Mutex(TurnedClock.start)

    var now: @Sendable () -> Instant { { self.moment.withLock { $0 } } }

    func turn(days: Int = 0, minutes: Int = 0) {
        moment.withLock { $0 = $0.advanced(byDays: days).advanced(bySeconds: Int64(minutes) * 60) }
    }
}

@Suite("What is kept, for how long, and what is written down")
struct KeepingTests {
    @Test("an upload and its findings are removed after the program's days; records, counts and receipts stay")
    func purges() async throws {
        let clock = TurnedClock()
        let test = try TestPlatform(now: clock.now)
        let old = try await test.send(try TestPlatform.package("Influenza", "faults")).submission.id
        try await test.processAll()
        clock.turn(days: 29)
        let young = try await test.send(try TestPlatform.package("FeverClinic", "faults")).submission.id
        try await test.processAll()
        #expect(try await test.platform.purge().isEmpty)
        let records = try await test.lineList()

        clock.turn(days: 2)
        #expect(try await test.platform.purge().map(\.id) == [old])
        #expect(!test.platform.data.spool.contains(old))
        #expect(test.platform.data.spool.contains(young))
        let submission = try #require(try await test.find(old))
        #expect(submission.state == .partlyAccepted && !submission.isKept && submission.files.count > 3)
        #expect(throws: IntakeError.notKept(old)) { try test.platform.data.findings.read(submission) }
        #expect(try await test.findingLines(young).isEmpty == false)
        #expect(try await test.lineList() == records)
        #expect(try await test.receipts(of: old).count == 2)
        #expect(try await test.audit().contains("vedette submission.purge \(old)"))
        #expect(try await test.platform.purge().isEmpty)
        // Its bytes are forgotten: sent again, they are a new submission.
        let again = try await test.send(try TestPlatform.package("Influenza", "faults")).submission.id
        #expect(again != old)
    }

    @Test("findings that a purge was cut off from removing are removed by the next one")
    func endsCutOffPurge() async throws {
        let clock = TurnedClock()
        let test = try TestPlatform(now: clock.now)
        let id = try await test.send(try TestPlatform.package("Influenza", "faults")).submission.id
        try await test.processAll()
        clock.turn(days: 31)
        let later = clock.now()
        // The log and the spool, and then nothing more.
        _ = try await test.platform.data.log.purge(test.platform.data.spool) { _ in later }
        #expect(try await test.findingLines(id).isEmpty == false)
        try await test.platform.purge()
        #expect(try test.platform.data.findings.folder.names().isEmpty)
    }

    @Test("who sent what from where is in the audit trail, without file names; so are retries")
    func audit() async throws {
        let test = try TestPlatform()
        let package = try TestPlatform.package("Influenza", "clean")
        let id = try await test.send(package, named: "欧阳金丝雀.zip").submission.id
        try await test.processAll()
        let again = try await test.send(package, named: "欧阳金丝雀.zip").submission.id
        try await test.processAll()
        _ = try await test.platform.retry(id, by: Author(name: "admin", origin: "192.0.2.7"))
        try await test.processAll()
        #expect(
            try await test.audit() == [
                "data-manager submission.receive \(id)", "data-manager submission.receive \(again)",
                "admin submission.retry \(id)",
            ])
        let records = try await AuditTrail(database: test.platform.data.database).records()
        #expect(records.map(\.entry.detail["repeated"]) == [nil, nil, nil])
        #expect(records.allSatisfy { !$0.entry.canonicalText.contains("金丝雀") })
        #expect(try await test.find(id)?.state == .accepted)
    }

    @Test("an institution's uploads at once are counted, and given back when one is through, broken off or dropped")
    func uploadSlots() throws {
        let slots = UploadSlots(maximum: 2)
        let first = try slots.take(for: "A")
        var second: UploadSlots.Slot? = try slots.take(for: "A")
        #expect(throws: IntakeError.tooManyUploads(maximum: 2)) { try slots.take(for: "A") }
        _ = try slots.take(for: "B")
        first.giveBack()
        first.giveBack()
        let third = try slots.take(for: "A")
        #expect(throws: IntakeError.tooManyUploads(maximum: 2)) { try slots.take(for: "A") }
        #expect(second != nil)
        second = nil
        _ = try slots.take(for: "A")
        third.giveBack()
    }

    @Test("a disk that stays full for longer than all tries last fails no submission: with room again it is processed")
    func fullForLong() async throws {
        let left = Mutex(10)
        var fileSystem = FileSystem.local
        let create = fileSystem.create
        fileSystem.create = { path in
            let isFull =
                path.contains("/findings/")
                && left.withLock { left in
                    left -= 1
                    return left >= 0
                }
            if isFull { throw FileSystem.Fault("open", code: ENOSPC) }
            return try create(path)
        }
        // Every look at the clock takes 20 s, so that what waits for its next try is soon due.
        let clock = Mutex(Instant(milliseconds: 1_800_000_000_000))
        let test = try TestPlatform(
            now: {
                clock.withLock {
                    $0 = $0.advanced(bySeconds: 20)
                    return $0
                }
            }, fileSystem: fileSystem)
        let id = try await test.send(try TestPlatform.package("Influenza", "clean")).submission.id
        try await test.processAll()
        #expect(left.withLock { $0 } < 0)
        let submission = try #require(try await test.find(id))
        #expect(submission.state == .accepted && submission.attempt == 11 && submission.reason == nil)
    }

    @Test("a sync that fails: nothing is acknowledged, then nor later, and readiness says why; a new start mends it")
    func failedSync() async throws {
        let switchable = Switch()
        var fileSystem = FileSystem.local
        let syncData = fileSystem.syncData
        fileSystem.syncData = { descriptor in
            if switchable.isOn { throw FileSystem.Fault("sync", code: EIO) }
            try syncData(descriptor)
        }
        let test = try TestPlatform(fileSystem: fileSystem)
        let before = try await test.send(try TestPlatform.package("Influenza", "faults")).submission.id
        try await test.processAll()
        switchable.isOn = true
        await #expect(throws: IntakeError.self) { try await test.send(try TestPlatform.package("Influenza", "clean")) }
        switchable.isOn = false
        // Poisoned: a sync that works again proves nothing of what was written before.
        await #expect(throws: IntakeError.self) { try await test.send(try TestPlatform.package("Influenza", "clean")) }
        let reason = await test.platform.portalServices.unreadiness()
        #expect(reason?.en.contains("start the server anew") == true)
        #expect(try await test.platform.data.log.list(scope: .nation, limit: 9).map(\.id) == [before])
        try await test.restart()
        #expect(await test.platform.portalServices.unreadiness() == nil)
        #expect(try await test.findingLines(before).isEmpty == false)
        _ = try await test.send(try TestPlatform.package("Influenza", "clean"))
        try await test.processAll()
    }
}

/// A flag that closures share.
private final class Switch: Sendable {
    private let state = Mutex(false)

    var isOn: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

extension AuditEntry {
    /// All that it says.
    var canonicalText: String { "\(author.name) \(author.origin) \(action) \(subject) \(detail)" }
}
