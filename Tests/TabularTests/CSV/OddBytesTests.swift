import Testing

@testable import Tabular

@Suite("Odd bytes")
struct OddBytesTests {
    private func found(_ bytes: [UInt8]) -> OddBytes {
        (bytes + [UInt8](repeating: 0x2C, count: RecordBlock.padding)).withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { OddBytes.find(in: $0, count: bytes.count) } ?? []
        }
    }

    @Test("are seen wherever they stand, and each kind is told from the other", arguments: 0..<70)
    func everywhere(place: Int) {
        let kinds: [([UInt8], OddBytes)] = [
            ([0], .zeroOrReplacement), (Array("\u{FFFD}".utf8), .zeroOrReplacement), (Array("??".utf8), .lost),
            (Array("锟".utf8), .lost),
        ]
        for (odd, kind) in kinds {
            let text = [UInt8](repeating: 0x61, count: place) + odd
            for tail in 0..<20 {
                let found = found(text + [UInt8](repeating: 0x61, count: tail))
                #if arch(x86_64)
                    #expect(found == kind, "\(odd) at \(place), \(tail) bytes before the end")
                #else
                    #expect(found.contains(kind))
                #endif
            }
        }
    }

    #if arch(x86_64)
        @Test("are not seen in other texts, nor behind the end", arguments: 0..<70)
        func nowhere(count: Int) {
            let text = Array("流感，１２。Ａ\u{1F600} 39.5℃ ? 卫生院的学生，错、钟、销".utf8)
            #expect(found((0..<count).flatMap { _ in text }).isEmpty)
            #expect(found([UInt8](repeating: 0x61, count: count)).isEmpty)
            let behind =
                [UInt8](repeating: 0x61, count: count) + [0, 0, 0x3F, 0x3F] + [UInt8](repeating: 0x61, count: 64)
            behind.withUnsafeBufferPointer { buffer in
                guard let start = buffer.baseAddress else { return }
                #expect(OddBytes.find(in: start, count: count).isEmpty)
            }
        }
    #endif
}
