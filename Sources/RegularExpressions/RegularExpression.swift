public import SurveillanceKit

/// A regular expression in RE2 syntax: matching takes time linear in the text, whatever the pattern.
///
/// Usual patterns become a table of at most 4,000 states, one look-up a character; larger ones are simulated, slower and
/// linear too. A pattern takes at most 8 MB: beyond 100,000 characters and sets after repetition it is refused.
public struct RegularExpression: Sendable {
    public struct PatternError: Error, Sendable {
        /// The character (Unicode scalar) of the pattern that is complained of, from 0.
        public var position: Int
        public var message: BilingualText
    }

    private enum Engine {
        case table(PatternTable)
        case simulation(PatternProgram)
    }

    private let engine: Engine

    /// - Parameter wholeMatch: whether the pattern must match the whole text, as Table Schema's `pattern` does; CEL's
    ///   `matches` is content with a part.
    public init(_ pattern: String, wholeMatch: Bool = false) throws(PatternError) {
        let parsed = try PatternParser.parse(pattern)
        guard let program = PatternProgram(parsed.pattern, parsed.sets, wholeMatch: wholeMatch) else {
            throw PatternError(
                position: 0,
                message: BilingualText(
                    zh: "展开后过大（重复展开后最多约 10 万个字符或字符类）：减少重复次数",
                    en: "it grows too large (about 100,000 characters and sets, repetitions counted): repeat less often"
                ))
        }
        engine = PatternTable(program).map { .table($0) } ?? .simulation(program)
    }

    /// The table to match with, without counting references; nil where the pattern is simulated.
    public var matcher: PatternMatcher? {
        if case .table(let table) = engine { table.matcher } else { nil }
    }

    /// Whether the text, UTF-8, matches.
    public func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        switch engine {
        case .table(let table): return table.matcher.matches(text)
        case .simulation(let program):
            var simulation = PatternSimulation(program)
            return simulation.matches(text)
        }
    }

    public func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { matches($0) }
    }
}
