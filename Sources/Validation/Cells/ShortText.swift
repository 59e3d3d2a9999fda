/// Up to eight bytes in one register, where comparing and taking digits apart cost a few instructions.
enum ShortText {
    /// The first eight bytes, or all of fewer with zeros behind them, the first lowest. Reads nothing beyond the text.
    @inline(__always)
    static func word(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard let start = text.baseAddress else { return 0 }
        let count = text.count
        if count >= 8 { return load(start) }
        // Two loads that overlap cover any length without a loop.
        let bytes = UnsafeRawPointer(start)
        if count >= 4 {
            let low = UInt64(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
            let high = UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)))
            return low | high &<< UInt64(truncatingIfNeeded: (count &- 4) &* 8)
        }
        if count >= 2 {
            let low = UInt64(UInt16(littleEndian: bytes.loadUnaligned(as: UInt16.self)))
            let high = UInt64(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: count &- 2, as: UInt16.self)))
            return low | high &<< UInt64(truncatingIfNeeded: (count &- 2) &* 8)
        }
        return count == 1 ? UInt64(start[0]) : 0
    }

    /// Eight bytes that are there, the first lowest.
    @inline(__always)
    static func load(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
    }

    /// The three numbers of a word such as `26-03-05`: pairs of digits with a separator between; nil for any other word.
    @inline(__always)
    static func pairs(_ word: UInt64, parted separator: UInt64) -> (Int, Int, Int)? {
        // Digits become 0 to 9 and separators 0; adding then sets the high bit of every byte that is neither.
        let digits = word ^ (0x3030_0030_3000_3030 | separator &<< 16 | separator &<< 40)
        let excess = ((digits & low7) &+ 0x7676_7F76_767F_7676) | digits
        guard excess & ~low7 == 0 else { return nil }
        let numbers = digits &* 10 &+ digits &>> 8
        return (Int(numbers & 0xFF), Int(numbers &>> 24 & 0xFF), Int(numbers &>> 48 & 0xFF))
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let low7: UInt64 = 0x7F7F_7F7F_7F7F_7F7F

    /// The high bit of each byte of a word that is the one given.
    @inline(__always)
    static func mark(_ byte: UInt64, in word: UInt64) -> UInt64 {
        let difference = word ^ byte &* ones
        return ~(((difference & low7) &+ low7) | difference) & ~low7
    }

    /// The values 0 to 9 of a word's lowest bytes; nil where one of them is no digit.
    @inline(__always)
    static func digits(_ word: UInt64, bits: UInt64) -> UInt64? {
        let present = UInt64.max &>> (64 &- bits)
        let values = (word ^ 0x30 &* ones) & present
        return (((values & low7) &+ 0x76 &* ones) | values) & ~low7 == 0 ? values : nil
    }

    /// The number that eight values 0 to 9 make, the first in the lowest byte.
    ///
    /// Source: D. Lemire, "Quickly parsing eight digits" (2018).
    @inline(__always)
    static func number(_ values: UInt64) -> UInt64 {
        let pairs = values &* 10 &+ values &>> 8
        let high = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        let low = (pairs &>> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
        return (high &+ low) &>> 32
    }
}
