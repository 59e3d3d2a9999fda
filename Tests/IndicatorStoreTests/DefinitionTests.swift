import Database
import IndicatorStore
import Indicators
import StoreKit
import SurveillanceKit
import Testing

@Suite("Definitions that change", .everyStore)
struct DefinitionTests {
    private func visit(_ key: Int64, cost: Double) -> FigureStore.Row {
        FigureStore.Row(values: [
            "K": .integer(key), "N": .text(Array("N\(key)".utf8)), "D": .text(Array("2024-11-01 08:00:00".utf8)),
            "C": .number(cost),
        ])
    }

    @Test("are refused under the version that they had, and kept beside the former one under another")
    func versions() throws {
        let cost = FigureStore.indicator("cost", IndicatorPart(.sum(of: IndicatorValue("C"), child: nil)))
        let store = try FigureStore([cost])
        try store.database.writeBlocking { transaction in
            try store.store("H1", "1", [("visit", [visit(1, cost: 10), visit(2, cost: 20)])], in: transaction)
        }
        var changed = FigureStore.indicator(
            "cost",
            IndicatorPart(.sum(of: IndicatorValue("C"), child: nil), IndicatorCondition(when: "C > 15.0")))
        #expect(throws: IndicatorError.changedWithoutVersion(program: "p", indicator: "cost", version: 1)) {
            try FigureStore([changed], on: store)
        }
        changed.version = 2
        changed.earlier = [cost]
        let next = try FigureStore([changed], on: store)
        try next.database.writeBlocking { transaction in
            // Until it has been worked out, nothing is kept for the institution.
            let stale = try next.figures.outdated("p", in: transaction) { _ in nil }
            #expect(stale == ["H1"])
            try next.store("H1", "2", [("visit", [visit(3, cost: 30)])], in: transaction)
            _ = try next.figures.rebuild("p", institution: "H1", place: nil, in: transaction)
            let left = try next.figures.outdated("p", in: transaction) { _ in nil }
            #expect(left == [])
            try next.store("H1", "3", [("visit", [visit(4, cost: 40)])], in: transaction)
        }
        try next.database.readBlocking { connection in
            let query = FigureQuery(days: FigureStore.days)
            let now = try next.figures("cost", query, in: connection)
            let former = try next.figures("cost", version: 1, query, in: connection)
            #expect(now.cells.map(\.numerator) == [90])
            #expect(former.cells.map(\.numerator) == [100])
        }
    }

    @Test(
        "a record whose day is empty or impossible is counted as such; an institution that moves takes its past with it"
    )
    func places() throws {
        let store = try FigureStore()
        try store.database.writeBlocking { transaction in
            var odd = visit(2, cost: 1)
            odd.values["D"] = .text(Array("0001-01-01 00:00:00".utf8))
            try store.store("H1", "1", [("visit", [visit(1, cost: 1), odd])], in: transaction)
        }
        func provinces(_ connection: any Connection) throws -> [String] {
            try store.figures("visits", FigureQuery(days: FigureStore.days, place: .region(digits: 2)), in: connection)
                .cells.map(\.place)
        }
        try store.database.writeBlocking { transaction in
            let figures = try store.figures("visits", FigureQuery(days: FigureStore.days), in: transaction)
            #expect(figures.cells.map(\.numerator) == [1])
            #expect(figures.withoutDay.numerator == 1)
            let before = try provinces(transaction)
            #expect(before == ["43"])
            let moved = InstitutionPlace(region: "110101", level: .tertiary)
            let stale = try store.figures.outdated("p", in: transaction) { _ in moved }
            #expect(stale == ["H1"])
            _ = try store.figures.rebuild("p", institution: "H1", place: moved, in: transaction)
            let after = try provinces(transaction)
            #expect(after == ["11"])
            let region = try #require(Region("43"))
            let hunan = FigureQuery(days: FigureStore.days, scope: .region(region))
            let left = try store.figures("visits", hunan, in: transaction)
            #expect(left.cells.isEmpty)
            // Whoever oversees another region is told nothing, whatever is asked for.
            let elsewhere = FigureQuery(
                days: FigureStore.days, scope: .institution("H1"), overseen: .region(region))
            let foreign = try store.figures("visits", elsewhere, in: transaction)
            #expect(foreign.cells.isEmpty)
            let part = try #require(Region("1102"))
            let beside = FigureQuery(days: FigureStore.days, overseen: .region(part), place: .region(digits: 2))
            let whole = try store.figures("visits", beside, in: transaction)
            #expect(whole.cells.isEmpty)
        }
    }

    @Test("an instant to come, or before the first record, is answered with what could be asked")
    func instants() throws {
        let store = try FigureStore()
        let first = try store.database.writeBlocking { transaction in
            try store.store("H1", "1", [("visit", [visit(1, cost: 1)])], at: 50_000, in: transaction)
        }
        try store.database.readBlocking { connection in
            func ask(_ milliseconds: Int64) throws {
                _ = try store.figures(
                    "visits", FigureQuery(days: FigureStore.days, asOf: Instant(milliseconds: milliseconds)),
                    in: connection)
            }
            try ask(first.milliseconds)
            #expect(throws: IndicatorError.beforeFirst(Instant(milliseconds: 49_999), first: first)) {
                try ask(49_999)
            }
            #expect(throws: IndicatorError.inFuture(Instant(milliseconds: 1_000_001))) {
                try ask(1_000_001)
            }
        }
    }
}
