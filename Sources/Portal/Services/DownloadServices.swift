public import SurveillanceKit

/// Tables as files.
public protocol DownloadServices: Sendable {
    /// - Parameter format: a file's ending, `csv`.
    /// - Returns: nil for a format that nothing here writes.
    func file(of table: ExportTable, format: String, in language: Language) throws -> ExportedFile?
}
