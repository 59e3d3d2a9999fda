import SurveillanceKit

/// The keys of a package's files, by which rows find their parents.
public struct PackageKeys {
    /// For each file type the key sets of each of its files.
    private var files: [String: [[Int: KeyIndex]]] = [:]

    public init() {}

    mutating func add(_ keys: [Int: KeyIndex], of type: CompiledFileType) { files[type.id, default: []].append(keys) }

    /// Whether a row with the key stands in any file of the type.
    func membership(of key: KeyHash, in fileType: String, set: Int) -> KeyIndex.Membership {
        var found = KeyIndex.Membership.absent
        for keys in files[fileType] ?? [] {
            switch keys[set]?.membership(of: key) ?? .absent {
            case .standing: return .standing
            case .rejected(let row): found = .rejected(row: row)
            case .absent: break
            }
        }
        return found
    }
}
