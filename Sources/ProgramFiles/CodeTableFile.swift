import Foundation
import JSON
import SurveillanceKit
import Tabular

/// Reads the codes of one list, `codelists/<id>.csv`: the columns `code`, `zh` and `en`, and for people `source` and `confidence`.
struct CodeTableFile {
    private(set) var entries: [CodeList.Entry] = []
    private(set) var mistakes: [ProgramMistake] = []
    private let shown: String

    private static let columns = ["code", "zh", "en"]
    private static let forPeople = ["source", "confidence"]

    init(_ url: URL, shownAs shown: String) {
        self.shown = shown
        switch FolderFile.read(url) {
        case .unreadable(let reason): mistakes.append(ProgramMistake(file: shown, message: reason))
        case .bytes(let bytes): read(bytes)
        }
    }

    private mutating func note(_ row: Int?, _ column: Int?, in rows: [SmallTable.Row], _ zh: String, _ en: String) {
        let cells = row.map { rows[$0].cells } ?? []
        // A cell's place is told by what stands before it; a quoted cell is some characters further on.
        let before = column.map { cells.prefix($0).reduce(1) { $0 + $1.unicodeScalars.count + 1 } }
        mistakes.append(
            ProgramMistake(
                file: shown, line: row.map { rows[$0].line }, column: row == nil ? nil : before ?? 1,
                message: BilingualText(zh: zh, en: en)))
    }

    private mutating func read(_ bytes: [UInt8]) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return note(
                nil, nil, in: [], "以字节顺序标记（BOM）开头；请另存为不带 BOM 的 UTF-8",
                "begins with a byte order mark (BOM); save it as UTF-8 without one")
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            return note(nil, nil, in: [], "不是 UTF-8；请另存为 UTF-8", "is not UTF-8; save it as UTF-8")
        }
        let rows: [SmallTable.Row]
        do throws(TableError) {
            rows = try SmallTable.rows(BytesSource(bytes))
        } catch {
            let message = error.fault?.message ?? BilingualText(zh: "无法读取：\(error)", en: "cannot be read: \(error)")
            return note(nil, nil, in: [], message.zh, message.en)
        }
        guard let header = rows.first?.cells else {
            return note(
                nil, nil, in: [], "文件为空；第一行应为 code,zh,en,source,confidence",
                "is empty; its first line must be code,zh,en,source,confidence")
        }
        for (column, name) in header.enumerated() {
            if !(Self.columns + Self.forPeople).contains(name) {
                note(
                    0, column, in: rows, "未知的列 '\(name)'；可用 code, zh, en, source, confidence",
                    "unknown column '\(name)'; known are code, zh, en, source, confidence")
            } else if header.prefix(column).contains(name) {
                note(0, column, in: rows, "列 '\(name)' 出现两次", "column '\(name)' stands twice")
            }
        }
        let places = Self.columns.map { header.firstIndex(of: $0) }
        for (name, place) in zip(Self.columns, places) where place == nil {
            note(0, nil, in: rows, "缺少列 '\(name)'", "column '\(name)' is missing")
        }
        guard let code = places[0], let zh = places[1], let en = places[2] else { return }
        var seen: Set<String> = []
        for (index, row) in rows.enumerated().dropFirst() {
            guard row.cells.count == header.count else {
                note(
                    index, nil, in: rows, "有 \(row.cells.count) 个单元格，标题行有 \(header.count) 个",
                    "has \(row.cells.count) cells, the header \(header.count)")
                continue
            }
            for (name, column) in [("code", code), ("zh", zh), ("en", en)] where row.cells[column].isEmpty {
                note(index, column, in: rows, "'\(name)' 为空", "'\(name)' is blank")
            }
            let entry = CodeList.Entry(
                code: row.cells[code], meaning: BilingualText(zh: row.cells[zh], en: row.cells[en]))
            if !entry.code.isEmpty, !seen.insert(entry.code).inserted {
                note(index, code, in: rows, "代码 '\(entry.code)' 出现两次", "code '\(entry.code)' stands twice")
            }
            let hasChinese = entry.meaning.en.unicodeScalars.contains(where: \.isHan)
            if hasChinese, entry.meaning.en == entry.meaning.zh {
                note(
                    index, en, in: rows, "'en' 应为英文：'\(entry.meaning.en)'",
                    "'en' must be English; it is '\(entry.meaning.en)'")
            }
            entries.append(entry)
        }
    }
}
