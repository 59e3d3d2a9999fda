/// A cell's text as it is judged before it is shown: full-width characters narrowed, every kind of blank one blank, and without characters
/// that cannot be seen.
struct VisibleText {
    let scalars: [Unicode.Scalar]
    let text: String

    init(_ value: String) {
        var scalars: [Unicode.Scalar] = []
        for scalar in value.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .spaceSeparator, .lineSeparator, .paragraphSeparator: scalars.append(" ")
            case .control where "\t\n\r\u{B}\u{C}\u{85}".unicodeScalars.contains(scalar): scalars.append(" ")
            case .control, .format: continue
            case .decimalNumber, .otherNumber:
                // Digits of other scripts, raised and in circles are as much a telephone number's.
                let type = scalar.properties.numericType
                let digit = type == .decimal || type == .digit ? scalar.properties.numericValue : nil
                scalars.append(digit.flatMap { Unicode.Scalar(UInt32($0) + 0x30) } ?? scalar)
            default:
                if VisibleText.isInvisible(scalar) { continue }
                scalars.append(VisibleText.narrowed(scalar))
            }
        }
        while scalars.last == " " { scalars.removeLast() }
        self.scalars = Array(scalars.drop { $0 == " " })
        var text = String.UnicodeScalarView()
        text.append(contentsOf: self.scalars)
        self.text = String(text)
    }

    private static func narrowed(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
        case 0xFFE5: "¥"
        case 0x2010...0x2015, 0x2212, 0xFE63: "-"
        default: scalar
        }
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.value &- 0x30 <= 9 }

    /// Whether nobody can see it, or tell it from a plain blank.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
            return true
        default: return scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// `[U+200B]`
    static func name(of scalar: Unicode.Scalar) -> String {
        let hex = String(scalar.value, radix: 16, uppercase: true)
        return "[U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex + "]"
    }
}
