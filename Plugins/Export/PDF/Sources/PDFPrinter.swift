public import PluginKit
public import SurveillanceKit
import Synchronization

/// Writes documents as PDF on A4: cairo draws the pages, Pango sets the text, and the fonts' used parts are embedded.
public struct PDFPrinter: DocumentPrinter {
    public static let kind = PluginKind.export
    public static let name = "pdf"
    public static let summary = BilingualText(
        zh: "生成可打印的 PDF 表格和文档", en: "writes sheets and documents for print as PDF")
    public static let settings: [PluginSetting] = []
    public static let isAlwaysOn = true
    public static let fileExtension = "pdf"
    public static let mediaType = "application/pdf"

    public init(_ settings: PluginSettings) {}

    /// One document at a time: they share the fonts, which are looked up and read once.
    private static let fonts = Mutex(Fonts())

    /// - Throws: `UnprintableText`; `PDFFault` where memory ran out.
    public func file(of document: PrintedDocument) throws -> [UInt8] {
        try Self.fonts.withLock { fonts in
            // Pages are counted first: each says of how many it is one.
            let count = try PageFlow(fonts, document, pageCount: 0).run()
            let flow = try PageFlow(fonts, document, pageCount: count)
            _ = try flow.run()
            return try flow.surface.finish()
        }
    }
}

/// What keeps a PDF from being written.
public struct PDFFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// In cairo's words.
    public var reason: String
    public var description: String { "the PDF could not be written: \(reason)" }
}
