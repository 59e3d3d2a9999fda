public import SurveillanceKit
import Synchronization

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

    /// Several files as one zip.
    func zip(of files: [ZippedFile]) -> ExportedFile
}

/// A file of a zip: its name, and what makes it when its turn comes.
public struct ZippedFile: Sendable {
    public var name: String
    public var open: @Sendable () throws -> ExportedFile

    public init(name: String, open: @escaping @Sendable () throws -> ExportedFile) {
        self.name = name
        self.open = open
    }
}

extension ExportedFile {
    /// A file that is held in memory.
    init(bytes: [UInt8], fileExtension: String, mediaType: String) {
        let rest = Mutex(bytes.isEmpty ? nil : bytes)
        self.init(fileExtension: fileExtension, mediaType: mediaType) {
            rest.withLock { rest in
                defer { rest = nil }
                return rest
            }
        }
    }
}
