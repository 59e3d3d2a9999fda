import Database
import Indicators
import Records
import Reporting
import StoreKit
import SurveillanceKit
import Testing

@testable import IndicatorStore

@Suite("Weeks that have not changed are remembered", .everyStore)
struct KnownWeeksTests {
    private func visit(_ key: Int64, day: String, cost: Double) -> FigureStore.Row {
        FigureStore.Row(values: [
            "K": .integer(key), "N": .text(Array("N\(key)".utf8)), "D": .text(Array("\(day) 08:00:00".utf8)),
            "C": .number(cost),
        ])
    }

    private func medians(_ store: FigureStore, in connection: any Connection) throws -> [String] {
        let (definition, _) = try store.definition("median-cost")
        return try store.figures(
            "median-cost", FigureQuery(days: FigureStore.days, by: .week), in: connection
        ).cells.map { "\($0.day) \($0.figure(definition.indicator).value?.description ?? "-") of \($0.valueCount)" }
    }

    @Test("only the week that a submission has changed is worked out again, whoever stored it")
    func remembered() throws {
        var median = FigureStore.indicator(
            "median-cost", IndicatorPart(.percentile(50, of: IndicatorValue("C", decimals: 1))))
        median.minimumDenominator = 0
        let store = try FigureStore([median])
        // Another server on the same database.
        let other = try IndicatorStore(
            store.figures.programs.map(\.compiled), store.lineList, in: store.database)
        try store.database.writeBlocking { transaction in
            try store.store(
                "H1", "1",
                [
                    (
                        "visit",
                        [
                            visit(1, day: "2024-11-04", cost: 10), visit(2, day: "2024-11-05", cost: 30),
                            visit(3, day: "2024-11-10", cost: 20), visit(4, day: "2024-11-11", cost: 50),
                        ]
                    )
                ], in: transaction)
            let before = ["2024-11-04 20 of 3", "2024-11-11 50 of 1"]
            #expect(try medians(store, in: transaction) == before)
            // Entries that a remembered week does not read: a server that asks for the first time says that they are damaged.
            let monday = CivilDate("2024-11-04")?.daysSince1970 ?? 0
            let kept = try transaction.rows(
                "SELECT counter, entries FROM indicator_week WHERE week = ?", [SQLValue(monday)])
            try transaction.execute(
                "UPDATE indicator_week SET entries = ? WHERE week = ?", [.blob([1, 2]), SQLValue(monday)])
            try store.store("H2", "2", [("visit", [visit(1, day: "2024-11-17", cost: 90)])], in: transaction)
            #expect(try medians(store, in: transaction) == ["2024-11-04 20 of 3", "2024-11-11 70 of 2"])
            let (definition, program) = try store.definition("median-cost")
            #expect(throws: DatabaseError.self) {
                try other.figures(
                    definition, of: program, FigureQuery(days: FigureStore.days, by: .week),
                    now: Instant(milliseconds: 1_000_000), in: transaction)
            }
            for row in kept {
                let (counter, entries): (Int64, [UInt8]) = (try row[0], try row[1])
                try transaction.execute(
                    "UPDATE indicator_week SET entries = ? WHERE week = ? AND counter = ?",
                    [.blob(entries), SQLValue(monday), .integer(counter)])
            }
            try store.withdraw("H1", "1", in: transaction)
            #expect(try medians(store, in: transaction) == ["2024-11-11 90 of 1"])
        }
    }

    @Test("what earlier versions kept by week moves as it is, and gets a digest")
    func migration() throws {
        let database = try TestStore.database()
        try database.migrate(LineList.migrations + IndicatorStore.migrations.prefix(3))
        let entries: [UInt8] = [2, 0, 200, 1, 2, 4, 1, 3, 2]
        try database.writeBlocking { transaction in
            for (counter, week) in [(1, 20_000), (1, 20_007), (2, 20_000)] as [(Int64, Int64)] {
                try transaction.execute(
                    "INSERT INTO indicator_roll (counter, province, week, entries) VALUES (?, 43, ?, ?)",
                    [.integer(counter), .integer(week), .blob(entries)])
            }
        }
        try database.migrate(LineList.migrations + IndicatorStore.migrations)
        try database.readBlocking { connection in
            let rows = try connection.rows(
                "SELECT counter, week, province, digest, entries FROM indicator_week ORDER BY counter, week")
            let digest = SQLValue.integer(entries.withUnsafeBytes { Digest.of($0) })
            #expect(
                rows.map(\.values)
                    == ([(1, 20_000), (1, 20_007), (2, 20_000)] as [(Int64, Int64)]).map {
                        [.integer($0), .integer($1), .integer(43), digest, .blob(entries)]
                    })
        }
    }

    @Test("a digest differs with each byte, and with the number of bytes")
    func digests() {
        let bytes = (0..<21).map { UInt8($0 * 7) }
        var digests: Set<Int64> = [bytes.withUnsafeBytes { Digest.of($0) }]
        for place in bytes.indices {
            for bit in 0..<8 {
                var other = bytes
                other[place] ^= 1 << bit
                digests.insert(other.withUnsafeBytes { Digest.of($0) })
            }
        }
        for count in 0..<21 {
            let zeros = [UInt8](repeating: 0, count: count)
            digests.insert(zeros.withUnsafeBytes { Digest.of($0) })
        }
        #expect(digests.count == 1 + 21 * 8 + 21)
    }
}
