import SurveillanceKit

/// Which columns of a code file hold what, recognised by their labels: our template's, the national tables', and what hospitals call them.
struct DictionaryHeader {
    enum Column: CaseIterable {
        case code, name, nationalCode, nationalName, additionalCode

        /// As an institution may tell it.
        var told: CodeColumn? {
            switch self {
            case .code: .code
            case .name: .name
            case .nationalCode: .nationalCode
            case .nationalName: .nationalName
            case .additionalCode: nil
            }
        }
    }

    private(set) var columns: [Column: Int] = [:]
    /// Labels that nothing knows, as they stand.
    private(set) var surplus: [String] = []

    /// Labels of our template and its own notes, which are read over.
    private static let passedOver: Set<String> = [
        "启用日期", "停用日期", "备注", "类别", "录入选项", "序号", "拼音码", "五笔码", "医保编码", "医保名称", "国家医保版编码",
        "国家医保版名称", "医保版编码", "医保版名称", "规格", "单位", "剂型", "章", "章代码范围", "章的名称", "章名称", "节代码范围", "节名称",
        "类目代码", "类目名称", "亚目代码", "亚目名称",
    ]

    /// What comes first is preferred where a file has several: a hospital's own code before the national one beside it.
    private static let codes = [
        "本院编码", "院内编码", "医院编码", "本院代码", "院内代码", "诊断编码", "诊断代码", "疾病编码", "疾病代码", "手术编码", "手术代码", "手术操作编码",
        "手术操作代码", "操作编码", "操作代码", "形态学编码", "肿瘤形态学编码", "m码", "项目编码", "项目代码", "主要编码", "编码", "代码", "icd编码", "icd码",
        "icd代码",
        "icd-10编码", "icd10编码", "icd-10", "icd10", "icd-9-cm3编码", "icd-9-cm-3编码", "icd9编码", "code",
    ]
    private static let names = [
        "本院名称", "院内名称", "医院名称", "诊断名称", "疾病名称", "手术名称", "手术操作名称", "操作名称", "形态学名称", "肿瘤形态学名称", "项目名称", "名称",
        "icd名称", "中文名称", "name",
    ]
    private static let nationalCodes = [
        "国家临床版编码", "国临编码", "国临版编码", "国家临床版代码", "国家临床版2.0编码", "国临2.0编码", "国家编码", "标准编码", "hqms编码",
    ]
    private static let nationalNames = [
        "国家临床版名称", "国临名称", "国临版名称", "国家临床版2.0名称", "国临2.0名称", "国家名称", "标准名称", "hqms名称",
    ]

    private let dictionary: CodeDictionary
    /// How many columns have a label: a title above the header has one.
    let labelled: Int

    /// - Parameter own: labels that the institution has told, which come before all others.
    init(_ labels: [String], of dictionary: CodeDictionary, own: OwnLabels = OwnLabels()) {
        self.dictionary = dictionary
        labelled = labels.count { !$0.isEmpty }
        let plain = labels.map(DictionaryHeader.plain)
        for column in Column.allCases {
            let known =
                (column.told.flatMap { own.labels[$0] }.map { [DictionaryHeader.plain($0)] } ?? [])
                + DictionaryHeader.labels(of: column, in: dictionary)
            let found = known.lazy.compactMap { label in plain.firstIndex(of: label) }.first
            if let found { columns[column] = found }
        }
        let used = Set(columns.values)
        surplus = labels.enumerated().filter { index, label in
            !used.contains(index) && !label.isEmpty && !DictionaryHeader.passedOver.contains(plain[index])
                && !DictionaryHeader.isKnown(plain[index], in: dictionary)
        }.map(\.element)
    }

    /// A code and a name are found: the table can be read.
    var isWhole: Bool { columns[.code] != nil && columns[.name] != nil }

    /// What is missing, each with the labels under which it may stand.
    var missing: [BilingualText] {
        [(Column.code, "编码", "code"), (.name, "名称", "name")].filter { columns[$0.0] == nil }.map { column, zh, en in
            let labels = DictionaryHeader.labels(of: column, in: dictionary).prefix(6)
            return BilingualText(
                zh: "“\(zh)”列（列名可为 \(labels.joined(separator: "、")) 等）",
                en: "a column with the \(en) (called \(labels.joined(separator: ", ")) or the like)")
        }
    }

    /// Every label that a column may have, by which a workbook's sheet is told.
    static func allLabels(of dictionary: CodeDictionary, own: OwnLabels) -> Set<String> {
        Set(labels(of: .code, in: dictionary) + labels(of: .name, in: dictionary))
            .union(own.labels.values.map { $0.lowercased() })
    }

    private static func labels(of column: Column, in dictionary: CodeDictionary) -> [String] {
        switch column {
        case .code: dictionary.codeLabels.map(plain) + codes
        case .name: dictionary.nameLabels.map(plain) + names
        case .nationalCode: nationalCodes
        case .nationalName: nationalNames
        case .additionalCode: ["附加编码", "星号编码", "附加代码"]
        }
    }

    private static func isKnown(_ label: String, in dictionary: CodeDictionary) -> Bool {
        Column.allCases.contains { labels(of: $0, in: dictionary).contains(label) }
    }

    /// Full width as usual width, without blanks, in lower case; what stands in brackets behind it is dropped.
    static func plain(_ label: String) -> String {
        var text = ""
        for scalar in label.unicodeScalars {
            let isFullWidth = (0xFF01...0xFF5E).contains(scalar.value)
            let usual = isFullWidth ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
            if !usual.properties.isWhitespace, usual != "*" { text.unicodeScalars.append(usual) }
        }
        text = text.lowercased()
        guard let bracket = text.firstIndex(of: "("), bracket > text.startIndex else { return text }
        return String(text[..<bracket])
    }
}
