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
    private struct State {
        var places: [Int: Range<Int>] = [:]
        var bytes: [UInt8] = []
    }

    private static let limit = 200_000
    private let state = Mutex(State())

    public init() {}

    /// Which fields of one file type name a person, and by which a visit or person is known in other files of the program.
    struct Fields: Sendable {
        let names: [Bool]
        let links: [Bool]
        let isUsed: Bool

        init(_ type: FileType, in program: Program) {
            let others = program.fileTypes.filter { $0.id != type.id }
            func isShared(_ field: Field) -> Bool {
                others.contains { other in
                    other.fieldIndex(field.name).map { other.fields[$0].deidentify == field.deidentify } == true
                }
            }
            names = type.fields.map {
                $0.sensitivity == .direct && $0.deidentify == .drop && $0.type == .string
                    && $0.constraints.maximumLength ?? .max <= 40 && isShared($0)
            }
            links = type.fields.map { $0.sensitivity == .direct && $0.deidentify == .pseudonym && isShared($0) }
            isUsed = names.contains(true) && links.contains(true)
        }
    }

    /// The name that a row has for its patient.
    private func name(_ cells: ArraySlice<CheckedCell>, of batch: CheckedBatch, _ fields: Fields) -> ArraySlice<UInt8>?
    {
        for cell in cells where fields.names[Int(cell.field)] && !cell.isPlaceholder && cell.textCount >= 4 {
            return batch.text(of: cell)
        }
        return nil
    }

    /// Remembers the names that rows have; answers the places of those rows that have none and name a visit or person.
    func note(_ batch: CheckedBatch, _ fields: Fields) -> [Int] {
        state.withLock { state in
            var nameless: [Int] = []
            for (index, row) in batch.rows.enumerated() {
                let cells = batch.cells[row.cells]
                guard let name = name(cells, of: batch, fields) else {
                    if cells.contains(where: { fields.links[Int($0.field)] && !$0.isPlaceholder }) {
                        nameless.append(index)
                    }
                    continue
                }
                guard state.places.count < VisitNames.limit else { continue }
                for cell in cells where fields.links[Int(cell.field)] && !cell.isPlaceholder {
                    let key = VisitNames.key(cell.field, batch.type.fileType, batch.text(of: cell))
                    guard state.places[key] == nil else { continue }
                    state.places[key] = state.bytes.count..<state.bytes.count + name.count
                    state.bytes += name
                }
            }
            return nameless
        }
    }

    /// Where a row has no name, adds those that others gave for the same visit or person.
    func complete(
        _ identifiers: inout RowIdentifiers, _ cells: ArraySlice<CheckedCell>, of batch: CheckedBatch, _ fields: Fields
    ) {
        guard name(cells, of: batch, fields) == nil else { return }
        for cell in cells where fields.links[Int(cell.field)] && !cell.isPlaceholder {
            let key = VisitNames.key(cell.field, batch.type.fileType, batch.text(of: cell))
            let found = state.withLock { state in state.places[key].map { Array(state.bytes[$0]) } }
            if let found { identifiers.add(found[...]) }
        }
    }

    private static func key(_ field: some BinaryInteger, _ type: FileType, _ value: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(type.fields[Int(field)].name)
        value.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
