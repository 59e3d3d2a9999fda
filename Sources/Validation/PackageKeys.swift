import SurveillanceKit

/// The keys of a package's files, by which rows find their parents.
public struct PackageKeys {
    /// For each file type the key sets of each of its files.
    private var files: [String: [[Int: KeyIndex]]] = [:]

    public init() {}

    mutating func add(_ keys: [Int: KeyIndex], of type: CompiledFileType) { files[type.id, default: []].append(keys) }

    /// The keys of all files of a type, in one of its key sets.
    func indexes(of fileType: String, set: Int) -> [KeyIndex] { (files[fileType] ?? []).compactMap { $0[set] } }
}

extension [KeyIndex] {
    /// Whether a row with the key stands in any of the files.
    func membership(of key: KeyHash) -> KeyIndex.Membership {
        var found = KeyIndex.Membership.absent
        for index in self {
            switch index.membership(of: key) {
            case .standing: return .standing
            case .rejected(let row): found = .rejected(row: row)
            case .absent: break
            }
        }
        return found
    }

    /// A value of the row that stands under the key; unknown where rows of several files disagree.
    func value(_ place: Int, of key: KeyHash) -> UInt32 {
        var found: UInt32?
        for index in self where index.membership(of: key) == .standing {
            let value = index.value(place, of: key)
            if let found, found != value { return ValueHash.unknown }
            found = value
        }
        return found ?? ValueHash.unknown
    }
}
