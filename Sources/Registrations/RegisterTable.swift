public import SurveillanceKit

/// A register of institutions as a CSV table, to be taken in.
///
/// Columns by their names in the first row: `code`, `name`, `level` and `region` are needed; `nameEnglish`, `grade`, `category`,
/// `hasFeverClinic`, `from`, `until`, `aliases` and `codeAliases` may be left out. Several aliases are separated by `|`.
public struct RegisterTable: Sendable {
    public private(set) var institutions: [Institution] = []
    /// Those that the table has. What it has not is left as it is registered.
    public private(set) var header: [String] = []
    /// What keeps it from being taken in, each with its row; the header is row 1.
    public private(set) var faults: [BilingualText] = []

    public static let columns = [
        "code", "name", "nameEnglish", "level", "grade", "category", "region", "hasFeverClinic", "from", "until",
        "aliases", "codeAliases",
    ]
    private static let needed = ["code", "name", "level", "region"]

    public init(_ text: String) {
        let rows = Self.rows(text)
        guard let header = rows.first else {
            faults = [BilingualText(zh: "文件为空", en: "The file is empty.")]
            return
        }
        for name in header where !Self.columns.contains(name) {
            faults.append(
                BilingualText(
                    zh: "没有列“\(name)”；可用的有 \(Self.columns.joined(separator: ", "))",
                    en: "There is no column '\(name)'; known are \(Self.columns.joined(separator: ", "))."))
        }
        for name in Self.needed where !header.contains(name) {
            faults.append(BilingualText(zh: "缺少列“\(name)”", en: "The column '\(name)' is missing."))
        }
        guard faults.isEmpty else { return }
        self.header = header
        var seen: Set<String> = []
        for (index, cells) in rows.enumerated().dropFirst() where cells != [""] {
            guard cells.count == header.count else {
                note(index, "有 \(cells.count) 列，应为 \(header.count) 列", "has \(cells.count) cells, not \(header.count)")
                continue
            }
            read(Dictionary(zip(header, cells), uniquingKeysWith: { first, _ in first }), index, &seen)
        }
    }

    private mutating func note(_ index: Int, _ zh: String, _ en: String) {
        faults.append(BilingualText(zh: "第 \(index + 1) 行：\(zh)", en: "Row \(index + 1) \(en)."))
    }

    private mutating func read(_ cells: [String: String], _ index: Int, _ seen: inout Set<String>) {
        func cell(_ name: String) -> String? { cells[name].flatMap { $0.isEmpty ? nil : $0 } }
        let before = faults.count
        func day(_ name: String) -> CivilDate? {
            guard let text = cell(name) else { return nil }
            guard let day = CivilDate(text) else {
                note(index, "“\(name)”不是日期：\(text)", "has '\(text)' in '\(name)', which is no day")
                return nil
            }
            return day
        }
        func list(_ name: String) -> [String] { cell(name).map { $0.split(separator: "|").map(String.init) } ?? [] }
        let code = cell("code") ?? ""
        if code.isEmpty { note(index, "缺少机构代码", "has no code") }
        if !seen.insert(code).inserted { note(index, "机构代码 \(code) 重复", "repeats the code \(code)") }
        let level = cell("level").flatMap(Institution.Level.init(rawValue:))
        if level == nil { note(index, "等级“\(cell("level") ?? "")”无效", "has no known level") }
        let grade = cell("grade").flatMap(Institution.Grade.init(rawValue:))
        if grade == nil, cell("grade") != nil { note(index, "等次“\(cell("grade") ?? "")”无效", "has no known grade") }
        let category = cell("category").flatMap(Institution.Category.init(rawValue:))
        if category == nil, cell("category") != nil {
            note(index, "类别“\(cell("category") ?? "")”无效", "has no known category")
        }
        let region = cell("region") ?? ""
        if region.utf8.count != 6 || Region(region) == nil {
            note(index, "行政区划代码“\(region)”无效", "has no region of six digits")
        }
        let clinic = cell("hasFeverClinic") ?? "false"
        if !["true", "false"].contains(clinic) {
            note(index, "hasFeverClinic 应为 true 或 false", "has another hasFeverClinic than true or false")
        }
        let (from, until) = (day("from"), day("until"))
        guard faults.count == before, let level, let name = cell("name") else {
            if cell("name") == nil { note(index, "缺少名称", "has no name") }
            return
        }
        institutions.append(
            Institution(
                code: code, name: BilingualText(zh: name, en: cell("nameEnglish") ?? name), aliases: list("aliases"),
                codeAliases: list("codeAliases"), level: level, grade: grade, category: category, region: region,
                hasFeverClinic: clinic == "true", from: from, until: until))
    }

    /// The cells of a CSV, row by row. Source: RFC 4180.
    static func rows(_ text: String) -> [[String]] {
        var rows: [[String]] = []
        var (row, cell) = ([String](), "")
        var isQuoted = false
        var scalars = Array(text.unicodeScalars)[...]
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"" where isQuoted && scalars.first == "\"":
                cell.append("\"")
                scalars.removeFirst()
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                row.append(cell.trimmed)
                cell = ""
            case "\r" where !isQuoted: continue
            case "\n" where !isQuoted:
                rows.append(row + [cell.trimmed])
                (row, cell) = ([], "")
            default: cell.unicodeScalars.append(scalar)
            }
        }
        if !row.isEmpty || !cell.isEmpty { rows.append(row + [cell.trimmed]) }
        return rows
    }
}

/// What a table would change in the register.
public struct RegisterDifference: Sendable {
    public var added: [Institution] = []
    public var changed: [(before: Institution, after: Institution)] = []
    public var unchanged = 0

    public init(_ table: RegisterTable, beside known: (String) -> Institution?) {
        func has(_ column: String) -> Bool { table.header.contains(column) }
        for institution in table.institutions {
            guard let before = known(institution.code) else {
                added.append(institution)
                continue
            }
            // Changes from a day on are no column of the table, and stay.
            var after = institution
            after.changes = before.changes
            if !has("nameEnglish") { after.name.en = before.name.en }
            if !has("grade") { after.grade = before.grade }
            if !has("category") { after.category = before.category }
            if !has("hasFeverClinic") { after.hasFeverClinic = before.hasFeverClinic }
            if !has("from") { after.from = before.from }
            if !has("until") { after.until = before.until }
            if !has("aliases") { after.aliases = before.aliases }
            if !has("codeAliases") { after.codeAliases = before.codeAliases }
            if before == after { unchanged += 1 } else { changed.append((before, after)) }
        }
    }

    public var isEmpty: Bool { added.isEmpty && changed.isEmpty }
}

extension Institution {
    /// What differs from an earlier entry, in words.
    public func differences(from before: Institution) -> [BilingualText] {
        func line(_ zh: String, _ en: String, _ old: String?, _ new: String?) -> BilingualText? {
            let (old, new) = (old ?? "", new ?? "")
            guard old != new else { return nil }
            return BilingualText(
                zh: "\(zh)：\(old.isEmpty ? "—" : old) → \(new.isEmpty ? "—" : new)",
                en: "\(en): \(old.isEmpty ? "—" : old) → \(new.isEmpty ? "—" : new)")
        }
        return [
            line("名称", "name", before.name.zh, name.zh), line("英文名称", "English name", before.name.en, name.en),
            line("等级", "level", before.level.rawValue, level.rawValue),
            line("等次", "grade", before.grade?.rawValue, grade?.rawValue),
            line("类别", "category", before.category?.rawValue, category?.rawValue),
            line("地区", "region", before.region, region),
            line("发热门诊", "fever clinic", "\(before.hasFeverClinic)", "\(hasFeverClinic)"),
            line("起始日期", "first day", before.from.map { "\($0)" }, from.map { "\($0)" }),
            line("终止日期", "last day", before.until.map { "\($0)" }, until.map { "\($0)" }),
            line("别名", "aliases", before.aliases.joined(separator: "|"), aliases.joined(separator: "|")),
            line(
                "其他代码", "other codes", before.codeAliases.joined(separator: "|"), codeAliases.joined(separator: "|")),
        ].compactMap(\.self)
    }
}
