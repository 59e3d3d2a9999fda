import SurveillanceKit

/// Values that a field must not have, with the verdict each must get.
enum WrongValues {
    struct Wrong {
        var text: String
        var code: FindingCode
        var severity: Severity

        init(_ text: String, _ code: FindingCode, _ severity: Severity = .error) {
            self.text = text
            self.code = code
            self.severity = severity
        }
    }

    private static func severity(_ field: Field, _ constraint: ConstraintName) -> Severity {
        field.warnings.contains(constraint) ? .warning : .error
    }

    static func types(_ field: Field) -> [Wrong] {
        let texts: [String] =
            switch field.type {
            case .string: []
            case .integer: ["12a", "1.5", "1,000", "１２", "1e5", "-", "+", "0x1F", "一", "4 5"]
            case .number: ["12a", "1,000.5", "１２", "1.2.3", "-", "¥5", "1e", ".", "5元", "--5"]
            case .boolean: ["2", "yes", "是"]
            case .date:
                ["2026-02-29", "2026-13-01", "20260305", "2026-03-05 08:00:00", "2026.3.5", "-", "3/5/2026", "2026-3"]
            case .datetime:
                [
                    "2026-02-30 08:00:00", "2026-03-05 24:00:00", "2026-03-05 08:60:00", "2026-03-05T08:00:00Z", "-",
                    "0", "2026-03-05 08:00:00.5",
                ]
                    + (field.acceptsBareDate ? ["2026-02-29"] : ["2026-03-05"])
            }
        var wrong = texts.filter { !field.placeholders.contains($0) }.map { Wrong($0, .typeError) }
        if field.type == .integer {
            // A number that nobody counts to is beyond the range, where there is one.
            wrong.append(
                field.constraints.maximum == nil
                    ? Wrong("99999999999999999999", .typeError)
                    : Wrong("99999999999999999999", .constraintError, severity(field, .maximum)))
        }
        return wrong
    }

    static func ranges(_ field: Field) -> [Wrong] {
        guard field.type == .integer || field.type == .number else { return [] }
        var wrong: [Wrong] = []
        if let minimum = field.constraints.minimum {
            wrong.append(Wrong(String(Int(minimum) - 1), .constraintError, severity(field, .minimum)))
        }
        if let maximum = field.constraints.maximum, field.constraints.maximumIntegerDigits == nil {
            wrong.append(Wrong(String(Int(maximum) + 1), .constraintError, severity(field, .maximum)))
        }
        return wrong
    }

    static func decimals(_ field: Field) -> [Wrong] {
        guard field.type == .number else { return [] }
        var wrong: [Wrong] = []
        if let decimals = field.constraints.maximumDecimals {
            let text = "1." + String(repeating: "0", count: decimals) + "1"
            wrong.append(Wrong(text, .constraintError, severity(field, .decimals)))
        }
        if let digits = field.constraints.maximumIntegerDigits {
            wrong.append(
                Wrong("1" + String(repeating: "0", count: digits), .constraintError, severity(field, .decimals)))
        }
        return wrong
    }

    static func lengths(_ field: Field) -> [Wrong] {
        guard field.type == .string, field.codeList?.isKnown != true, field.separators.isEmpty,
            field.constraints.pattern == nil
        else { return [] }
        var wrong: [Wrong] = []
        if let maximum = field.constraints.maximumLength {
            for character in ["x", "长", "𠮷"] {
                let text = String(repeating: character, count: maximum + 1)
                wrong.append(Wrong(text, .constraintError, severity(field, .maxLength)))
            }
        }
        if let minimum = field.constraints.minimumLength, minimum > 1 {
            wrong.append(
                Wrong(String(repeating: "x", count: minimum - 1), .constraintError, severity(field, .minLength)))
        }
        return wrong
    }

    static func codes(_ field: Field) -> [Wrong] {
        guard let list = field.codeList, list.isKnown else { return [] }
        let verdict = field.warnings.contains(.codeList) ? Severity.warning : list.severity
        let longest = field.constraints.maximumLength ?? 8
        let codes = Set(list.entries.map(\.code))
        var texts = ["~", "?", "是"].filter { $0.count <= longest && !codes.contains($0) }
        if let separator = field.separators.first, let good = list.entries.first?.code {
            texts = ["\(good)\(separator)~"]
        }
        return texts.filter { !field.placeholders.contains($0) }.map { Wrong($0, .constraintError, verdict) }
    }

    static func forms(_ field: Field) -> [Wrong] {
        var wrong: [Wrong] = []
        if field.constraints.pattern != nil { wrong.append(Wrong("?!", .constraintError, severity(field, .pattern))) }
        if !field.constraints.enumeration.isEmpty {
            wrong.append(Wrong("?!", .constraintError, severity(field, .enum)))
        }
        return wrong
    }
}
