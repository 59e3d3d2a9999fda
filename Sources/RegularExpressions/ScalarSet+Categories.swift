extension ScalarSet {
    /// The scalars of a general category, `Lu`, or of a group of them, `L`; nil where RE2 knows no such name.
    ///
    /// Source: Unicode Character Database as the standard library has it; google/re2, "Syntax".
    static func category(_ name: String) -> ScalarSet? {
        let ranges = categories.filter { $0.key == name || (name.utf8.count == 1 && $0.key.hasPrefix(name)) }
        return ranges.isEmpty ? nil : ScalarSet(ranges.flatMap(\.value))
    }

    /// Made when a pattern first asks for one: a walk over all of Unicode.
    private static let categories: [String: [ClosedRange<UInt32>]] = {
        var found: [String: [ClosedRange<UInt32>]] = ["Cs": [0xD800...0xDFFF]]
        var name: String?
        var start: UInt32 = 0
        for value in 0...(maximum + 1) {
            let next = Unicode.Scalar(value).flatMap { shortName($0.properties.generalCategory) }
            guard next != name else { continue }
            if let name { found[name, default: []].append(start...(value - 1)) }
            name = next
            start = value
        }
        return found
    }()

    private static func shortName(_ category: Unicode.GeneralCategory) -> String? {
        switch category {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .surrogate: "Cs"
        case .privateUse: "Co"
        case .unassigned: nil
        @unknown default: nil
        }
    }
}
