import Database
public import SurveillanceKit

/// Which submissions of a scope are listed.
public struct SubmissionFilter: Hashable, Sendable {
    public var state: SubmissionState?
    /// Received at this instant or later.
    public var from: Instant?
    /// Received before this instant.
    public var until: Instant?
    /// With a file of this program; of one that is still being checked it is not known.
    public var program: String?
    /// Those of which something is still to be done: not accepted as a whole, not corrected, not withdrawn.
    public var isOpen: Bool

    public init(
        state: SubmissionState? = nil, from: Instant? = nil, until: Instant? = nil, program: String? = nil,
        isOpen: Bool = false
    ) {
        self.state = state
        self.from = from
        self.until = until
        self.program = program
        self.isOpen = isOpen
    }

    /// Whether a submission is one of them.
    public func matches(_ submission: Submission) -> Bool {
        (state ?? submission.state) == submission.state && (from ?? submission.receivedAt) <= submission.receivedAt
            && until.map { submission.receivedAt < $0 } ?? true
            && program.map { program in submission.files.contains { $0.program == program } } ?? true
            && (!isOpen || submission.isOpen)
    }

    func conditions(in scope: Scope) -> (conditions: [String], values: [SQLValue]) {
        let visible = scope.condition
        var (conditions, values) = ([visible.sql], visible.values)
        if let state {
            conditions.append("state = ?")
            values.append(.text(state.rawValue))
        }
        if let from {
            conditions.append("received_at >= ?")
            values.append(.integer(from.milliseconds))
        }
        if let until {
            conditions.append("received_at < ?")
            values.append(.integer(until.milliseconds))
        }
        if let program {
            conditions.append("id IN (SELECT submission FROM submitted_file WHERE program = ?)")
            values.append(.text(program))
        }
        if isOpen { conditions.append("state <> 'accepted' AND repaired_by IS NULL AND withdrawn_at IS NULL") }
        return (conditions, values)
    }
}

extension Submission {
    /// Whether something is still to be done about it.
    public var isOpen: Bool { state != .accepted && repairedBy == nil && withdrawal == nil }
}
