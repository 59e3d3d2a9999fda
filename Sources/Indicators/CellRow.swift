import Expressions
public import SurveillanceKit

/// One stored row under evaluation: the cells that some definition asks for, as expressions read them.
///
/// Made once for a file type and filled again for every row. Texts are read where they lie, or copied where they do not stay there.
public final class CellRow {
    public let reading: RowReading
    private let cells: UnsafeMutableBufferPointer<Cell>
    private let kinds: [StoredKind?]
    /// The fields by their names.
    private let places: [String: Int]
    /// By field what stands for "not known".
    private let placeholders: [[[UInt8]]]
    private var filled: [Int] = []
    private var arena: UnsafeMutableBufferPointer<UInt8>
    private var used = 0
    /// Arenas that were too small, until the next row.
    private var outgrown: [UnsafeMutableBufferPointer<UInt8>] = []

    public init(_ reading: RowReading) {
        self.reading = reading
        let fields = reading.fileType.storedFields
        kinds = fields.map(StoredKind.init)
        places = Dictionary(
            fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        placeholders = fields.map { $0.placeholders.map { Array($0.utf8) } }
        cells = .allocate(capacity: max(1, fields.count))
        cells.initialize(repeating: .blank)
        arena = .allocate(capacity: 4_096)
    }

    deinit {
        cells.deallocate()
        arena.deallocate()
        for arena in outgrown { arena.deallocate() }
    }

    /// Makes every cell blank.
    public func clear() {
        for field in filled { cells[field] = .blank }
        filled.removeAll(keepingCapacity: true)
        used = 0
        if !outgrown.isEmpty {
            for arena in outgrown { arena.deallocate() }
            outgrown.removeAll()
        }
    }

    /// Sets a cell to text that stays where it is until the row has been judged.
    public func set(_ field: Int, borrowing text: UnsafeBufferPointer<UInt8>) {
        filled.append(field)
        if case .moment? = kinds[field] {
            guard let seconds = CellRow.seconds(text) else {
                cells[field] = Cell(text: text, state: .invalid)
                return
            }
            cells[field] = Cell(text: text, bits: UInt64(bitPattern: seconds), state: .value)
        } else {
            let isPlaceholder = placeholders[field].contains { $0.count == text.count && $0.elementsEqual(text) }
            cells[field] = Cell(text: text, state: isPlaceholder ? .placeholder : .value)
        }
    }

    /// Sets a cell to a copy of a text.
    public func set(_ field: Int, copying text: UnsafeBufferPointer<UInt8>) {
        if used + text.count > arena.count {
            outgrown.append(arena)
            arena = .allocate(capacity: max(arena.count * 2, text.count))
            used = 0
        }
        let place = UnsafeMutableBufferPointer(rebasing: arena[used..<used + text.count])
        _ = place.initialize(fromContentsOf: text)
        used += text.count
        set(field, borrowing: UnsafeBufferPointer(place))
    }

    public func set(_ field: Int, _ integer: Int64) {
        filled.append(field)
        cells[field] = Cell(
            text: UnsafeBufferPointer(start: nil, count: 0), bits: UInt64(bitPattern: integer), state: .value)
    }

    public func set(_ field: Int, _ number: Double) {
        filled.append(field)
        cells[field] = Cell(text: UnsafeBufferPointer(start: nil, count: 0), bits: number.bitPattern, state: .value)
    }

    public func set(_ field: Int, _ value: StoredValue) {
        switch value {
        case .text(let bytes): bytes.withUnsafeBufferPointer { set(field, copying: $0) }
        case .integer(let number): set(field, number)
        case .number(let number): set(field, number)
        }
    }

    /// In which shape a field's values are stored; nil for one that no definition asks for.
    public func shape(of field: Int) -> StoredShape? {
        guard reading.wanted[field] else { return nil }
        return switch kinds[field] {
        case .text?, .moment?: .text
        case .integer?: .integer
        case .number?: .number
        case nil: nil
        }
    }

    public enum StoredShape: Sendable {
        case text
        case integer
        case number
    }

    /// Fills the row from the values of a record.
    public func fill(_ values: RecordValues) {
        clear()
        for (place, name) in values.names.enumerated() {
            guard let value = values.values[place], let field = places[name],
                reading.wanted[field]
            else { continue }
            set(field, value)
        }
    }

    // MARK: What is asked

    func holds(_ condition: Int) -> Bool {
        guard let cells = UnsafePointer(cells.baseAddress) else { return false }
        return reading.conditions.outcome(of: condition, cells) == .true
    }

    /// The value at a place; `CellRow.unknown` where it is not known or too large.
    func value(_ place: Int) -> Int64 {
        let value = reading.values[place]
        if let field = value.digestOf {
            return cells[field].state == .value ? digest(field, kinds[field]) : CellRow.unknown
        }
        guard let expression = value.expression,
            let found = try? expression.value(UnsafeBufferPointer(cells))
        else { return CellRow.unknown }
        switch found {
        case .int(let number):
            let (scaled, isOver) = number.multipliedReportingOverflow(by: CellRow.scales[value.decimals])
            return isOver || abs(scaled / 2) > CellRow.mostValue ? CellRow.unknown : scaled
        case .double(let number):
            let scaled = (number * Double(CellRow.scales[value.decimals])).rounded()
            return scaled.magnitude <= Double(CellRow.mostValue) ? Int64(scaled) : CellRow.unknown
        default: return CellRow.unknown
        }
    }

    /// Stands for a value that is not known.
    static let unknown = Int64.min
    /// Greater values are not taken: nine thousand million million, so that sums over a nation's records stay exact.
    private static let mostValue: Int64 = 9_000_000_000_000_000
    static let scales: [Int64] = [1, 10, 100, 1_000, 10_000]

    /// The day of a date or datetime field in days since 1970; `noDay` where it is empty or impossible.
    func day(_ field: Int) -> Int32 {
        guard cells[field].state == .value else { return IndicatorEntry.noDay }
        let seconds = cells[field].integer
        let day = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        return IndicatorEntry.possibleDays.contains(day) ? Int32(day) : IndicatorEntry.noDay
    }

    func group(_ field: Int, in dimension: Int, _ table: DimensionTable) -> Int {
        guard cells[field].state == .value else { return table.sizes[dimension] - 1 }
        return switch kinds[field] {
        case .integer?: table.group(cells[field].integer, in: dimension)
        default: table.group(cells[field].text, in: dimension)
        }
    }

    /// A hash of some fields, by which children and parents are found; nil where one of them is empty.
    func link(_ fields: [Int]) -> Int64? {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for field in fields {
            guard cells[field].state == .value || cells[field].state == .invalid else { return nil }
            hash = CellRow.mixed(hash ^ UInt64(bitPattern: digest(field, kinds[field])))
        }
        return Int64(bitPattern: hash)
    }

    private func digest(_ field: Int, _ kind: StoredKind?) -> Int64 {
        switch kind {
        case .integer?, .number?, .moment?:
            if cells[field].state == .value {
                return Int64(bitPattern: CellRow.mixed(cells[field].bits &+ 0x9E37_79B9_7F4A_7C15) >> 1)
            }
        default: break
        }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in cells[field].text { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return Int64(bitPattern: CellRow.mixed(hash) >> 1)
    }

    /// Spreads the bits of a number over all of it. Source: the finalizer of SplitMix64 (Steele, Lea, Flood 2014).
    private static func mixed(_ number: UInt64) -> UInt64 {
        var bits = number
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// Seconds since 1970, civil time counted as if it were UTC, of `yyyy-MM-dd` with or without ` HH:mm:ss`.
    static func seconds(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard let day = CivilDate(beginning: text)?.daysSince1970 else { return nil }
        var seconds = Int64(day) * 86_400
        guard text.count > 10 else { return seconds }
        guard text.count == 19, let hour = two(text, 11), let minute = two(text, 14), let second = two(text, 17)
        else { return nil }
        seconds += hour * 3_600 + minute * 60 + second
        return seconds
    }

    private static func two(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int64? {
        let (tens, ones) = (Int64(text[start]) - 0x30, Int64(text[start + 1]) - 0x30)
        return (0...9).contains(tens) && (0...9).contains(ones) ? tens * 10 + ones : nil
    }
}
