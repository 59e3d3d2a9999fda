import Foundation

/// A code that names a medical institution, in the form in which codes are compared.
///
/// Real hospitals use several kinds of codes, and some that follow no standard. A code is therefore never rejected for its length;
/// `CodeExplanation` says what it holds and what looks wrong.
public struct InstitutionCode: Hashable, Sendable, CustomStringConvertible {
    /// Upper case, without blanks and hyphens.
    public let text: String
    public let shape: Shape
    /// Whether a hyphen stood before the ninth character, as organisation codes are printed and temporary codes are given out.
    public let hasHyphen: Bool

    /// What kind of code it is by its length.
    public enum Shape: String, CaseIterable, Sendable {
        /// 22 characters: organisation code, region, economic type, category, management class. Source: WS 218-2002.
        case classified = "ws218"
        /// 18 characters, the unified social credit code. Source: GB 32100-2015.
        case creditCode = "uscc"
        /// 9 characters, the organisation code. Source: GB 11714-1997.
        case organization = "organization"
        /// Another length, which a reviewer confirms.
        case other = "other"
    }

    /// Longer text is no code.
    public static let maximumLength = 64

    /// Normalises what somebody has typed or copied: full width, lower case, blanks and hyphens do not matter.
    ///
    /// - Returns: nil where nothing is left, or more than 64 characters are.
    public init?(_ typed: String) {
        guard typed.unicodeScalars.count <= 4 * Self.maximumLength else { return nil }
        var kept = String.UnicodeScalarView()
        var hasHyphen = false
        for scalar in typed.precomposedStringWithCompatibilityMapping.uppercased().unicodeScalars {
            if scalar.properties.generalCategory == .dashPunctuation || scalar == "\u{2212}" {
                if kept.count == 8 { hasHyphen = true }
            } else if !scalar.properties.isWhitespace, scalar.properties.generalCategory != .format,
                scalar.properties.generalCategory != .control
            {
                kept.append(scalar)
            }
        }
        guard !kept.isEmpty, kept.count <= Self.maximumLength else { return nil }
        text = String(kept)
        self.hasHyphen = hasHyphen
        shape =
            switch kept.count {
            case 22: .classified
            case 18: .creditCode
            case 9: .organization
            default: .other
            }
    }

    public var description: String { text }

    /// The nine characters of GB 11714 within it; nil where its shape has none.
    public var organizationCode: String? {
        switch shape {
        case .classified, .organization: String(text.prefix(9))
        case .creditCode: String(text.dropFirst(8).prefix(9))
        // Exporters add digits to an organisation code; the code is believed where its check character holds.
        case .other: text.count > 9 && OrganizationCode.isRight(String(text.prefix(9))) ? String(text.prefix(9)) : nil
        }
    }

    /// The six digits of GB/T 2260 within it; nil where its shape has none or they are no digits.
    public var region: String? {
        let digits: Substring? =
            switch shape {
            case .classified: text.dropFirst(9).prefix(6)
            case .creditCode: text.dropFirst(2).prefix(6)
            case .organization, .other: nil
            }
        return digits.flatMap { digits in digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? String(digits) : nil }
    }
}
