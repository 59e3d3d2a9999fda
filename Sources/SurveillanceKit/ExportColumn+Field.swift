extension ExportColumn {
    /// The column of a field in a file that people fill in: under the field's name, with what the field asks for and its codes to choose from.
    ///
    /// - Parameter title: what stands above it where that is not the field's name.
    public init(_ field: Field, title: String? = nil, isQuoted: Bool = false) {
        let title = title ?? field.name
        self.init(BilingualText(zh: title, en: title), isQuoted: isQuoted)
        choices = ExportChoices(field)
        hint = ExportColumn.hint(field)
    }

    /// `性别，必填：1 男；2 女`
    private static func hint(_ field: Field) -> BilingualText {
        let isRequired = field.constraints.isRequired
        let entries = field.codeList?.entries ?? []
        func say(_ language: Language, _ need: String, _ parts: (colon: String, semicolon: String)) -> String {
            let codes = entries.prefix(60).map { "\($0.code) \($0.meaning[language])" }
            return field.title[language] + (isRequired ? need : "")
                + (codes.isEmpty ? "" : parts.colon + codes.joined(separator: parts.semicolon))
        }
        return BilingualText(
            zh: say(.zh, field.warnings.contains(.required) ? "，应填" : "，必填", ("：", "；")),
            en: say(.en, field.warnings.contains(.required) ? ", expected" : ", required", (": ", "; ")))
    }
}

/// The codes that a column's cells may hold.
public struct ExportChoices: Hashable, Sendable {
    public var codes: [String]
    /// Another text is a mistake: not where a cell may hold several codes, or where the list only warns.
    public var isClosed: Bool

    public init(codes: [String], isClosed: Bool) {
        self.codes = codes
        self.isClosed = isClosed
    }

    /// The codes of a field, then what stands for "not known"; nil where it has no list, or the list is not known.
    public init?(_ field: Field) {
        guard let list = field.codeList, list.isKnown else { return nil }
        codes = list.entries.map(\.code) + field.placeholders
        isClosed = field.separators.isEmpty && list.severity == .error
    }
}
