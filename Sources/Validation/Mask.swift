import SurveillanceKit

/// Hides what may point at a patient before a cell is shown or logged.
///
/// Direct identifiers are always hidden. Elsewhere a date, an amount with or without its unit, a short code, a word of the field's list and
/// the code of an institution are shown, in whatever column they stand. Hidden is what may be somebody's by accident of a shifted column:
/// a number of seven digits or more however it is grouped, text beyond ASCII, letters that may be a name, and what is far longer than the
/// field can be. Characters that cannot be seen are named (`[U+200B]`), in what is hidden too.
enum Mask {
    private static let longestShown = 60

    /// What exporters write for nothing, what spreadsheets write for errors, and words that say no more than a code.
    private static let plainWords: Set<String> = [
        "null", "(null)", "none", "nil", "nan", "nat", "n/a", "na", "#n/a", "#ref!", "#value!", "#name?", "#num!",
        "#null!", "#div/0!", "invalid date", "undefined", "unknown", "true", "false", "yes", "no", "male", "female",
        "positive", "negative", "test", "空", "不详", "未知", "不明", "暂无", "没有", "未查", "未测", "拒绝",
    ]

    /// Whether a value must not be shown; its suggestion must not either.
    static func hides(_ value: String, of field: Field, isInstitution: Bool = false) -> Bool {
        if field.sensitivity == .direct { return true }
        if isShort(value) { return false }
        let plain = VisibleText(value)
        let lowered = plain.text.lowercased()
        if plainWords.contains(lowered) || Suggestion.knownWords.contains(plain.text) || isWord(plain.text, of: field) {
            return false
        }
        if SafeShape.holds(plain, isMomentField: field.type == .date || field.type == .datetime) { return false }
        if isInstitution, SafeShape.isInstitutionCode(plain) { return false }
        if let list = field.codeList, list.isKnown, Suggestion.code(for: plain.text, in: list) != nil { return false }
        return SafeShape.holdsPersonalNumber(plain) || isFarTooLong(plain, for: field) || holdsName(plain)
    }

    /// The value as it may be shown: itself, or as many stars as it has characters.
    static func shown(_ value: String, isHidden: Bool) -> String {
        guard isHidden else { return visible(value) }
        let kept = artefacts(of: value)
        var shown = ""
        var count = 0
        for scalar in value.unicodeScalars {
            count += 1
            guard count <= longestShown else { continue }
            if VisibleText.isInvisible(scalar) {
                shown += VisibleText.name(of: scalar)
            } else {
                shown.unicodeScalars.append(kept.contains(count - 1) ? scalar : "*")
            }
        }
        return count > longestShown ? shown + "…(\(count))" : shown
    }

    static func shown(
        _ value: UnsafeBufferPointer<UInt8>, of field: Field, isInstitution: Bool = false
    ) -> String {
        let text = String(decoding: value, as: UTF8.self)
        return shown(text, isHidden: hides(text, of: field, isInstitution: isInstitution))
    }

    /// What a header calls a column that no standard knows, or nothing where it may be a patient's: a file without a header has a row of
    /// theirs in its place. Shown is what is built as the standards' own names are: `P7501`.
    static func shown(label: String) -> String? {
        let letters = label.prefix { $0.isASCII && $0.isLetter }
        let digits = label.dropFirst(letters.count)
        let isName = (1...2).contains(letters.count) && (1...5).contains(digits.count)
        return isName && digits.allSatisfy { $0.isASCII && $0.isNumber } ? label : nil
    }

    // MARK: What is shown

    /// A few digits and marks: most cells that are wrong.
    private static func isShort(_ value: String) -> Bool {
        value.utf8.count < SafeShape.shortestNumber && value.utf8.allSatisfy { (0x20..<0x41).contains($0) }
    }

    private static func visible(_ value: String) -> String {
        // No text has more characters than bytes.
        let isLong = value.utf8.count > longestShown && value.count > longestShown
        var shown = ""
        for scalar in (isLong ? value.prefix(longestShown) : value[...]).unicodeScalars {
            if VisibleText.isInvisible(scalar) {
                shown += VisibleText.name(of: scalar)
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return isLong ? shown + "…" : shown
    }

    /// The places of what a spreadsheet has put round or into a value, which say no more than that: `="…"`, `'…`, `*.**E+**`.
    private static func artefacts(of value: String) -> Set<Int> {
        let scalars = Array(value.unicodeScalars)
        var places: Set<Int> = []
        for (place, scalar) in scalars.prefix(2).enumerated() where "='\"’‘".unicodeScalars.contains(scalar) {
            if place == 0 || places.contains(0) { places.insert(place) }
        }
        if let last = scalars.last, scalars.count > 1, last == "\"" { places.insert(scalars.count - 1) }
        if let mark = scalars.firstIndex(where: { $0 == "E" || $0 == "e" }), mark + 1 < scalars.count,
            scalars[mark + 1] == "+", mark > 0, mark + 2 < scalars.count,
            scalars[..<mark].allSatisfy({ $0 == "." || VisibleText.isDigit($0) }),
            scalars[(mark + 2)...].allSatisfy(VisibleText.isDigit)
        {
            places.formUnion([mark, mark + 1])
            places.formUnion(scalars.indices.filter { scalars[$0] == "." })
        }
        return places
    }

    // MARK: What is hidden

    /// A record number where one digit belongs.
    private static func isFarTooLong(_ plain: VisibleText, for field: Field) -> Bool {
        guard let maximum = field.constraints.maximumLength else { return false }
        return plain.scalars.count > 2 * maximum + 2
    }

    private static func isWord(_ text: String, of field: Field) -> Bool {
        field.codeList?.entries.contains { $0.code == text || $0.meaning.zh == text || $0.meaning.en == text } ?? false
    }

    /// Letters beyond ASCII; letters and no digit, `Li Na`; a word of four letters beside digits, `zhangsan01`. A code has a digit and few
    /// letters. What is left of lost characters (`锟斤拷`) is nobody's.
    private static func holdsName(_ plain: VisibleText) -> Bool {
        var hasDigit = false
        var (letters, run, longest) = (0, 0, 0)
        for scalar in plain.scalars {
            if VisibleText.isDigit(scalar) { hasDigit = true }
            guard scalar.properties.isAlphabetic else {
                run = 0
                continue
            }
            if !scalar.isASCII, !"锟斤拷烫屯".unicodeScalars.contains(scalar) { return true }
            guard scalar.isASCII else { continue }
            letters += 1
            run += 1
            longest = max(longest, run)
        }
        return longest >= 4 || (letters > 1 && !hasDigit)
    }
}
