public import ShangMi
public import SurveillanceKit
public import Validation

/// What a row is known by before it is de-identified.
public struct RowIdentity: Hashable, Sendable {
    /// Tells its record from others.
    public var key: RecordKey
    /// Tells whether anything in the row is another than last time: 48 bits, as a signed number; never 0.
    public var content: Int64
}

/// Hashes rows as they came, names included, so that a row that was stored before is known again without de-identifying it.
///
/// The keys are derived from the pseudonym key, which lies apart from the database, for one institution, program and file type. The
/// content's key names the program's version, what becomes of each field, and the rules of de-identification as well: where any of them
/// changes, every row is taken for a changed one and de-identified anew. A record's key names its fields and not their places, so a later
/// version of a program may move them.
public struct RowHashes: Sendable {
    private let keyKey: SipHash.Key
    private let contentKey: SipHash.Key
    /// By field: whether it is text, and its place among those of the key, or -1.
    private let isText: [Bool]
    private let keyPlaces: [Int]
    /// The key's fields by name, each with what it is called in the hash.
    private let keyFields: [(name: String, field: Int, tag: UInt64)]

    public init(_ type: CompiledFileType, institution: String, key: SymmetricKey) throws(ShangMiError) {
        let (program, fileType) = (type.program, type.fileType)
        let keyKey = try RowHashes.derive("record-key", [program.id, fileType.id, institution], from: key)
        self.keyKey = keyKey
        contentKey = try RowHashes.derive(
            "record-content",
            [
                program.id, fileType.id, institution, program.version, RulesText.digest,
                RulesText.of(fileType, in: program),
            ],
            from: key)
        isText = fileType.storedFields.map { $0.type == .string }
        // Without a key of its own all that a row holds is its key.
        let names = fileType.primaryKey.isEmpty ? fileType.fields.map(\.name) : fileType.primaryKey
        keyFields = names.sorted().compactMap { name in
            fileType.fieldIndex(name).map { (name, $0, RowHashes.tag(name, keyKey)) }
        }
        var places = [Int](repeating: -1, count: isText.count)
        for (place, entry) in keyFields.enumerated() { places[entry.field] = place }
        keyPlaces = places
    }

    private static func tag(_ name: String, _ key: SipHash.Key) -> UInt64 {
        var hash = SipHash(key)
        Array(name.utf8).withUnsafeBytes { hash.combine($0) }
        return hash.finish().first
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
    ///
    /// Its content is hashed from its bytes as they came and from what was made of them: values that are no texts, and texts that were read
    /// otherwise than they stand. A row in other columns or with other quotes is taken for a changed one, at no harm but its cost.
    public func identities(of batch: CheckedBatch) -> [RowIdentity] {
        var begun = SipHash(short: contentKey)
        for field in batch.columns { begun.combine(UInt64(bitPattern: Int64(field))) }
        // For each field of the key its cell in the row under way, -1 for none.
        var keyCells = [Int](repeating: -1, count: keyFields.count)
        return batch.text.withUnsafeBytes { text in
            batch.cells.withUnsafeBufferPointer { cells in
                isText.withUnsafeBufferPointer { isText in
                    keyPlaces.withUnsafeBufferPointer { keyPlaces in
                        batch.rows.map { row in
                            var content = begun
                            content.combine(UInt64(row.firstColumn) | UInt64(row.source.count) &<< 32)
                            content.combine(UnsafeRawBufferPointer(rebasing: text[row.source]))
                            for index in row.cells {
                                let cell = cells[index]
                                let field = Int(cell.field)
                                if cell.isPlaceholder {
                                    content.combine(UInt64(cell.field) | 1 &<< 63)
                                    continue
                                }
                                if !isText[field] {
                                    content.combine(cell.bits)
                                } else if Int(cell.textStart) >= batch.sourceCount {
                                    content.combine(UInt64(cell.field) | UInt64(cell.textCount) &<< 16)
                                    content.combine(RowHashes.bytes(of: cell, in: text))
                                }
                                if keyPlaces[field] >= 0 { keyCells[keyPlaces[field]] = index }
                            }
                            let key = key(of: &keyCells, cells, text)
                            // 48 bits: a database holds them in six bytes, and one changed row in 10^14 would pass for an unchanged one.
                            let hash = Int64(bitPattern: content.finishShort()) >> 16
                            return RowIdentity(key: key, content: hash == 0 ? 1 : hash)
                        }
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func bytes(of cell: CheckedCell, in text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: text[Int(cell.textStart)..<Int(cell.textStart &+ cell.textCount)])
    }

    /// Hashes the cells of the key, and forgets them for the next row.
    @inline(__always)
    private func key(
        of keyCells: inout [Int], _ cells: UnsafeBufferPointer<CheckedCell>, _ text: UnsafeRawBufferPointer
    ) -> RecordKey {
        var hash = SipHash(keyKey)
        for place in keyCells.indices where keyCells[place] >= 0 {
            let cell = cells[keyCells[place]]
            keyCells[place] = -1
            hash.combine(keyFields[place].tag)
            if isText[Int(cell.field)] {
                hash.combine(UInt64(cell.textCount))
                hash.combine(RowHashes.bytes(of: cell, in: text))
            } else {
                hash.combine(cell.bits)
            }
        }
        return RowHashes.key(&hash)
    }

    /// The key of the record whose primary key holds some values; nil where the fields are not the primary key.
    public func key(of values: [ParentKey.Value], in fields: [String]) -> RecordKey? {
        guard fields.count == keyFields.count, values.count == fields.count else { return nil }
        var hash = SipHash(keyKey)
        for (name, field, tag) in keyFields {
            guard let place = fields.firstIndex(of: name) else { return nil }
            hash.combine(tag)
            switch values[place] {
            case .text(var text):
                guard isText[field] else { return nil }
                text.withUTF8 { bytes in
                    hash.combine(UInt64(bytes.count))
                    hash.combine(UnsafeRawBufferPointer(bytes))
                }
            case .bits(let bits):
                guard !isText[field] else { return nil }
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
