import SurveillanceKit

/// What kinds of documents are taken.
public enum DocumentKind: String, CaseIterable, Sendable {
    case pdf = "application/pdf"
    case jpeg = "image/jpeg"
    case png = "image/png"

    /// What a downloaded file's name ends with.
    public var fileExtension: String {
        switch self {
        case .pdf: "pdf"
        case .jpeg: "jpg"
        case .png: "png"
        }
    }

    var title: String {
        switch self {
        case .pdf: "PDF"
        case .jpeg: "JPEG"
        case .png: "PNG"
        }
    }

    /// By the first bytes; nil for every other kind.
    init?(beginning bytes: [UInt8]) {
        if bytes.starts(with: "%PDF-".utf8) {
            self = .pdf
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: PNGStructure.signature) {
            self = .png
        } else {
            return nil
        }
    }

    /// The kind that a file's name promises; nil for another or no extension.
    init?(named name: String) {
        switch name.split(separator: ".").last?.lowercased() {
        case "pdf": self = .pdf
        case "jpg", "jpeg", "jpe", "jfif": self = .jpeg
        case "png": self = .png
        default: return nil
        }
    }
}

/// What a file that is none of the taken kinds most probably is, to tell its sender.
enum ForeignKind {
    static func title(of bytes: [UInt8]) -> BilingualText {
        func begins(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
        if bytes.isEmpty { return BilingualText(zh: "空文件", en: "an empty file") }
        if begins("PK\u{3}\u{4}") {
            let names = bytes.prefix(4096)
            if contains(names, "word/") { return BilingualText(zh: "Word 文档（docx）", en: "a Word document (docx)") }
            if contains(names, "xl/") { return BilingualText(zh: "Excel 表格（xlsx）", en: "an Excel workbook (xlsx)") }
            return BilingualText(zh: "zip 压缩包", en: "a zip archive")
        }
        if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            return BilingualText(zh: "旧版 Office 文档（doc、xls）", en: "an old Office document (doc, xls)")
        }
        if begins("GIF8") { return BilingualText(zh: "GIF 图片", en: "a GIF picture") }
        if begins("BM") { return BilingualText(zh: "BMP 图片", en: "a BMP picture") }
        if begins("II*\0") || begins("MM\0*") { return BilingualText(zh: "TIFF 图片", en: "a TIFF picture") }
        if begins("RIFF"), begins("WEBP", at: 8) { return BilingualText(zh: "WebP 图片", en: "a WebP picture") }
        if begins("ftyphei", at: 4) || begins("ftypmif", at: 4) {
            return BilingualText(zh: "HEIC 图片（苹果手机）", en: "a HEIC picture (of an iPhone)")
        }
        if begins("ftyp", at: 4) { return BilingualText(zh: "视频", en: "a video") }
        if begins("Rar!") { return BilingualText(zh: "rar 压缩包", en: "a rar archive") }
        if begins("7z\u{BC}") || bytes.starts(with: [0x37, 0x7A, 0xBC, 0xAF]) {
            return BilingualText(zh: "7z 压缩包", en: "a 7z archive")
        }
        if begins("MZ") || begins("\u{7F}ELF") { return BilingualText(zh: "可执行程序", en: "a program") }
        let head = String(decoding: bytes.prefix(512), as: UTF8.self).lowercased()
        if head.contains("<html") || head.contains("<!doctype html") {
            return BilingualText(zh: "网页", en: "a web page")
        }
        if head.contains("<svg") { return BilingualText(zh: "SVG 图片", en: "an SVG picture") }
        if contains(bytes.prefix(2048), "%PDF-") {
            return BilingualText(zh: "开头夹有其他内容的 PDF", en: "a PDF with something else before it")
        }
        return BilingualText(zh: "其他类型的文件", en: "a file of another kind")
    }

    private static func contains(_ bytes: some Collection<UInt8>, _ text: String) -> Bool {
        let (bytes, pattern) = (Array(bytes), Array(text.utf8))
        guard bytes.count >= pattern.count else { return false }
        return (0...bytes.count - pattern.count).contains { bytes[$0...].starts(with: pattern) }
    }
}
