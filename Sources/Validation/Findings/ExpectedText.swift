public import SurveillanceKit

/// Says in words what belongs in a field: type, form, length, range and codes.
public enum ExpectedText {
    public static func describe(_ field: Field, unit lengthUnit: LengthUnit = .characters) -> BilingualText {
        var zh: [String] = []
        var en: [String] = []
        let constraints = field.constraints
        if let list = field.codeList, list.isKnown {
            let codes = self.codes(of: list)
            zh.append(codes.zh)
            en.append(codes.en)
        } else {
            let form = self.form(of: field)
            zh.append(form.zh)
            en.append(form.en)
            if let limit = constraints.maximumLength {
                let unit = self.unit(lengthUnit, of: limit)
                zh.append("不超过 \(limit) \(unit.zh)")
                en.append("at most \(limit) \(unit.en)")
            }
        }
        if let minimum = constraints.minimum, let maximum = constraints.maximum {
            zh.append("\(number(minimum))–\(number(maximum))")
            en.append("\(number(minimum))–\(number(maximum))")
        } else if let minimum = constraints.minimum {
            zh.append("不小于 \(number(minimum))")
            en.append("not below \(number(minimum))")
        } else if let maximum = constraints.maximum {
            zh.append("不大于 \(number(maximum))")
            en.append("not above \(number(maximum))")
        }
        if field.placeholders.contains("-"), constraints.isRequired {
            zh.append("不详时填“-”")
            en.append("'-' if not known")
        }
        return BilingualText(zh: zh.joined(separator: "，"), en: en.joined(separator: ", "))
    }

    static func kind(of type: FieldType) -> BilingualText {
        switch type {
        case .string: BilingualText(zh: "文本", en: "text")
        case .integer: BilingualText(zh: "整数", en: "a whole number")
        case .number: BilingualText(zh: "数字", en: "a number")
        case .boolean: BilingualText(zh: "真假值", en: "true or false")
        case .date: BilingualText(zh: "日期", en: "a date of the calendar")
        case .datetime: BilingualText(zh: "日期时间", en: "a date and time")
        }
    }

    private static func form(of field: Field) -> BilingualText {
        switch field.type {
        case .string: return BilingualText(zh: "文本", en: "text")
        case .integer: return BilingualText(zh: "整数", en: "a whole number")
        case .number:
            var zh = "数字"
            var en = "a number"
            if let digits = field.constraints.maximumIntegerDigits {
                zh += "，整数最多 \(digits) 位"
                en += " of at most \(digits.counted("digit")) before the point"
            }
            if let decimals = field.constraints.maximumDecimals {
                zh += "，小数最多 \(decimals) 位"
                en += ", at most \(decimals.counted("decimal"))"
            }
            return BilingualText(zh: zh, en: en)
        case .boolean: return BilingualText(zh: "true 或 false", en: "true or false")
        case .date: return BilingualText(zh: "日期 yyyy-MM-dd", en: "a date yyyy-MM-dd")
        case .datetime:
            return field.acceptsBareDate
                ? BilingualText(
                    zh: "日期 yyyy-MM-dd 或日期时间 yyyy-MM-dd HH:mm:ss", en: "a date yyyy-MM-dd, or with time HH:mm:ss")
                : BilingualText(zh: "日期时间 yyyy-MM-dd HH:mm:ss", en: "a date and time yyyy-MM-dd HH:mm:ss")
        }
    }

    /// The codes themselves where they are few, the list's name where they are many.
    private static func codes(of list: CodeList) -> BilingualText {
        guard list.entries.count <= 12 else {
            return BilingualText(
                zh: "代码表 \(list.id)（\(list.title.zh)）中的代码", en: "a code of \(list.id) (\(list.title.en))")
        }
        func joined(_ language: Language, _ separator: String) -> String {
            list.entries.map { entry in
                let meaning = entry.meaning[language]
                return meaning.isEmpty ? entry.code : "\(entry.code) \(meaning)"
            }.joined(separator: separator)
        }
        return BilingualText(zh: joined(.zh, "、"), en: joined(.en, ", "))
    }

    static func unit(_ unit: LengthUnit, of count: Int) -> BilingualText {
        switch unit {
        case .characters: BilingualText(zh: "个字符", en: count == 1 ? "character" : "characters")
        case .gbkBytes: BilingualText(zh: "个字节（GBK）", en: count == 1 ? "byte of GBK" : "bytes of GBK")
        }
    }

    static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
