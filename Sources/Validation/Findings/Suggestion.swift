import SurveillanceKit

/// What a wrong value was most likely meant to be; only where there is one answer, whoever wrote it.
///
/// A unit is one answer only where the field is measured in it: `65岁` in an age, not in a cost, and never two numbers (`65岁3月`). A code
/// next to it in spelling is no answer, and neither is a day whose month could be its day (`6/11/2026`) or that a spreadsheet
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
    static func code(for value: String, in list: CodeList) -> String? {
        let plain = narrowed(value)
        if plain != value, let entry = list.entries.first(where: { $0.code == plain }) { return entry.code }
        if plain.utf8.contains(where: { $0 >= 0x80 }) { return code(meaning: plain, in: list) }
        if let number = wholeNumber(plain) {
            return only(list.entries.filter { stripped($0.code) == number })
        }
        guard plain.utf8.contains(where: { ($0 | 0x20) &- 0x61 < 26 }) else { return nil }
        let lowered = plain.lowercased()
        let written = list.entries.filter { $0.code.lowercased() == lowered }
        return only(written.isEmpty ? meant(by: lowered, in: list) : written)
    }

    /// `Male`, `1 male`, `1-MALE`: nothing less than the whole meaning, `M` is none.
    private static func meant(by lowered: String, in list: CodeList) -> [CodeList.Entry] {
        list.entries.filter { entry in
            let meaning = entry.meaning.en.lowercased()
            guard !meaning.isEmpty else { return false }
            if meaning == lowered { return true }
            guard !entry.code.isEmpty, lowered.hasPrefix(entry.code.lowercased()) else { return false }
            let rest = lowered.dropFirst(entry.code.count)
            return rest.first.map { " -_.:".contains($0) } == true && rest.drop { " -_.:".contains($0) } == meaning
        }
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

    /// Full-width digits, thousands set apart (`1,234.50`), whole numbers with `.0`, a unit or currency that the field has anyway (`65岁`,
    /// `￥12.50`), and the noise of binary numbers (`71.060000000000002`).
    private static func number(_ value: String, in field: Field) -> String? {
        var plain = FieldUnit.removed(from: narrowed(value), of: field)
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
        if let rounded = withoutNoise(plain, decimals: field.type == .integer ? 0 : field.constraints.maximumDecimals) {
            plain = rounded
        } else if field.type == .integer, parts.count == 2 {
            guard parts[1].allSatisfy({ $0 == "0" }) else { return nil }
            plain = String(parts[0])
        }
        guard plain != value, let number = Double(plain),
            isAllowed(number, decimals: decimals(plain), by: field.constraints)
        else { return nil }
        return plain
    }

    /// `71.060000000000002` as `71.06`: 15 significant digits and more, as tools write a binary number, that are the rounded number to the
    /// last of them that counts.
    private static func withoutNoise(_ number: String, decimals: Int?) -> String? {
        guard let decimals, number.utf8.count(where: { $0 &- 0x30 <= 9 }) >= 15, self.decimals(number) > decimals + 5,
            let value = Double(number)
        else { return nil }
        let rounded = fixed(value, decimals: decimals)
        guard let near = Double(rounded), abs(near - value) <= max(abs(value), 1) * 1e-13 else { return nil }
        guard rounded.contains(".") else { return rounded }
        let digits = rounded.reversed().drop { $0 == "0" }.drop { $0 == "." }
        return String(digits.reversed())
    }

    /// A number of at most nine decimals, none of them in an exponent.
    private static func fixed(_ value: Double, decimals: Int) -> String {
        let scale = (0..<min(decimals, 9)).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (value * scale).rounded()
        guard scaled.magnitude < 1e15 else { return "" }
        let whole = String(Int64(scaled.magnitude))
        let places = min(decimals, 9)
        let padded = String(repeating: "0", count: max(0, places + 1 - whole.count)) + whole
        let sign = scaled < 0 ? "-" : ""
        return places == 0 ? sign + padded : sign + padded.dropLast(places) + "." + padded.suffix(places)
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
        // `T` and a fraction are read as they stand; the usual form is still the better one to write.
        guard !isRead || plain.contains(where: { "T.".contains($0) }),
            plain.allSatisfy({ isDigit($0) || " -/.:T年月日时分秒".contains($0) })
        else { return nil }
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
        text.utf8.contains(where: { $0 == 0xEF || $0 == 0xE2 || $0 == 0xC2 || $0 == 0xE3 })
            ? VisibleText(text).text : text
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

    private static func isDigits(_ text: Substring) -> Bool { !text.isEmpty && text.allSatisfy(isDigit) }
}
