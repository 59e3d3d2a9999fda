import SurveillanceKit

extension CellNotes {
    /// One warning for each kind of thing that was read otherwise than it stands.
    func templates(in fileType: FileType) -> [FindingTemplate] {
        [
            words(fileType), artefacts(fileType), times(.seconds, fileType), times(.twelveHour, fileType),
            noTable(fileType),
        ]
        .compactMap(\.self)
    }

    private func words(_ fileType: FileType) -> FindingTemplate? {
        let places = counts.filter { $0.key.kind == .word }
        guard !places.isEmpty else { return nil }
        let names = Set(places.keys.map(\.word)).sorted()
        let shown =
            names.prefix(CellNotes.wordsShown).joined(separator: "、") + (names.count > CellNotes.wordsShown ? "…" : "")
        let (count, columns) = (places.values.reduce(0, +), CellNotes.columns(places, fileType))
        return FindingTemplate(
            severity: .warning, code: .constraintError,
            expected: BilingualText(zh: "没有内容时留空", en: "nothing at all where there is no value"),
            message: BilingualText(
                zh: "有 \(count) 个非必填单元格填的是表示空值的文字（\(shown)），已按未填处理：\(columns.zh)。请在导出时留空",
                en:
                    "\(count) optional cells hold words for nothing (\(shown)) and were read as empty: \(columns.en). Leave "
                    + "them empty in the export"))
    }

    private func artefacts(_ fileType: FileType) -> FindingTemplate? {
        let kinds: [Kind] = [.apostrophe, .formula, .invisible, .fullWidth, .pointZero]
        let places = counts.filter { kinds.contains($0.key.kind) }
        guard !places.isEmpty else { return nil }
        let found = kinds.filter { kind in places.keys.contains { $0.kind == kind } }
        let columns = CellNotes.columns(places, fileType)
        return FindingTemplate(
            severity: .warning, code: .rewrittenCell,
            expected: BilingualText(zh: "号码和代码本身，不带其他字符", en: "numbers and codes alone, without other characters"),
            message: BilingualText(
                zh: "号码或代码中有表格软件或导出程序加入的内容（\(found.map { $0.name.zh }.joined(separator: "、"))），已去掉后读取：\(columns.zh)",
                en:
                    "numbers or codes hold what a spreadsheet or a tool has added (\(found.map { $0.name.en }.joined(separator: ", "))); "
                    + "they were read without it: \(columns.en)"))
    }

    private func times(_ kind: Kind, _ fileType: FileType) -> FindingTemplate? {
        let places = counts.filter { $0.key.kind == kind }
        guard !places.isEmpty else { return nil }
        let (count, columns) = (places.values.reduce(0, +), CellNotes.columns(places, fileType))
        let message =
            kind == .seconds
            ? BilingualText(
                zh: "有 \(count) 个时间没有秒（文件被表格软件另存过），已按 00 秒读取：\(columns.zh)",
                en:
                    "\(count.counted("time")) without seconds (the file was saved by a spreadsheet), read as :00: \(columns.en)"
            )
            : BilingualText(
                zh: "有 \(count) 个时间带“上午/下午”或 AM/PM，已换算为 24 小时制读取：\(columns.zh)",
                en: "\(count.counted("time")) written with AM or PM, read in the 24-hour form: \(columns.en)")
        return FindingTemplate(
            severity: .warning, code: .rewrittenCell,
            expected: BilingualText(zh: "日期时间 yyyy-MM-dd HH:mm:ss", en: "a date and time yyyy-MM-dd HH:mm:ss"),
            message: message)
    }

    private func noTable(_ fileType: FileType) -> FindingTemplate? {
        let places = counts.filter { $0.key.kind == .noTable }
        guard !places.isEmpty else { return nil }
        let columns = CellNotes.columns(places, fileType)
        return FindingTemplate(
            severity: .warning, code: .codeNotInLocalTable,
            expected: BilingualText(zh: "就诊当日使用的编码表", en: "a table of codes in use on the event days"),
            message: BilingualText(
                zh: "这些编码没有与本院编码表核对，因为就诊当日没有可用的编码表：\(columns.zh)。请在“编码”页面上传",
                en:
                    "these codes were not checked against the institution's own tables, of which none was in use on their days: \(columns.en). Upload one on the page Codes"
            ), showsValue: false)
    }

    private static let wordsShown = 8

    /// `P12（国籍）3 个、P14（工作单位）1 个`, in the order of fields.
    private static func columns(_ places: [Place: Int], _ fileType: FileType) -> BilingualText {
        var byField: [Int: Int] = [:]
        for (place, count) in places { byField[place.field, default: 0] += count }
        let fields = byField.sorted { $0.key < $1.key }
        func text(_ separator: String, _ one: (Field, Int) -> String) -> String {
            fields.map { one(fileType.fields[$0.key], $0.value) }.joined(separator: separator)
        }
        return BilingualText(
            zh: text("、") { "\($0.name)（\($0.title.zh)）\($1) 个" },
            en: text(", ") { "\($0.name) (\($0.title.en)) \($1)" })
    }
}

extension CellNotes.Kind {
    fileprivate var name: BilingualText {
        switch self {
        case .apostrophe: BilingualText(zh: "撇号或引号", en: "an apostrophe or quotes")
        case .formula: BilingualText(zh: "=\"…\"", en: "=\"…\"")
        case .invisible: BilingualText(zh: "看不见的字符", en: "invisible characters")
        case .fullWidth: BilingualText(zh: "全角字母或数字", en: "full-width letters or digits")
        case .pointZero: BilingualText(zh: "数字后的 .0", en: "'.0' behind a number")
        case .word, .seconds, .twelveHour, .noTable: BilingualText(zh: "", en: "")
        }
    }
}
