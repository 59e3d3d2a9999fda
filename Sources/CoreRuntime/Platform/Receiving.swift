import Accounts
import Database
import Foundation
import Intake
import Portal
import ShangMi

/// One upload on its way: sealed as it comes, then recorded; the receipt counts from the moment its last byte was durable.
final class Receiving: PendingUpload {
    /// What is known of an upload before its bytes.
    struct Announced: Sendable {
        var account: String
        var institution: String
        var fileName: String
        var expectedBytes: Int?
        var idempotencyKey: String?
        /// Where it comes from, for the audit trail.
        var address = "local"
    }

    private let file: SpoolFile
    private let slot: UploadSlots.Slot
    private let announced: Announced
    private let platform: Platform

    init(_ announced: Announced, at platform: Platform) throws {
        self.announced = announced
        self.platform = platform
        slot = try platform.uploadSlots.take(for: announced.institution)
        let id = SubmissionID(at: platform.now(), random: platform.random)
        try StorageFault.readable { try platform.data.database.requireWhole() }
        file = try platform.data.spool.begin(id, expectedBytes: announced.expectedBytes)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws { try file.write(bytes) }

    func abandon() {
        file.abandon()
        slot.giveBack()
    }

    /// First the bytes are durable, then the record with its receipt; only then may the sender be told.
    func finish() async throws -> Recorded {
        defer { slot.giveBack() }
        let finished = try await file.finish(
            UploadOrigin(
                institution: announced.institution, account: announced.account, fileName: announced.fileName,
                receivedAt: platform.now()))
        let data = platform.data
        let arrival = Arrival(
            id: finished.id, institution: announced.institution, account: announced.account,
            fileName: announced.fileName, size: finished.size, sm3: finished.sm3, receivedAt: platform.now(),
            idempotencyKey: announced.idempotencyKey)
        let recorded: Recorded
        do {
            recorded = try await platform.arrivals.record(arrival) { [self] recorded in
                entry(recorded, at: arrival.receivedAt)
            }
        } catch {
            // Of a commit that failed in its sync, or went into files that are gone, nobody knows whether it will be found: the next
            // start finds either the record, and needs the bytes, or none, and sets them apart.
            let isPerhapsRecorded =
                switch error {
                case DatabaseError.writerPoisoned: true
                case let error as DatabaseError: error.isDamage
                default: false
                }
            if !isPerhapsRecorded { try? data.spool.remove(finished.id) }
            throw StorageFault.readable(error)
        }
        if case .known(let submission) = recorded {
            try? data.spool.remove(finished.id)
            // Sent again after rows were rejected: perhaps their parents have arrived since. The receipt stays the same.
            if submission.state == .partlyAccepted || submission.state == .rejected {
                let retried = try? await data.log.retry(submission.id)
                wake()
                return .known(retried ?? submission)
            }
            return recorded
        }
        wake()
        return recorded
    }

    /// Without the file's name, which may hold a patient's.
    private func entry(_ recorded: Recorded, at milliseconds: Int64) -> AuditEntry {
        var detail = ["institution": announced.institution]
        if case .known = recorded { detail["known"] = "yes" }
        return AuditEntry(
            author: Author(name: announced.account, origin: announced.address), action: "submission.receive",
            subject: recorded.submission.id.description, at: milliseconds / 1000, detail: detail)
    }

    private func wake() { Task { [workers = platform.workers] in await workers.wake() } }
}
