public import SurveillanceKit
public import Tabular

/// A code file that has been read: its codes, and what is to be said of them.
public struct DictionaryFile: Sendable {
    public private(set) var entries: [CodeEntry] = []
    public private(set) var warnings: [BilingualText] = []

    /// The header stands in one of the first rows; titles and notes may stand above it.
    private static let headRows = 20

    /// Reads a csv, xls or xlsx file, bare or as the only table of a zip.
    ///
    /// Codes stay as they are written. What a spreadsheet has damaged is an error: a code that is not what the hospital uses is worse than none.
    ///
    /// - Parameter own: labels that the institution has told for its files.
    /// - Throws: `DictionaryRefusal`, or what failed on our side.
    public init(
        name: String, source: any RandomAccessSource, of dictionary: CodeDictionary, own: OwnLabels = OwnLabels()
    ) throws {
        let file = try DictionaryFile.table(named: name, source)
        do {
            var reader = try file.table(
                labels: DictionaryHeader.allLabels(of: dictionary, own: own), takesFirstSheet: true)
            try read(&reader, dictionary, own)
            warnings += reader.workbookNotes.map(\.message)
        } catch let error as SourceError {
            throw error.fault.map { DictionaryRefusal.unreadable($0.message) } ?? error
        } catch let error as TableError {
            throw error.fault.map { DictionaryRefusal.unreadable($0.message) } ?? error
        }
    }

    /// The one table of what was sent.
    private static func table(named name: String, _ source: any RandomAccessSource) throws -> UploadedPackage.File {
        let package: UploadedPackage
        do {
            package = try UploadedPackage(name: name, source: source)
        } catch {
            throw error.fault.map { DictionaryRefusal.unreadable($0.message) } ?? error
        }
        let tables = package.files.filter { TableFormat.isTable(named: $0.name) }
        guard let first = tables.first else {
            throw DictionaryRefusal.unreadable(
                BilingualText(zh: "其中没有这样的文件。", en: "there is no such file in it."))
        }
        guard tables.count == 1 else {
            throw DictionaryRefusal.unreadable(
                BilingualText(
                    zh: "压缩包里有 \(tables.count) 个这样的文件，每次只能上传一个。",
                    en: "there are \(tables.count) such files in the zip; one is taken at a time."))
        }
        return first
    }

    private mutating func read(
        _ reader: inout TableReader, _ dictionary: CodeDictionary, _ own: OwnLabels
    ) throws {
        let block = TableReader.makeBlock()
        var header: DictionaryHeader?
        var nearest: DictionaryHeader?
        var rows = CodeRows()
        while let texts = try reader.readTexts(into: block) {
            for row in texts {
                if let header {
                    try rows.add(DictionaryFile.entry(row.cells, header), row: row.number)
                    continue
                }
                let found = DictionaryHeader(row.cells, of: dictionary, own: own)
                if found.isWhole {
                    header = found
                } else if row.number >= DictionaryFile.headRows {
                    throw DictionaryFile.refusal(nearest)
                } else if nearest.map({
                    ($0.columns.count, $0.labelled) < (found.columns.count, found.labelled)
                }) ?? true {
                    nearest = found
                }
            }
        }
        guard header != nil else { throw DictionaryFile.refusal(nearest) }
        (entries, warnings) = try rows.finish()
    }

    private static func refusal(_ header: DictionaryHeader?) -> DictionaryRefusal {
        guard let header else { return .noRows }
        return .wrongHeader(missing: header.missing, surplus: header.surplus)
    }

    private static func entry(_ cells: [String], _ header: DictionaryHeader) -> CodeEntry {
        func cell(_ column: DictionaryHeader.Column) -> String {
            guard let index = header.columns[column], index < cells.count else { return "" }
            return cells[index]
        }
        return CodeEntry(
            code: cell(.code), name: cell(.name), nationalCode: cell(.nationalCode),
            nationalName: cell(.nationalName), additionalCode: cell(.additionalCode))
    }
}
