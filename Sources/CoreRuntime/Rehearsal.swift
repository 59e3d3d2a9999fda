import Database
import Intake
import Records

/// What storing a package would have come to. Thrown where it has been stored, so that the transaction is taken back: what a check alone
/// tells is what the same package would do.
struct Rehearsal: Error, Sendable {
    /// As many changed records are listed.
    static let mostChanges = 1000

    let outcome: Outcome
    let differences: [FileDifference]
    /// The first of them.
    let changes: [RecordDifference]
    /// The first findings, each as its line of JSON.
    var findings: [[UInt8]] = []
    var findingsCount = 0

    init(_ outcome: Outcome, of id: SubmissionID, _ lineList: LineList, _ transaction: any Transaction) throws {
        self.outcome = outcome
        differences = try lineList.differences(of: id.description, in: transaction)
        changes = try lineList.changes(
            of: id.description, offset: 0, limit: Rehearsal.mostChanges, in: transaction)
    }
}
