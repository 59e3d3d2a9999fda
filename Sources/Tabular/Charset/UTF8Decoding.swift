/// Copies UTF-8 while it is valid.
///
/// Source: The Unicode Standard, table 3-7 (well-formed byte sequences), and 3.9, "U+FFFD Substitution of Maximal
/// Subparts".
enum UTF8Decoding {
    static func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, isLast: Bool
    ) -> DecodingStep {
        guard let source = input.baseAddress?.assumingMemoryBound(to: UInt8.self),
            let target = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        else { return DecodingStep(consumed: 0, produced: 0, stop: input.isEmpty ? .needsInput : .needsRoom) }
        let room = min(input.count, output.count)
        var done = 0
        while done < room {
            done &+= UTF8Blocks.copy(source + done, to: target + done, count: room &- done)
            // What a block has left over: its end, or up to the character that it stopped at.
            done &+= ASCIIRun.copy(source + done, to: target + done, count: room &- done)
            // Chinese comes in runs of three-byte characters.
            while done &+ 4 <= room {
                let word = UnsafeRawPointer(source + done).loadUnaligned(as: UInt32.self).littleEndian
                guard word & 0x00C0_C0F0 == 0x0080_80E0, isScalar(threeBytes: word) else { break }
                UnsafeMutableRawPointer(target + done).storeBytes(of: word.littleEndian, as: UInt32.self)
                done &+= 3
            }
            guard done < room, source[done] >= 0x80 else { continue }
            switch sequence(source + done, count: input.count &- done) {
            case .character(let length):
                guard done &+ length <= room else {
                    return DecodingStep(consumed: done, produced: done, stop: .needsRoom)
                }
                for index in done..<done &+ length { target[index] = source[index] }
                done &+= length
            case .unfinished where !isLast:
                return DecodingStep(consumed: done, produced: done, stop: .needsInput)
            case .unfinished:
                return DecodingStep(consumed: done, produced: done, stop: .fault(length: input.count &- done))
            case .fault(let length):
                return DecodingStep(consumed: done, produced: done, stop: .fault(length: length))
            }
        }
        return DecodingStep(consumed: done, produced: done, stop: done == input.count ? .needsInput : .needsRoom)
    }

    private enum Sequence {
        case character(length: Int)
        case unfinished
        case fault(length: Int)
    }

    /// Whether a well-formed three-byte pattern is neither overlong (E0 80…9F) nor a surrogate (ED A0…BF).
    @inline(__always)
    private static func isScalar(threeBytes word: UInt32) -> Bool {
        let start = word & 0x200F
        return start != 0 && start != 0x200D
    }

    /// What begins at a byte of 0x80 or above.
    private static func sequence(_ bytes: UnsafePointer<UInt8>, count: Int) -> Sequence {
        let lead = bytes[0]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if lead == 0xE0 { second = 0xA0...0xBF }
            if lead == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if lead == 0xF0 { second = 0x90...0xBF }
            if lead == 0xF4 { second = 0x80...0x8F }
        default: return .fault(length: 1)
        }
        guard count > 1 else { return .unfinished }
        guard second.contains(bytes[1]) else { return .fault(length: 1) }
        for index in 2..<max(2, length) {
            guard count > index else { return .unfinished }
            guard bytes[index] & 0xC0 == 0x80 else { return .fault(length: index) }
        }
        return .character(length: length)
    }
}
