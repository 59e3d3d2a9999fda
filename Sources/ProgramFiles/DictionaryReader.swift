import JSON
import SurveillanceKit

/// Reads `dictionaries`: the tables of codes that each institution keeps with the platform.
struct DictionaryReader {
    private(set) var dictionaries: [CodeDictionary] = []

    init(_ object: ObjectReader) {
        for reader in object.objects("dictionaries") {
            guard var reader else { continue }
            if case .string(let id)? = reader.value("id")?.content {
                reader.subject = BilingualText(zh: "字典 \(id)：", en: "dictionary \(id): ")
            }
            reader.allow(["id", "title", "codeLabels", "nameLabels", "uses", "severity"])
            let (id, title) = (reader.string("id", like: .rule), reader.text("title"))
            let codeLabels = reader.strings("codeLabels", isNeeded: false)
            let nameLabels = reader.strings("nameLabels", isNeeded: false)
            let uses = reader.objects("uses").compactMap { $0.flatMap(DictionaryReader.use) }
            let severities = DictionaryReader.severities(reader)
            guard let id, let title else { continue }
            if dictionaries.contains(where: { $0.id == id }) {
                reader.fault("id", "这个 id 出现两次", "this id stands twice")
                continue
            }
            dictionaries.append(
                CodeDictionary(
                    id: id, title: title, codeLabels: codeLabels, nameLabels: nameLabels, uses: uses,
                    severities: severities))
        }
    }

    /// How severe each kind of finding about its codes is; what is left out is a warning.
    private static func severities(_ reader: ObjectReader) -> [FindingCode: Severity] {
        guard let object = reader.object("severity") else { return [:] }
        object.allow(CodeDictionary.judged.map(\.rawValue))
        if object.names.isEmpty {
            object.fault(
                at: object.offset, "'severity' 为空；应写明问题代码，如 { \"code-not-in-local-table\": \"error\" }",
                "'severity' is empty; name a kind of finding, as in { \"code-not-in-local-table\": \"error\" }")
        } else if !reader.has("uses") {
            reader.fault(
                "severity", "没有 'uses'，'severity' 不起作用：没有字段按这个字典核对",
                "'severity' does nothing without 'uses': no field is checked against the dictionary")
        }
        var severities: [FindingCode: Severity] = [:]
        for kind in CodeDictionary.judged where object.has(kind.rawValue) {
            severities[kind] = object.choice(kind.rawValue, among: Severity.allCases)
        }
        return severities
    }

    /// Whether the file type has the fields is looked at where the programs' files are read.
    private static func use(_ reader: ObjectReader) -> CodeDictionary.Use? {
        reader.allow(["file", "code", "name", "national"])
        let (file, code) = (reader.string("file", like: .fileType), reader.string("code", like: .field))
        let name = reader.string("name", like: .field, isNeeded: false)
        let national = reader.string("national", like: .field, isNeeded: false)
        guard let file, let code else { return nil }
        return CodeDictionary.Use(fileType: file, code: code, name: name, national: national)
    }
}
