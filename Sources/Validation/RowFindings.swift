/// The findings of a block's rows as they are made, in their smallest form.
struct RowFindings {
    private(set) var all: [RawFinding] = []
    /// Values that findings quote.
    private(set) var text: [UInt8] = []
    private let type: CompiledFileType
    private let header: HeaderMatch
    /// Where the findings of the row under check begin.
    private var rowStart = 0

    private static let longestValue = 200

    init(type: CompiledFileType, header: HeaderMatch) {
        self.type = type
        self.header = header
    }

    mutating func beginRow() { rowStart = all.count }

    /// Adds a finding about a field, with the cell's text where its template shows values.
    @inline(never)
    mutating func report(_ template: Int, field: Int, _ value: UnsafeBufferPointer<UInt8>?) {
        let start = text.count
        var count = 0
        if let value, type.templates.showsValue[template] {
            count = min(value.count, RowFindings.longestValue)
            text.append(contentsOf: UnsafeBufferPointer(rebasing: value[..<count]))
        }
        add(template, column: header.fieldColumns[field], valueStart: start, valueCount: count)
    }

    /// Something has been found in the row under check.
    var hasAny: Bool { @inline(__always) get { all.count > rowStart } }

    /// How many errors the row under check has so far.
    var rowErrorCount: Int {
        all[rowStart...].reduce(0) { $0 + (type.templates.isError[Int($1.template)] ? 1 : 0) }
    }

    /// Drops what has been found in the row: this finding says that it cannot be read.
    @inline(never)
    mutating func replaceRow(with template: Int, column: Int) {
        all.removeSubrange(rowStart...)
        add(template, column: Int32(column), valueStart: 0, valueCount: 0)
    }

    private mutating func add(_ template: Int, column: Int32, valueStart: Int, valueCount: Int) {
        all.append(
            RawFinding(
                row: 0, line: 0, column: column, template: Int32(template), number: 0, valueStart: UInt32(valueStart),
                valueCount: UInt32(valueCount)))
    }

    /// Puts the row's findings in the order of columns, and says whether one of them is an error.
    @inline(__always)
    mutating func endRow(_ row: Int, line: Int32) -> Bool { all.count > rowStart && endFaultyRow(row, line) }

    @inline(never)
    private mutating func endFaultyRow(_ row: Int, _ line: Int32) -> Bool {
        var hasError = false
        for index in rowStart..<all.count {
            all[index].row = Int32(truncatingIfNeeded: row)
            all[index].line = line
            if type.templates.isError[Int(all[index].template)] { hasError = true }
        }
        if all.count - rowStart > 1 {
            all[rowStart...].sort { ($0.column, $0.template) < ($1.column, $1.template) }
        }
        return hasError
    }
}
