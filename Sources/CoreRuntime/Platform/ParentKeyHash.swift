import Deidentification
import SurveillanceKit

/// Eight bytes for the key of a parent as the line list has it, the same in every run.
///
/// Two different parents have the same hash once in 10¹⁹ pairs; a submission is then checked again for nothing.
enum ParentKeyHash {
    static func of(program: String, fileType: String, fields: [String], values: [StoredValue]) -> UInt64 {
        var hash = FNV()
        for name in [program, fileType] + fields { hash.add(Array(name.utf8)) }
        for value in values {
            switch value {
            case .text(let text): hash.add(text)
            case .integer(let number): hash.add(UInt64(bitPattern: number))
            case .number(let number): hash.add(number.bitPattern)
            }
        }
        return hash.bits
    }

    /// FNV-1a, 64 bits.
    private struct FNV {
        var bits: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func add(_ bytes: [UInt8]) {
            for byte in bytes { bits = (bits ^ UInt64(byte)) &* 0x100_0000_01b3 }
            // UTF-8 has no such byte, so that what follows cannot be taken for a part of it.
            bits = (bits ^ 0xFF) &* 0x100_0000_01b3
        }

        mutating func add(_ number: UInt64) {
            add((0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64($0 * 8)) })
        }
    }
}

extension DeidentifiedBatch {
    /// The hash of a row's key in some of its fields; nil where one of them is empty.
    func parentKeyHash(of row: Row, by fields: [Int]) -> UInt64? {
        var values: [StoredValue] = []
        for field in fields {
            guard let index = row.cells.first(where: { Int(cells[Int($0)].field) == field }) else { return nil }
            values.append(value(of: cells[Int(index)]))
        }
        return ParentKeyHash.of(
            program: program.id, fileType: fileType.id, fields: fields.map { fileType.fields[$0].name }, values: values)
    }
}
