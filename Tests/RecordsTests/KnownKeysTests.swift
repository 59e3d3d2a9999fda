import Database
import Seeding
import StoreKit
import SurveillanceKit
import TestKit
import Testing

@testable import Deidentification
@testable import Records

@Suite("Keys that are known, on every store", .everyStore)
struct KnownKeysTests {
    private static let own: Int64 = 7

    /// A store with keys of two institutions, and those of the first.
    private func filled(_ count: Int, _ random: inout Randomness) throws -> (Store, [SortedKeys.Entry]) {
        let store = try Store()
        var entries: [SortedKeys.Entry] = []
        for number in 0..<count {
            let key = RecordKey(
                high: Int64(bitPattern: random.next()), low: Int64(random.next() & 0xFFFF_FFFF))
            entries.append(SortedKeys.Entry(key: key, record: Int64(number + 1), content: Int64(number % 5 + 1)))
        }
        try store.database.writeBlocking { transaction in
            let sql = "INSERT INTO p_t_key (institution, key_high, key_low, record, content) VALUES (?, ?, ?, ?, ?)"
            for entry in entries {
                for institution in [Self.own, Self.own + 1] where institution == Self.own || entry.record % 3 == 0 {
                    try transaction.execute(
                        sql,
                        [
                            .integer(institution), .integer(entry.key.high), .integer(entry.key.low),
                            .integer(entry.record + institution), .integer(entry.content),
                        ])
                }
            }
        }
        return (store, entries)
    }

    private func known(earlier: Bool = false, expectedRows: Int = 0) -> KnownKeys {
        KnownKeys(
            program: "p", fileType: "t",
            institution: LineList.KnownInstitution(number: Self.own, revision: 1, hasEarlierKeys: earlier),
            expectedRows: expectedRows)
    }

    /// Rows of which a third are new, a third as they were and a third changed.
    private func rows(_ count: Int, _ entries: [SortedKeys.Entry], _ random: inout Randomness) -> [RowIdentity] {
        (0..<count).map { number in
            let entry = entries[Int(random.next() % UInt64(entries.count))]
            return switch number % 3 {
            case 0: RowIdentity(key: RecordKey(high: Int64(bitPattern: random.next()), low: 1), content: 1)
            case 1: RowIdentity(key: entry.key, content: entry.content)
            default: RowIdentity(key: entry.key, content: entry.content + 10)
            }
        }
    }

    @Test("rows of a large package are found as one by one, and in memory once that pays", arguments: [false, true])
    func large(earlier: Bool) throws {
        var random = Randomness(seed: 5)
        let (store, entries) = try filled(6_000, &random)
        let known = known(earlier: earlier)
        let institution = LineList.KnownInstitution(number: Self.own, revision: 1, hasEarlierKeys: earlier)
        for _ in 0..<24 {
            let rows = rows(500, entries, &random)
            try store.database.readBlocking { connection in
                let expected = try store.lineList.standings(
                    of: rows, program: "p", fileType: "t", institution: institution, in: connection)
                #expect(try known.standings(of: rows, store.lineList, in: connection) == expected)
            }
        }
        // Without its keys the database knows nothing any more.
        try store.database.writeBlocking { _ = try $0.execute("DELETE FROM p_t_key") }
        let rows = rows(500, entries, &random)
        try store.database.readBlocking { connection in
            let found = try known.standings(of: rows, store.lineList, in: connection)
            #expect(found[1] != .new && found[1] != .unknown && found[2] != .new && found[2] != .unknown)
        }
    }

    @Test("where many rows are expected the keys are read before the second rows, all of them, wherever they lie")
    func expected() throws {
        var random = Randomness(seed: 8)
        let (store, entries) = try filled(5_000, &random)
        let institution = LineList.KnownInstitution(number: Self.own, revision: 1, hasEarlierKeys: false)
        let known = known(expectedRows: 50_000)
        let all = entries.map { RowIdentity(key: $0.key, content: $0.content) }
        let expected = try store.database.readBlocking { connection in
            let expected = try store.lineList.standings(
                of: all, program: "p", fileType: "t", institution: institution, in: connection)
            for _ in 0..<2 { _ = try known.standings(of: [all[0]], store.lineList, in: connection) }
            return expected
        }
        try store.database.writeBlocking { _ = try $0.execute("DELETE FROM p_t_key") }
        #expect(expected.allSatisfy { if case .unchanged = $0 { true } else { false } })
        #expect(try store.database.readBlocking { try known.standings(of: all, store.lineList, in: $0) } == expected)
    }

    @Test("rows of a small package, and those beside very many keys, are looked up in the database")
    func small() throws {
        var random = Randomness(seed: 6)
        let (store, entries) = try filled(5_000, &random)
        let known = known()
        let rows = rows(KnownKeys.fewRows, entries, &random)
        try store.database.readBlocking { _ = try known.standings(of: rows, store.lineList, in: $0) }
        try store.database.writeBlocking { _ = try $0.execute("DELETE FROM p_t_key") }
        try store.database.readBlocking { connection in
            let found = try known.standings(of: Array(rows.prefix(9)), store.lineList, in: connection)
            #expect(found.allSatisfy { $0 == .new })
        }
    }

    @Test("the number of keys is estimated from the first of them", arguments: [5_000, 40_000, 300_000])
    func estimate(count: Int) {
        var random = Randomness(seed: 7)
        let entries = (0..<count).map { _ in
            SortedKeys.Entry(key: RecordKey(high: Int64(bitPattern: random.next()), low: 0), record: 1, content: 1)
        }.sorted { $0.key < $1.key }
        let estimate = Double(SortedKeys.estimate(Array(entries.prefix(KnownKeys.fewRows))))
        #expect(abs(estimate / Double(count) - 1) < 0.1)
    }

    @Test(
        "keys of a half are told apart where their first bits are the same, at both ends and alone",
        arguments: [0, 1, 2, 3, 5],
        [[Int64.min, Int64.min, Int64.min + 1, -2, -1], [0, 1, Int64.max - 1, Int64.max, Int64.max]])
    func index(count: Int, highs: [Int64]) {
        let entries = (0..<count).map { SortedKeys.Entry(key: key($0), record: Int64($0 + 1), content: 5) }
        func key(_ place: Int) -> RecordKey { RecordKey(high: highs[place], low: Int64(place)) }
        let index = SortedKeys(entries)
        let institution = LineList.KnownInstitution(number: 1, revision: 1, hasEarlierKeys: false)
        for place in highs.indices {
            let found = index.standing(of: RowIdentity(key: key(place), content: 5), institution)
            #expect(found == (place < count ? .unchanged(record: Int64(place + 1)) : .new))
        }
    }
}
