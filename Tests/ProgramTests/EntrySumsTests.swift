import Seeding
import TestKit
import Testing

@testable import Indicators

@Suite("Sums of entries in any order") struct EntrySumsTests {
    @Test("are those of a dictionary, in order and without zeros", arguments: [0, 1, 1_000, 200_000])
    func sums(count: Int) {
        var random = Randomness(seed: UInt64(count))
        var sums = EntrySums()
        var plain: [[Int64]: Int64] = [:]
        for _ in 0..<count {
            let entry = IndicatorEntry(
                counter: Int32(random.below(2)), day: Int32(random.below(3)) - 1, cell: Int32(random.below(4)),
                value: Int64(random.below(count < 2_000 ? 20 : 20_000)), amount: random.below(3) == 0 ? -1 : 1)
            sums.add(entry)
            plain[[Int64(entry.counter), Int64(entry.day), Int64(entry.cell), entry.value], default: 0] += entry.amount
        }
        let found = sums.entries().map { [Int64($0.counter), Int64($0.day), Int64($0.cell), $0.value, $0.amount] }
        let wanted = plain.filter { $0.value != 0 }.map { $0.key + [$0.value] }
            .sorted { $0.lexicographicallyPrecedes($1) }
        #expect(found == wanted)
        if count == 1_000 { #expect(wanted.count < plain.count) }
    }
}
