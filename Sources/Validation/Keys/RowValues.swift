import Expressions

/// Four bytes for a value, kept so that a child's can be compared with its parent's.
///
/// Two different values are taken for the same once in four thousand million comparisons; the seeds are drawn for each run.
enum ValueHash {
    /// Stands for a value that cannot be compared: blank, a placeholder, unreadable.
    static let unknown: UInt32 = 0

    static func of(_ code: String, _ seed: KeySeed) -> UInt32 {
        var code = code
        return code.withUTF8 { text in
            var hasher = KeyHasher(seed: seed)
            hasher.combine(text)
            return shortened(hasher)
        }
    }

    @inline(__always)
    static func of(_ cell: UnsafePointer<Cell>, isText: Bool, _ seed: KeySeed) -> UInt32 {
        guard cell.pointee.state == .value else { return unknown }
        var hasher = KeyHasher(seed: seed)
        if isText { hasher.combine(cell.pointee.text) } else { hasher.combine(cell.pointee.bits) }
        return shortened(hasher)
    }

    @inline(__always)
    private static func shortened(_ hasher: KeyHasher) -> UInt32 {
        max(UInt32(truncatingIfNeeded: hasher.finish().low), 1)
    }
}

/// Hashes those values of a row that rules about parents compare: what children ask of it, then what it holds against its own parents.
struct RowValues {
    private let seed: KeySeed
    private let fields: [(index: Int, isText: Bool)]

    /// How many values a row has; none where nobody asks and it does not ask itself.
    var count: Int { fields.count }

    /// - Parameter comparedSets: the key sets, among all that are kept, of which children in the package ask values.
    init(type: CompiledFileType, keySets: [Int], comparedSets: Set<Int>, seed: KeySeed) {
        self.seed = seed
        let asked = keySets.flatMap { comparedSets.contains($0) ? type.comparedFields[$0] : [] }
        let own = type.foreignKeys.flatMap(\.links).flatMap(\.rules).compactMap(\.field)
        fields = (asked + own).map { ($0, type.fields[$0].check.kind.isText) }
    }

    func append(_ cells: UnsafePointer<Cell>, to values: inout [UInt32]) {
        for field in fields { values.append(ValueHash.of(cells + field.index, isText: field.isText, seed)) }
    }

    func appendUnknown(to values: inout [UInt32]) {
        for _ in fields { values.append(ValueHash.unknown) }
    }
}
