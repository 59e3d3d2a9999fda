import Database
public import SurveillanceKit

/// Which submissions of a scope are listed.
public struct SubmissionFilter: Hashable, Sendable {
    public var state: SubmissionState?
    /// Received at this instant or later.
    public var from: Instant?
    /// Received before this instant.
    public var until: Instant?

    public init(state: SubmissionState? = nil, from: Instant? = nil, until: Instant? = nil) {
        self.state = state
        self.from = from
        self.until = until
    }

    /// Whether a submission is one of them.
    public func matches(_ submission: Submission) -> Bool {
        (state ?? submission.state) == submission.state && (from ?? submission.receivedAt) <= submission.receivedAt
            && until.map { submission.receivedAt < $0 } ?? true
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
        return (conditions, values)
    }
}
