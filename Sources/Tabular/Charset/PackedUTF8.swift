/// A character's one to four bytes of UTF-8, the first in the lowest byte; 0 stands for none.
struct PackedUTF8 {
    let bytes: UInt32

    init(bytes: UInt32) { self.bytes = bytes }

    /// - Parameter scalar: a Unicode scalar value, no surrogate.
    @inline(__always)
    init(_ scalar: UInt32) {
        switch scalar {
        case 0..<0x80: bytes = scalar
        case 0x80..<0x800: bytes = 0x80C0 | scalar >> 6 | (scalar & 0x3F) << 8
        case 0x800..<0x10000:
            bytes = 0x8080E0 | scalar >> 12 | (scalar >> 6 & 0x3F) << 8 | (scalar & 0x3F) << 16
        default:
            bytes =
                0x8080_80F0 | scalar >> 18 | (scalar >> 12 & 0x3F) << 8 | (scalar >> 6 & 0x3F) << 16
                | (scalar & 0x3F) << 24
        }
    }

    /// At least 1: a zero byte is a character too.
    @inline(__always)
    var length: Int { max(1, (39 &- bytes.leadingZeroBitCount) &>> 3) }

    @inline(__always)
    func store(in output: UnsafeMutableRawBufferPointer, at offset: Int) {
        if offset &+ 4 <= output.count {
            output.storeBytes(of: bytes.littleEndian, toByteOffset: offset, as: UInt32.self)
        } else {
            for index in 0..<length {
                output[offset &+ index] = UInt8(truncatingIfNeeded: bytes &>> (8 &* UInt32(index)))
            }
        }
    }
}
