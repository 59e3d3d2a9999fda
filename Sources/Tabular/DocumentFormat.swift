import SurveillanceKit

/// A document that somebody has called `.csv`, known by its first bytes.
public enum DocumentFormat: Sendable {
    case excel, pdf, picture

    /// Source: [MS-CFB] 2.2 (`.xls`), ISO 32000-1 7.5.2, PNG 1.2 and JPEG (ISO 10918-1).
    init?(magic bytes: some Collection<UInt8>) {
        let magics: [(DocumentFormat, [UInt8])] = [
            (.excel, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]), (.pdf, Array("%PDF-".utf8)),
            (.picture, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A]), (.picture, [0xFF, 0xD8, 0xFF]),
        ]
        guard let match = magics.first(where: { bytes.starts(with: $0.1) }) else { return nil }
        self = match.0
    }

    var message: BilingualText {
        switch self {
        case .excel:
            BilingualText(
                zh: "这是 Excel 工作簿（.xls），只是改名为 .csv。请用 Excel 打开后另存为 CSV 上报",
                en: "this is an Excel workbook (.xls) under another name; open it in Excel and save it as CSV")
        case .pdf:
            BilingualText(
                zh: "这是 PDF 文件，不是数据表。请从系统导出 CSV 后上报", en: "this is a PDF and no table; export CSV and send that")
        case .picture:
            BilingualText(
                zh: "这是图片，不是数据表。请从系统导出 CSV 后上报", en: "this is a picture and no table; export CSV and send that")
        }
    }
}
