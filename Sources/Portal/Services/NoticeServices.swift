public import Accounts
public import Notices

/// What people were told, and what could not be delivered; for those who run the platform.
public protocol NoticeServices: Sendable {
    /// - Throws: `Outbox.UnknownPlace` where the query's `after` is no end of a page.
    func messages(_ query: Outbox.Query) async throws -> Outbox.Page

    /// How many messages are in each state.
    func messageCounts() async throws -> [Outbox.State: Int]

    /// Does something about a message that failed or is held; it stands in the audit trail.
    ///
    /// - Returns: false where there is no such message, or it is in another state.
    func settle(_ message: String, _ decision: MessageDecision, by account: Account, from address: String) async throws
        -> Bool
}

/// What an administrator decides about a message that could not be delivered. The name is the address's last part.
public enum MessageDecision: String, CaseIterable, Sendable {
    case sendAgain = "send-again"
    case dismiss
}
