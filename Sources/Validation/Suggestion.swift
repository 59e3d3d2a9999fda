import SurveillanceKit

/// What a wrong value was most likely meant to be; only where there is one answer.
enum Suggestion {
    /// Words that exporters write where a code belongs.
    static let knownWords: Set<String> = ["是", "否", "有", "无", "男", "女", "阳性", "阴性", "男性", "女性"]

    static func certain(for value: String, in field: Field) -> String? {
        if let list = field.codeList, list.isKnown { return code(for: value, in: list) }
        switch field.type {
        case .date, .datetime: return date(for: value, withTime: field.type == .datetime && !field.acceptsBareDate)
        default: return nil
        }
    }

    /// The code whose meaning was written out, or the one that differs only by leading zeros.
    private static func code(for value: String, in list: CodeList) -> String? {
        guard value.count <= 40 else { return nil }
        let byMeaning = list.entries.filter { $0.meaning.zh == value || $0.meaning.zh == value + "性" }
        if byMeaning.count == 1 { return byMeaning[0].code }
        func stripped(_ code: String) -> Substring { code.drop { $0 == "0" } }
        guard !value.isEmpty, value.allSatisfy({ $0.isASCII && $0.isNumber }), !stripped(value).isEmpty else { return nil }
        let near = list.entries.filter { stripped($0.code) == stripped(value) }
        return near.count == 1 ? near[0].code : nil
    }

    /// A day written as `20260305`, `2026.3.5` or `2026年3月5日`.
    private static func date(for value: String, withTime: Bool) -> String? {
        guard !withTime, value.count <= 12 else { return nil }
        var parts = value.split { !($0.isASCII && $0.isNumber) }.map(String.init)
        if parts.count == 1, value.count == 8 {
            parts = [String(value.prefix(4)), String(value.dropFirst(4).prefix(2)), String(value.suffix(2))]
        }
        guard parts.count == 3, parts[0].count == 4, let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2]), let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        return CivilText.text(Int64(date.daysSince1970) * 86_400, withTime: false)
    }
}
