import Accounts
import Audit
import Database
import Deidentification
import Foundation
import Intake
import ProgramFiles
import SurveillanceKit
import Validation

/// Watches the rows that are stored for parents that other submissions of the institution wait for.
///
/// Unchecked: after it was made one thread at a time notes rows.
final class ParentWatch: @unchecked Sendable {
    /// Submissions that arrived later and have been processed before: what they have written stays.
    let later: Set<String>
    private let awaiting: [SubmissionLog.Awaiting]
    private var keys: [String: [[Int]]] = [:]
    /// Those whose parent has come.
    private(set) var met: Set<SubmissionID> = []

    init(_ log: SubmissionLog, _ submission: Submission, in database: any SQLDatabase, at now: Instant) throws {
        (later, awaiting) = try database.readBlocking { connection in
            let later = try log.laterBegun(than: submission.id, in: connection)
            let awaiting = try log.awaiting(institution: submission.institution, at: now, in: connection)
            return (Set(later.map(\.description)), awaiting.filter { $0.submission != submission.id })
        }
    }

    /// Nobody waits.
    var isIdle: Bool { awaiting.isEmpty }

    func note(_ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch) {
        for fields in parentKeys(of: batch) {
            guard let hash = batch.parentKeyHash(of: row, by: fields) else { continue }
            for waiting in awaiting where waiting.keys.contains(hash) { met.insert(waiting.submission) }
        }
    }

    /// The sets of fields by which children look for a parent of the batch's type.
    private func parentKeys(of batch: DeidentifiedBatch) -> [[Int]] {
        let name = "\(batch.program.id)/\(batch.fileType.id)"
        if let known = keys[name] { return known }
        let links = batch.program.fileTypes.flatMap(\.foreignKeys).flatMap(\.links)
        let names = Set(links.filter { $0.fileType == batch.fileType.id }.map(\.parentFields))
        let found = names.map { $0.compactMap(batch.fileType.fieldIndex) }
        keys[name] = found
        return found
    }
}

extension Pipeline {
    /// Has submissions checked again, once the submission itself has ended: those that waited for a parent among its rows; and, where an
    /// earlier submission has changed what was stored, the later ones with files of that type, which count more.
    ///
    /// In the transaction that ends the submission: after a crash either all of it stands or nothing.
    func followUp(_ submission: Submission, _ outcome: Outcome, in transaction: any Transaction) throws {
        for id in outcome.met { try processAgain(id, because: submission, why: "parent-arrived", transaction) }
        guard !outcome.changedTypes.isEmpty else { return }
        let types = Set(outcome.changedTypes)
        for id in try data.log.laterBegun(than: submission.id, in: transaction)
        where try hasFiles(of: types, id, transaction) {
            try processAgain(id, because: submission, why: "earlier-reprocessed", transaction)
        }
    }

    /// Has a submission checked again whose institution's tables or decisions about codes have changed since it was read: whoever changed
    /// them had only those checked again that were through.
    func checkAgainIfCodesChanged(
        _ submission: Submission, _ outcome: Outcome, in transaction: any Transaction
    ) throws {
        guard let codes = outcome.codes, try books.stamp(of: submission.institution, in: transaction) != codes else {
            return
        }
        let types = Set(
            registry.programs.flatMap { compiled in
                compiled.program.dictionaries.flatMap(\.uses).map { "\(compiled.program.id)/\($0.fileType)" }
            })
        guard outcome.files.contains(where: { types.contains("\($0.program ?? "")/\($0.fileType ?? "")") }) else {
            return
        }
        try processAgain(submission.id, because: submission, why: "codes-changed", transaction)
    }

    private func hasFiles(of types: Set<String>, _ id: SubmissionID, _ transaction: any Transaction) throws -> Bool {
        let files = try data.log.find(id, scope: .nation, in: transaction)?.files ?? []
        return files.contains { $0.accepted > 0 && types.contains("\($0.program ?? "")/\($0.fileType ?? "")") }
    }

    private func processAgain(
        _ id: SubmissionID, because submission: Submission, why: String, _ transaction: any Transaction
    ) throws {
        guard let other = try data.log.find(id, scope: .institution(submission.institution), in: transaction),
            other.state.isFinal, other.isKept, other.withdrawal == nil
        else { return }
        _ = try data.log.retry(id, in: transaction)
        try AuditTrail.append(
            AuditEntry(
                author: .platform, action: "submission.recheck", subject: id.description,
                at: now(),
                detail: ["because": why, "submission": submission.id.description]), in: transaction)
    }
}
