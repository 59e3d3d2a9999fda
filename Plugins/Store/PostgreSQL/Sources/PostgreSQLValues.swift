import CPQ
import Database

/// Parameters in the form in which they are sent: binary where the server's type has one of ours, otherwise as text.
struct PostgreSQLValues {
    private var bytes: [UInt8] = []
    /// Where each begins, how long it is and in which format; nil for null.
    private var places: [(start: Int, count: Int, format: Int32)?] = []

    init(count: Int) {
        bytes.reserveCapacity(count * 16)
        places.reserveCapacity(count)
    }

    mutating func appendNull() { places.append(nil) }

    mutating func append(_ number: Int64, _ type: Oid) throws {
        switch type {
        case PostgreSQLType.int8: append(bits: UInt64(bitPattern: number), width: 8)
        case PostgreSQLType.int4 where Int32(exactly: number) != nil: append(bits: UInt64(bitPattern: number), width: 4)
        case PostgreSQLType.float8: append(bits: Double(number).bitPattern, width: 8)
        case PostgreSQLType.bytea: throw DatabaseError.invalidSQL("a number is given where the table has bytes")
        default: append(words: String(number))
        }
    }

    mutating func append(_ number: Double, _ type: Oid) throws {
        switch type {
        case PostgreSQLType.float8: append(bits: number.bitPattern, width: 8)
        case PostgreSQLType.bytea: throw DatabaseError.invalidSQL("a number is given where the table has bytes")
        default: append(words: String(number))
        }
    }

    mutating func append(text: UnsafeBufferPointer<UInt8>, _ type: Oid) throws {
        // The server's text ends at NUL, or is refused with it; nothing is cut off without a word.
        if text.contains(0) { throw DatabaseError.encoding(detail: "NUL in a text") }
        if PostgreSQLType.isText(type) {
            append(text, format: 1)
        } else if type == PostgreSQLType.bytea {
            throw DatabaseError.invalidSQL("text is given where the table has bytes")
        } else {
            append(words: String(decoding: text, as: UTF8.self))
        }
    }

    mutating func append(blob: UnsafeBufferPointer<UInt8>, _ type: Oid) throws {
        guard type == PostgreSQLType.bytea else {
            throw DatabaseError.invalidSQL("bytes are given where the table has none")
        }
        append(blob, format: 1)
    }

    /// An array of BIGINT. Source: PostgreSQL 15, src/backend/utils/adt/arrayfuncs.c, `array_recv`.
    mutating func append(_ numbers: [Int64]) {
        let start = bytes.count
        bytes.reserveCapacity(start + 20 + numbers.count * 12)
        func put(_ number: some FixedWidthInteger) {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        // One dimension, no nulls, the type, how many, the first one's number.
        for number in [1, 0, Int32(bitPattern: PostgreSQLType.int8), Int32(numbers.count), 1] { put(number) }
        for number in numbers {
            put(Int32(8))
            put(number)
        }
        places.append((start, bytes.count - start, 1))
    }

    private mutating func append(_ value: UnsafeBufferPointer<UInt8>, format: Int32) {
        places.append((bytes.count, value.count, format))
        bytes += value
    }

    private mutating func append(bits: UInt64, width: Int) {
        places.append((bytes.count, width, 1))
        for shift in stride(from: (width - 1) * 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
    }

    /// In text format a value ends with NUL.
    private mutating func append(words: String) {
        places.append((bytes.count, words.utf8.count, 0))
        bytes += words.utf8
        bytes.append(0)
    }

    func withPointers<T>(
        _ body: (_ values: [UnsafePointer<CChar>?], _ lengths: [Int32], _ formats: [Int32]) -> T
    ) -> T {
        // One byte more, so that an empty value too has an address: without one it would be null.
        (bytes + [0]).withUnsafeBytes { all in
            body(
                places.map { place in
                    place.flatMap { all.baseAddress?.advanced(by: $0.start).assumingMemoryBound(to: CChar.self) }
                }, places.map { Int32($0?.count ?? 0) }, places.map { $0?.format ?? 0 })
        }
    }
}
