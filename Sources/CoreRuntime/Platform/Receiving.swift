import Accounts
import Audit
import Database
import Foundation
import Intake
import Portal
import ShangMi
import SurveillanceKit

/// One upload on its way: sealed as it comes, then recorded; the receipt counts from the moment its last byte was durable.
final class Receiving: PendingUpload {
    private let file: SpoolFile
    private let slot: UploadSlots.Slot
    private let announced: UploadAnnouncement
    private let platform: Platform

    init(_ announced: UploadAnnouncement, at platform: Platform) throws {
        self.announced = announced
        self.platform = platform
        slot = try platform.takeSlot(for: announced.institution)
        let id = SubmissionID(at: platform.now(), random: platform.random)
        file = try platform.data.spool.begin(id, expectedBytes: announced.expectedBytes)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws { try file.write(bytes) }

    func abandon() {
        file.abandon()
        slot.giveBack()
    }

    func check() async throws -> DryRun {
        defer { slot.giveBack() }
        return try await platform.check(try file.takeBack(), named: announced.fileName, announced)
    }

    /// First the bytes are durable, then the record with its receipt; only then may the sender be told.
    func finish(_ number: Int) async throws -> Recorded {
        defer { slot.giveBack() }
        return try await platform.record(
            try await file.finish(announced.origin(named: announced.fileName, at: platform.now())), announced,
            named: announced.fileName, number: number)
    }
}

extension Platform {
    /// Takes one of the institution's places for an upload, where it could be recorded.
    ///
    /// - Throws: what `StorageFault` says of a damaged database, `IntakeError.tooManyUploads`.
    func takeSlot(for institution: String) throws -> UploadSlots.Slot {
        try StorageFault.readable { try data.database.requireWhole() }
        return try uploadSlots.take(for: institution)
    }

    /// Records bytes that are durable in the spool, with their receipt.
    ///
    /// - Parameters:
    ///   - contents: of a package that came as several files, the files.
    ///   - number: the package's place among those of one request, from 0; it has a key of its own.
    ///   - end: ends it at once; nil where it is to be processed.
    func record(
        _ finished: SpoolFile.Finished, _ announced: UploadAnnouncement, named name: String,
        contents: [SentFile] = [], number: Int = 0, end: ArrivalBook.End? = nil
    ) async throws -> Recorded {
        let arrival = Arrival(
            id: finished.id, institution: announced.institution, account: announced.account,
            fileName: name, size: finished.size, sm3: finished.sm3, receivedAt: duties.clock.received(),
            idempotencyKey: announced.idempotencyKey.map { number == 0 ? $0 : "\($0)/\(number + 1)" },
            contents: contents)
        let recorded: Recorded
        do {
            recorded = try await arrivals.record(arrival, end: end) { recorded in
                announced.entry(recorded, at: arrival.receivedAt)
            }
        } catch {
            // Of a commit that failed in its sync, or went into files that are gone, nobody knows whether it will be found: the next
            // start finds either the record, and needs the bytes, or none, and sets them apart.
            let isPerhapsRecorded = (error as? DatabaseError)?.leavesCommitOpen ?? false
            if !isPerhapsRecorded { try? data.spool.remove(finished.id) }
            throw StorageFault.readable(error)
        }
        // The request repeats an earlier one, whose bytes are in the spool already.
        if case .known = recorded { try? data.spool.remove(finished.id) }
        Task { [workers] in await workers.wake() }
        return recorded
    }
}

extension UploadAnnouncement {
    /// What is sealed with the bytes, for the case that the log is lost.
    func origin(named name: String, at now: Instant) -> UploadOrigin {
        UploadOrigin(institution: institution, account: account, fileName: name, receivedAt: now)
    }

    /// Without the file's name, which may hold a patient's.
    fileprivate func entry(_ recorded: Recorded, at moment: Instant) -> AuditEntry {
        var detail = ["institution": institution]
        if case .known = recorded { detail["repeated"] = "yes" }
        return AuditEntry(
            author: Author(name: account, origin: address), action: "submission.receive",
            subject: recorded.submission.id.description, at: moment, detail: detail)
    }
}
