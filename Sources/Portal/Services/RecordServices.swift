public import Accounts
public import Intake

/// What submissions changed in the line list, and taking them back.
public protocol RecordServices: Sendable {
    func changes(_ request: ChangesRequest) async throws -> SubmissionChanges

    /// Takes a submission back, for its institution.
    func withdraw(
        _ id: SubmissionID, reason: String, by account: Account, from address: String
    ) async throws -> Submission
}
