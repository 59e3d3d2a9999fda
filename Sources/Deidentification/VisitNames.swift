import SurveillanceKit
import Synchronization
import Validation

/// The names that rows of one package gave for a visit or a person, for those of its other rows whose name is `-`.
///
/// What a row names counts for the rows after it: parents are checked before their children. The first 200,000 visits of a package are
/// remembered, so that memory does not grow with it.
///
/// Several threads may note names at once; a row without a name is completed when all rows before it have been noted.
public final class VisitNames: Sendable {
    /// Most packages have no row without a name, so what is noted is only put in order of its keys when the first one comes.
    private struct State {
        var batches: [Noted] = []
        var count = 0
        /// By key where a name stands in `text`.
        var names: [Int: Range<Int>] = [:]
        var text: [UInt8] = []
        var isInOrder = false

        mutating func note(_ batch: Noted) {
            guard !isInOrder else { return enter(batch) }
            batches.append(batch)
            count += batch.entries.count
            // Most rows are noted twice, as a visit and as a person.
            if count >= 2 * VisitNames.limit { putInOrder() }
        }

        mutating func putInOrder() {
            guard !isInOrder else { return }
            isInOrder = true
            for batch in batches { enter(batch) }
            batches = []
        }

        func name(_ key: Int) -> [UInt8]? { names[key].map { Array(text[$0]) } }

        /// What was noted first counts.
        private mutating func enter(_ batch: Noted) {
            batch.text.withUnsafeBytes { text in
                for entry in batch.entries where names.count < VisitNames.limit {
                    let start = Int(entry.start)
                    let key = VisitNames.key(
                        entry.tag, UnsafeRawBufferPointer(rebasing: text[start..<start + Int(entry.count)]))
                    guard names[key] == nil else { continue }
                    let name = Int(entry.name)..<Int(entry.name) + Int(entry.nameCount)
                    names[key] = self.text.count..<self.text.count + name.count
                    self.text.append(contentsOf: text[name])
                }
            }
        }
    }

    /// The visits and persons of a batch with their names, as bytes of one text: they are hashed only where a row asks.
    private struct Noted {
        var entries: [Entry] = []
        var text: [UInt8] = []

        struct Entry {
            var tag: Int
            var start: Int32
            var name: Int32
            var count: Int32
            var nameCount: Int32
        }
    }

    private static let limit = 200_000
    private let state = Mutex(State())

    public init() {}

    /// Which fields of one file type name a person, and by which a visit or person is known in other files of the program.
    struct Fields: Sendable {
        let names: [Bool]
        let links: [Bool]
        /// For each field its name's hash: it is called the same in other files.
        let tags: [Int]
        let isUsed: Bool
        /// No field behind this one is looked at; a row's cells stand in the order of their fields.
        let last: Int

        init(_ type: FileType, in program: Program) {
            let others = program.fileTypes.filter { $0.id != type.id }
            func isShared(_ field: Field) -> Bool {
                others.contains { other in
                    other.fieldIndex(field.name).map { other.fields[$0].deidentify == field.deidentify } == true
                }
            }
            let fields = type.storedFields
            names = fields.map {
                $0.sensitivity == .direct && $0.deidentify == .drop && $0.type == .string
                    && $0.constraints.maximumLength ?? .max <= 40 && isShared($0)
            }
            links = fields.map { $0.sensitivity == .direct && $0.deidentify == .pseudonym && isShared($0) }
            tags = fields.map(\.name.hashValue)
            isUsed = names.contains(true) && links.contains(true)
            last = max(names.lastIndex(of: true) ?? -1, links.lastIndex(of: true) ?? -1)
        }
    }

    /// The cell with the name that a row has for its patient.
    private func name(_ cells: some Sequence<CheckedCell>, _ fields: Fields) -> CheckedCell? {
        cells.first { fields.names[Int($0.field)] && !$0.isPlaceholder && $0.textCount >= 4 }
    }

    /// Remembers the names that rows have; answers the places of those rows that have none and name a visit or person.
    func note(_ batch: CheckedBatch, _ fields: Fields) -> [Int] {
        var nameless: [Int] = []
        var found = Noted()
        found.entries.reserveCapacity(batch.rows.count * 2)
        found.text.reserveCapacity(batch.rows.count * 48)
        batch.text.withUnsafeBytes { text in
            func bytes(_ cell: CheckedCell) -> UnsafeRawBufferPointer {
                UnsafeRawBufferPointer(rebasing: text[Int(cell.textStart)..<Int(cell.textStart + cell.textCount)])
            }
            batch.cells.withUnsafeBufferPointer { all in
                for (index, row) in batch.rows.enumerated() {
                    let cells = UnsafeBufferPointer(rebasing: all[row.cells])
                    let name = name(cells, fields)
                    let start = Int32(truncatingIfNeeded: found.text.count)
                    var isLinked = false
                    for cell in cells {
                        if Int(cell.field) > fields.last { break }
                        guard fields.links[Int(cell.field)], !cell.isPlaceholder else { continue }
                        if let name {
                            if !isLinked { found.text.append(contentsOf: bytes(name)) }
                            found.entries.append(
                                Noted.Entry(
                                    tag: fields.tags[Int(cell.field)],
                                    start: Int32(truncatingIfNeeded: found.text.count), name: start,
                                    count: Int32(truncatingIfNeeded: cell.textCount),
                                    nameCount: Int32(truncatingIfNeeded: name.textCount)))
                            found.text.append(contentsOf: bytes(cell))
                        }
                        isLinked = true
                    }
                    if name == nil, isLinked { nameless.append(index) }
                }
            }
        }
        if !found.entries.isEmpty { state.withLock { $0.note(found) } }
        return nameless
    }

    /// Where a row has no name, adds those that others gave for the same visit or person.
    func complete(
        _ identifiers: inout RowIdentifiers, _ cells: ArraySlice<CheckedCell>, of batch: CheckedBatch, _ fields: Fields
    ) {
        guard name(cells, fields) == nil else { return }
        for cell in cells where fields.links[Int(cell.field)] && !cell.isPlaceholder {
            let key = batch.text(of: cell).withUnsafeBytes { VisitNames.key(fields.tags[Int(cell.field)], $0) }
            let found = state.withLock { state in
                state.putInOrder()
                return state.name(key)
            }
            found?.withUnsafeBufferPointer { identifiers.add($0) }
        }
    }

    private static func key(_ tag: Int, _ value: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(tag)
        hasher.combine(bytes: value)
        return hasher.finalize()
    }
}
