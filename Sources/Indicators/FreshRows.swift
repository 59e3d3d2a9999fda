/// New records of a base in the order of their numbers, packed: a first report may have a million, of a few thousand kinds.
struct FreshRows {
    /// What many rows have in common.
    private struct Pattern: Hashable {
        var low: UInt64
        var high: UInt64
        var days: SIMD4<Int32>
        var cell: Int32
        var hasLink: Bool

        init(_ row: JudgedRow) {
            (low, high) = row.bits
            (days, cell, hasLink) = (row.days, row.cell, row.link != nil)
        }
    }

    private let valueCount: Int
    private var records: [Int64] = []
    /// Rows without their links and values, by the number of their pattern.
    private(set) var common: [JudgedRow] = []
    private var hasLink: [Bool] = []
    private var numbers: [Pattern: Int32] = [:]
    /// By row the number of its pattern; -1 where the record is gone again.
    private var kinds: [Int32] = []
    private var links: [Int64] = []
    private var values: [Int64] = []

    init(valueCount: Int) { self.valueCount = valueCount }

    var isEmpty: Bool { records.isEmpty }
    var indices: Range<Int> { records.indices }

    /// Whether a record may be appended.
    func isBehind(_ record: Int64) -> Bool { record > records.last ?? .min }

    /// Where a record stands among these.
    func place(of record: Int64) -> Int? {
        guard let last = records.last, record <= last else { return nil }
        var range = records.indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if records[middle] == record { return middle }
            range = records[middle] < record ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    mutating func append(_ record: Int64, _ row: JudgedRow?) {
        records.append(record)
        kinds.append(-1)
        links.append(0)
        values.append(contentsOf: repeatElement(0, count: valueCount))
        set(records.count - 1, row)
    }

    mutating func set(_ place: Int, _ row: JudgedRow?) {
        guard let row else {
            kinds[place] = -1
            return
        }
        kinds[place] = number(row)
        links[place] = row.link ?? 0
        for index in 0..<valueCount { values[place * valueCount + index] = row.values[index] }
    }

    private mutating func number(_ row: JudgedRow) -> Int32 {
        let pattern = Pattern(row)
        if let known = numbers[pattern] { return known }
        var alike = row
        (alike.link, alike.values) = (nil, [])
        numbers[pattern] = Int32(common.count)
        common.append(alike)
        hasLink.append(pattern.hasLink)
        return Int32(common.count - 1)
    }

    func record(_ place: Int) -> Int64 { records[place] }

    /// Nil for a record that is gone, or has no link.
    func link(_ place: Int) -> Int64? {
        let kind = Int(kinds[place])
        return kind >= 0 && hasLink[kind] ? links[place] : nil
    }

    /// What a row has in common with others, by the place of that among `common`; nil for a record that is gone.
    func kind(_ place: Int) -> Int? { kinds[place] < 0 ? nil : Int(kinds[place]) }

    /// The rows' own values.
    func values(_ place: Int) -> ArraySlice<Int64> { values[place * valueCount..<(place + 1) * valueCount] }
}
