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
            var stored: [UInt8] = []
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
                stored = try stored.withUnsafeBytes { try LinkBucket.bytes($0, after: changes) }
            }
            for link in 1...9 {
                let link = Int64(link) << 28
                #expect(bucket.records(link) == plain.filter { $0.value == link }.keys.sorted())
            }
            let bytes = bucket.bytes
            #expect(stored == bytes)
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

    @Test("new records are put behind those there, and one that is not new in its place")
    func appended() throws {
        let first: [LinkBucket.Change] = [(1 << 40, 5, true), (2 << 40, 9, true)]
        let stored = try LinkBucket.bytes(UnsafeRawBufferPointer(start: nil, count: 0), after: first)
        for added: [LinkBucket.Change] in [
            [(3 << 40, 10, true), (1 << 40, 12, true)], [(3 << 40, 7, true)], [(3 << 40, 9, true)],
            [(1 << 40, 5, false), (4 << 40, 30, true)], [(4 << 40, 30, true), (4 << 40, 20, true)],
        ] {
            var bucket = try stored.withUnsafeBytes { try LinkBucket($0) }
            bucket.change(added)
            #expect(try stored.withUnsafeBytes { try LinkBucket.bytes($0, after: added) } == bucket.bytes)
        }
    }

    @Test("changes come by their buckets, each bucket's in the order in which they came")
    func byNumber() {
        var random = SeededGenerator(seed: 3)
        #expect(LinkBucket.byNumber([]).isEmpty)
        let changes: [LinkBucket.Change] = (0..<500).map { record in
            (Int64(bitPattern: UInt64(random.below(40)) << 52 | 0xFFF << 48), Int64(record), random.oneIn(2))
        }
        let sorted = LinkBucket.byNumber(changes)
        #expect(sorted.map(\.number) == sorted.map(\.number).sorted())
        #expect(Set(sorted.map(\.number)).count == sorted.count)
        for (number, own) in sorted {
            #expect(own.map(\.record) == changes.filter { LinkBucket.number(of: $0.link) == number }.map(\.record))
        }
        #expect(sorted.reduce(0) { $0 + $1.changes.count } == changes.count)
    }

    @Test("bytes that are cut off are damaged")
    func damage() {
        var bucket = LinkBucket()
        let pairs: [(link: Int64, record: Int64, isThere: Bool)] = [(1 << 40, 300_000, true), (1 << 41, 300_001, true)]
        bucket.change(pairs)
        let bytes = Array(bucket.bytes.dropLast())
        #expect(throws: DatabaseError.self) { try bytes.withUnsafeBytes { try LinkBucket($0) } }
        #expect(throws: DatabaseError.self) { try bytes.withUnsafeBytes { try LinkBucket.bytes($0, after: pairs) } }
    }
}
