public import SurveillanceKit

/// Writes a table as a file of one format.
public protocol Exporter: Plugin {
    /// What people call the format: `CSV`.
    static var title: BilingualText { get }
    /// Without the dot; also the format's name in a request (`?format=csv`).
    static var fileExtension: String { get }
    static var mediaType: String { get }

    /// Begins a file. Rows are asked for as its pieces are, so that neither is held as a whole where the format allows that; a format that
    /// must see all rows first asks for them at the first piece.
    ///
    /// Every cell is text, and no program that opens the file may run one.
    ///
    /// - Parameter language: of the titles.
    /// - Throws: from `ExportedFile.next` what `nextRow` throws, and what keeps the file from being written.
    func file(of table: ExportTable, in language: Language) throws -> ExportedFile
}

extension Exporter {
    /// Writes a whole table.
    ///
    /// - Parameter sink: is handed each piece, in order.
    public func write(_ table: ExportTable, in language: Language, to sink: ([UInt8]) throws -> Void) throws {
        let file = try file(of: table, in: language)
        while let piece = try file.next() { try sink(piece) }
    }
}

/// Writes several tables as one file, each on a sheet of its own.
public protocol WorkbookExporter: Exporter {
    /// Begins a file of several sheets; a sheet's rows are asked for once those of the sheet before are written.
    ///
    /// - Throws: from `ExportedFile.next` also `UnfitTable`.
    func workbook(of sheets: [ExportSheet], in language: Language) throws -> ExportedFile
}

/// One sheet of a workbook that is written.
public struct ExportSheet: Sendable {
    public var name: String
    public var open: @Sendable () throws -> ExportTable

    public init(name: String, open: @escaping @Sendable () throws -> ExportTable) {
        self.name = name
        self.open = open
    }
}
