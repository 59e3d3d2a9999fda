import ShangMi
import SurveillanceKit
import Validation

/// What a row is known by before it is de-identified.
public struct RowIdentity: Hashable, Sendable {
    /// Tells its record from others.
    public var key: RecordKey
    /// Tells whether anything in the row is another than last time; never 0.
    public var content: Int64
}

/// Hashes rows as they came, names included, so that a row that was stored before is known again without de-identifying it.
///
/// The keys are derived from the pseudonym key, which lies apart from the database, for one institution, program and file type. The
/// content's key names the program's version and the rules of de-identification as well: where either changes, every row is taken for
/// a changed one and de-identified anew.
public struct RowHashes: Sendable {
    private let keyKey: SipHash.Key
    private let contentKey: SipHash.Key
    /// By field: whether it is text, and whether it belongs to the key.
    private let isText: [Bool]
    private let isKey: [Bool]
    private let primaryKey: [(name: String, field: Int)]

    /// Changed with every change of what is stored of a row.
    private static let rules = "1"

    public init(_ type: CompiledFileType, institution: String, key: SymmetricKey) throws(ShangMiError) {
        let (program, fileType) = (type.program, type.fileType)
        keyKey = try RowHashes.derive("record-key", [program.id, fileType.id, institution], from: key)
        contentKey = try RowHashes.derive(
            "record-content", [program.id, fileType.id, institution, program.version, RowHashes.rules], from: key)
        isText = fileType.fields.map { $0.type == .string }
        let names = Set(fileType.primaryKey)
        // Without a key of its own all that a row holds is its key.
        isKey = fileType.fields.map { names.isEmpty || names.contains($0.name) }
        primaryKey = fileType.primaryKey.compactMap { name in fileType.fieldIndex(name).map { (name, $0) } }
            .sorted { $0.field < $1.field }
    }

    static func derive(
        _ purpose: String, _ names: [String], from key: SymmetricKey
    ) throws(ShangMiError) -> SipHash.Key {
        let message: [UInt8] = ([purpose] + names).flatMap { Array($0.utf8) + [UInt8(0)] }
        let code = try HMACSM3.code(message, key: key)
        return code.withUnsafeBytes { bytes in
            SipHash.Key(
                first: bytes.loadUnaligned(as: UInt64.self),
                second: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
    }

    /// What each row of a batch is known by, in its order.
    public func identities(of batch: CheckedBatch) -> [RowIdentity] {
        batch.text.withUnsafeBytes { text in
            batch.cells.withUnsafeBufferPointer { cells in
                isText.withUnsafeBufferPointer { isText in
                    isKey.withUnsafeBufferPointer { isKey in
                        batch.rows.map { row in
                            var key = SipHash(keyKey)
                            var content = SipHash(contentKey)
                            for index in row.cells {
                                let cell = cells[index]
                                let field = Int(cell.field)
                                if cell.isPlaceholder {
                                    content.combine(UInt64(cell.field) | 1 &<< 63)
                                    continue
                                }
                                if isText[field] {
                                    let bytes = UnsafeRawBufferPointer(
                                        rebasing: text[Int(cell.textStart)..<Int(cell.textStart &+ cell.textCount)])
                                    let head = UInt64(cell.field) | UInt64(cell.textCount) &<< 16
                                    content.combine(head)
                                    content.combine(bytes)
                                    if isKey[field] {
                                        key.combine(head)
                                        key.combine(bytes)
                                    }
                                } else {
                                    content.combine(UInt64(cell.field) | 1 &<< 62)
                                    content.combine(cell.bits)
                                    if isKey[field] {
                                        key.combine(UInt64(cell.field) | 1 &<< 62)
                                        key.combine(cell.bits)
                                    }
                                }
                            }
                            let hash = Int64(bitPattern: content.finish().first)
                            return RowIdentity(key: RowHashes.key(&key), content: hash == 0 ? 1 : hash)
                        }
                    }
                }
            }
        }
    }

    /// The key of the record whose primary key holds some values; nil where the fields are not the primary key.
    public func key(of values: [ParentKey.Value], in fields: [String]) -> RecordKey? {
        guard fields.count == primaryKey.count, values.count == fields.count else { return nil }
        var hash = SipHash(keyKey)
        for (name, field) in primaryKey {
            guard let place = fields.firstIndex(of: name) else { return nil }
            switch values[place] {
            case .text(var text):
                guard isText[field] else { return nil }
                text.withUTF8 { bytes in
                    hash.combine(UInt64(field) | UInt64(bytes.count) &<< 16)
                    hash.combine(UnsafeRawBufferPointer(bytes))
                }
            case .bits(let bits):
                guard !isText[field] else { return nil }
                hash.combine(UInt64(field) | 1 &<< 62)
                hash.combine(bits)
            }
        }
        return RowHashes.key(&hash)
    }

    @inline(__always)
    private static func key(_ hash: inout SipHash) -> RecordKey {
        let (first, second) = hash.finish()
        return RecordKey(high: Int64(bitPattern: first), low: Int64(second & 0xFFFF_FFFF))
    }
}
