public import PluginKit
public import SurveillanceKit
import Synchronization

/// CSV as spreadsheets in China open it by a double click: UTF-8 with a byte-order mark, commas, CRLF, quotes as in RFC 4180.
///
/// A cell that a spreadsheet would run gets an apostrophe before it. Where the file comes back, only those do whose apostrophe reading takes
/// off again; elsewhere signed numbers and cells that begin with TAB or CR do, too. Source: OWASP, "CSV Injection".
public struct CSVExporter: Exporter {
    public static let kind = PluginKind.export
    public static let name = "csv"
    public static let summary = BilingualText(
        zh: "将表格写成 CSV 文件，电子表格软件可直接打开，不会执行其中任何单元格",
        en: "writes tables as CSV that spreadsheets open by a double click and run no cell of")
    public static let settings: [PluginSetting] = []
    public static let isAlwaysOn = true
    public static let title = BilingualText(zh: "CSV", en: "CSV")
    public static let fileExtension = "csv"
    public static let mediaType = "text/csv; charset=utf-8"

    private static let pieceBytes = 65_536

    public init() {}

    public init(_ settings: PluginSettings) throws {}

    /// The first piece is the header, so that a download begins at once also where the first row is far away. A table without columns
    /// is an empty file.
    public func file(of table: ExportTable, in language: Language) throws -> ExportedFile {
        let progress = Mutex(Progress.start)
        return ExportedFile(fileExtension: Self.fileExtension, mediaType: Self.mediaType) {
            try progress.withLock { progress in
                var piece: [UInt8] = []
                switch progress {
                case .end: return nil
                case .start:
                    progress = table.columns.isEmpty ? .end : .rows
                    if table.columns.isEmpty { return nil }
                    piece = [0xEF, 0xBB, 0xBF]
                    if let note = table.note { Self.append(note, comesBack: table.comesBack, to: &piece) }
                    let titles = table.columns.map { ExportCell($0.title[language], isQuoted: $0.isQuoted) }
                    Self.append(titles, comesBack: table.comesBack, to: &piece)
                    return piece
                case .rows:
                    while piece.count < Self.pieceBytes {
                        guard let row = try table.nextRow() else {
                            progress = .end
                            return piece.isEmpty ? nil : piece
                        }
                        Self.append(row, comesBack: table.comesBack, to: &piece)
                    }
                    return piece
                }
            }
        }
    }

    private enum Progress { case start, rows, end }

    private static func append(_ row: [ExportCell], comesBack: Bool, to bytes: inout [UInt8]) {
        for (index, cell) in row.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(cell, comesBack: comesBack, to: &bytes)
        }
        bytes += [0x0D, 0x0A]
    }

    private static func append(_ cell: ExportCell, comesBack: Bool, to bytes: inout [UInt8]) {
        let text = cell.text.utf8
        let isGuarded = FormulaGuard.concerns(text) || (!comesBack && (text.first.map(isSign) ?? false))
        let needsQuotes = cell.isQuoted || text.contains(where: isMark)
        if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
        if isGuarded { bytes.append(FormulaGuard.mark) }
        if needsQuotes {
            for byte in text {
                if byte == UInt8(ascii: "\"") { bytes.append(byte) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        } else {
            bytes += text
        }
    }

    private static func isSign(_ byte: UInt8) -> Bool { "=+-@\t\r".utf8.contains(byte) }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ",") || byte == 0x0A || byte == 0x0D
    }
}
