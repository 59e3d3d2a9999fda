import Seeding
import Tabular
import TestKit
import Testing

@Suite("The reader agrees with a slow, plain one")
struct TableReaderPropertyTests {
    @Test("on well-formed tables, however they come in", arguments: [UInt64(1), 2, 3, 4])
    func wellFormed(seed: UInt64) throws {
        var random = Randomness(seed: seed)
        for round in 0..<1_500 {
            let bytes = RandomTable.wellFormed(&random)
            let source = RaggedSource(bytes, largest: 1 + random.below(20), seed: UInt64(round))
            let read = try ReadRow.all(of: source)
            let plain = ReadRow.plainly(bytes)
            try #require(
                read == plain,
                "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }

    @Test("on whatever quotes, separators and line ends can be put together", arguments: [UInt64(5), 6, 7, 8])
    func anything(seed: UInt64) throws {
        var random = Randomness(seed: seed)
        for round in 0..<2_500 {
            let bytes = RandomTable.anything(&random)
            let read = try ReadRow.all(of: RaggedSource(bytes, largest: 1 + random.below(9), seed: UInt64(round)))
            let plain = ReadRow.plainly(bytes)
            try #require(
                read == plain,
                "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }

    @Test("where a block ends amid quotes, line ends, separators and characters", arguments: [false, true])
    func blockBoundary(isQuoted: Bool) throws {
        // A first row that fills a block but for a few bytes puts what follows across its end.
        let blockBytes = 256 << 10
        var random = Randomness(seed: isQuoted ? 9 : 10)
        for distance in 0..<48 {
            let filling = String(repeating: "长,", count: (blockBytes - distance * 3) / 4)
            let padding = String(repeating: "x", count: (blockBytes - distance * 3) % 4 + distance % 3)
            let first = isQuoted ? "\"\(filling)\(padding)\"\n" : filling + padding + "\n"
            let bytes = Array(first.utf8) + (0..<3).flatMap { _ in RandomTable.wellFormed(&random) }
            let read = try ReadRow.all(of: RaggedSource(bytes, largest: 70_000, seed: UInt64(distance)))
            try #require(read == ReadRow.plainly(bytes), "distance \(distance)")
        }
    }

    @Test("on rows longer than a block")
    func longRows() throws {
        let long = String(repeating: "\"a,\"\"b\n\",长,", count: 40_000)
        let bytes = Array("h\r\n\(long)\r\nnext,\"row\"\r\n\(long)end".utf8)
        #expect(try ReadRow.all(of: RaggedSource(bytes, largest: 33_333, seed: 1)) == ReadRow.plainly(bytes))
    }
}
