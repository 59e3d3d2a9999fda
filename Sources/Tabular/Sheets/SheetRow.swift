import SurveillanceKit

/// One row of a sheet: the cells that hold something, as text, from left to right.
struct SheetRow {
    struct Cell {
        var column: Int
        var text: Range<Int>
    }

    /// As the spreadsheet counts, from 1.
    var number = 0
    private(set) var text: [UInt8] = []
    private(set) var cells: [Cell] = []

    /// Begins another row, keeping the memory.
    mutating func begin(_ number: Int) {
        self.number = number
        text.removeAll(keepingCapacity: true)
        cells.removeAll(keepingCapacity: true)
    }

    /// Adds a cell with what the body appends to the text; one without text is left out.
    mutating func add(_ column: Int, _ append: (inout [UInt8]) -> Void) {
        let start = text.count
        append(&text)
        if text.count > start { cells.append(Cell(column: column, text: start..<text.count)) }
    }

    mutating func sort() { cells.sort { $0.column < $1.column } }
}

/// The rows of one sheet, in order. One thread at a time reads.
protocol SheetRows: AnyObject {
    /// Reads the next row that holds something; false at the sheet's end.
    func next(into row: inout SheetRow) throws(TableError) -> Bool
    /// What is to be said of it, as far as it has been read.
    var notes: [WorkbookNote] { get }
}

/// A workbook that has been opened: its sheets in the order of their tabs.
protocol Workbook {
    var sheets: [SheetTab] { get }
    func open(_ sheet: Int) throws(TableError) -> any SheetRows
    var notes: [WorkbookNote] { get }
}

struct SheetTab {
    var name: String
    var isHidden: Bool

    /// Whether it holds the codes that the platform's own workbooks offer for choice, and nothing that anybody reports.
    var isCodeLists: Bool { isHidden && name == CodeListSheet.name }
}

/// What a sheet may have. Source: Excel specifications and limits.
enum SheetLimits {
    static let rows = 1_048_576
    static let columns = 16_384
    /// Text that a workbook keeps once for all its cells, held in memory.
    static let sharedBytes = 128 << 20
    static let sharedStrings = 1 << 22
    /// What a workbook inside an archive may have, since it is held in memory.
    static let packedBytes = 128 << 20
}
