import ShangMi
public import SurveillanceKit

/// The keys under which records were found before keys were hashed as they came: 12 bytes of SM3 over the stored values of the primary
/// key. Records that an earlier version stored are known by these until they come again.
public enum EarlierKeys {
    /// - Parameter bytes: the 16 bytes that stood in the column `_key`.
    public static func key(stored bytes: [UInt8]) -> RecordKey? {
        guard bytes.count >= 12 else { return nil }
        return bytes.withUnsafeBytes { bytes in
            RecordKey(
                high: bytes.loadUnaligned(as: Int64.self),
                low: Int64(bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
        }
    }

    /// - Parameter values: the primary key's fields by their place in the file type, ascending; blank ones left out.
    public static func key(of values: [(field: Int, value: StoredValue)]) -> RecordKey? {
        var message: [UInt8] = []
        func append(_ number: UInt64) { withUnsafeBytes(of: number.littleEndian) { message.append(contentsOf: $0) } }
        for (field, value) in values {
            append(UInt64(field))
            switch value {
            case .text(let text):
                append(UInt64(text.count))
                message += text
            case .integer(let number): append(UInt64(bitPattern: number))
            case .number(let number): append(number.bitPattern)
            }
        }
        return key(stored: Array(SM3.digest(message).bytes.prefix(16)))
    }
}
