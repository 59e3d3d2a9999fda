/// The units that a program's file names by one word; another unit is written as a text in both languages.
public enum IndicatorUnit: String, Hashable, Sendable, CaseIterable {
    /// Of shares, and of ratios of like sums: the quotient times 100.
    case percent
    case visits
    case stays
    case patients
    case tests
    case deaths
    case days
    case hours
    case minutes
    case yuan

    public var text: BilingualText {
        switch self {
        case .percent: BilingualText(zh: "%", en: "%")
        case .visits: BilingualText(zh: "人次", en: "visits")
        case .stays: BilingualText(zh: "例", en: "stays")
        case .patients: BilingualText(zh: "人", en: "patients")
        case .tests: BilingualText(zh: "项次", en: "tests")
        case .deaths: BilingualText(zh: "例死亡", en: "deaths")
        case .days: BilingualText(zh: "天", en: "days")
        case .hours: BilingualText(zh: "小时", en: "hours")
        case .minutes: BilingualText(zh: "分钟", en: "minutes")
        case .yuan: BilingualText(zh: "元", en: "CNY")
        }
    }
}

extension Indicator {
    /// Whether the value is the quotient of numerator and denominator times 100.
    public var isPercentage: Bool { unit == IndicatorUnit.percent.text }
}
