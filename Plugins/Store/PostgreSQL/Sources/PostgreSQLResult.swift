import CPQ
import Database

/// A row, or several of which one is read, as libpq keeps them, in binary form; freed with the value.
final class PostgreSQLResult {
    private let handle: OpaquePointer
    /// The row that is read, counted from 0.
    var number: Int32 = 0
    var count: Int32 { PQntuples(handle) }

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { PQclear(handle) }

    func isNull(_ column: Int) -> Bool { PQgetisnull(handle, number, Int32(column)) != 0 }

    /// The bytes as the server sent them; theirs is the life of the row.
    func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        let count = Int(PQgetlength(handle, number, Int32(column)))
        guard count > 0, let start = PQgetvalue(handle, number, Int32(column)) else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(start: start, count: count).bindMemory(to: UInt8.self)
    }

    func value(_ column: Int, type: Oid) -> SQLValue {
        guard !isNull(column) else { return .null }
        let bytes = bytes(column)
        return switch type {
        case PostgreSQLType.int8, PostgreSQLType.int4, PostgreSQLType.int2: .integer(Self.integer(bytes))
        case PostgreSQLType.float8: .real(Double(bitPattern: UInt64(bitPattern: Self.integer(bytes))))
        case PostgreSQLType.float4: .real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: Self.integer(bytes)))))
        case PostgreSQLType.bool: .integer(bytes.first == 0 ? 0 : 1)
        case PostgreSQLType.bytea: .blob(Array(bytes))
        case PostgreSQLType.numeric: Self.numeric(bytes)
        default: .text(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// Big-endian, signed, of two, four or eight bytes.
    private static func integer(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64 {
        let bits = bytes.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        let unused = 64 - bytes.count * 8
        return unused > 0 ? Int64(bitPattern: bits << UInt64(unused)) >> Int64(unused) : Int64(bitPattern: bits)
    }

    /// What `sum` of BIGINT answers: an integer where it is one and fits.
    ///
    /// Source: PostgreSQL 15, src/backend/utils/adt/numeric.c, `numeric_send`: digits of base 10,000.
    private static func numeric(_ bytes: UnsafeBufferPointer<UInt8>) -> SQLValue {
        func word(_ index: Int) -> Int {
            index * 2 + 1 < bytes.count ? Int(bytes[index * 2]) << 8 | Int(bytes[index * 2 + 1]) : 0
        }
        let (count, isNegative) = (word(0), word(2) == 0x4000)
        let weight = Int(Int16(truncatingIfNeeded: word(1)))
        guard word(2) != 0xC000 else { return .null }
        var number = 0.0
        var whole: Int64? = 0
        for index in 0..<max(count, weight + 1) {
            let digit = index < count ? word(4 + index) : 0
            if index <= weight {
                whole = whole.flatMap { value in
                    let (shifted, isOver) = value.multipliedReportingOverflow(by: 10_000)
                    let (sum, isMore) = shifted.subtractingReportingOverflow(Int64(digit))
                    return isOver || isMore ? nil : sum
                }
                number = number * 10_000 + Double(digit)
            } else {
                if digit != 0 { whole = nil }
                var part = Double(digit)
                for _ in weight..<index { part /= 10_000 }
                number += part
            }
        }
        // Counted below zero, where one more number fits.
        if let whole, isNegative || whole != .min { return .integer(isNegative ? whole : -whole) }
        return .real(isNegative ? -number : number)
    }
}

/// Types of PostgreSQL by number. Source: PostgreSQL 15, src/include/catalog/pg_type.dat.
enum PostgreSQLType {
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let name: Oid = 19
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let unknown: Oid = 705
    static let bpchar: Oid = 1042
    static let varchar: Oid = 1043
    static let numeric: Oid = 1700

    static func isText(_ type: Oid) -> Bool { [text, varchar, bpchar, name, unknown].contains(type) }
}
