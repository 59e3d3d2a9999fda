import Database
import Foundation
import IndicatorStore
import Records
import Reporting
import Seeding
import StoreKit
import SurveillanceKit
import Testing

/// Histories drawn at random: submissions with visits and tests that come, change, move to other visits, are withdrawn row by row or whole.
@Suite("Figures are what a plain recount says, on every store", .everyStore)
struct FigureHistoriesTests {
    /// `VEDETTE_HISTORIES=200` draws as many.
    private static let seeds = ProcessInfo.processInfo.environment["VEDETTE_HISTORIES"].flatMap(Int.init) ?? 3
    private static let institutions = 6
    private static let places = ["430100", "430121", "110101", "440300", "", "430100"]
    private static let levels: [Institution.Level?] = [.tertiary, .secondary, .primary, .tertiary, nil, .secondary]

    @Test(
        "after every step, at every earlier instant, and after working them out anew; why they changed sums to the difference",
        arguments: 0..<FigureHistoriesTests.seeds)
    func histories(seed: Int) throws {
        if TestStore.current == .postgresql, seed > 0 { return }
        var random = SeededGenerator(seed: UInt64(seed))
        let store = try FigureStore()
        var submissions: [Int: [String]] = [:]
        var seen: [(instant: Instant, figures: [String: [PlainFigures.Key: PlainFigures.Sum]])] = []
        for step in 0..<12 {
            let instant = try store.database.writeBlocking { transaction in
                for institution in 0..<Self.institutions where !random.oneIn(3) {
                    let code = "H\(institution)"
                    if random.oneIn(6), let id = submissions[institution]?.popLast() {
                        try store.withdraw(code, id, in: transaction)
                        continue
                    }
                    let id = "\(institution)/\(step)"
                    submissions[institution, default: []].append(id)
                    try store.store(
                        code, id, Self.files(&random),
                        place: InstitutionPlace(region: Self.places[institution], level: Self.levels[institution]),
                        in: transaction)
                }
                return try store.lineList.latest(in: transaction)
            }
            try store.database.readBlocking { connection in
                let plain = try PlainFigures(store, in: connection)
                var all: [String: [PlainFigures.Key: PlainFigures.Sum]] = [:]
                for indicator in FigureStore.indicators {
                    let expected = plain.sums(indicator.id)
                    all[indicator.id] = expected
                    try check(indicator, expected, asOf: nil, store, connection)
                }
                seen.append((instant, all))
            }
        }
        try store.database.readBlocking { connection in
            for (instant, figures) in seen.shuffled(using: &random).prefix(5) {
                for indicator in FigureStore.indicators {
                    try check(indicator, figures[indicator.id] ?? [:], asOf: instant, store, connection)
                }
            }
            try checkChanges(seen, store, connection)
        }
        // Working them out anew changes nothing, to the byte.
        let before = try store.database.readBlocking { try Self.dump($0) }
        try store.database.writeBlocking { transaction in
            for institution in 0..<Self.institutions {
                let rebuilt = try store.figures.rebuild(
                    "p", institution: "H\(institution)",
                    place: InstitutionPlace(region: Self.places[institution], level: Self.levels[institution]),
                    in: transaction)
                #expect(rebuilt.changed == [])
            }
        }
        #expect(try store.database.readBlocking { try Self.dump($0) } == before)
        // And from nothing comes the same.
        try store.database.writeBlocking { transaction in
            for table in [
                "indicator_log", "indicator_week", "indicator_bucket", "indicator_fact", "indicator_institution",
            ] {
                try transaction.execute("DELETE FROM \(table)")
            }
            for institution in 0..<Self.institutions {
                _ = try store.figures.rebuild(
                    "p", institution: "H\(institution)",
                    place: InstitutionPlace(region: Self.places[institution], level: Self.levels[institution]),
                    in: transaction)
            }
        }
        #expect(try store.database.readBlocking { try Self.dump($0) } == before)
    }

    /// What is kept, row by row.
    static func dump(_ connection: any Connection) throws -> [String] {
        try ["indicator_log", "indicator_week", "indicator_bucket", "indicator_fact", "indicator_institution"].flatMap {
            table in
            try connection.rows("SELECT * FROM \(table)").map { "\(table) \($0.values)" }.sorted()
        }
    }

    /// What is told of a cell.
    private struct Told: Equatable {
        var numerator: Int64
        var denominator: Int64
        var valueCount: Int64
        var figure: Figure

        init(numerator: Int64, denominator: Int64, valueCount: Int64, figure: Figure) {
            (self.numerator, self.denominator) = (numerator, denominator)
            (self.valueCount, self.figure) = (valueCount, figure)
        }

        init(_ sum: PlainFigures.Sum, _ indicator: Indicator) {
            let values = sum.values.map { CountedValues.Entry(value: $0, count: Int32($1)) }
            self.init(
                numerator: sum.numerator, denominator: sum.denominator, valueCount: sum.values.values.reduce(0, +),
                figure: indicator.keepsValues
                    ? Figure(indicator, values: CountedValues(values[...]))
                    : Figure(indicator, FigureSums(numerator: sum.numerator, denominator: sum.denominator)))
        }
    }

    private static func files(_ random: inout SeededGenerator) -> [(fileType: String, rows: [FigureStore.Row])] {
        func text(_ text: String) -> StoredValue { .text(Array(text.utf8)) }
        var visits: [FigureStore.Row] = []
        var tests: [FigureStore.Row] = []
        for _ in 0..<random.below(6) {
            var values: [String: StoredValue] = ["K": .integer(Int64(random.below(8)))]
            if random.oneIn(8) {
                visits.append(FigureStore.Row(values: values, isWithdrawal: true))
                continue
            }
            // Two visits may have one number, and a visit another number later.
            if !random.oneIn(9) { values["N"] = text("N\(random.below(8))") }
            let day = CivilText.text(Int64(20_000 + random.below(20)) * 86_400 + 3_600, withTime: true)
            if !random.oneIn(9) { values["D"] = text(random.oneIn(12) ? "0001-01-01 00:00:00" : day) }
            if random.oneIn(2) { values["E"] = text(String(day.prefix(10))) }
            if !random.oneIn(5) { values["A"] = .integer(Int64(random.below(10))) }
            if !random.oneIn(5) { values["S"] = text("\(random.below(3))") }
            if !random.oneIn(4) { values["C"] = .number(Double(random.below(5)) * 1.25) }
            if !random.oneIn(3) { values["F"] = text("\(random.below(2))") }
            visits.append(FigureStore.Row(values: values))
        }
        for _ in 0..<random.below(8) {
            var values: [String: StoredValue] = ["T": .integer(Int64(random.below(12)))]
            let isWithdrawal = random.oneIn(8)
            if !isWithdrawal {
                if !random.oneIn(9) { values["N"] = text("N\(random.below(8))") }
                if !random.oneIn(6) { values["R"] = text(random.pick(["positive", "negative", "invalid"])) }
                if random.oneIn(2) { values["Q"] = .number(Double(random.below(9)) / 2) }
            }
            tests.append(FigureStore.Row(values: values, isWithdrawal: isWithdrawal))
        }
        func distinct(_ rows: [FigureStore.Row], by key: String) -> [FigureStore.Row] {
            var seen: Set<StoredValue?> = []
            return rows.filter { seen.insert($0.values[key]).inserted }
        }
        return [("visit", distinct(visits, by: "K")), ("test", distinct(tests, by: "T"))]
    }

    private func check(
        _ indicator: Indicator, _ expected: [PlainFigures.Key: PlainFigures.Sum], asOf: Instant?, _ store: FigureStore,
        _ connection: any Connection
    ) throws {
        var numbers: [String: Int64] = [:]
        for (code, number) in try store.lineList.knownInstitutions(in: connection) { numbers[code] = number }
        guard asOf == nil || !expected.isEmpty else { return }
        func found(_ figures: Figures, hasPlace: Bool) -> [PlainFigures.Key: Told] {
            var found: [PlainFigures.Key: Told] = [:]
            for cell in figures.cells {
                let key = PlainFigures.Key(
                    day: cell.day.daysSince1970, age: cell.groups[0], sex: cell.groups[1],
                    institution: hasPlace ? numbers[cell.place] ?? -1 : 0)
                found[key] = Told(
                    numerator: cell.numerator, denominator: cell.denominator, valueCount: cell.valueCount,
                    figure: cell.figure(indicator))
            }
            return found
        }
        func plain(hasPlace: Bool) -> [PlainFigures.Key: Told] {
            var sums: [PlainFigures.Key: PlainFigures.Sum] = [:]
            for (key, sum) in expected where key.day != nil {
                var key = key
                if !hasPlace { key.institution = 0 }
                var known = sums[key] ?? PlainFigures.Sum()
                known.numerator += sum.numerator
                known.denominator += indicator.kind == .count ? 0 : sum.denominator
                known.values.merge(sum.values, uniquingKeysWith: +)
                sums[key] = known
            }
            return sums.mapValues { Told($0, indicator) }
        }
        var query = FigureQuery(days: FigureStore.days, asOf: asOf, by: .day, dimensions: ["age", "sex"])
        let nation = try store.figures(indicator.id, query, in: connection)
        #expect(found(nation, hasPlace: false) == plain(hasPlace: false), "\(indicator.id) as of \(asOf as Any)")
        if !indicator.keepsValues {
            let without = expected.filter { $0.key.day == nil }.values
            #expect(nation.withoutDay.numerator == without.map(\.numerator).reduce(0, +))
        }
        query.place = .institution
        let each = try store.figures(indicator.id, query, in: connection)
        #expect(
            found(each, hasPlace: true) == plain(hasPlace: true), "\(indicator.id) by institution as of \(asOf as Any)")
    }

    private func checkChanges(
        _ seen: [(instant: Instant, figures: [String: [PlainFigures.Key: PlainFigures.Sum]])], _ store: FigureStore,
        _ connection: any Connection
    ) throws {
        for (earlier, later) in zip(seen, seen.dropFirst(4)) {
            for id in ["visits", "positivity", "cost"] {
                func total(_ figures: [String: [PlainFigures.Key: PlainFigures.Sum]]) -> (Int64, Int64) {
                    let sums = (figures[id] ?? [:]).filter { $0.key.day != nil }.values
                    return (
                        sums.map(\.numerator).reduce(0, +), id == "visits" ? 0 : sums.map(\.denominator).reduce(0, +)
                    )
                }
                let (definition, program) = try store.definition(id)
                let changes = try store.figures.changes(
                    definition, of: program, FigureQuery(days: FigureStore.days, asOf: later.instant),
                    since: earlier.instant, in: connection)
                let moved = (
                    changes.map(\.numerator).reduce(0, +), changes.map(\.denominator).reduce(0, +)
                )
                let (before, after) = (total(earlier.figures), total(later.figures))
                #expect(moved == (after.0 - before.0, after.1 - before.1))
                #expect(changes.allSatisfy { $0.submission != nil })
            }
        }
    }
}
