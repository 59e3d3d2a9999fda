/// Turns UTF-16 into UTF-8. A surrogate without its twin, or an odd last byte, is a fault.
enum UTF16Decoding {
    static func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, isLast: Bool, isBigEndian: Bool
    ) -> DecodingStep {
        var read = 0
        var written = 0
        func unit(at offset: Int) -> UInt32 {
            let value = input.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
            return UInt32(isBigEndian ? UInt16(bigEndian: value) : UInt16(littleEndian: value))
        }
        func step(_ stop: DecodingStep.Stop) -> DecodingStep {
            DecodingStep(consumed: read, produced: written, stop: stop)
        }
        // Four units below U+0080 at once: the bits that must be clear, and the shift to the byte that counts.
        let high: UInt64 = isBigEndian ? UInt64(bigEndian: 0xFF80_FF80_FF80_FF80) : 0xFF80_FF80_FF80_FF80
        while read &+ 2 <= input.count {
            while read &+ 8 <= input.count, written &+ 4 <= output.count {
                let units = input.loadUnaligned(fromByteOffset: read, as: UInt64.self)
                guard units & high == 0 else { break }
                let word = isBigEndian ? units &>> 8 : units
                // 00dd 00cc 00bb 00aa → ddcc bbaa
                let pairs = (word | word &>> 8) & 0x0000_FFFF_0000_FFFF
                output.storeBytes(
                    of: UInt32(truncatingIfNeeded: pairs | pairs &>> 16), toByteOffset: written, as: UInt32.self)
                read &+= 8
                written &+= 4
            }
            guard read &+ 2 <= input.count else { break }
            var scalar = unit(at: read)
            var length = 2
            if scalar & 0xF800 == 0xD800 {
                guard scalar < 0xDC00 else { return step(.fault(length: 2)) }
                guard read &+ 4 <= input.count else {
                    return isLast ? step(.fault(length: 2)) : step(.needsInput)
                }
                let low = unit(at: read &+ 2)
                guard low & 0xFC00 == 0xDC00 else { return step(.fault(length: 2)) }
                scalar = 0x10000 &+ (scalar & 0x3FF) << 10 &+ low & 0x3FF
                length = 4
            }
            let packed = PackedUTF8(scalar)
            guard written &+ packed.length <= output.count else { return step(.needsRoom) }
            packed.store(in: output, at: written)
            written &+= packed.length
            read &+= length
        }
        return read < input.count && isLast ? step(.fault(length: 1)) : step(.needsInput)
    }
}
