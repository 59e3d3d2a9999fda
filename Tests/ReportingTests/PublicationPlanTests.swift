import Reporting
import SurveillanceKit
import Testing

@Suite("Which counts a figure rests on")
struct PublicationPlanTests {
    private func indicator(
        _ id: String, _ numerator: IndicatorPart, _ denominator: IndicatorPart? = nil, valid: String? = nil,
        dimensions: [String] = ["age"]
    ) -> Indicator {
        let text = BilingualText(zh: id, en: id)
        return Indicator(
            id: id, version: 1, title: text, definition: text, source: text, unit: text, over: "visits",
            valid: valid.map { IndicatorCondition(when: $0) }, numerator: numerator, denominator: denominator,
            dimensions: dimensions)
    }

    private func count(_ condition: String?) -> IndicatorPart {
        IndicatorPart(.count, IndicatorCondition(when: condition))
    }

    private var program: [Indicator] {
        [
            // In an order that is not that of wholes and parts.
            indicator("treated", count("T"), count("FLU")),
            indicator("visits", count(nil), dimensions: ["age", "sex"]),
            indicator("flu-share", count("FLU"), count(nil)), indicator("flu", count("FLU")),
            indicator("cost", IndicatorPart(.mean(of: IndicatorValue("P7508", decimals: 2))), dimensions: []),
        ]
    }

    private func names(_ plan: PublicationPlan, _ indicator: String, _ dimension: String? = nil) -> [String]? {
        plan.cells(of: indicator, region: "43", dimension: dimension)?.map(\.population)
    }

    @Test("indicators that count the same records share a population")
    func shared() {
        let plan = PublicationPlan(program, jointDimension: "age")
        #expect(names(plan, "visits") == ["visits"])
        #expect(names(plan, "flu") == names(plan, "treated").map { [$0[0]] })
        #expect(names(plan, "flu-share") == ["visits"] + (names(plan, "flu") ?? []))
        #expect(names(plan, "treated")?.last == "treated+")
        #expect(names(plan, "cost") == ["cost"])
        #expect(names(plan, "nothing") == nil)
    }

    @Test("a whole is split by each of its dimensions, a part by the joint one alone")
    func dimensions() {
        let plan = PublicationPlan(program, jointDimension: "age")
        #expect(names(plan, "visits", "sex") == ["visits"])
        #expect(names(plan, "flu-share", "age")?.count == 2)
        #expect(names(plan, "flu-share", "sex") == nil)
        #expect(names(plan, "cost", "age") == nil)
        #expect(names(PublicationPlan(program), "flu-share", "age") == nil)
        #expect(OutsideLimit.dimension(offered: "age").message.en.contains("age"))
    }

    @Test("parts are nested in what they are taken of, each with its rest")
    func nesting() throws {
        let plan = PublicationPlan(program, jointDimension: "age")
        var regions = PublicationRegions()
        for region in ["43", "44"] { regions.add(region, in: 0) }
        let week = FigurePeriod(.week, holding: CivilDate(daysSince1970: 20_786))
        let wholes: [String: Int64] = ["visits": 90, "flu": 40, "flu-share": 40, "treated": 10, "cost": 80]
        let counts = plan.counts(week, regions) { source, dimension in
            let id = source.indicator == "treated" && source.side == .records ? "flu" : source.indicator
            let count = wholes[id] ?? 0
            let width: Int64 = dimension == nil ? 1 : dimension == "sex" ? 2 : 5
            return Array(repeating: Array(repeating: count / width, count: Int(width)), count: 2)
        }
        let visits = try #require(counts.populations.first)
        #expect(counts.populations.count == 1)
        #expect(visits.groups.keys.sorted() == ["age", "sex"])
        let parts = visits.splits.map { $0.map(\.total) }
        #expect(parts.contains([[40, 40], [50, 50]]))
        #expect(parts.contains([[80, 80], [10, 10]]))
        let influenza = try #require(visits.splits.flatMap(\.self).first { $0.total == [40, 40] })
        #expect(influenza.splits.map { $0.map(\.total) } == [[[10, 10], [30, 30]]])
        #expect(Array(influenza.groups.keys) == ["age"])
        var ledger = PublicationLedger()
        try ledger.publish(counts, asOf: Instant(milliseconds: 1))
        let cells = try #require(plan.cells(of: "flu-share", region: "43", dimension: "age", group: 2))
        #expect(ledger.moment(showing: cells, in: week) != nil)
    }

    @Test("the rule for a valid result and children count among the conditions")
    func conditions() {
        let tested = IndicatorCondition(having: [.init(fileType: "lis", when: "P8004 == '1'")])
        let plan = PublicationPlan([
            indicator("visits", count(nil)), indicator("known", count("P1 == '1'"), count(nil), valid: "P1 != ''"),
            indicator("positive", IndicatorPart(.count, tested), count(nil)),
        ])
        #expect(names(plan, "known")?.contains("visits") == false)
        #expect(names(plan, "positive")?.first == "visits")
        #expect(Set((names(plan, "known") ?? []) + (names(plan, "positive") ?? [])).count == 4)
    }
}
