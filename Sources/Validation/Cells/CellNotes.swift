import SurveillanceKit

/// What was read otherwise than it stands, by field: counted, so that a file has one warning for each kind and not one for each cell.
struct CellNotes {
    enum Kind: UInt8, CaseIterable {
        /// A word for nothing in a field that may be empty.
        case word
        case apostrophe
        case formula
        case invisible
        case fullWidth
        case pointZero
        /// A time without seconds, read as `:00`.
        case seconds
        /// A time with `AM`, `PM`, `上午` or `下午`.
        case twelveHour
        /// A code on a day on which none of the institution's tables is in use.
        case noTable
    }

    struct Place: Hashable {
        var kind: Kind
        var field: Int
        var word: String
    }

    private(set) var counts: [Place: Int] = [:]
    /// Marks that a spreadsheet leaves, counted also where they are errors.
    private(set) var marks: [SpreadsheetMark: Int] = [:]

    var isEmpty: Bool { counts.isEmpty && marks.isEmpty }

    mutating func note(_ kind: Kind, field: Int, word: String = "") {
        counts[Place(kind: kind, field: field, word: word), default: 0] += 1
    }

    mutating func note(artefacts: IdentifierText.Artefacts, field: Int) {
        if artefacts.contains(.apostrophe) { note(.apostrophe, field: field) }
        if artefacts.contains(.formula) { note(.formula, field: field) }
        if artefacts.contains(.invisible) { note(.invisible, field: field) }
        if artefacts.contains(.fullWidth) { note(.fullWidth, field: field) }
        if artefacts.contains(.pointZero) { note(.pointZero, field: field) }
    }

    mutating func note(_ mark: SpreadsheetMark, count: Int = 1) { marks[mark, default: 0] += count }

    mutating func add(_ other: CellNotes) {
        counts.merge(other.counts, uniquingKeysWith: +)
        marks.merge(other.marks, uniquingKeysWith: +)
    }
}

/// What a spreadsheet does to a file that it opens and saves.
enum SpreadsheetMark: UInt8, CaseIterable {
    case secondsGone
    case scientific
    /// `#REF!`, `########`.
    case errorValue
    /// A code that is in its list with the zeros that it lost.
    case leadingZeros
    /// A number where a date belongs, which is one as spreadsheets count days.
    case serialDate
    case slashDates
    case midnight
    /// Rows that end before the last columns, which are empty.
    case shortRows

    /// What hardly anything but a spreadsheet does.
    var isStrong: Bool {
        switch self {
        case .secondsGone, .scientific, .errorValue, .leadingZeros, .serialDate: true
        case .slashDates, .midnight, .shortRows: false
        }
    }

    func text(_ count: Int) -> BilingualText {
        switch self {
        case .secondsGone: BilingualText(zh: "\(count) 个时间没有秒", en: count.counted("time") + " without seconds")
        case .scientific:
            BilingualText(zh: "\(count) 个长号码变成了科学计数法", en: count.counted("long number") + " in scientific notation")
        case .errorValue:
            BilingualText(zh: "\(count) 个单元格是 #REF! 一类的错误值", en: count.counted("error value") + " such as #REF!")
        case .leadingZeros: BilingualText(zh: "\(count) 个代码丢了前导零", en: count.counted("code") + " without leading zeros")
        case .serialDate:
            BilingualText(zh: "\(count) 个日期变成了数字", en: count.counted("date") + " turned into a number")
        case .slashDates: BilingualText(zh: "\(count) 个日期改成了斜杠", en: count.counted("date") + " with slashes")
        case .midnight: BilingualText(zh: "\(count) 个日期带上了 0:00", en: count.counted("date") + " with 0:00")
        case .shortRows: BilingualText(zh: "\(count) 行缺少行尾的逗号", en: count.counted("row") + " without the last commas")
        }
    }
}
