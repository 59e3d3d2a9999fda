import Database
import Foundation
import Intake
import ShangMi
import SurveillanceKit
import StoreKit
import Testing

@Suite("Log and spool together, on every store", .everyStore)
struct KeepingTests {
    let fixture: Fixture
    let log: SubmissionLog
    let spool: Spool

    init() throws {
        fixture = try Fixture()
        log = try fixture.log()
        spool = try fixture.spool()
    }

    /// Receives and records, as the endpoint does.
    private func submit(_ number: Int64, institution: String? = nil) async throws {
        _ = try spool.receive(id(number), [1, 2, 3])
        _ = try await log.record(arrival(number, institution: institution ?? "\(number)"))
    }

    private func finish(_ submission: Submission, program: String?) async throws {
        try await log.database.write { [log] transaction in
            let file = FileReport(name: "a.csv", program: program)
            try log.finish(
                submission.id, attempt: submission.attempt, files: [file], state: .accepted, at: .milliseconds(1),
                in: transaction)
        }
    }

    @Test("what another server has claimed is left alone while it renews its claim, and is taken up when it does not")
    func claimsOfOthers() async throws {
        let one = SubmissionLog(database: log.database, seal: log.seal, owner: "one")
        let other = SubmissionLog(database: log.database, seal: log.seal, owner: "other")
        for number in 1...2 { try await submit(Int64(number)) }
        let claimed = try #require(try await one.claimNext(at: .milliseconds(0)))
        // The other neither takes it up at its start nor claims it, nor a second one of the same institution.
        #expect(try other.takeUp(spool, maximumTries: 3, at: .milliseconds(200_000)).cutOff.isEmpty)
        #expect(try await other.claimNext(at: .milliseconds(200_000))?.institution == "2")
        #expect(try await other.claimNext(at: .milliseconds(200_000)) == nil)
        try await one.renewClaims(at: .milliseconds(250_000))
        #expect(try await other.claimNext(at: .milliseconds(500_000)) == nil)
        // Renewed no more, it is free, and what its first holder does then counts no more.
        let again = try #require(try await other.claimNext(at: .milliseconds(600_000)))
        #expect(again.id == claimed.id && again.attempt == claimed.attempt + 1)
        await #expect(throws: IntakeError.notProcessing(claimed.id, attempt: claimed.attempt)) {
            try await one.handBack(claimed.id, attempt: claimed.attempt, until: .milliseconds(0))
        }
        // After its own end a server takes up at once what it had claimed.
        #expect(try other.takeUp(spool, maximumTries: 3, at: .milliseconds(600_001)).cutOff.contains(again.id))
    }

    @Test("at start cut-off work is queued again, what the log does not know is set apart, and what is missing is said")
    func takeUp() async throws {
        for number in 1...3 { try await submit(Int64(number)) }
        _ = try spool.receive(id(4), [1])
        let first = try #require(try await log.claimNext(at: .milliseconds(0)))
        let second = try #require(try await log.claimNext(at: .milliseconds(0)))
        #expect([first.id, second.id] == [id(1), id(2)])
        try await finish(first, program: nil)
        try spool.remove(id(3))

        let taken = try fixture.log().takeUp(spool, maximumTries: 3, at: .milliseconds(9000))
        #expect(taken.cutOff == [id(2)] && taken.setApart == [id(4)] && taken.missing == [id(3)])
        #expect(taken.removed.isEmpty)
        #expect(try spool.idsApart() == [id(4)])
        #expect(try spool.openApart(id(4)).upload.bytes() == [1])
        #expect(try spool.ids() == [id(1), id(2)])
        #expect(try await log.counts(scope: .nation) == [.accepted: 1, .received: 1, .failed: 1])
        #expect(try await log.claimNext(at: .milliseconds(0))?.attempt == 2)
        #expect(try await log.find(id(3), scope: .nation)?.isKept == false)
        await #expect(throws: IntakeError.notKept(id(3))) { try await log.retry(id(3)) }
        // Sent again, it is new.
        #expect(try await log.record(arrival(5, institution: "3")).submission.id == id(5))
    }

    @Test("a report that ends the process does not end it for ever")
    func poisonedSubmission() async throws {
        try await submit(1)
        for start in 1...3 {
            #expect(try await log.claimNext(at: .milliseconds(0))?.attempt == start)
            _ = try log.takeUp(spool, maximumTries: 3, at: .milliseconds(9000))
        }
        let failed = try #require(try await log.find(id(1), scope: .nation))
        #expect(failed.state == .failed && failed.reason?.en.contains("3 times") == true && failed.isKept)
        #expect(try await log.claimNext(at: .milliseconds(0)) == nil)
        #expect(try await log.retry(id(1)).state == .received)
    }

    @Test(
        "without its rows the log deletes nothing: every upload is set apart and still opens, after a change of keys too"
    )
    func lostLog() async throws {
        for number in 1...3 { try await submit(Int64(number)) }
        try await log.database.write { try $0.execute("DELETE FROM submission") }
        let taken = try log.takeUp(spool, maximumTries: 3, at: .milliseconds(0))
        #expect(taken.setApart == [id(1), id(2), id(3)] && taken.removed.isEmpty)
        try spool.folder.keys.addKey()
        try spool.folder.keys.finishChange(in: [spool.folder])
        for number in 1...3 { #expect(try spool.openApart(id(Int64(number))).upload.bytes() == [1, 2, 3]) }
        try spool.folder.putBack(id(2).description)
        #expect(try spool.ids() == [id(2)] && spool.open(id(2)).bytes() == [1, 2, 3])
    }

    @Test("what a purge was cut off from removing goes at the next start: the log says that its time is over")
    func cutOffPurge() async throws {
        try await submit(1)
        try await submit(2)
        let claimed = try #require(try await log.claimNext(at: .milliseconds(0)))
        try await finish(claimed, program: nil)
        let path = fixture.path + "/spool/" + id(1).description
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(try await log.purge(spool) { _ in .milliseconds(1_000_000) }.map(\.id) == [id(1)])
        try bytes.write(to: URL(fileURLWithPath: path))
        let taken = try log.takeUp(spool, maximumTries: 3, at: .milliseconds(0))
        #expect(taken.removed == [id(1)] && taken.setApart.isEmpty)
        #expect(try spool.ids() == [id(2)])
    }

    @Test("what waits for a moment that a clock set back has put far away is taken up at the next start")
    func clockSetBack() async throws {
        try await submit(1)
        func day(_ number: Int) -> Instant { .milliseconds(0).advanced(byDays: number) }
        let submission = try #require(try await log.claimNext(at: day(40)))
        let reason = BilingualText(zh: "磁盘", en: "the disk")
        _ = try await log.fail(
            submission.id, attempt: submission.attempt, reason: reason, maximumTries: 3, retryAfter: 5000, at: day(40))
        _ = try log.takeUp(spool, maximumTries: 3, at: day(9))
        #expect(try await log.claimNext(at: day(9))?.id == id(1))
    }

    @Test("what waits for its next try says when it is due, so that a new start can wake for it")
    func waiting() async throws {
        try await submit(1)
        #expect(try await log.allDue() == nil)
        let submission = try #require(try await log.claimNext(at: .milliseconds(0)))
        let reason = BilingualText(zh: "磁盘", en: "the disk")
        _ = try await log.fail(
            submission.id, attempt: submission.attempt, reason: reason, maximumTries: 3, retryAfter: 5000,
            at: .milliseconds(1000))
        _ = try log.takeUp(spool, maximumTries: 3, at: .milliseconds(2000))
        #expect(try await log.claimNext(at: .milliseconds(2000)) == nil)
        let due = try #require(try await log.allDue())
        #expect(due == .milliseconds(6000))
        #expect(try await log.claimNext(at: due)?.id == id(1))
        #expect(try await log.allDue() == nil)
    }

    @Test("a known upload's bytes that a crash left behind are set apart at the next start")
    func knownUpload() async throws {
        try await submit(1, institution: "A")
        _ = try spool.receive(id(2), [1, 2, 3])
        #expect(try await log.record(arrival(2, institution: "A")).submission.id == id(1))
        #expect(try log.takeUp(spool, maximumTries: 3, at: .milliseconds(0)).setApart == [id(2)])
        #expect(try spool.ids() == [id(1)])
    }

    @Test(
        "bytes are removed when their program's time is over, never while they are waited for, and can then come again")
    func purge() async throws {
        for number in 1...5 { try await submit(Int64(number)) }
        for (program, number) in zip(["influenza", "fever-clinic", nil], 1...) {
            let claimed = try #require(try await log.claimNext(at: .milliseconds(0)))
            #expect(claimed.id == id(Int64(number)))
            try await finish(claimed, program: program)
        }
        _ = try await log.claimNext(at: .milliseconds(0))
        // Kept: the fever clinic's. Waited for: 4 and 5.
        let purged = try await log.purge(spool) { programs in
            programs.contains("fever-clinic") ? .milliseconds(0) : .milliseconds(1_000_000)
        }
        #expect(purged.map(\.id) == [id(1), id(3)])
        #expect(
            purged.first?.institution == "1" && purged.first?.size == 1
                && purged.first?.receivedAt == .milliseconds(1001))
        #expect(try spool.ids() == [id(2), id(4), id(5)])
        #expect(try await log.find(id(1), scope: .nation)?.isKept == false)
        #expect(try await log.purge(spool) { _ in .milliseconds(0) }.isEmpty)
        #expect(try await log.purge(spool) { _ in nil }.isEmpty)
        #expect(try await log.record(arrival(6, institution: "1")).submission.id == id(6))
        #expect(try await log.record(arrival(7, institution: "2")).submission.sameBytesAs == id(2))
    }

    @Test(
        "a key of the sender's goes with the bytes it named: other bytes may have it then, and nothing is left in the log"
    )
    func purgedKey() async throws {
        let first = arrival(1, key: "monday")
        let other = arrival(2, bytes: "y", key: "monday")
        _ = try spool.receive(id(1), [1])
        _ = try await log.record(first)
        await #expect(throws: IntakeError.idempotencyConflict(first: id(1))) { try await log.record(other) }
        try await finish(try #require(try await log.claimNext(at: .milliseconds(0))), program: nil)
        // Kept from the moment of its receipt on: a millisecond later it goes.
        #expect(try await log.purge(spool) { _ in first.receivedAt }.isEmpty)
        await #expect(throws: IntakeError.idempotencyConflict(first: id(1))) { try await log.record(other) }
        #expect(try await log.purge(spool) { _ in first.receivedAt.advanced(by: 1) }.map(\.id) == [id(1)])
        let keys = try await log.database.read { try $0.rows("SELECT submission FROM idempotency").count }
        #expect(keys == 0)
        #expect(try await log.record(other).submission.id == id(2))
    }
}
