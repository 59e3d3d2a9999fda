import Foundation
import SurveillanceKit
import Tabular

/// A small UTF-8 CSV of a program's folder while it is read: its rows by the names of its columns, and what is wrong with it.
struct ColumnFile {
    private(set) var rows: [SmallTable.Row] = []
    private(set) var mistakes: [ProgramMistake] = []
    private let shown: String
    private var header: [String] { rows.first?.cells ?? [] }

    /// - Parameters:
    ///   - columns: those that must be there.
    ///   - others: those that may be, for people.
    init(_ url: URL, shownAs shown: String, columns: [String], others: [String] = []) {
        self.shown = shown
        switch FolderFile.read(url) {
        case .unreadable(let reason): mistakes.append(ProgramMistake(file: shown, message: reason))
        case .bytes(let bytes): read(bytes, columns, others)
        }
    }

    /// The column's place in every row; nil where it is missing, which has been noted.
    func place(_ column: String) -> Int? { header.firstIndex(of: column) }

    /// Notes a mistake at a cell, at a row, or of the whole file.
    mutating func note(_ row: Int?, _ column: Int?, _ zh: String, _ en: String) {
        let cells = row.map { rows[$0].cells } ?? []
        // A cell's place is told by what stands before it; a quoted cell is some characters further on.
        let before = column.map { cells.prefix($0).reduce(1) { $0 + $1.unicodeScalars.count + 1 } }
        mistakes.append(
            ProgramMistake(
                file: shown, line: row.map { rows[$0].line }, column: row == nil ? nil : before ?? 1,
                message: BilingualText(zh: zh, en: en)))
    }

    private mutating func read(_ bytes: [UInt8], _ columns: [String], _ others: [String]) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return note(
                nil, nil, "以字节顺序标记（BOM）开头；请另存为不带 BOM 的 UTF-8",
                "begins with a byte order mark (BOM); save it as UTF-8 without one")
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            return note(nil, nil, "不是 UTF-8；请另存为 UTF-8", "is not UTF-8; save it as UTF-8")
        }
        do throws(TableError) {
            rows = try SmallTable.rows(BytesSource(bytes))
        } catch {
            let message = error.fault?.message ?? BilingualText(zh: "无法读取：\(error)", en: "cannot be read: \(error)")
            return note(nil, nil, message.zh, message.en)
        }
        let names = columns + others
        guard !rows.isEmpty else {
            let line = names.joined(separator: ",")
            return note(nil, nil, "文件为空；第一行应为 \(line)", "is empty; its first line must be \(line)")
        }
        for (column, name) in header.enumerated() {
            if !names.contains(name) {
                let known = names.joined(separator: ", ")
                note(0, column, "未知的列 '\(name)'；可用 \(known)", "unknown column '\(name)'; known are \(known)")
            } else if header.prefix(column).contains(name) {
                note(0, column, "列 '\(name)' 出现两次", "column '\(name)' stands twice")
            }
        }
        for name in columns where place(name) == nil { note(0, nil, "缺少列 '\(name)'", "column '\(name)' is missing") }
    }

    /// Whether a row has as many cells as the header; notes one that has not.
    mutating func isWhole(_ row: Int) -> Bool {
        guard rows[row].cells.count == header.count else {
            note(
                row, nil, "有 \(rows[row].cells.count) 个单元格，标题行有 \(header.count) 个",
                "has \(rows[row].cells.count) cells, the header \(header.count)")
            return false
        }
        return true
    }
}
