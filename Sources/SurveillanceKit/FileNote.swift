/// What is worth knowing of a checked file and is neither an error nor a warning: it changes no count and rejects nothing.
public struct FileNote: Hashable, Codable, Sendable {
    public enum Code: String, Codable, CaseIterable, Sendable {
        /// The institution has no table of its own for dictionaries that the file's codes are checked against.
        case noCodeTable = "no-code-table"
    }

    public var code: Code
    /// The dictionaries that it is about: `icd-procedure`.
    public var dictionaries: [String]
    public var message: BilingualText

    public init(code: Code, dictionaries: [String], message: BilingualText) {
        self.code = code
        self.dictionaries = dictionaries
        self.message = message
    }
}

extension FileNote {
    /// That codes were not checked, with the way to mend it.
    public init(noTableOf dictionaries: [CodeDictionary]) {
        let addresses = dictionaries.map { "/api/v1/dictionaries/\($0.id)" }
        self.init(
            code: .noCodeTable, dictionaries: dictionaries.map(\.id),
            message: BilingualText(
                zh: "本院没有上传“\(dictionaries.map(\.title.zh).joined(separator: "”“"))”，这些编码没有与本院编码表核对，不影响接收。"
                    + "请在“编码”页面上传，或用接口 POST \(addresses.joined(separator: "、"))",
                en:
                    "The institution has no table '\(dictionaries.map(\.title.en).joined(separator: "', '"))', so these codes "
                    + "were not checked against it; nothing is kept out. Upload one on the page Codes, or by POST "
                    + addresses.joined(separator: ", ")))
    }
}
