import Database
import Seeding
import Testing

@testable import IndicatorStore

@Suite("Records by their links, in buckets")
struct LinkBucketTests {
    @Test("a bucket gives back the records of a link, whatever came and went, and equal contents are equal bytes")
    func histories() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            var bucket = LinkBucket()
            var plain: [Int64: Int64] = [:]
            for _ in 0..<random.below(8) + 1 {
                var changes: [(link: Int64, record: Int64, isThere: Bool)] = []
                for _ in 0..<random.below(12) {
                    let record = Int64(random.below(30)) * 1_000_003
                    let link = Int64(bitPattern: UInt64(random.below(9) + 1) << 28)
                    if let former = plain[record] { changes.append((former, record, false)) }
                    plain[record] = random.oneIn(4) ? nil : link
                    changes.removeAll { $0.record == record && $0.isThere }
                    if let link = plain[record] { changes.append((link, record, true)) }
                }
                bucket.change(changes)
            }
            for link in 1...9 {
                let link = Int64(link) << 28
                #expect(bucket.records(link) == plain.filter { $0.value == link }.keys.sorted())
            }
            let bytes = bucket.bytes
            #expect(try bytes.withUnsafeBytes { try LinkBucket($0) } == bucket)
            var anew = LinkBucket()
            anew.change(plain.map { ($0.value, $0.key, true) })
            #expect(anew.bytes == bytes)
        }
    }

    @Test("a link's bucket is one of 4096")
    func numbers() {
        for link in [Int64.min, -1, 0, 1, Int64.max] {
            #expect((0..<LinkBucket.count).contains(LinkBucket.number(of: link)))
        }
    }

    @Test("bytes that are cut off are damaged")
    func damage() {
        var bucket = LinkBucket()
        let pairs: [(link: Int64, record: Int64, isThere: Bool)] = [(1 << 40, 300_000, true), (1 << 41, 300_001, true)]
        bucket.change(pairs)
        let bytes = Array(bucket.bytes.dropLast())
        #expect(throws: DatabaseError.self) { try bytes.withUnsafeBytes { try LinkBucket($0) } }
    }
}
