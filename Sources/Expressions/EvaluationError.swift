/// Why an expression has no value on a row. In a rule it means "cannot be decided".
public enum EvaluationError: Error, Hashable, Sendable {
    /// The values have types, or are null, such that the operator or function does not know them.
    case noSuchOverload
    case divisionByZero
    case overflow
    case noSuchKey
    case duplicateKey
    case indexOutOfRange
    /// A text that does not hold what it should be turned into.
    case badConversion
    /// A cell that did not parse as its field's type.
    case invalidCell
    /// `today()` where nobody has said which day it is.
    case noToday
    /// More steps than one row may cost: 100,000.
    case tooCostly
}
