import Foundation
@testable import Reporting
import Seeding
import SurveillanceKit
import Testing

/// Random publications, attacked by linear programming with all that was ever shown, and with the reader's own counts.
@Suite("Hidden counts cannot be worked out")
struct SuppressionTests {
    /// All 1,000 where the environment asks for them, and a part otherwise.
    private static let publications =
        ProcessInfo.processInfo.environment["VEDETTE_PUBLICATIONS"].flatMap { Int($0) } ?? 25

    /// What an attack of one publication came to.
    private struct Outcome {
        /// Small counts and small changes that were attacked.
        var attacked = 0
        var recovered: [String] = []
        var shown = 0
        var cells = 0
    }

    private typealias Seen = (isShown: (Int) -> Bool, isKnownSmall: (Int) -> Bool)

    private func attack(_ publication: RandomPublication, _ seen: [Seen]) -> Outcome {
        var outcome = Outcome()
        let cells = publication.cells
        var bounds: [[Int: (low: Double, high: Double)]] = []
        for (version, seen) in seen.enumerated() {
            let counts = cells.map { $0.count(publication.versions[version]) }
            let facts = cells.indices.compactMap { place -> (variables: [Int], bounds: ClosedRange<Int64>)? in
                if seen.isShown(place) { return (cells[place].variables, counts[place]...counts[place]) }
                return seen.isKnownSmall(place) ? (cells[place].variables, 1...4) : nil
            }
            outcome.cells += cells.count
            outcome.shown += cells.indices.count { seen.isShown($0) }
            let attack = LinearAttack(variables: publication.variables, facts: facts)
            var found: [Int: (low: Double, high: Double)] = [:]
            for place in cells.indices {
                if seen.isShown(place) {
                    found[place] = (Double(counts[place]), Double(counts[place]))
                    continue
                }
                let isSmall = (1...4).contains(counts[place])
                let changed = publication.versions.contains { other in
                    (1...4).contains(abs(cells[place].count(other) - counts[place]))
                }
                guard isSmall || changed else { continue }
                found[place] = attack.bounds(of: cells[place].variables)
                guard isSmall else { continue }
                outcome.attacked += 1
                guard let (low, high) = found[place], high - low > 1 - 1e-6 else {
                    outcome.recovered.append("version \(version) \(cells[place].cell): \(found[place] as Any)")
                    continue
                }
            }
            bounds.append(found)
        }
        for later in seen.indices {
            for earlier in 0..<later {
                for place in cells.indices {
                    let change =
                        cells[place].count(publication.versions[later])
                        - cells[place].count(publication.versions[earlier])
                    guard (1...4).contains(abs(change)) else { continue }
                    outcome.attacked += 1
                    let widths = [bounds[later][place], bounds[earlier][place]].compactMap {
                        $0.map { $0.high - $0.low }
                    }
                    if widths.count == 2, widths.reduce(0, +) < 1 - 1e-6 {
                        outcome.recovered.append("change \(earlier) to \(later) of \(cells[place].cell)")
                    }
                }
            }
        }
        return outcome
    }

    @Test("no small count and no small change of any shown or hidden cell has one value only")
    func ledger() throws {
        var generator = SeededGenerator(seed: 5)
        var (attacked, shown, cells) = (0, 0, 0)
        for number in 0..<Self.publications {
            let publication = RandomPublication(&generator)
            let all = publication.cells
            var ledger = PublicationLedger()
            var seen: [Seen] = []
            for version in publication.versions.indices {
                let counts = publication.counts(version)
                let week = ledger.published(counts.week) ?? PublishedWeek(regions: counts.regions)
                let decided = ledger.decision(on: counts, after: week)
                let moment = Instant(milliseconds: Int64(version))
                try ledger.publish(counts, asOf: moment)
                let states = all.map { cell in
                    let table = WeekSuppression.key(cell.cell.population, cell.cell.dimension)
                    let node = publication.regions.place(of: cell.cell.region) ?? 0
                    let known = decided.tables[table]?.states ?? []
                    return known[node * (known.count / publication.regions.nodes.count) + cell.cell.group]
                }
                let open = all.map {
                    ledger.moment(showing: [$0.cell], in: counts.week, noLaterThan: moment) == moment
                }
                seen.append(({ open[$0] }, { states[$0] == .small }))
            }
            let outcome = attack(publication, seen)
            #expect(outcome.recovered == [], "publication \(number)")
            if !outcome.recovered.isEmpty { return }
            attacked += outcome.attacked
            shown += outcome.shown
            cells += outcome.cells
        }
        #expect(attacked > Self.publications * 60)
        #expect(shown * 5 > cells, "hiding everything is no art")
    }

    @Test("the same attack finds many counts where small ones alone are hidden")
    func naive() {
        var generator = SeededGenerator(seed: 5)
        var (attacked, recovered) = (0, 0)
        for _ in 0..<min(Self.publications, 50) {
            let publication = RandomPublication(&generator)
            let cells = publication.cells
            let seen: [Seen] = publication.versions.map { patients in
                let small = cells.map { (1...4).contains($0.count(patients)) }
                return ({ !small[$0] }, { small[$0] })
            }
            let outcome = attack(publication, seen)
            attacked += outcome.attacked
            recovered += outcome.recovered.count
        }
        #expect(recovered * 5 > attacked)
    }
}
