import Database
import IndicatorStore
import Indicators
import Reporting
import SurveillanceKit
import Timeliness

/// Serves figures outside of a reader's own scope: from weekly snapshots, and never more than the ledger of the reader's audience allows.
///
/// Counts and shares of whole ISO weeks are given. A week is published when somebody of the audience asks, as of the last snapshot, and its
/// numbers are answered from the ledger alone: what was once shown stays the same whatever arrives afterwards. Only the reader's own part is
/// added to them, as it was known at the same snapshot.
struct FigurePublisher: Sendable {
    let desk: FigureDesk
    /// Holds the ledgers.
    let database: any SQLDatabase
    let institutions: InstitutionLookup
    let report: @Sendable (BilingualText) -> Void
    private let turns = Turns()

    struct InstitutionLookup: Sendable {
        /// Every institution that the register places.
        var placed: [(code: String, region: String)]
        var place: @Sendable (_ code: String) -> InstitutionPlace?
    }

    init(
        desk: FigureDesk, database: any SQLDatabase, institutions: InstitutionLookup,
        report: @escaping @Sendable (BilingualText) -> Void
    ) {
        self.desk = desk
        self.database = database
        self.institutions = institutions
        self.report = report
    }

    /// How many weeks are published, the last ones that were over at the snapshot.
    static let weekCount = 26
    /// How many of them are refreshed with each snapshot: reports of earlier weeks hardly change any more.
    static let refreshedWeeks = 12
    /// The one dimension that splits shares, too.
    static let jointDimension = "age-group"

    /// The last whole weeks before a snapshot, in order.
    static func weeks(before snapshot: Instant, in zone: CivilZone) -> [FigurePeriod] {
        let monday = zone.day(at: snapshot).monday
        return (1...weekCount).reversed().map { FigurePeriod(.week, holding: monday.advanced(byDays: -7 * $0)) }
    }

    /// What is told of the populations of a program: its counts and shares.
    static func plan(_ program: IndicatorProgram) -> PublicationPlan {
        let offered = program.compiled.program.indicators.filter {
            PublishedRequest.offers($0) && program.compiled.definition($0.id) != nil
        }
        let joint = program.compiled.program.dimensions.contains { $0.id == jointDimension } ? jointDimension : nil
        return PublicationPlan(offered, jointDimension: joint)
    }

    /// The figures of the last weeks as of the last snapshot.
    ///
    /// - Throws: `IndicatorError` for a program or an indicator that there is not; `FigureRequest.Fault` for what is not offered.
    func series(_ asked: PublishedRequest, in scope: Scope) async throws -> FigureSeries {
        let program = try desk.store.program(asked.request.program)
        let definition = try desk.definition(asked.request, program)
        guard PublishedRequest.offers(definition.indicator) else { throw fault("published", .countsAndShares) }
        guard let zone = desk.zone(of: asked.request.program), let audience = FigureLedgerBook.audience(scope) else {
            throw fault("published", .notOffered)
        }
        let snapshot = FigureSnapshot.lastInstant(at: desk.now(), in: zone)
        let all = Self.weeks(before: snapshot, in: zone)
        let weeks = all.filter { week in
            asked.request.from.map { $0 <= week.first } ?? true && asked.request.to.map { $0 >= week.last } ?? true
        }
        if isOwn(asked.request.region, of: scope) { return try await ownSeries(asked, weeks, in: scope, snapshot) }
        let regions = try await regions(of: scope, program)
        let keys = try self.keys(asked, definition, program, regions, scope)
        try await publish(program, audience, scope, all, regions, snapshot)
        guard let first = all.first?.key, let last = all.last?.key else { return empty(asked, definition, snapshot) }
        let entries = try await database.read {
            try FigureLedgerBook.entries(audience, asked.request.program, weeks: first...last, in: $0)
        }
        let answer = PublishedAnswer(
            asked: asked, definition: definition, plan: Self.plan(program), declared: program.declared,
            entries: entries, snapshot: snapshot,
            countsAll: FigureDesk.allRecords(definition, program)?.indicator == definition.indicator)
        let cells = weeks.flatMap { week in keys.map { answer.cell(week, $0) } }
        let own = try await ownCounts(asked, definition, program, weeks, cells.compactMap(\.moment), in: scope)
        var series = empty(asked, definition, snapshot)
        series.rows = cells.map { answer.row($0, own: own) }
        return series
    }

    private func fault(_ parameter: String, _ limit: OutsideLimit) -> FigureRequest.Fault {
        FigureRequest.Fault(parameter: parameter, message: limit.message)
    }

    private func empty(
        _ asked: PublishedRequest, _ definition: CompiledIndicator, _ snapshot: Instant
    ) -> FigureSeries {
        FigureSeries(request: asked.request, indicator: definition.indicator, asOf: snapshot, rows: [])
    }

    /// Whether all that is asked for lies within the scope, so that nothing needs to be hidden.
    private func isOwn(_ region: Region?, of scope: Scope) -> Bool {
        switch scope {
        case .nation: true
        case .region(let own): region.map { own.contains($0.prefix) } ?? false
        case .institution, .nothing: false
        }
    }

    private func ownSeries(
        _ asked: PublishedRequest, _ weeks: [FigurePeriod], in scope: Scope, _ snapshot: Instant
    ) async throws -> FigureSeries {
        var request = asked.request
        guard let first = weeks.first, let last = weeks.last else {
            let program = try desk.store.program(request.program)
            return empty(asked, try desk.definition(request, program), snapshot)
        }
        (request.from, request.to, request.asOf) = (first.first, last.last, snapshot)
        do { return try await desk.series(request, in: scope) } catch IndicatorError.beforeFirst {
            let program = try desk.store.program(request.program)
            return empty(asked, try desk.definition(request, program), snapshot)
        }
    }

    // MARK: Regions

    /// The regions of which an audience is told now. An institution that the register does not place is a part of the nation by itself.
    private func regions(of scope: Scope, _ program: IndicatorProgram) async throws -> PublicationRegions {
        var regions = PublicationRegions(for: scope, institutions: institutions.placed)
        var own = ""
        if case .institution(let code) = scope {
            own = code
            if !regions.nodes.contains(where: \.isOwn) { regions.add(code, in: 0, isOwn: true) }
        }
        let id = program.compiled.program.id
        let hasUnplaced = try await desk.records.read { [desk, own] in
            try desk.store.hasUnplaced(of: id, besides: own, in: $0)
        }
        if hasUnplaced { regions.add(PublicationRegions.nation + PublicationRegions.rest, in: 0) }
        return regions
    }

    /// The region and group of each row of a week.
    private func keys(
        _ asked: PublishedRequest, _ definition: CompiledIndicator, _ program: IndicatorProgram,
        _ regions: PublicationRegions, _ scope: Scope
    ) throws -> [PublishedAnswer.Key] {
        let root = asked.request.region?.prefix ?? PublicationRegions.nation
        // An institution's own node and rests are nobody's to ask for.
        var isInstitution = false
        if case .institution = scope { isInstitution = true }
        func isRegion(_ place: Int) -> Bool {
            let node = regions.nodes[place]
            return !node.id.hasSuffix(PublicationRegions.rest) && !(isInstitution && node.isOwn)
        }
        guard let top = regions.nodes.indices.first(where: { regions.nodes[$0].id == root && isRegion($0) }) else {
            throw fault("region", .region)
        }
        var places = [top]
        if asked.isByRegion {
            places = regions.nodes.indices.filter { regions.nodes[$0].parent == top && isRegion($0) }
            if places.isEmpty { throw fault("region", .region) }
        }
        var groups: [(number: Int, id: String)] = [(0, "")]
        if let dimension = asked.dimension {
            guard Self.plan(program).cells(of: definition.indicator.id, region: root, dimension: dimension) != nil
            else {
                throw fault(
                    "by",
                    .dimension(
                        offered: definition.indicator.dimensions.contains(Self.jointDimension)
                            ? Self.jointDimension : nil))
            }
            groups = SnapshotCounts.groups(dimension, program).enumerated().map { ($0, $1) }
        }
        return places.flatMap { place in
            groups.map { PublishedAnswer.Key(region: regions.nodes[place].id, group: $0.number, groupID: $0.id) }
        }
    }

    // MARK: Publishing

    /// Publishes to an audience the weeks that were not published yet as of a snapshot.
    ///
    /// One publication runs at a time, as it reads whole change logs. While figures are being worked out anew nothing is published: what was
    /// shown stays, and the next request looks again.
    private func publish(
        _ program: IndicatorProgram, _ audience: String, _ scope: Scope, _ weeks: [FigurePeriod],
        _ regions: PublicationRegions, _ snapshot: Instant
    ) async throws {
        let id = program.compiled.program.id
        guard let first = weeks.first?.key, let last = weeks.last?.key else { return }
        let refreshed = Set(weeks.suffix(Self.refreshedWeeks).map(\.key))
        let due = { @Sendable (moments: [String: Instant]) in
            weeks.filter { week in
                guard let known = moments[week.key] else { return true }
                return refreshed.contains(week.key) && known < snapshot
            }
        }
        let isDue = { @Sendable [database] in
            try await !due(
                database.read { try FigureLedgerBook.moments(audience, id, weeks: first...last, in: $0) }
            ).isEmpty
        }
        guard try await isDue() else { return }
        try await turns.take {
            guard try await isDue() else { return }
            let entries = try await database.read {
                try FigureLedgerBook.entries(audience, id, weeks: first...last, in: $0)
            }
            let wanted = due(entries.mapValues(\.asOf))
            let published = try await desk.records.read { connection in
                try self.published(program, scope, wanted, entries, regions, snapshot, connection)
            }
            guard !published.isEmpty else { return }
            try await database.write { transaction in
                for entry in published {
                    // Another server may have been faster: its publication stays, and the request answers from it.
                    _ = try FigureLedgerBook.replace(
                        entry, former: entries[entry.week.key]?.asOf, audience, id, in: transaction)
                }
            }
        }
    }

    /// The entries of some weeks with what a snapshot adds to them.
    private func published(
        _ program: IndicatorProgram, _ scope: Scope, _ weeks: [FigurePeriod],
        _ entries: [String: FigureLedgerBook.Entry], _ regions: PublicationRegions, _ snapshot: Instant,
        _ connection: any Connection
    ) throws -> [FigureLedgerBook.Entry] {
        let id = program.compiled.program.id
        guard try desk.store.outdated(id, in: connection, place: institutions.place).isEmpty else { return [] }
        // A week that was counted by other declarations is left as it was: its populations may be others.
        let weeks = weeks.filter { entries[$0.key]?.declared ?? program.declared == program.declared }
        let plan = Self.plan(program)
        let counts: SnapshotCounts
        do {
            counts = try SnapshotCounts(
                weeks.map { week in
                    SnapshotCounts.Week(
                        week, entries[week.key]?.ledger.regions(of: week) ?? regions, scope: scope)
                }, plan, program, desk, scope: scope, asOf: snapshot, now: desk.now(), in: connection)
        } catch IndicatorError.historyGone {
            return []
        }
        guard counts.isKnown else { return [] }
        return weeks.enumerated().map { number, week in
            var entry =
                entries[week.key]
                ?? FigureLedgerBook.Entry(
                    week: week, declared: program.declared, asOf: snapshot, ledger: PublicationLedger())
            entry.asOf = snapshot
            guard !counts.weeks[number].hasUnplaced else { return entry }
            do { try entry.ledger.publish(counts.counts(ofWeek: number, plan), asOf: snapshot) } catch {
                let cause = ErrorText.of(error)
                report(
                    BilingualText(
                        zh: "\(id) 在读者范围之外的指标：\(week.key) 保持原先公布的结果：\(cause.zh)",
                        en:
                            "figures of \(id) outside of a reader's scope: \(week.key) is left as it was shown: \(cause.en)"
                    ))
            }
            return entry
        }
    }

    // MARK: The reader's own part

    /// The reader's own sums by snapshot, week and group.
    private func ownCounts(
        _ asked: PublishedRequest, _ definition: CompiledIndicator, _ program: IndicatorProgram,
        _ weeks: [FigurePeriod], _ moments: [Instant], in scope: Scope
    ) async throws -> PublishedAnswer.Own {
        guard let first = weeks.first?.first, let last = weeks.last?.last else { return PublishedAnswer.Own() }
        return try await desk.records.read { [desk] connection in
            var own = PublishedAnswer.Own()
            for moment in Set(moments) {
                let query = FigureQuery(
                    days: first...last, scope: scope, asOf: moment, by: .week,
                    dimensions: asked.dimension.map { [$0] } ?? [])
                do {
                    let found = try desk.store.figures(definition, of: program, query, now: desk.now(), in: connection)
                    for cell in found.cells {
                        own.sums[
                            PublishedAnswer.OwnKey(moment: moment, day: cell.day, group: cell.groups.first ?? "")] =
                            FigureSums(numerator: cell.numerator, denominator: cell.denominator)
                    }
                } catch IndicatorError.beforeFirst {
                    continue
                } catch IndicatorError.historyGone {
                    own.gone.insert(moment)
                }
            }
            return own
        }
    }
}

/// Lets one task in at a time, in the order in which they came.
private actor Turns {
    private var last: Task<Void, Never>?

    func take(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let before = last
        let task = Task {
            await before?.value
            try await body()
        }
        last = Task { _ = await task.result }
        try await task.value
    }
}
