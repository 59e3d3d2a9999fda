/// What became of a yes-or-no expression on one row.
public enum Outcome: UInt8, Sendable {
    case `false`
    case `true`
    /// An error in the sense of CEL, or null: an empty field in an ordering, a division by zero. It breaks no rule.
    case undecided
}
