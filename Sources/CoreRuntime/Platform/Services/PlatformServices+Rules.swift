import Accounts
import Portal
import SurveillanceKit
import Timeliness

extension PlatformServices: RuleServices {
    func ruleChanges(in scope: Scope) async throws -> [RuleChange] {
        try await StorageFault.answered { try await platform.rules.changes(in: scope) }
    }

    func preview(_ draft: RuleDraft, in scope: Scope) async throws -> RuleAnswer<RulePreview> {
        try await StorageFault.answered { try await platform.rules.preview(draft, in: scope) }
    }

    func apply(_ draft: RuleDraft, by account: Account, from address: String) async throws -> RuleAnswer<RuleChange> {
        try await StorageFault.answered { try await platform.rules.apply(draft, by: account, from: address) }
    }

    func revoke(_ id: String, by account: Account, from address: String) async throws -> RuleChange? {
        try await StorageFault.answered { try await platform.rules.revoke(id, by: account, from: address) }
    }
}
