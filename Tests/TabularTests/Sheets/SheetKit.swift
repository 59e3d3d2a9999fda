import Foundation
import SurveillanceKit
import Testing

@testable import Tabular

/// Workbooks of `Tests/Workbooks`, and what a sheet's rows are.
enum SheetKit {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Workbooks")

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    static func reader(_ bytes: [UInt8], labels: Set<String> = []) -> TableReader {
        TableReader(workbook: BytesSource(bytes), format: .xlsx, labels: labels)
    }

    /// All rows with something in them: their numbers as the spreadsheet shows them, and all cells.
    static func rows(_ bytes: [UInt8], labels: Set<String> = []) throws -> [(row: Int, line: Int, cells: [String])] {
        var reader = reader(bytes, labels: labels)
        return try rows(&reader)
    }

    static func rows(_ reader: inout TableReader) throws -> [(row: Int, line: Int, cells: [String])] {
        let block = TableReader.makeBlock()
        var rows: [(row: Int, line: Int, cells: [String])] = []
        while try reader.read(into: block) {
            let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: TableReader.labelScratch(block))
            defer { scratch.deallocate() }
            for index in 0..<block.rowCount {
                var cursor = block.cursor(ofRow: index)
                var cells: [String] = []
                while let cell = cursor.next() {
                    #expect(!cell.isMalformed)
                    let text =
                        cell.isQuoted ? CellText.unquoted(cell.bytes, scratch: scratch) : CellText.trimmed(cell.bytes)
                    cells.append(String(decoding: text, as: UTF8.self))
                }
                if cells.contains(where: { !$0.isEmpty }) {
                    rows.append((block.firstRow + index, block.line(ofRow: index), cells))
                }
            }
        }
        return rows
    }

    /// The fault that ends the reading of a workbook; nil where it is read to its end.
    static func fault(_ bytes: [UInt8], labels: Set<String> = []) throws -> WorkbookFault? {
        do {
            _ = try rows(bytes, labels: labels)
            return nil
        } catch TableError.workbook(let fault) {
            return fault
        }
    }

    static func notes(_ bytes: [UInt8], labels: Set<String> = []) throws -> [WorkbookNote] {
        var reader = reader(bytes, labels: labels)
        _ = try rows(&reader)
        return reader.workbookNotes
    }

    /// Each cell's name and the text that its writer meant.
    static func expected() throws -> [[String]] {
        try JSONDecoder().decode([[String]].self, from: Data(contentsOf: folder.appendingPathComponent("cells.json")))
    }
}
