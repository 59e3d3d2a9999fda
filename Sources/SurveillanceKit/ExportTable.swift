import Synchronization

/// A table on its way to a person's spreadsheet or printer: its columns, and its rows one after the other, in memory that does not grow
/// with their number.
public struct ExportTable: Sendable {
    /// What the table is, for a sheet's name or a heading.
    public var title: BilingualText
    public var columns: [ExportColumn]
    /// A line above the header; nil for none.
    public var note: [ExportCell]?
    /// The next row, nil after the last. Not to be asked from two places at once. A row may have fewer cells than there are columns, or more.
    public var nextRow: @Sendable () throws -> [ExportCell]?
    /// The file is mended by hand and sent back: an exporter changes nothing that reading it does not take back.
    public var comesBack: Bool

    public init(
        title: BilingualText, columns: [ExportColumn], note: [ExportCell]? = nil, comesBack: Bool = false,
        nextRow: @escaping @Sendable () throws -> [ExportCell]?
    ) {
        self.title = title
        self.columns = columns
        self.note = note
        self.comesBack = comesBack
        self.nextRow = nextRow
    }
}

/// A column of a table, by what stands above it.
public struct ExportColumn: Hashable, Sendable {
    public var title: BilingualText
    /// The sender has put the title into quotes.
    public var isQuoted: Bool
    /// What may be chosen for its cells; a format that has drop-down lists offers it.
    public var choices: ExportChoices?
    /// What the column asks for; a format that has notes shows it to whoever fills in a cell.
    public var hint: BilingualText?

    public init(_ title: BilingualText, isQuoted: Bool = false) {
        self.title = title
        self.isQuoted = isQuoted
    }
}

/// A cell of a table. It is text, whatever it looks like: `007` stays `007`, and nothing in it is ever run.
public struct ExportCell: Hashable, Sendable {
    public var text: String
    /// A format that has quotes writes them also where nothing in the text asks for them.
    public var isQuoted: Bool
    /// Something was found in this cell; a format that has colours shows it.
    public var isWrong: Bool

    public init(_ text: String, isQuoted: Bool = false, isWrong: Bool = false) {
        self.text = text
        self.isQuoted = isQuoted
        self.isWrong = isWrong
    }
}

/// A file in pieces, as an exporter writes it.
public struct ExportedFile: Sendable {
    /// Without the dot.
    public var fileExtension: String
    public var mediaType: String
    /// The next piece, nil after the last. Not to be asked from two places at once.
    public var next: @Sendable () throws -> [UInt8]?

    public init(fileExtension: String, mediaType: String, next: @escaping @Sendable () throws -> [UInt8]?) {
        self.fileExtension = fileExtension
        self.mediaType = mediaType
        self.next = next
    }

    /// The same file with its first piece made already: what keeps a file from being written at all is thrown here, before anybody has
    /// been promised it.
    public func begun() throws -> ExportedFile {
        let first = Mutex(try next())
        let rest = next
        return ExportedFile(fileExtension: fileExtension, mediaType: mediaType) {
            let piece = first.withLock { first in
                defer { first = nil }
                return first
            }
            return try piece ?? rest()
        }
    }
}

/// A table that a format cannot hold: too many rows, too long a text. Another format may.
public struct UnfitTable: Error, Hashable, Sendable, CustomStringConvertible {
    public var reason: BilingualText
    public var description: String { reason.en }

    public init(_ reason: BilingualText) { self.reason = reason }
}

extension ExportTable {
    /// A table whose rows are there already.
    ///
    /// - Parameter columns: their names, Chinese and English.
    public init(title: BilingualText, columns: [(zh: String, en: String)], rows: [[String]]) {
        let rest = Mutex(rows[...])
        self.init(title: title, columns: columns.map { ExportColumn(BilingualText(zh: $0.zh, en: $0.en)) }) {
            rest.withLock { $0.popFirst() }.map { $0.map { ExportCell($0) } }
        }
    }
}
