import SurveillanceKit

/// Another file of the same type in the package: a record that both hold with different content is taken from neither.
struct Rival {
    var file: String
    /// Its rows by primary key, and by all that they hold.
    var keys: KeyIndex
    var rows: KeyIndex

    /// What is told of rows that both files have: once where they differ, once where they are the same.
    static func templates(_ rivals: [Rival], of type: CompiledFileType) -> [FindingTemplate] {
        let key = type.fileType.primaryKey.joined(separator: " + ")
        let field = type.keySets[0].first
        return rivals.flatMap { rival in
            [
                FindingTemplate(
                    severity: .error, code: .primaryKey, field: field,
                    expected: BilingualText(zh: "\(key) 在一个数据包内不重复", en: "\(key) only once in a package"),
                    message: BilingualText(
                        zh: "与第 {} 行（文件 \(rival.file)）的主键相同而内容不同，无法判断以哪一行为准，两行均未接收；请只保留正确的一行",
                        en:
                            "the same key as row {} of \(rival.file), with other content; which of the two counts cannot be told, so neither was taken: keep the right one"
                    ), showsValue: false),
                FindingTemplate(
                    severity: .warning, code: .primaryKey, field: field,
                    message: BilingualText(
                        zh: "与第 {} 行（文件 \(rival.file)）完全相同，只入库一次",
                        en: "the same row as row {} of \(rival.file); it is stored once"),
                    showsValue: false),
            ]
        }
    }
}

/// A record that another file of the package holds too.
struct RivalRow {
    /// Its place among the templates of `Rival.templates`.
    var template: Int
    var row: Int
    var isSame: Bool
}

extension [Rival] {
    /// The first file that has the key in a row that stands.
    func row(with key: KeyHash, whole: KeyHash) -> RivalRow? {
        guard key.isKnown else { return nil }
        for (place, rival) in enumerated() where rival.keys.membership(of: key) == .standing {
            let isSame = whole.isKnown && rival.rows.membership(of: whole) == .standing
            return RivalRow(template: place * 2 + (isSame ? 1 : 0), row: rival.keys.row(of: key) ?? 0, isSame: isSame)
        }
        return nil
    }
}
