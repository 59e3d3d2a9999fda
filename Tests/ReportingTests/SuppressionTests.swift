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
        ProcessInfo.processInfo.environment["VEDETTE_PUBLICATIONS"].flatMap { Int($0) } ?? 12

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
        let lines = publication.lines(cells)
        let attacks = seen.enumerated().map { version, seen in
            let counts = cells.map { $0.count(publication.versions[version]) }
            outcome.cells += cells.count
            outcome.shown += cells.indices.count { seen.isShown($0) }
            return LinearAttack(
                variables: publication.variables,
                facts: cells.indices.compactMap { place in
                    if seen.isShown(place) { return (cells[place].variables, counts[place]...counts[place]) }
                    return seen.isKnownSmall(place) ? (cells[place].variables, 1...4) : nil
                })
        }
        for version in seen.indices {
            // Single cells, and what is hidden of cells that add up to another, together.
            let sums =
                cells.indices.map { [$0] }
                + lines.map { $0.filter { !seen[version].isShown($0) } }.filter { $0.count > 1 }
            for places in Set(sums) {
                func count(_ version: Int) -> Int64 {
                    places.reduce(0) { $0 + cells[$1].count(publication.versions[version]) }
                }
                func width(_ version: Int) -> Double {
                    if places.allSatisfy({ seen[version].isShown($0) }) { return 0 }
                    guard let (low, high) = attacks[version].bounds(of: places.flatMap { cells[$0].variables }) else {
                        return -.infinity
                    }
                    return high - low
                }
                let isSmall = (1...4).contains(count(version))
                let changed = (0..<version).filter { (1...4).contains(abs(count($0) - count(version))) }
                guard isSmall || !changed.isEmpty else { continue }
                outcome.attacked += (isSmall ? 1 : 0) + changed.count
                let own = width(version)
                let names = { places.map { "\(cells[$0].cell)" }.joined(separator: " + ") }
                if isSmall, own < 1 - 1e-6 { outcome.recovered.append("version \(version): \(names())") }
                for earlier in changed where own + width(earlier) < 1 - 1e-6 {
                    outcome.recovered.append("change \(earlier) to \(version): \(names())")
                }
            }
        }
        return outcome
    }

    @Test("no small count and no small change has one value only, of a cell or of those hidden beside each other")
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
        #expect(attacked > Self.publications * 100)
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
