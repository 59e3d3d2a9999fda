import SurveillanceKit
import Validation

/// The names that rows of one package gave for a visit or a person, for those of its other rows whose name is `-`.
///
/// What a row names counts for the rows after it: parents are checked before their children. The first 200,000 visits of a package are
/// remembered, so that memory does not grow with it.
public final class VisitNames {
    private static let limit = 200_000
    private var places: [Int: Range<Int>] = [:]
    private var bytes: [UInt8] = []

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

    /// Remembers the names that a row has; where it has none, adds those that others gave for the same visit or person.
    func complete(
        _ identifiers: inout RowIdentifiers, _ cells: ArraySlice<CheckedCell>, of batch: CheckedBatch, _ fields: Fields
    ) {
        var name: ArraySlice<UInt8>?
        for cell in cells where fields.names[Int(cell.field)] && !cell.isPlaceholder && cell.textCount >= 4 {
            name = batch.text(of: cell)
            break
        }
        for cell in cells where fields.links[Int(cell.field)] && !cell.isPlaceholder {
            let key = VisitNames.key(cell.field, batch.type.fileType, batch.text(of: cell))
            if let name {
                guard places.count < VisitNames.limit, places[key] == nil else { continue }
                places[key] = bytes.count..<bytes.count + name.count
                bytes += name
            } else if let place = places[key] {
                identifiers.add(bytes[place])
            }
        }
    }

    private static func key(_ field: some BinaryInteger, _ type: FileType, _ value: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(type.fields[Int(field)].name)
        value.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
