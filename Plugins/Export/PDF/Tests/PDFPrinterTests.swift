import Documents
import Foundation
import PluginKit
import QRCodes
import SurveillanceKit
import Testing

@testable import ExportPDF

@Suite("Documents as PDF")
struct PDFPrinterTests {
    private let printer = PDFPrinter(PluginSettings.none(of: "export.pdf"))
    private static let at = Instant(seconds: 1_767_225_600)

    private func document(_ blocks: [PrintedDocument.Block], code: String = "VDA-0123ABCD-0123456789ABCDEF") throws
        -> PrintedDocument
    {
        let modules = try #require(QRCode(code))
        return PrintedDocument(
            title: "医疗机构信息收集表", blocks: blocks, codeLine: "表格编号：\(code)",
            code: (0..<modules.width).map { row in (0..<modules.width).map { modules.isDark(column: $0, row: row) } },
            at: Self.at)
    }

    /// What poppler reads out of it, page by page.
    private func text(_ bytes: [UInt8]) throws -> [String] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).pdf")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let command = Process()
        command.executableURL = URL(fileURLWithPath: "/usr/bin/pdftotext")
        command.arguments = ["-layout", file.path, "-"]
        let pipe = Pipe()
        command.standardOutput = pipe
        try command.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        command.waitUntilExit()
        // Narrow blanks it leaves out.
        return String(decoding: output, as: UTF8.self).replacing(" / ", with: "/").split(separator: "\u{0C}").map(
            String.init)
    }

    @Test(
        "says what it was given, in both scripts, with the code line on each page; the same document gives the same bytes"
    )
    func contents() async throws {
        let document = try document([
            .heading("一、机构"), .facts([.init("机构名称", "示例县人民医院 A & B <C>"), .init("Address", "示例路 1 号")]),
            .paragraph("本机构已阅读并同意以上内容。"), .numbered(["第一条", "second"]),
            .table(.init(columns: ["字段", "类型"], rows: [["P4", "文本"], ["P6", "日期"]], shares: [1, 3])),
            .blanks(["法定代表人签字：", "Date:"]),
        ])
        let bytes = try printer.file(of: document)
        #expect(try printer.file(of: document) == bytes)
        let checked = try await DocumentChecker().check(bytes, named: "a.pdf")
        #expect(checked.kind == .pdf && checked.pages == 1)
        let pages = try text(bytes)
        #expect(pages.count == 1)
        for part in [
            "医疗机构信息收集表", "一、机构", "示例县人民医院 A & B <C>", "Address", "本机构已阅读并同意以上内容。", "1.", "第一条", "second", "字段", "P6",
            "日期", "法定代表人签字：", "表格编号：VDA-0123ABCD-0123456789ABCDEF", "1/1",
        ] {
            #expect(pages[0].contains(part), "\(part)")
        }
    }

    @Test(
        "goes on over pages: rows, paragraphs and signatures stay whole, tables repeat their head, each page says which it is"
    )
    func pages() throws {
        let rows = (1...120).map { ["F\($0)", String(repeating: "说明", count: 30)] }
        let bytes = try printer.file(
            of: document([
                .table(.init(columns: ["字段", "含义"], rows: rows, shares: [1, 4])), .blanks(["签字：", "日期："]),
            ]))
        let pages = try text(bytes)
        #expect(pages.count > 3)
        for (number, page) in pages.enumerated() {
            #expect(page.contains("\(number + 1)/\(pages.count)") && page.contains("VDA-"))
            if page.contains("F") { #expect(page.contains("字段")) }
        }
        let all = pages.joined()
        for row in rows { #expect(all.contains(row[0])) }
        #expect(pages.last?.contains("签字：") == true && pages.last?.contains("日期：") == true)
    }

    @Test("a character that no font has is told by its name, and nothing is written")
    func unprintable() throws {
        #expect(throws: UnprintableText(characters: "\u{10FFFD}")) {
            try printer.file(of: try document([.paragraph("甲\u{10FFFD}乙\u{10FFFD}")]))
        }
        #expect(throws: PDFFault.self) {
            try printer.file(of: try document([.paragraph(String(repeating: "长文本\n", count: 2000))]))
        }
        #expect(try !printer.file(of: document([.paragraph("a\u{0}b\u{7}c\n二")])).isEmpty)
    }
}
