/// A regular expression as it was written.
indirect enum Pattern {
    case set(ScalarSet)
    case sequence([Pattern])
    case alternatives([Pattern])
    /// `maximum` nil: without end. Greedy and lazy repetition match the same texts.
    case repeated(Pattern, minimum: Int, maximum: Int?)
    case assertion(Assertion)

    static var empty: Pattern { .sequence([]) }
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
