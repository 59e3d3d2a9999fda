import CVector

/// Copies bytes below 0x80, many at a time: most of every report, whatever its charset.
enum ASCIIRun {
    static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Copies up to the first byte of 0x80 or above, or to the end of either side, and returns how many were copied.
    ///
    /// Unsafe for speed; up to 16 bytes behind the run are overwritten, never beyond the output's end.
    @inline(__always)
    static func copy(
        _ input: UnsafePointer<UInt8>, to output: UnsafeMutablePointer<UInt8>, count: Int
    ) -> Int {
        let source = UnsafeRawPointer(input)
        let target = UnsafeMutableRawPointer(output)
        var done = 0
        #if arch(x86_64)
            while done &+ 16 <= count {
                let vector = source.loadUnaligned(fromByteOffset: done, as: __m128i.self)
                target.storeBytes(of: vector, toByteOffset: done, as: __m128i.self)
                let high = _mm_movemask_epi8(vector)
                guard high == 0 else { return done &+ high.trailingZeroBitCount }
                done &+= 16
            }
        #endif
        while done &+ 8 <= count {
            let word = source.loadUnaligned(fromByteOffset: done, as: UInt64.self)
            target.storeBytes(of: word, toByteOffset: done, as: UInt64.self)
            let high = word & highBits
            guard high == 0 else { return done &+ (UInt64(littleEndian: high).trailingZeroBitCount &>> 3) }
            done &+= 8
        }
        while done < count, input[done] < 0x80 {
            output[done] = input[done]
            done &+= 1
        }
        return done
    }

    /// How many bytes there are before the first of 0x80 or above.
    static func length(of bytes: UnsafeRawBufferPointer) -> Int {
        var done = 0
        while done &+ 8 <= bytes.count {
            let high = bytes.loadUnaligned(fromByteOffset: done, as: UInt64.self) & highBits
            guard high == 0 else { return done &+ (UInt64(littleEndian: high).trailingZeroBitCount &>> 3) }
            done &+= 8
        }
        while done < bytes.count, bytes[done] < 0x80 { done &+= 1 }
        return done
    }
}
