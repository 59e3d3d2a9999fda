import Database
import Indicators
import Records
import StoreKit
import SurveillanceKit
import Testing

@testable import IndicatorStore

@Suite("What is kept of figures", .everyStore)
struct ChangeLogTests {
    private func visit(_ key: Int64, day: String = "2024-11-01") -> FigureStore.Row {
        FigureStore.Row(values: [
            "K": .integer(key), "N": .text(Array("N\(key)".utf8)), "D": .text(Array("\(day) 08:00:00".utf8)),
            "C": .number(1),
        ])
    }

    private func count(_ store: FigureStore, asOf: Instant?, in connection: any Connection) throws -> Int64? {
        try store.figures("visits", FigureQuery(days: FigureStore.days, asOf: asOf), in: connection)
            .cells.first?.numerator
    }

    @Test("definitions that count the same share a counter; a share without a new case moves its denominator alone")
    func counters() throws {
        let all = IndicatorPart(.count)
        let costly = IndicatorPart(.count, IndicatorCondition(when: "C > 15.0"))
        let store = try FigureStore([
            FigureStore.indicator("visits", all), FigureStore.indicator("costly", costly, per: all),
            FigureStore.indicator("cheap", IndicatorPart(.count, IndicatorCondition(when: "C < 0.5")), per: all),
        ])
        #expect(store.figures.programs[0].compiled.counters.count == 3)
        try store.database.writeBlocking { transaction in
            try store.store("H1", "1", [("visit", [visit(1), visit(2)])], in: transaction)
            let rows: Int? = try transaction.first("SELECT count(*) FROM indicator_log")
            #expect(rows == 1)
            let share = try store.figures("costly", FigureQuery(days: FigureStore.days), in: transaction)
            #expect(share.cells.map(\.numerator) == [0] && share.cells.map(\.denominator) == [2])
        }
    }

    @Test("children find the records that came with thousands of others, before and after")
    func manyLinks() throws {
        let store = try FigureStore()
        let many: Int64 = 2_200
        try store.database.writeBlocking { transaction in
            for part in 0..<Int64(2) {
                let visits = (1...many).map { visit(part * many + $0) }
                try store.store("H1", "\(part)", [("visit", visits)], in: transaction)
            }
            let buckets: Int64? = try transaction.first("SELECT count(*) FROM indicator_bucket")
            #expect(buckets ?? 0 > Int64(LinkBucket.count / 4))
            let tests = [Int64(1), many, many + 1, 2 * many].map { key in
                FigureStore.Row(values: [
                    "T": .integer(key), "N": .text(Array("N\(key)".utf8)), "R": .text(Array("positive".utf8)),
                ])
            }
            try store.store("H1", "2", [("test", tests)], in: transaction)
            let positive = try store.figures("positivity", FigureQuery(days: FigureStore.days), in: transaction)
            #expect(positive.cells.map(\.numerator) == [4])
        }
    }

    @Test("rows stay short, whatever comes, and hold what came at each event")
    func rows() throws {
        let coding = EntryCoding(keepsValues: false)
        var rows: [LogRow] = []
        for event in Int64(1)...900 {
            let day = Int32(20_000 + event / 3)
            let entries = [
                IndicatorEntry(counter: 0, day: day, cell: 7, amount: 1),
                IndicatorEntry(counter: 0, day: day + 1, cell: 300, amount: -event),
            ]
            LogRow.append([(.new, entries[...1]), (.correction, entries[1...])], event: event, coding, to: &rows)
        }
        #expect(rows.count > 5 && rows.allSatisfy { $0.bytes.count <= LogRow.mostBytes })
        var expected: Int64 = 1
        for row in rows {
            #expect(row.first == expected)
            try row.bytes.withUnsafeBytes { bytes in
                try LogRow.forEachGroup(bytes, first: row.first) { event, kind, entries, start in
                    var found: [[Int64]] = []
                    coding.forEach(entries, after: start) { found.append([Int64($0), Int64($1), $2, $3]) }
                    let day = 20_000 + event / 3
                    #expect(event == expected)
                    #expect(
                        found
                            == (kind == .new
                                ? [[day, 7, 0, 1], [day + 1, 300, 0, -event]] : [[day + 1, 300, 0, -event]]))
                    if kind == .correction { expected += 1 }
                    return true
                }
            }
        }
        #expect(expected == 901)
    }

    @Test("bytes that are cut off are told as damage, not as a smaller figure")
    func damage() throws {
        let store = try FigureStore()
        try store.database.writeBlocking { transaction in
            try store.store("H1", "1", [("visit", [visit(1), visit(2, day: "2024-11-02")])], in: transaction)
            for table in ["indicator_log", "indicator_week"] {
                let blob: [[UInt8]] = try transaction.rows("SELECT entries FROM \(table)").map { try $0[0] }
                for bytes in Set(blob) {
                    try transaction.execute(
                        "UPDATE \(table) SET entries = ? WHERE entries = ?",
                        [.blob(Array(bytes.dropLast())), .blob(bytes)])
                }
            }
            for place in [nil, FigureQuery.PlaceSplit.institution] {
                #expect(throws: DatabaseError.self) {
                    try store.figures("visits", FigureQuery(days: FigureStore.days, place: place), in: transaction)
                }
            }
        }
    }

    @Test("an entry that breaks off within its group is told wherever the log is read")
    func brokenEntry() throws {
        let store = try FigureStore()
        try store.database.writeBlocking { transaction in
            try store.store("H1", "1", [("visit", [visit(1)])], in: transaction)
            let rows: [[UInt8]] = try transaction.rows("SELECT entries FROM indicator_log").map { try $0[0] }
            for bytes in Set(rows) {
                // The last number is said to go on.
                try transaction.execute(
                    "UPDATE indicator_log SET entries = ? WHERE entries = ?",
                    [.blob(bytes.dropLast() + [bytes[bytes.count - 1] | 0x80]), .blob(bytes)])
            }
            let (definition, program) = try store.definition("visits")
            let query = FigureQuery(days: FigureStore.days)
            #expect(throws: DatabaseError.self) {
                try store.figures(
                    "visits", FigureQuery(days: FigureStore.days, place: .institution), in: transaction)
            }
            #expect(throws: DatabaseError.self) {
                try store.figures.changes(
                    definition, of: program, query, since: Instant(milliseconds: 0), in: transaction)
            }
            #expect(throws: DatabaseError.self) {
                let days = CivilDate(daysSince1970: 0)...CivilDate(daysSince1970: 20_000)
                _ = try store.figures.arrivals(
                    definition, of: program, FigureQuery(days: days), secondsEastOfUTC: 0, in: transaction)
            }
            #expect(throws: DatabaseError.self) {
                try store.figures.rebuild("p", institution: "H1", place: nil, in: transaction)
            }
        }
    }

    @Test("a change that has no number gets one when figures are worked out anew, and earlier instants stay true")
    func missedEvents() throws {
        let store = try FigureStore()
        var instants: [Instant] = []
        try store.database.writeBlocking { transaction in
            for (number, keeps) in [true, false, true, false].enumerated() {
                instants.append(
                    try store.store(
                        "H1", "\(number)", [("visit", [visit(Int64(number))])], keepsFigures: keeps, in: transaction))
            }
            let before = try count(store, asOf: nil, in: transaction)
            #expect(before == 2)
            _ = try store.figures.rebuild("p", institution: "H1", place: nil, in: transaction)
            for (number, instant) in instants.enumerated() {
                let known = try count(store, asOf: instant, in: transaction)
                #expect(known == Int64(number + 1))
            }
            try store.store("H1", "4", [("visit", [visit(4)])], in: transaction)
            let after = try count(store, asOf: nil, in: transaction)
            let then = try count(store, asOf: instants[3], in: transaction)
            #expect(after == 5 && then == 4)
        }
    }

    @Test("figures that were kept by definitions, in earlier versions, are worked out anew")
    func migration() throws {
        let database = try TestStore.database()
        try database.migrate(LineList.migrations + IndicatorStore.migrations.prefix(1))
        try database.writeBlocking { transaction in
            try transaction.execute(
                "INSERT INTO indicator_institution (program, institution, declared, region, level, since) VALUES ('p', 1, 'x', '', 0, 0)"
            )
            try transaction.execute(
                "INSERT INTO indicator_log (definition, institution, first, entries) VALUES (1, 1, 5, ?)", [.blob([1])])
        }
        try database.migrate(LineList.migrations + IndicatorStore.migrations)
        try database.readBlocking { connection in
            for table in ["indicator_institution", "indicator_log", "indicator_event"] {
                let rows: Int? = try connection.first("SELECT count(*) FROM \(table)")
                #expect(rows == 0)
            }
        }
    }
}
