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
        var noted: [Noted] = []
        var bytes: [UInt8] = []
        var places: [Int: Range<Int>] = [:]
        var isInOrder = false

        mutating func note(_ entry: Noted, _ name: some Collection<UInt8>) {
            if isInOrder, places.count >= VisitNames.limit || places[entry.key] != nil { return }
            let range = bytes.count..<bytes.count + name.count
            bytes += name
            if isInOrder {
                places[entry.key] = range
            } else {
                noted.append(Noted(key: entry.key, name: range))
                if noted.count >= VisitNames.limit { putInOrder() }
            }
        }

        /// What was noted first counts.
        mutating func putInOrder() {
            guard !isInOrder else { return }
            isInOrder = true
            places = Dictionary(noted.map { ($0.key, $0.name) }, uniquingKeysWith: { first, _ in first })
            noted = []
        }
    }

    /// A visit or person, and where its name stands.
    private struct Noted {
        var key: Int
        var name: Range<Int>
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

    /// Where in the batch's text the name stands that a row has for its patient.
    private func name(_ cells: ArraySlice<CheckedCell>, _ fields: Fields) -> Range<Int>? {
        for cell in cells where fields.names[Int(cell.field)] && !cell.isPlaceholder && cell.textCount >= 4 {
            return Int(cell.textStart)..<Int(cell.textStart + cell.textCount)
        }
        return nil
    }

    /// Remembers the names that rows have; answers the places of those rows that have none and name a visit or person.
    func note(_ batch: CheckedBatch, _ fields: Fields) -> [Int] {
        var nameless: [Int] = []
        var found: [Noted] = []
        found.reserveCapacity(batch.rows.count * 2)
        for (index, row) in batch.rows.enumerated() {
            let cells = batch.cells[row.cells].prefix { Int($0.field) <= fields.last }
            let name = name(cells, fields)
            var isLinked = false
            for cell in cells where fields.links[Int(cell.field)] && !cell.isPlaceholder {
                isLinked = true
                if let name {
                    found.append(
                        Noted(key: VisitNames.key(fields.tags[Int(cell.field)], batch.text(of: cell)), name: name))
                }
            }
            if name == nil, isLinked { nameless.append(index) }
        }
        state.withLock { state in
            for entry in found { state.note(entry, batch.text[entry.name]) }
        }
        return nameless
    }

    /// Where a row has no name, adds those that others gave for the same visit or person.
    func complete(
        _ identifiers: inout RowIdentifiers, _ cells: ArraySlice<CheckedCell>, of batch: CheckedBatch, _ fields: Fields
    ) {
        guard name(cells, fields) == nil else { return }
        for cell in cells where fields.links[Int(cell.field)] && !cell.isPlaceholder {
            let key = VisitNames.key(fields.tags[Int(cell.field)], batch.text(of: cell))
            let found = state.withLock { state in
                state.putInOrder()
                return state.places[key].map { Array(state.bytes[$0]) }
            }
            if let found { identifiers.add(found[...]) }
        }
    }

    private static func key(_ tag: Int, _ value: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(tag)
        value.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
