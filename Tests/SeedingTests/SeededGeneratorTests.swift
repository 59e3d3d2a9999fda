import Seeding
import Testing

@Suite("Random numbers that a seed repeats")
struct SeededGeneratorTests {
    /// Source: SplitMix64 as S. Vigna publishes it (prng.di.unimi.it/splitmix64.c), seed 0, from its second number on.
    @Test("are those of SplitMix64, so that what a self-test found is found again by another version")
    func numbers() {
        var generator = SeededGenerator(seed: 0)
        let numbers = (0..<3).map { _ in generator.next() }
        #expect(numbers == [0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F, 0xF88B_B8A8_724C_81EC])
    }

    @Test("are the same for the same seed and others for another", arguments: [0, 1, 7, UInt64.max])
    func seeds(seed: UInt64) {
        func drawn(_ seed: UInt64) -> [Int] {
            var generator = SeededGenerator(seed: seed)
            return (0..<20).map { _ in generator.below(1000) }
        }
        #expect(drawn(seed) == drawn(seed) && drawn(seed) != drawn(seed ^ 2))
        #expect(drawn(seed).allSatisfy { (0..<1000).contains($0) })
    }

    @Test("reach every choice, about as often as the others")
    func shares() {
        var generator = SeededGenerator(seed: 5)
        var counts: [String: Int] = [:]
        for _ in 0..<3000 { counts[generator.pick(["a", "b", "c"]), default: 0] += 1 }
        #expect(counts.count == 3 && counts.values.allSatisfy { (900...1100).contains($0) }, "\(counts)")
        let hits = (0..<4000).count { _ in generator.oneIn(4) }
        #expect((900...1100).contains(hits), "\(hits)")
    }
}
