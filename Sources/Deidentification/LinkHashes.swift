public import ShangMi
public import SurveillanceKit

/// Hashes the stored values by which children look for their parents, where these are not the parents' primary key.
///
/// Of stored values rather than of those that came: so records are found that were stored by an earlier version as well.
public struct LinkHashes: Sendable {
    private let keys: [SipHash.Key]

    /// - Parameter sets: the sets of fields, as `Program.lookups(of:)` gives them.
    public init(_ program: Program, _ fileType: FileType, institution: String, key: SymmetricKey) throws(ShangMiError) {
        var keys: [SipHash.Key] = []
        for set in program.lookups(of: fileType) {
            keys.append(
                try RowHashes.derive("record-link", [program.id, fileType.id, institution] + set, from: key))
        }
        self.keys = keys
    }

    /// - Parameters:
    ///   - set: the place of the set among the file type's.
    ///   - values: in the order of its fields.
    public func key(set: Int, of values: [StoredValue]) -> RecordKey {
        var hash = SipHash(keys[set])
        for value in values {
            switch value {
            case .text(let bytes):
                hash.combine(UInt64(bytes.count) | 1 &<< 63)
                bytes.withUnsafeBytes { hash.combine($0) }
            case .integer(let number):
                hash.combine(1)
                hash.combine(UInt64(bitPattern: number))
            case .number(let number):
                hash.combine(2)
                hash.combine(number.bitPattern)
            }
        }
        let (first, second) = hash.finish()
        return RecordKey(high: Int64(bitPattern: first), low: Int64(second & 0xFFFF_FFFF))
    }
}

extension Program {
    /// The sets of fields, other than the primary key, by which children look for records of a file type.
    public func lookups(of fileType: FileType) -> [[String]] {
        var sets: [[String]] = []
        for link in fileTypes.flatMap(\.foreignKeys).flatMap(\.links) where link.fileType == fileType.id {
            let isKey = Set(link.parentFields) == Set(fileType.primaryKey)
            if !isKey, !sets.contains(link.parentFields) { sets.append(link.parentFields) }
        }
        return sets
    }
}
