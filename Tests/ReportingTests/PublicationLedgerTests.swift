import Foundation
import Reporting
import Seeding
import SurveillanceKit
import Testing

@Suite("What outsiders are shown")
struct PublicationLedgerTests {
    private let week = FigurePeriod(.week, holding: CivilDate(daysSince1970: 20_786))

    /// Provinces by the order of their counts: `a`, `b`, `c` …; a star makes one the reader's own.
    private func regions(_ names: String) -> PublicationRegions {
        var regions = PublicationRegions()
        for name in names.split(separator: " ") {
            regions.add(String(name.prefix(1)), in: 0, isOwn: name.hasSuffix("*"))
        }
        return regions
    }

    private func visits(_ names: String, _ counts: [Int64]) -> WeekCounts {
        WeekCounts(week: week, regions: regions(names), populations: [Population("visits", total: counts)])
    }

    /// The regions that are shown, those that are hidden, and those that are shown as of an earlier moment.
    private func shown(
        _ ledger: PublicationLedger, _ names: String, at moment: Int64 = 1, _ populations: [String] = ["visits"]
    ) -> String {
        regions(names).nodes.map { node in
            let cells = populations.map { PublishedCell($0, region: node.id) }
            let name = node.id == "nation" ? "nation" : node.id
            guard let known = ledger.moment(showing: cells, in: week) else { return "(\(name))" }
            return known.milliseconds == moment ? name : "\(name)@\(known.milliseconds)"
        }.joined(separator: " ")
    }

    @Test(
        "a small count is hidden, and with it what subtraction would give it away by",
        arguments: [
            // The smallest of the others goes with it; the nation stays.
            ("a b c", [3, 20, 90], "nation (a) (b) c"),
            // Zero is shown, and so is what is large.
            ("a b c", [0, 5, 90], "nation a b c"),
            // Two small counts may hide each other, as 2 and 3 may be 3 and 2.
            ("a b c", [2, 3, 90], "nation (a) (b) c"),
            // 1 and 2 would be 3 in both together.
            ("a b c d", [1, 2, 90, 200], "nation (a) (b) (c) d"),
            // 1 and 1 may only be 1 and 1 if both are small.
            ("a b c", [1, 1, 90], "nation (a) (b) (c)"),
            // The reader knows its own 17; the others' 3 would be left.
            ("a b*", [3, 17], "(nation) (a) b"), ("a b* c", [3, 17, 60], "nation (a) b (c)"),
            // Nobody else has any, so the nation is the reader's own.
            ("a b*", [0, 3], "nation a b"),
        ] as [(String, [Int64], String)])
    func complement(names: String, counts: [Int64], expected: String) throws {
        var ledger = PublicationLedger()
        try ledger.publish(visits(names, counts), asOf: Instant(milliseconds: 1))
        #expect(shown(ledger, names) == expected)
    }

    @Test("a region changed by 1 to 4 keeps the number that was shown, with its moment")
    func refresh() throws {
        var ledger = PublicationLedger()
        try ledger.publish(visits("a b c", [50, 60, 70]), asOf: Instant(milliseconds: 1))
        #expect(shown(ledger, "a b c", at: 1) == "nation a b c")
        // Three patients more in a: a stays as it was, and so do those by which it could be worked out, alone or together.
        try ledger.publish(visits("a b c", [53, 60, 80]), asOf: Instant(milliseconds: 2))
        #expect(shown(ledger, "a b c", at: 2) == "nation a@1 b@1 c@1")
        // Four more in a: the nation's number would differ by 4 from the one that was shown last, so it stays, and a with it.
        try ledger.publish(visits("a b c", [57, 60, 80]), asOf: Instant(milliseconds: 3))
        #expect(shown(ledger, "a b c", at: 3) == "nation@2 a@1 b c")
        let cell = [PublishedCell("visits", region: "a")]
        #expect(ledger.moment(showing: cell, in: week, noLaterThan: Instant(milliseconds: 2))?.milliseconds == 1)
    }

    @Test("what has not changed is known as of the latest snapshot")
    func unchanged() throws {
        var ledger = PublicationLedger()
        for moment in 1...3 {
            try ledger.publish(visits("a b c", [3, 20, 90]), asOf: Instant(milliseconds: Int64(moment)))
        }
        #expect(shown(ledger, "a b c", at: 3) == "nation (a) (b) c")
        let cell = [PublishedCell("visits", region: "c")]
        #expect(ledger.moment(showing: cell, in: week, noLaterThan: Instant(milliseconds: 2))?.milliseconds == 2)
        #expect(ledger.moment(showing: cell, in: week, noLaterThan: Instant(milliseconds: 0)) == nil)
        #expect(ledger.moment(showing: cell, in: week.next) == nil)
    }

    @Test("a share is shown where both of its counts are, and neither the positive nor the negative are few")
    func shares() throws {
        var visits = Population("tested", total: [40, 50, 400, 60])
        visits.split(into: Population("positive", total: [3, 20, 100, 57]))
        var ledger = PublicationLedger()
        try ledger.publish(
            WeekCounts(week: week, regions: regions("a b c d"), populations: [visits]), asOf: Instant(milliseconds: 1))
        #expect(shown(ledger, "a b c d", ["tested"]) == "nation a b c d")
        // a has 3 positive, d has 3 negative, and 3 + 57 may as well be 2 + 58: they hide each other.
        #expect(shown(ledger, "a b c d", ["tested", "positive"]) == "nation (a) b c (d)")
    }

    @Test("influenza and no influenza hide the same, in whatever way they are declared")
    func sameParts() throws {
        var visits = Population("visits", total: [40, 50, 400, 60, 70])
        visits.split(into: Population("flu", total: [3, 20, 100, 20, 20]))
        visits.split(into: Population("no-flu", total: [37, 30, 300, 40, 50]))
        var ledger = PublicationLedger()
        try ledger.publish(
            WeekCounts(week: week, regions: regions("a b c d e"), populations: [visits]), asOf: Instant(milliseconds: 1)
        )
        #expect(shown(ledger, "a b c d e", ["flu"]) == shown(ledger, "a b c d e", ["no-flu"]))
    }

    @Test("a ledger that was written and read again hides the same")
    func coding() throws {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<6 {
            let publication = RandomPublication(&generator)
            var (ledger, copied) = (PublicationLedger(), PublicationLedger())
            for version in publication.versions.indices {
                let moment = Instant(milliseconds: Int64(version))
                try ledger.publish(publication.counts(version), asOf: moment)
                copied = try JSONDecoder().decode(PublicationLedger.self, from: JSONEncoder().encode(copied))
                try copied.publish(publication.counts(version), asOf: moment)
            }
            #expect(ledger == copied)
        }
    }

    @Test("what does not hold together is refused, and the ledger stays as it was")
    func refusals() throws {
        var ledger = PublicationLedger()
        try ledger.publish(visits("a b", [50, 60]), asOf: Instant(milliseconds: 5))
        let before = ledger
        func refusal(_ counts: WeekCounts, _ moment: Int64 = 6) -> PublicationError? {
            do throws(PublicationError) {
                try ledger.publish(counts, asOf: Instant(milliseconds: moment))
                return nil
            } catch { return error }
        }
        var month = visits("a b", [50, 60])
        month.week = FigurePeriod(.month, holding: week.first)
        #expect(refusal(month) == .notAWeek(month.week.key))
        #expect(refusal(visits("a b", [50])) == .badCounts(population: "visits"))
        #expect(refusal(visits("a b", [50, -1])) == .badCounts(population: "visits"))
        #expect(refusal(visits("a b", [50, 60]), 4) == .notLater(week: week.key))
        #expect(refusal(visits("a b c", [50, 60, 70])) == .otherRegions(week: week.key))
        var split = visits("a b", [50, 60])
        split.populations[0].groups["age"] = [[20, 30], [30, 31]]
        #expect(refusal(split) == .doesNotAddUp(population: "visits", dimension: "age"))
        split.populations[0].groups = [:]
        split.populations[0].split(into: Population("more", total: [51, 0]))
        #expect(refusal(split) == .badCounts(population: "more~"))
        split.populations[0].splits = [[Population("p", total: [1, 1])]]
        #expect(refusal(split) == .doesNotAddUp(population: "visits", dimension: nil))
        split.populations[0].splits = [[Population("p", total: [50, 60], groups: ["sex": [[50], [60]]])]]
        #expect(refusal(split) == .partSplit(population: "p", dimension: "sex"))
        split.populations[0].splits = [[Population("visits", total: [50, 60])]]
        #expect(refusal(split) == .repeatedPopulation("visits"))
        #expect(ledger == before)
        #expect(refusal(visits("a b", [80, 90]), 5) == nil, "the same moment again changes nothing")
        #expect(ledger == before)
    }

    @Test("readers are told of what lies beside their own region on each level")
    func audiences() throws {
        let institutions = [
            ("H1", "430102"), ("H2", "430102"), ("H3", "430103"), ("H4", "430204"), ("H5", "440105"), ("H6", "440106"),
        ].map { (code: $0.0, region: $0.1) }
        func tree(_ scope: Scope) -> String {
            PublicationRegions(for: scope, institutions: institutions).nodes.map { $0.id + ($0.isOwn ? "*" : "") }
                .joined(separator: " ")
        }
        let hunan = try #require(Region("43"))
        let changsha = try #require(Region("4301"))
        #expect(tree(.nation) == "nation*")
        #expect(tree(.region(hunan)) == "nation 43* 44")
        #expect(tree(.region(changsha)) == "nation 43 4301* 4302 44")
        #expect(tree(.institution("H1")) == "nation 43 4301 430102 H1* 430102~ 430103 4302 44")
        #expect(tree(.nothing) == "nation 43 44")
        let regions = PublicationRegions(for: .institution("H1"), institutions: institutions)
        let places = institutions.map { regions.leaf(ofInstitution: $0.code, region: $0.region) }
        #expect(places.map { $0.map { regions.nodes[$0].id } } == ["H1", "430102~", "430103", "4302", "44", "44"])
    }

    @Test("a quarter of 34 provinces by three age groups is shown but for what is small and what stands beside it")
    func quarter() throws {
        var generator = SeededGenerator(seed: 3)
        var regions = PublicationRegions()
        for code in 11...44 { regions.add("\(code)", in: 0, isOwn: code == 43) }
        let sizes = regions.leaves.map { _ in generator.pick([3, 20, 60, 200, 800, 3_000]) }
        var (ledger, week) = (PublicationLedger(), week)
        var (shown, small, all) = (0, 0, 0)
        for _ in 0..<13 {
            let ages = sizes.map { size in (0..<3).map { _ in Int64(generator.below(size) + generator.below(size)) / 3 }
            }
            let influenza = ages.map { $0.map { Int64(generator.below(Int($0) / 4 + 1)) } }
            var visits = Population("visits", total: ages.map { $0.reduce(0, +) }, groups: ["age": ages])
            visits.split(
                into: Population("flu", total: influenza.map { $0.reduce(0, +) }, groups: ["age": influenza]))
            try ledger.publish(
                WeekCounts(week: week, regions: regions, jointDimension: "age", populations: [visits]),
                asOf: Instant(milliseconds: 1))
            for (leaf, node) in regions.leaves.enumerated() where !regions.nodes[node].isOwn {
                for group in 0..<3 {
                    let cells = ["visits", "flu"].map {
                        PublishedCell($0, region: regions.nodes[node].id, dimension: "age", group: group)
                    }
                    let isShown = ledger.moment(showing: cells, in: week) != nil
                    let isSmall = (1...4).contains(influenza[leaf][group]) || (1...4).contains(ages[leaf][group])
                    #expect(!(isShown && isSmall))
                    shown += isShown ? 1 : 0
                    small += isSmall ? 1 : 0
                    all += 1
                }
            }
            week = week.next
        }
        #expect(shown * 2 > all - small, "\(shown) shown, \(small) small of \(all)")
    }
}
