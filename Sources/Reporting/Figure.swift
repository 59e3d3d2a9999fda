public import JSON
public import SurveillanceKit

/// One number that people read, with what it was made of and how far it may be trusted.
///
/// `value`, `lower` and `upper` are in the indicator's unit: a share is in percent. Whatever is not shown is nil, and never another number.
public struct Figure: Hashable, Sendable {
    public var status: Status
    public var value: FigureNumber?
    /// The records or the sum above the line; nil where nothing is divided, and for percentiles and numbers of different values.
    public var numerator: FigureNumber?
    /// What it is divided by; the number of records behind a mean, a percentile or a number of different values.
    public var denominator: FigureNumber?
    /// The interval in which the share would lie, 95 of 100 times; nil for all that is no share.
    public var lower: FigureNumber?
    public var upper: FigureNumber?
    /// The least denominator, where the value is not shown because of it.
    public var minimum: Int?

    public enum Status: String, Hashable, Sendable, CaseIterable {
        /// Nothing more is expected.
        case final
        /// Records of these days are still expected.
        case provisional
        /// Hidden from this reader, to protect the patients behind it.
        case suppressed
        /// Nothing is known: no report, or no record that the figure could be made of.
        case missing
        /// Too few records to say anything.
        case tooFew = "too-few"

        public var title: BilingualText {
            switch self {
            case .final: BilingualText(zh: "最终", en: "final")
            case .provisional: BilingualText(zh: "暂定", en: "provisional")
            case .suppressed: BilingualText(zh: "已隐藏", en: "hidden")
            case .missing: BilingualText(zh: "无数据", en: "no data")
            case .tooFew: BilingualText(zh: "数量过少", en: "too few")
            }
        }
    }

    init(
        _ status: Status, value: FigureNumber? = nil, numerator: FigureNumber? = nil, denominator: FigureNumber? = nil,
        lower: FigureNumber? = nil, upper: FigureNumber? = nil, minimum: Int? = nil
    ) {
        self.status = status
        self.value = value
        self.numerator = numerator
        self.denominator = denominator
        self.lower = lower
        self.upper = upper
        self.minimum = minimum
    }

    public static let missing = Figure(.missing)

    /// Hidden with all that it was made of: an interval or a denominator would give the value away.
    public static let suppressed = Figure(.suppressed)

    /// The same figure, of which records are still expected. What is not shown stays as it is.
    public func asProvisional() -> Figure {
        guard status == .final else { return self }
        var figure = self
        figure.status = .provisional
        return figure
    }

    /// What a table shows: the value with so many decimals, or a dash and why there is none.
    public func text(decimals: Int) -> BilingualText {
        switch status {
        case .final, .provisional:
            guard let value else { return BilingualText(zh: "—", en: "—") }
            let text = value.text(decimals: decimals)
            return BilingualText(zh: text, en: text)
        case .suppressed: return BilingualText(zh: "—（已隐藏）", en: "— (hidden)")
        case .missing: return BilingualText(zh: "—（无数据）", en: "— (no data)")
        case .tooFew:
            guard let minimum else { return BilingualText(zh: "—（数量过少）", en: "— (too few)") }
            return BilingualText(zh: "—（n < \(minimum)）", en: "— (n < \(minimum))")
        }
    }

    /// The members of a row in the API, after those that say where it belongs.
    public var members: [(String, JSONValue)] {
        [
            ("value", json(value)), ("numerator", json(numerator)), ("denominator", json(denominator)),
            ("lower", json(lower)), ("upper", json(upper)), ("status", .string(status.rawValue)),
        ]
    }

    private func json(_ number: FigureNumber?) -> JSONValue { number?.json ?? .null }
}
