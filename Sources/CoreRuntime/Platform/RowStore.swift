import Accounts
import Database
import Deidentification
import Intake
import Records
import SurveillanceKit

/// Stores the rows of one submission, and has others of the institution checked again where these rows matter to them.
///
/// Everything happens in the transaction that ends the submission: after a crash either all of it stands or nothing.
final class RowStore {
    private let pipeline: Pipeline
    private let submission: Submission
    private let transaction: any Transaction
    /// Submissions that arrived later and have been processed before.
    private let later: [SubmissionID]
    private let laterNames: Set<String>
    /// Submissions that wait for parents, and those whose parent has come.
    private let awaiting: [SubmissionLog.Awaiting]
    private var met: Set<SubmissionID> = []
    /// File types, as `program/type`, of which a record that was stored before has changed.
    private var changedTypes: Set<String> = []
    private(set) var records = Submission.Records()

    init(_ pipeline: Pipeline, _ submission: Submission, _ transaction: any Transaction) throws {
        self.pipeline = pipeline
        self.submission = submission
        self.transaction = transaction
        later = try pipeline.data.log.laterBegun(than: submission.id, in: transaction)
        laterNames = Set(later.map(\.description))
        awaiting = try pipeline.data.log.awaiting(
            institution: submission.institution, at: pipeline.now(), in: transaction
        ).filter { $0.submission != submission.id }
    }

    func store(_ batch: DeidentifiedBatch) throws {
        let keys = awaiting.isEmpty ? [] : parentKeys(of: batch)
        let changes = try pipeline.data.lineList.store(
            batch, from: submission.id.description, keeping: laterNames, in: transaction,
            written: keys.isEmpty ? nil : { [self] row in noteParent(row, of: batch, keys) })
        records.added += changes.added
        records.changed += changes.changed
        records.unchanged += changes.unchanged + changes.newer
        if changes.changed > 0 { changedTypes.insert("\(batch.program.id)/\(batch.fileType.id)") }
    }

    /// Has submissions checked again, once the submission itself has ended: those that waited for a parent among its rows; and, where an
    /// earlier submission has changed what was stored, the later ones with files of that type, which count more.
    func followUp() throws {
        for waiting in awaiting where met.contains(waiting.submission) {
            try processAgain(waiting.submission, why: "parent-arrived")
        }
        guard !changedTypes.isEmpty else { return }
        for id in later where try hasFiles(of: changedTypes, id) { try processAgain(id, why: "earlier-reprocessed") }
    }

    /// The sets of fields by which children look for a parent of the batch's type.
    private func parentKeys(of batch: DeidentifiedBatch) -> [[Int]] {
        let links = batch.program.fileTypes.flatMap(\.foreignKeys).flatMap(\.links)
        let names = Set(links.filter { $0.fileType == batch.fileType.id }.map(\.parentFields))
        return names.map { $0.compactMap(batch.fileType.fieldIndex) }
    }

    private func noteParent(_ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch, _ keys: [[Int]]) {
        for fields in keys {
            guard let hash = batch.parentKeyHash(of: row, by: fields) else { continue }
            for waiting in awaiting where waiting.keys.contains(hash) { met.insert(waiting.submission) }
        }
    }

    private func hasFiles(of types: Set<String>, _ id: SubmissionID) throws -> Bool {
        let files = try pipeline.data.log.find(id, scope: .nation, in: transaction)?.files ?? []
        return files.contains { $0.accepted > 0 && types.contains("\($0.program ?? "")/\($0.fileType ?? "")") }
    }

    private func processAgain(_ id: SubmissionID, why: String) throws {
        guard let other = try pipeline.data.log.find(id, scope: .institution(submission.institution), in: transaction),
            other.state.isFinal, other.isKept
        else { return }
        _ = try pipeline.data.log.retry(id, in: transaction)
        try AuditTrail.append(
            AuditEntry(
                author: .platform, action: "submission.recheck", subject: id.description, at: pipeline.now() / 1000,
                detail: ["because": why, "submission": submission.id.description]), in: transaction)
    }
}
