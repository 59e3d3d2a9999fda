import Foundation
import SurveillanceKit
import Tabular

/// Reads the codes of one list, `codelists/<id>.csv`: the columns `code`, `zh` and `en`, and for people `source` and `confidence`.
struct CodeTableFile {
    private(set) var entries: [CodeList.Entry] = []
    let mistakes: [ProgramMistake]

    init(_ url: URL, shownAs shown: String) {
        var file = ColumnFile(
            url, shownAs: shown, columns: ["code", "zh", "en"], others: ["source", "confidence"])
        if let code = file.place("code"), let zh = file.place("zh"), let en = file.place("en") {
            entries = CodeTableFile.entries(&file, code: code, zh: zh, en: en)
        }
        mistakes = file.mistakes
    }

    private static func entries(_ file: inout ColumnFile, code: Int, zh: Int, en: Int) -> [CodeList.Entry] {
        var entries: [CodeList.Entry] = []
        var seen: Set<String> = []
        for row in file.rows.indices.dropFirst() where file.isWhole(row) {
            let cells = file.rows[row].cells
            for (name, column) in [("code", code), ("zh", zh), ("en", en)] where cells[column].isEmpty {
                file.note(row, column, "'\(name)' 为空", "'\(name)' is blank")
            }
            let entry = CodeList.Entry(code: cells[code], meaning: BilingualText(zh: cells[zh], en: cells[en]))
            if !entry.code.isEmpty, !seen.insert(entry.code).inserted {
                file.note(row, code, "代码 '\(entry.code)' 出现两次", "code '\(entry.code)' stands twice")
            }
            let hasChinese = entry.meaning.en.unicodeScalars.contains(where: \.isHan)
            if hasChinese, entry.meaning.en == entry.meaning.zh {
                file.note(
                    row, en, "'en' 应为英文：'\(entry.meaning.en)'", "'en' must be English; it is '\(entry.meaning.en)'")
            }
            entries.append(entry)
        }
        return entries
    }
}
