public import JSON
public import SurveillanceKit

/// Why a figure was another one at an earlier instant: what came in between, part by part. The parts sum to the difference, exactly.
public struct FigureComparison: Sendable {
    public var earlier: Instant
    public var later: Instant
    public var before: Figure
    public var after: Figure
    /// By instant.
    public var parts: [Part]

    public struct Part: Hashable, Sendable {
        public enum Cause: String, Hashable, Sendable, CaseIterable {
            /// Records that were not known before.
            case new
            /// Records that hold something else now, or whose children do.
            case correction
            /// Records that were taken back.
            case withdrawal
            /// The figure is counted by another definition.
            case definition

            public var title: BilingualText {
                switch self {
                case .new: BilingualText(zh: "新增记录", en: "new records")
                case .correction: BilingualText(zh: "更正", en: "corrections")
                case .withdrawal: BilingualText(zh: "撤回", en: "withdrawals")
                case .definition: BilingualText(zh: "定义变更", en: "another definition")
                }
            }
        }

        /// Empty for what is no institution's: another definition.
        public var institution: String
        public var at: Instant
        public var submission: String?
        public var cause: Cause
        /// By how much the numerator has moved; of a percentile or a number of different values how many values more there are.
        public var numerator: FigureNumber
        public var denominator: FigureNumber
        /// Its share in the difference of the value; nil where values do not add up from parts, as percentiles.
        public var value: Double?

        public init(
            institution: String, at: Instant, submission: String?, cause: Cause, numerator: FigureNumber,
            denominator: FigureNumber, value: Double?
        ) {
            self.institution = institution
            self.at = at
            self.submission = submission
            self.cause = cause
            self.numerator = numerator
            self.denominator = denominator
            self.value = value
        }
    }

    public init(earlier: Instant, later: Instant, before: Figure, after: Figure, parts: [Part]) {
        self.earlier = earlier
        self.later = later
        self.before = before
        self.after = after
        self.parts = parts
    }

    /// - Parameter time: writes an instant in the program's zone.
    public func json(time: (Instant) -> String) -> JSONValue {
        .object([
            ("compareTo", .string(time(earlier))), ("asOf", .string(time(later))),
            ("before", .object(before.members)), ("after", .object(after.members)),
            (
                "parts",
                .array(
                    parts.map { part in
                        .object([
                            ("institution", .string(part.institution)), ("at", .string(time(part.at))),
                            ("submission", part.submission.map(JSONValue.string) ?? .null),
                            ("cause", .string(part.cause.rawValue)), ("numerator", part.numerator.json),
                            ("denominator", part.denominator.json),
                            ("value", part.value.map(JSONValue.number) ?? .null),
                        ])
                    })
            ),
        ])
    }
}
