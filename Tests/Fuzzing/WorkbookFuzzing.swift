import SurveillanceKit
import Tabular

/// The workbook readers: whatever comes is read to its end or refused, rows ascend, and all cells lie where a sheet can have them.
///
/// An XLS is the bytes themselves. An XLSX is made of them, part by part, since a zip whose checksums are wrong is refused before any part is read.
enum WorkbookFuzzing {
    nonisolated(unsafe) private static let block = TableReader.makeBlock()

    static func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let bytes = Array(input.dropFirst())
        if first & 1 == 0 {
            read([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + bytes.dropFirst(8), format: .xls)
        } else {
            read(
                workbook(bytes.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false).map(Array.init)),
                format: .xlsx)
        }
    }

    private static func read(_ bytes: [UInt8], format: TableFormat) {
        var archive = ArchiveLimits()
        archive.maximumEntrySize = 4 << 20
        var reader = TableReader(
            workbook: BytesSource(bytes), format: format, labels: ["a"], archiveLimits: archive)
        var last = 0
        while (try? reader.read(into: block)) == true {
            precondition(block.firstRow > last && block.rowCount > 0)
            last = block.firstRow + block.rowCount - 1
            precondition(last <= 1_048_576)
            for row in 0..<block.rowCount {
                precondition(block.cellCount(ofRow: row) <= 16_384)
                for cell in block.filledCells(ofRow: row) { precondition(!cell.isMalformed) }
            }
        }
        for note in reader.workbookNotes { precondition(!note.message.zh.isEmpty) }
    }

    /// - Parameter parts: the sheet, the shared texts, the formats.
    private static func workbook(_ parts: [[UInt8]]) -> [UInt8] {
        let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        func relations(_ targets: [(String, String)]) -> [UInt8] {
            let lines = targets.enumerated().map { index, target in
                #"<Relationship Id="r\#(index)" Type="\#(kind)/\#(target.0)" Target="\#(target.1)"/>"#
            }
            return Array("<Relationships>\(lines.joined())</Relationships>".utf8)
        }
        func part(_ index: Int) -> [UInt8] { index < parts.count ? parts[index] : [] }
        var writer = StoredArchiveWriter()
        var zip: [UInt8] = []
        for (name, content) in [
            ("[Content_Types].xml", Array("<Types/>".utf8)),
            ("_rels/.rels", relations([("officeDocument", "xl/workbook.xml")])),
            ("xl/workbook.xml", Array(#"<workbook><sheets><sheet r:id="r0" xmlns:r="r"/></sheets></workbook>"#.utf8)),
            (
                "xl/_rels/workbook.xml.rels",
                relations([("worksheet", "sheet.xml"), ("sharedStrings", "strings.xml"), ("styles", "styles.xml")])
            ),
            ("xl/sheet.xml", part(0)), ("xl/strings.xml", part(1)), ("xl/styles.xml", part(2)),
        ] {
            zip += writer.begin(name) + content
            content.withUnsafeBytes { writer.count($0) }
            zip += writer.end()
        }
        return zip + writer.finish()
    }
}
