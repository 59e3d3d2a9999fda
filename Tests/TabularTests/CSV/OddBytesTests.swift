import Testing

@testable import Tabular

@Suite("Odd bytes")
struct OddBytesTests {
    private func mayStand(_ bytes: [UInt8]) -> Bool {
        (bytes + [UInt8](repeating: 0x2C, count: RecordBlock.padding)).withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { OddBytes.mayStand(in: $0, count: bytes.count) } ?? true
        }
    }

    @Test("are seen wherever they stand", arguments: 0..<70)
    func everywhere(place: Int) {
        for odd in [[0], [0xEF, 0xBF, 0xBD]] as [[UInt8]] {
            let text = [UInt8](repeating: 0x61, count: place) + odd
            for tail in 0..<20 { #expect(mayStand(text + [UInt8](repeating: 0x61, count: tail))) }
        }
    }

    #if arch(x86_64)
        @Test("are not seen in other texts, nor behind the end", arguments: 0..<70)
        func nowhere(count: Int) {
            let text = Array("流感，１２。Ａ\u{1F600}".utf8)
            #expect(!mayStand((0..<count).flatMap { _ in text }))
            #expect(!mayStand([UInt8](repeating: 0x61, count: count)))
            let behind = [UInt8](repeating: 0x61, count: count) + [0, 0] + [UInt8](repeating: 0x61, count: 64)
            behind.withUnsafeBufferPointer { buffer in
                guard let start = buffer.baseAddress else { return }
                #expect(!OddBytes.mayStand(in: start, count: count))
            }
        }
    #endif
}
