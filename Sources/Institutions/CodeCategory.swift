public import SurveillanceKit

/// The category of a WS 218 code: a letter and three digits.
public struct CodeCategory: Hashable, Sendable {
    public let code: String
    public let title: BilingualText

    /// nil for a code that the standard does not list.
    public init?(_ code: some StringProtocol) {
        guard let title = CodeCategoryTable.titles[String(code)] else { return nil }
        self.code = String(code)
        self.title = title
    }

    /// What the register would call it; nil where no kind of hospital follows from it.
    public var registered: Institution.Category? {
        switch code {
        case "A100": .general
        case "A300": .integrated
        case let code where code.hasPrefix("A2"): .traditionalChinese
        case let code where code.hasPrefix("A4"): .ethnic
        case let code where code.hasPrefix("A5"): .specialized
        case let code where code.hasPrefix("G1") || code.hasPrefix("G2") || code.hasPrefix("G3"): .maternalAndChild
        case let code where code.hasPrefix("B") || code.hasPrefix("C"): .primaryCare
        default: nil
        }
    }
}
