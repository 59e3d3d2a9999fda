import Accounts
import Audit
import Database
import Notices
import Portal
import SurveillanceKit

extension PlatformServices: NoticeServices {
    func messages(_ query: Outbox.Query) async throws -> Outbox.Page {
        try await StorageFault.answered { try await platform.data.database.read { try Outbox.messages(query, in: $0) } }
    }

    func messageCounts() async throws -> [Outbox.State: Int] {
        try await StorageFault.answered { try await platform.data.database.read { try Outbox.counts(in: $0) } }
    }

    func settle(
        _ message: String, _ decision: MessageDecision, by account: Account, from address: String
    ) async throws -> Bool {
        let now = platform.now()
        let entry = AuditEntry(
            author: Author(name: account.name, origin: address), action: "notice.\(decision.rawValue)",
            subject: message,
            at: now)
        let isSettled = try await StorageFault.answered {
            try await platform.data.database.write { transaction in
                let isSettled =
                    switch decision {
                    case .sendAgain: try Outbox.sendAgain(message, at: now, in: transaction)
                    case .dismiss: try Outbox.dismiss(message, at: now, in: transaction)
                    }
                if isSettled { try AuditTrail.append(entry, in: transaction) }
                return isSettled
            }
        }
        if isSettled, decision == .sendAgain { platform.deliverNotices() }
        return isSettled
    }
}
