import SurveillanceKit

/// What a wrong value was most likely meant to be; only where there is one answer, whoever wrote it.
///
/// A code next to it in spelling is no answer, and neither is a day whose month could be its day (`6/11/2026`) or that a spreadsheet
/// has turned into a number (`46332`).
enum Suggestion {
    /// Words that exporters write where a code belongs.
    static let knownWords: Set<String> = ["是", "否", "有", "无", "男", "女", "阳性", "阴性", "男性", "女性"]

    static func certain(for value: String, in field: Field) -> String? {
        // What is hidden in the finding must not come out in its suggestion.
        guard field.sensitivity != .direct, value.utf8.count <= 80 else { return nil }
        if let list = field.codeList, list.isKnown { return code(for: value, in: list) }
        switch field.type {
        case .date: return moment(value, isRead: reads(value, asDay: true), of: field)
        case .datetime: return moment(value, isRead: reads(value, asDay: false), of: field)
        case .integer, .number: return number(value, in: field)
        case .string, .boolean: return nil
        }
    }

    // MARK: Codes

    /// The code whose meaning was written out, or that differs only by its writing: leading zeros, `1.0`, full width, case, its meaning
    /// behind it.
    private static func code(for value: String, in list: CodeList) -> String? {
        let plain = narrowed(value)
        if plain != value, let entry = list.entries.first(where: { $0.code == plain }) { return entry.code }
        if plain.utf8.contains(where: { $0 >= 0x80 }) { return code(meaning: plain, in: list) }
        if let number = wholeNumber(plain) {
            return only(list.entries.filter { stripped($0.code) == number })
        }
        guard plain.utf8.contains(where: { ($0 | 0x20) &- 0x61 < 26 }) else { return nil }
        let lowered = plain.lowercased()
        return only(list.entries.filter { $0.code.lowercased() == lowered })
    }

    /// `男`, `男性`, `1 男性`, `1-男`, `1.男`.
    private static func code(meaning value: String, in list: CodeList) -> String? {
        let longer = value + "性"
        let meant = list.entries.filter { $0.meaning.zh == value || $0.meaning.zh == longer }
        if !meant.isEmpty { return only(meant) }
        return only(
            list.entries.filter { entry in
                guard !entry.code.isEmpty, value.hasPrefix(entry.code) else { return false }
                let rest = value.dropFirst(entry.code.count).drop { " -_.:、：．".contains($0) }
                return rest == entry.meaning.zh || rest + "性" == entry.meaning.zh
            })
    }

    private static func only(_ entries: [CodeList.Entry]) -> String? { entries.count == 1 ? entries[0].code : nil }

    private static func stripped(_ code: String) -> Substring { code.drop { $0 == "0" } }

    /// The digits of `01`, `1`, `1.0` without leading zeros; nil for zero, which may stand for nothing.
    private static func wholeNumber(_ value: String) -> Substring? {
        let parts = value.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, isDigits(parts[0]),
            parts.count == 1 || (!parts[1].isEmpty && parts[1].allSatisfy { $0 == "0" })
        else { return nil }
        let digits = parts[0].drop { $0 == "0" }
        return digits.isEmpty ? nil : digits
    }

    // MARK: Numbers

    /// Full-width digits, thousands set apart (`1,234.50`), and whole numbers with `.0`.
    private static func number(_ value: String, in field: Field) -> String? {
        var plain = narrowed(value)
        if plain.contains(",") {
            let parts = plain.split(separator: ".", omittingEmptySubsequences: false)
            let groups = parts[0].split(separator: ",", omittingEmptySubsequences: false)
            guard parts.count <= 2, (1...3).contains(groups[0].utf8.count),
                groups.dropFirst().allSatisfy({ $0.utf8.count == 3 })
            else { return nil }
            plain = ([groups.joined()] + parts.dropFirst().map(String.init)).joined(separator: ".")
        }
        let parts = plain.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy(isDigits) else { return nil }
        if field.type == .integer, parts.count == 2 {
            guard parts[1].allSatisfy({ $0 == "0" }) else { return nil }
            plain = String(parts[0])
        }
        guard plain != value, let number = Double(plain),
            isAllowed(number, decimals: decimals(plain), by: field.constraints)
        else { return nil }
        return plain
    }

    private static func isAllowed(_ number: Double, decimals: Int, by constraints: Constraints) -> Bool {
        number >= constraints.minimum ?? -.infinity && number <= constraints.maximum ?? .infinity
            && decimals <= constraints.maximumDecimals ?? .max
    }

    private static func decimals(_ number: String) -> Int {
        number.split(separator: ".", maxSplits: 1).dropFirst().first?.utf8.count ?? 0
    }

    // MARK: Days and moments

    private static func reads(_ value: String, asDay: Bool) -> Bool {
        Array(value.utf8).withUnsafeBufferPointer {
            (asDay ? DateText.day($0) : DateText.moment($0, acceptsBareDay: true)) != nil
        }
    }

    /// A day or moment whose parts stand from the year down: `20260305`, `2026.3.5`, `2026年3月5日`, `2026-11-6T08:01:02`.
    ///
    /// A moment without its seconds is left to who knows them, as is one of another zone.
    private static func moment(_ value: String, isRead: Bool, of field: Field) -> String? {
        let plain = narrowed(value)
        guard !isRead, plain.allSatisfy({ isDigit($0) || " -/.:T年月日时分秒".contains($0) }) else { return nil }
        var parts = plain.split { !isDigit($0) }.map(String.init)
        if let first = parts.first, first.count == 8 || (first.count == 14 && parts.count == 1) {
            var rest = first.dropFirst(4)
            var split = [String(first.prefix(4))]
            while !rest.isEmpty {
                split.append(String(rest.prefix(2)))
                rest = rest.dropFirst(2)
            }
            parts = split + parts.dropFirst()
        }
        // A fraction of a second that says nothing.
        if parts.count == 7, parts[6].allSatisfy({ $0 == "0" }) { parts.removeLast() }
        guard parts.count == 3 || parts.count == 6, parts[0].count == 4, parts.dropFirst().allSatisfy({ $0.count <= 2 })
        else { return nil }
        let numbers = parts.compactMap { Int($0) }
        guard let date = CivilDate(year: numbers[0], month: numbers[1], day: numbers[2]) else { return nil }
        let day = Int64(date.daysSince1970) * 86_400
        guard numbers.count == 6 else {
            return field.type == .date || field.acceptsBareDate ? CivilText.text(day, withTime: false) : nil
        }
        guard numbers[3] < 24, numbers[4] < 60, numbers[5] < 60 else { return nil }
        let time = Int64(numbers[3] * 3600 + numbers[4] * 60 + numbers[5])
        return CivilText.text(day + time, withTime: field.type == .datetime)
    }

    // MARK: Characters

    /// The text with full-width letters, digits and marks in their usual width.
    private static func narrowed(_ text: String) -> String {
        guard text.utf8.contains(0xEF) else { return text }
        var narrow = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isWide = (0xFF01...0xFF5E).contains(scalar.value)
            narrow.append(isWide ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar)
        }
        return String(narrow)
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

    private static func isDigits(_ text: Substring) -> Bool { !text.isEmpty && text.allSatisfy(isDigit) }
}
