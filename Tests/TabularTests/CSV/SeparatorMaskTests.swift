import Testing

@testable import Tabular

@Suite("Separator masks")
struct SeparatorMaskTests {
    @Test("mark commas and what is below #, whatever the processor", arguments: 0..<50 as Range<UInt64>)
    func masks(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let bytes = (0..<64).map { _ in
            Bool.random(using: &random)
                ? UInt8.random(in: 0...255, using: &random)
                : [0x2C, 0x22, 0x23, 0x0A][Int.random(in: 0..<4, using: &random)]
        }
        bytes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            let portable = SeparatorMask(eightAtATime: start)
            let native = SeparatorMask(start)
            for index in 0..<64 {
                #expect(portable.commas >> UInt64(index) & 1 == (bytes[index] == 0x2C ? 1 : 0))
                #expect(portable.belowHash >> UInt64(index) & 1 == (bytes[index] < 0x23 ? 1 : 0))
            }
            #expect(native.commas == portable.commas)
            #expect(native.belowHash == portable.belowHash)
        }
    }
}
