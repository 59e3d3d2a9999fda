import SurveillanceKit

/// The templates of one file type's findings, found by index: faults of cells first, then rules, keys and links.
///
/// There are some two dozen for each field, of which few are ever needed: those of cells are made when they are.
struct FindingTemplates: Sendable {
    private let fileType: FileType
    /// Fields that are part of a key or a link.
    private let keys: Set<String>
    /// All but those of cells, which come before them.
    private let others: [FindingTemplate]
    /// Of each template, apart because they are asked for at every finding.
    let isError: [Bool]
    let showsValue: [Bool]
    private let ruleBase: Int
    /// Where the templates of each foreign key begin.
    private let linkStarts: [Int]
    private let parentRuleBase: Int

    let primaryKey: Int
    let extraCell: Int
    /// Quotes that do not close in a column that no field claims.
    let malformedQuotes: Int
    let blankRow: Int
    /// Rows that leave out their last commas.
    let endsEarly: Int
    /// A row of another charset than the file's.
    let oddCharset: Int
    /// A word in the column `_action` that says nothing.
    let unknownAction: Int
    private let oddRowBase: Int
    private let codeUseBase: Int

    static let pairedQuotes = BilingualText(
        zh: "内容里的双引号写成两个（\"\"）", en: "a quote inside a cell written twice (\"\")")

    static func index(field: Int, _ fault: CellFault) -> Int { field * CellFault.allCases.count + Int(fault.rawValue) }
    func index(rule: Int) -> Int { ruleBase + rule }
    /// A parent that is nowhere; `isOffline` where the store could not be asked.
    func index(foreignKey: Int, isOffline: Bool) -> Int { linkStarts[foreignKey] + (isOffline ? 1 : 0) }
    /// A parent that was rejected, of the file type that one of the key's links names.
    func index(rejectedParentOf foreignKey: Int, link: Int) -> Int { linkStarts[foreignKey] + 2 + link }
    /// Whether it says that a parent is neither in the package nor in the store.
    func isMissingParent(_ template: Int32) -> Bool { linkStarts.contains(Int(template)) }

    func index(_ odd: OddRow) -> Int { oddRowBase + odd.rawValue }

    /// A code that is not in the institution's own table, by the number of its use.
    func index(codeUse: Int) -> Int { codeUseBase + codeUse * 3 }
    /// A name that is not the one of the institution's own table.
    func index(nameOfCodeUse: Int) -> Int { codeUseBase + nameOfCodeUse * 3 + 1 }

    /// A code of the institution's table stands for no national one.
    func index(unmappedCodeUse: Int) -> Int { codeUseBase + unmappedCodeUse * 3 + 2 }

    func index(parentRule: Int) -> Int { parentRuleBase + parentRule }

    init(_ fileType: FileType, in program: Program, keys: Set<String>) {
        self.fileType = fileType
        self.keys = keys
        var others: [FindingTemplate] = []
        ruleBase = fileType.fields.count * CellFault.allCases.count
        for rule in fileType.rules {
            others.append(
                FindingTemplate(
                    severity: rule.severity, code: rule.code, rule: rule.id, field: fileType.fieldIndex(rule.field),
                    expected: rule.expected, message: rule.message))
        }
        primaryKey = ruleBase + others.count
        let keyText = fileType.primaryKey.joined(separator: " + ")
        others.append(
            FindingTemplate(
                severity: .error, code: .primaryKey, field: fileType.primaryKey.first.flatMap(fileType.fieldIndex),
                expected: BilingualText(zh: "\(keyText) 在一个文件内不重复", en: "\(keyText) only once in a file"),
                message: BilingualText(zh: "与第 {} 行的主键相同", en: "the same key as row {}"), showsValue: false))
        extraCell = ruleBase + others.count
        others.append(
            FindingTemplate(
                severity: .error, code: .extraCell,
                expected: BilingualText(zh: "与表头列数相同", en: "as many cells as the header has columns"),
                message: BilingualText(
                    zh: "该行比表头多出单元格。若内容中含逗号，请给单元格加上英文双引号",
                    en: "the row has more cells than the header; a cell with a comma in it needs quotes round it"),
                showsValue: false))
        malformedQuotes = ruleBase + others.count
        others.append(
            FindingTemplate(
                severity: .error, code: .sourceError, expected: FindingTemplates.pairedQuotes,
                message: BilingualText(
                    zh: "英文双引号没有成对，该行无法读取", en: "the quotes of a cell do not close; the row cannot be read"),
                showsValue: false))
        blankRow = ruleBase + others.count
        others.append(
            FindingTemplate(
                severity: .warning, code: .blankRow,
                message: BilingualText(
                    zh: "从该行起有 {} 个空行，已跳过",
                    en:
                        "{} {row from here on has nothing in it and was|rows from here on have nothing in them and were} passed over"
                ),
                showsValue: false))
        endsEarly = ruleBase + others.count
        others.append(
            FindingTemplate(
                severity: .warning, code: .missingCell,
                message: BilingualText(
                    zh: "从该行起有 {} 行行尾少逗号，缺少的非必填单元格已按空读取，请核对没有错列",
                    en:
                        "{} {row from here on lacks its|rows from here on lack their} last commas; the optional cells left out were read as empty. Make sure that nothing was shifted"
                ),
                showsValue: false))
        oddCharset = ruleBase + others.count
        others.append(
            FindingTemplate(
                severity: .warning, code: .encodingError,
                message: BilingualText(
                    zh: "该行的字符编码与文件其他行不同（UTF-8 与 GBK 混用），已按该行自己的编码读取，请核对内容",
                    en:
                        "the row is in another charset than most of the file (UTF-8 and GBK are mixed); it was read in its own, look it over"
                ),
                showsValue: false))
        unknownAction = ruleBase + others.count
        others.append(
            FindingTemplate(
                severity: .error, code: .constraintError,
                expected: BilingualText(zh: "withdraw（撤回该记录）或空", en: "withdraw (the record is withdrawn), or nothing"),
                message: BilingualText(
                    zh: "_action 只能填 withdraw 或留空，该行未处理",
                    en: "_action can be withdraw or empty; nothing was done with the row"),
                showsValue: false))
        oddRowBase = ruleBase + others.count
        others += OddRow.allCases.map(\.template)
        var linkStarts: [Int] = []
        for key in fileType.foreignKeys {
            linkStarts.append(ruleBase + others.count)
            others += FindingTemplates.link(key, fileType, program)
        }
        self.linkStarts = linkStarts
        parentRuleBase = ruleBase + others.count
        for rule in fileType.parentRules {
            others.append(
                FindingTemplate(
                    severity: rule.severity, code: .ruleError, rule: rule.id, field: fileType.fieldIndex(rule.field),
                    expected: rule.expected, message: rule.message, showsValue: false))
        }
        codeUseBase = ruleBase + others.count
        for dictionary in program.dictionaries {
            for use in dictionary.uses where use.fileType == fileType.id {
                guard let field = fileType.fieldIndex(use.code) else { continue }
                others += FindingTemplates.codeUse(dictionary, fileType.fields[field], field)
            }
        }
        self.others = others
        isError =
            fileType.fields.flatMap { field in
                CellFault.allCases.map { $0.severity(in: field, isKey: keys.contains(field.name)) == .error }
            }
            + others.map { $0.severity == .error }
        showsValue =
            fileType.fields.flatMap { _ in CellFault.allCases.map(\.showsValue) } + others.map(\.showsValue)
    }

    private static func codeUse(_ dictionary: CodeDictionary, _ field: Field, _ index: Int) -> [FindingTemplate] {
        let expected = BilingualText(
            zh: "本院上传的“\(dictionary.title.zh)”中的编码",
            en: "a code of the institution's own table '\(dictionary.title.en)'")
        return [
            FindingTemplate(
                severity: dictionary.severity(of: .codeNotInLocalTable), code: .codeNotInLocalTable, field: index,
                expected: expected,
                message: BilingualText(
                    zh: "“\(field.title.zh)”不在本院就诊当日使用的编码表中。请核对编码，或上传新的编码表",
                    en:
                        "'\(field.title.en)' is not in the table of codes that the institution used on that day; look at the code, or upload a newer table"
                )),
            FindingTemplate(
                severity: dictionary.severity(of: .codeNameMismatch), code: .codeNameMismatch, field: index,
                expected: expected,
                message: BilingualText(
                    zh: "“\(field.title.zh)”的名称与本院编码表中的名称不一致",
                    en: "the name beside '\(field.title.en)' is not the one of the institution's table of codes")),
            FindingTemplate(
                severity: dictionary.severity(of: .codeNotNational), code: .codeNotNational, field: index,
                expected: BilingualText(
                    zh: "国家“\(dictionary.title.zh)”中的编码，或已对照到其中的编码",
                    en: "a code of the national list '\(dictionary.title.en)', or one that is mapped to it"),
                message: BilingualText(
                    zh: "“\(field.title.zh)”在本院编码表中，但没有对应的国家编码。请在“编码”页面对照",
                    en:
                        "'\(field.title.en)' is in the institution's table and stands for no national code; map it on the page Codes"
                )),
        ]
    }

    var count: Int { ruleBase + others.count }

    func template(_ index: Int) -> FindingTemplate {
        guard index < ruleBase else { return others[index - ruleBase] }
        let (field, fault) = index.quotientAndRemainder(dividingBy: CellFault.allCases.count)
        return FindingTemplates.cell(
            CellFault.allCases[fault], fileType.fields[field], field, fileType,
            isKey: keys.contains(fileType.fields[field].name))
    }

    /// The field a finding points at.
    func field(_ index: Int) -> Int? {
        index < ruleBase ? index / CellFault.allCases.count : others[index - ruleBase].field
    }

    private static func link(_ key: ForeignKey, _ fileType: FileType, _ program: Program) -> [FindingTemplate] {
        let parents = key.links.compactMap { program.fileType($0.fileType) }
        let zh = parents.map { "\($0.id)（\($0.title.zh)）" }.joined(separator: "或")
        let en = parents.map { "\($0.id) (\($0.title.en))" }.joined(separator: " or ")
        let first = key.links.first
        let fields = (first?.fields ?? []).joined(separator: " + ")
        let expected = BilingualText(zh: "\(fields) 与 \(zh) 中的一行一致", en: "\(fields) as in a row of \(en)")
        let field = first.flatMap(fileType.fieldShown(for:))
        func template(_ severity: Severity, _ zh: String, _ en: String) -> FindingTemplate {
            FindingTemplate(
                severity: severity, code: .foreignKey, field: field, expected: expected,
                message: BilingualText(zh: zh, en: en), showsValue: false)
        }
        return [
            template(
                .error, "找不到所属的 \(zh) 记录：本次数据包和已上报的数据中都没有",
                "no row of \(en) belongs to this one, neither in this package nor in what was reported before"),
            template(
                .warning, "数据包中没有所属的 \(zh) 记录；上报后系统会在已上报的数据中查找",
                "no row of \(en) in this package belongs to this one; the server will look in what was reported before"),
        ]
            + key.links.map { link in
                let title = program.fileType(link.fileType)?.title ?? BilingualText(zh: "", en: "")
                let said = RejectedParent.message(fileType: link.fileType, title: title)
                return template(.error, said.zh, said.en)
            }
    }
}
