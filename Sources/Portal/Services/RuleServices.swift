public import Accounts
public import SurveillanceKit
public import Timeliness

/// Deadlines, scopes and exemptions that administrators set beside the deployment's files.
public protocol RuleServices: Sendable {
    /// All that was ever set and that concerns a scope, the latest first.
    func ruleChanges(in scope: Scope) async throws -> [RuleChange]

    /// What would be judged otherwise if a change were in force. Nothing is kept.
    func preview(_ draft: RuleDraft, in scope: Scope) async throws -> RuleAnswer<RulePreview>

    /// Puts a change in force, with an entry in the audit trail.
    func apply(
        _ draft: RuleDraft, by account: Account, from address: String
    ) async throws -> RuleAnswer<RuleChange>

    /// Ends a change: it is judged as if it had never been set, from now on. With an entry in the audit trail.
    ///
    /// - Returns: nil where there is none that is in force and that the account may end.
    func revoke(_ id: String, by account: Account, from address: String) async throws -> RuleChange?
}

/// A change that somebody is about to set: JSON as a file of `Config/deadlines` has it, without `setOn`, which is the day of setting.
public struct RuleDraft: Hashable, Sendable {
    public var text: String

    public init(text: String) { self.text = text }
}

/// A change that was set.
public struct RuleChange: Hashable, Sendable, Identifiable {
    public var id: String
    public var program: String
    /// As it was entered, with `setOn`.
    public var text: String
    public var author: String
    public var setAt: Instant
    /// When it was ended, and by whom; nil while it is in force.
    public var revokedAt: Instant?
    public var revokedBy: String?
    /// Why it cannot be read any more and is not in force: its program has changed.
    public var difficulty: BilingualText?

    public init(
        id: String, program: String, text: String, author: String, setAt: Instant, revokedAt: Instant? = nil,
        revokedBy: String? = nil, difficulty: BilingualText? = nil
    ) {
        self.id = id
        self.program = program
        self.text = text
        self.author = author
        self.setAt = setAt
        self.revokedAt = revokedAt
        self.revokedBy = revokedBy
        self.difficulty = difficulty
    }
}

/// What would be judged otherwise.
public struct RulePreview: Sendable {
    /// The days whose deadlines were compared.
    public var days: ClosedRange<CivilDate>
    /// The first of them, by institution and day.
    public var differences: [DutyDifference]
    public var total: Int
    public var institutions: Int

    public init(days: ClosedRange<CivilDate>, differences: [DutyDifference], total: Int, institutions: Int) {
        self.days = days
        self.differences = differences
        self.total = total
        self.institutions = institutions
    }
}

/// An answer, or what is wrong with the question.
public enum RuleAnswer<Value: Sendable>: Sendable {
    case answer(Value)
    /// With the lines of the draft.
    case refused([ProgramMistake])
    /// The account may not set this: another's institutions, or the rules of the whole program.
    case notAllowed
}
