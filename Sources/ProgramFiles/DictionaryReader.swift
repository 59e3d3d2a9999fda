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
            reader.allow(["id", "title", "codeLabels", "nameLabels"])
            let (id, title) = (reader.string("id", like: .rule), reader.text("title"))
            let codeLabels = reader.strings("codeLabels", isNeeded: false)
            let nameLabels = reader.strings("nameLabels", isNeeded: false)
            guard let id, let title else { continue }
            if dictionaries.contains(where: { $0.id == id }) {
                reader.fault("id", "这个 id 出现两次", "this id stands twice")
                continue
            }
            dictionaries.append(
                CodeDictionary(id: id, title: title, codeLabels: codeLabels, nameLabels: nameLabels))
        }
    }
}
