/// A workbook of Excel 97 to 2003: records of BIFF8 in a stream of a compound file.
///
/// Only what rows are made of is read: sheets, shared texts, formats and cells. Formulas give the value that was saved; macros and links
/// are not looked into. Source: [MS-XLS] 2.1.7.20 and 2.4.
struct XLSWorkbook: Workbook {
    private(set) var sheets: [SheetTab] = []
    private(set) var notes: [WorkbookNote] = []
    private let stream: BIFFStream
    private var starts: [Int] = []
    private let context: XLSSheet.Context

    private enum Record {
        static let password = 0x002F
        static let from1904 = 0x0022
        static let format = 0x041E
        static let cellFormat = 0x00E0
        static let sheet = 0x0085
        static let strings = 0x00FC
        static let link = 0x01AE
        static let calculation = 0x01C1
    }

    init(_ source: any RandomAccessSource) throws(TableError) {
        let file = try CompoundFile(source)
        if file.has("EncryptedPackage") { throw .workbook(.encrypted) }
        guard let bytes = try file.stream("Workbook") else {
            throw .workbook(file.has("Book") ? .oldWorkbook : .otherDocument)
        }
        stream = BIFFStream(bytes: bytes)
        guard let first = try stream.record(at: 0), first.type == BIFFStream.Kind.begin else {
            throw BIFFStream.damaged
        }
        guard try stream.uint16(first, 0) == 0x0600 else { throw .workbook(.oldWorkbook) }

        var strings = SharedStrings()
        var own: [Int: CellFormat] = [:]
        var used: [Int] = []
        var countsFrom1904 = false
        var hasLinks = false
        var isCalculated = false
        var at = first.next
        reading: while let record = try stream.record(at: at) {
            at = record.next
            switch record.type {
            case BIFFStream.Kind.end: break reading
            case Record.password: throw .workbook(.encrypted)
            case Record.from1904: countsFrom1904 = try stream.uint16(record, 0) == 1
            case Record.format:
                let id = try stream.uint16(record, 0)
                var parts = BIFFParts(bytes: bytes, parts: [record.data.dropFirst(2)])
                var code: [UInt8] = []
                // One that says to be longer than its record counts as far as it goes: it is the look of a number, not its value.
                try? parts.appendText(to: &code)
                own[id] = CellFormat(code: String(decoding: code.prefix(255), as: UTF8.self))
            case Record.cellFormat: used.append(try stream.uint16(record, 2))
            case Record.sheet:
                let start = try stream.uint32(record, 0)
                // Charts and sheets of macros have no table.
                guard try stream.byte(record, 5) == 0 else { continue }
                let isHidden = try stream.byte(record, 4) & 3 != 0
                sheets.append(SheetTab(name: try stream.shortText(record, 6), isHidden: isHidden))
                starts.append(start)
            case Record.calculation: isCalculated = true
            case Record.strings: strings = try SharedStrings(try stream.parts(of: record))
            case Record.link:
                // What names no other file says so by a mark in place of a name.
                let mark = try stream.uint16(record, 2)
                hasLinks = hasLinks || (mark != 0x0401 && mark != 0x3A01)
            default: continue
            }
        }
        context = XLSSheet.Context(
            strings: strings, formats: used.map { own[$0] ?? CellFormat(builtIn: $0) },
            number: CellNumber(countsFrom1904: countsFrom1904), isCalculated: isCalculated)
        if file.hasStorage("_VBA_PROJECT_CUR") { notes.append(.macros) }
        if hasLinks { notes.append(.externalLinks) }
    }

    func open(_ sheet: Int) throws(TableError) -> any SheetRows {
        try XLSSheet(stream, start: starts[sheet], place: sheet + 1, context)
    }
}

extension SharedStrings {
    /// Reads the shared texts of a BIFF8 stream.
    init(_ parts: BIFFParts) throws(TableError) {
        self.init()
        var parts = parts
        _ = try parts.uint32()
        let count = try parts.uint32()
        guard count <= SheetLimits.sharedStrings else {
            throw .workbook(.tooLarge(maximumBytes: SheetLimits.sharedBytes))
        }
        for _ in 0..<count {
            try append { text throws(TableError) in try parts.appendRichText(to: &text) }
        }
    }
}
