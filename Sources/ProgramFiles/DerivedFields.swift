import SurveillanceKit

/// The fields that the platform adds to stored rows: the national codes of reported ones, as `national` of a dictionary's uses names them.
enum DerivedFields {
    /// Adds the fields of one dictionary to their file types.
    ///
    /// - Returns: what is wrong with them. File types and fields that there are not are told elsewhere.
    static func add(of dictionary: CodeDictionary, to fileTypes: inout [FileType]) -> [BilingualText] {
        var mistakes: [BilingualText] = []
        for use in dictionary.uses {
            guard let name = use.national, let place = fileTypes.firstIndex(where: { $0.id == use.fileType }),
                let code = fileTypes[place].fields.first(where: { $0.name == use.code })
            else { continue }
            let type = fileTypes[place]
            let subject = BilingualText(
                zh: "字典 '\(dictionary.id)'：\(type.id) 的 'national'",
                en: "dictionary '\(dictionary.id)': 'national' of \(type.id)")
            if type.storedFields.contains(where: { $0.name.lowercased() == name.lowercased() }) {
                mistakes.append(
                    BilingualText(
                        zh: subject.zh + " '\(name)' 与另一个字段同名", en: subject.en + " is '\(name)', as another field is"))
                continue
            }
            guard code.type == .string, code.deidentify == .keep else {
                mistakes.append(
                    BilingualText(
                        zh: subject.zh + "：字段 '\(code.name)' 须为原样保存的字符串（string、keep）",
                        en: subject.en + ": field '\(code.name)' must be a string that is kept as it is"))
                continue
            }
            fileTypes[place].derived.append(
                Field(
                    name: name,
                    title: BilingualText(zh: code.title.zh + "对应的国家编码", en: code.title.en + ", national code"),
                    type: .string, sensitivity: code.sensitivity, deidentify: .keep))
        }
        return mistakes
    }
}
