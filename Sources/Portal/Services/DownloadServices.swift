public import SurveillanceKit

/// Tables as files.
public protocol DownloadServices: Sendable {
    /// - Parameter format: a file's ending, `csv`.
    /// - Returns: nil for a format that nothing here writes.
    func file(of table: ExportTable, format: String, in language: Language) throws -> ExportedFile?

    /// A document for print as a PDF.
    ///
    /// - Returns: nil where nothing here writes one.
    /// - Throws: `Problem` for a text that no font on the server has.
    func pdf(of document: PrintedDocument) async throws -> [UInt8]?
}
