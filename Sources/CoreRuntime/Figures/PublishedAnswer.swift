import Indicators
import Reporting
import SurveillanceKit

/// Reads figures out of the ledgers of an audience.
struct PublishedAnswer {
    let asked: PublishedRequest
    let definition: CompiledIndicator
    let plan: PublicationPlan
    /// The declarations by which figures are counted now: a week that was counted by others shows nothing.
    let declared: String
    let entries: [String: FigureLedgerBook.Entry]
    let snapshot: Instant
    /// Whether the indicator counts every record of its file type.
    let countsAll: Bool

    struct Key {
        var region: String
        var group: Int
        var groupID: String
    }

    struct OwnKey: Hashable {
        var moment: Instant
        var day: CivilDate
        var group: String
    }

    /// What is known of the reader's own records.
    struct Own {
        var sums: [OwnKey: FigureSums] = [:]
        /// Snapshots of which the history is no longer kept.
        var gone: Set<Instant> = []
    }

    /// A figure before the reader's own part is added.
    struct Cell {
        var week: FigurePeriod
        var key: Key
        /// As of when it is shown; nil where it is not.
        var moment: Instant?
        /// What the ledger shows, in the order of the plan's cells.
        var counts: [Int64] = []
        /// Whether the reader's own records belong to the region.
        var holdsOwn = false
        /// Whether the week was published at all.
        var isPublished = false
    }

    func cell(_ week: FigurePeriod, _ key: Key) -> Cell {
        var cell = Cell(week: week, key: key)
        guard let entry = entries[week.key], let regions = entry.ledger.regions(of: week) else { return cell }
        cell.isPublished = true
        guard entry.declared == declared,
            let cells = plan.cells(
                of: definition.indicator.id, region: key.region, dimension: asked.dimension, group: key.group),
            let moment = entry.ledger.moment(showing: cells, in: week, noLaterThan: snapshot)
        else { return cell }
        let counts = cells.compactMap { entry.ledger.count(of: $0, in: week, at: moment) }
        guard counts.count == cells.count else { return cell }
        (cell.moment, cell.counts) = (moment, counts)
        var place = regions.nodes.firstIndex(where: \.isOwn)
        while let node = place {
            if regions.nodes[node].id == key.region { cell.holdsOwn = true }
            place = regions.nodes[node].parent
        }
        return cell
    }

    func row(_ cell: Cell, own: Own) -> FigureSeries.Row {
        let keys = asked.request.splits.map { split in
            if case .dimension = split { cell.key.groupID } else { cell.key.region }
        }
        return FigureSeries.Row(
            period: cell.week, keys: keys, figure: figure(cell, own),
            asOf: cell.moment.flatMap { $0 == snapshot ? nil : $0 })
    }

    private func figure(_ cell: Cell, _ own: Own) -> Figure {
        guard let moment = cell.moment else { return cell.isPublished ? .suppressed : .missing }
        // A count rests on one cell; a share on its denominator and its numerator, which are one where both count the same.
        var sums =
            definition.kind == .count
            ? FigureSums(numerator: cell.counts.first ?? 0)
            : FigureSums(numerator: cell.counts.last ?? 0, denominator: cell.counts.first ?? 0)
        if cell.holdsOwn, own.gone.contains(moment) { return .missing }
        if cell.holdsOwn,
            let part = own.sums[OwnKey(moment: moment, day: cell.week.first, group: cell.key.groupID)]
        {
            sums.numerator += part.numerator
            sums.denominator += part.denominator
        }
        // Where no record is known there is no number, as for the own figures.
        let isEmpty =
            definition.kind == .count
            ? countsAll && asked.dimension == nil && sums.numerator == 0 : sums.denominator == 0
        return isEmpty ? .missing : Figure(definition.indicator, sums)
    }
}
