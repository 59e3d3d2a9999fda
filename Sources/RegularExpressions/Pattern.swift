/// A regular expression as it was written.
indirect enum Pattern {
    /// The set's number in the pattern's `PatternSets`.
    case set(Int)
    case sequence([Pattern])
    case alternatives([Pattern])
    /// `maximum` nil: without end. Greedy and lazy repetition match the same texts.
    case repeated(Pattern, minimum: Int, maximum: Int?)
    case assertion(Assertion)

    static var empty: Pattern { .sequence([]) }

    /// Whether one of these assertions stands in it.
    func asserts(_ assertions: [Assertion]) -> Bool {
        switch self {
        case .set: false
        case .sequence(let parts), .alternatives(let parts): parts.contains { $0.asserts(assertions) }
        case .repeated(let part, _, _): part.asserts(assertions)
        case .assertion(let assertion): assertions.contains(assertion)
        }
    }
}

/// What must hold between two characters.
enum Assertion: UInt8 {
    case textStart
    case textEnd
    case lineStart
    case lineEnd
    case wordBoundary
    case notWordBoundary
}
