import Database
import IndicatorStore
import Indicators
public import Reporting
public import SurveillanceKit
import Timeliness

/// Answers questions for figures, from what is kept beside the records.
public struct FigureDesk: Sendable {
    let store: IndicatorStore
    let records: any SQLDatabase
    let now: @Sendable () -> Instant
    /// By program.
    private let civilZones: [String: CivilZone]
    private let delays = FigureDelays()

    init(store: IndicatorStore, records: any SQLDatabase, now: @escaping @Sendable () -> Instant) {
        self.store = store
        self.records = records
        self.now = now
        let programs = store.programs.map(\.compiled.program)
        let zones = programs.map { ($0.id, CivilZone($0.timeZone)) }
        civilZones = Dictionary(zones, uniquingKeysWith: { first, _ in first }).compactMapValues(\.self)
    }

    /// The zone in which a program's days are told; nil for one without indicators.
    func zone(of program: String) -> CivilZone? { civilZones[program] }

    /// The zone of each province, as the program declares it.
    private static func zones(_ program: Program) -> [String: String] {
        var zones: [String: String] = [:]
        for zone in program.zones { for province in zone.provinces { zones[province] = zone.id } }
        return zones
    }

    /// The figures that somebody asks for, of what he may see.
    ///
    /// - Throws: `IndicatorError`.
    public func series(_ request: FigureRequest, in scope: Scope) async throws -> FigureSeries {
        try await records.read { try series(request, in: scope, $0) }
    }

    func series(_ request: FigureRequest, in scope: Scope, _ connection: any Connection) throws -> FigureSeries {
        let program = try store.program(request.program)
        let definition = try definition(request, program)
        let moment = now()
        let query = try query(request, scope)
        let found = try store.figures(definition, of: program, query, now: moment, in: connection)
        var rows = found.cells.map { row($0, definition.indicator, request) }
        if request.by != nil, request.splits.isEmpty {
            rows = try filled(rows, definition, program, request, query, moment, connection)
        }
        let zone = zone(of: request.program)
        let today = zone?.day(at: request.asOf ?? moment) ?? CivilDate(daysSince1970: 0)
        var (delay, note): (ReportingDelay?, BilingualText?) = (nil, nil)
        if request.by != nil, let zone {
            let learned = try self.delay(definition, program, request, query, zone, today: today, connection)
            switch learned {
            case .success(let known):
                delay = known
                rows = rows.map { row in
                    var row = row
                    if let period = row.period { row.figure = known.marked(row.figure, of: period, today: today) }
                    return row
                }
            case .failure(let error): note = error.message
            }
        }
        return FigureSeries(
            request: request, indicator: definition.indicator, asOf: request.asOf ?? moment, rows: rows,
            withoutDay: definition.keepsValues
                ? nil
                : Figure(
                    definition.indicator,
                    FigureSums(
                        numerator: found.withoutDay.numerator, denominator: found.withoutDay.denominator)),
            outdated: found.outdated, delay: delay, delayNote: note, today: today,
            completeness: request.by == nil || !request.splits.isEmpty
                ? nil
                : try completeness(definition, program, request, query, delay, today: today, moment, connection))
    }

    /// What is known of each of the last days, by all records of the file type, and of records without a day.
    private func completeness(
        _ definition: CompiledIndicator, _ program: IndicatorProgram, _ request: FigureRequest, _ query: FigureQuery,
        _ delay: ReportingDelay?, today: CivilDate, _ moment: Instant, _ connection: any Connection
    ) throws -> Completeness? {
        guard let all = FigureDesk.allRecords(definition, program) else { return nil }
        let days = today.advanced(byDays: 1 - Completeness.dayCount)...today
        let query = FigureQuery(
            days: days, scope: query.scope, overseen: query.overseen, asOf: query.asOf, by: .day, levels: query.levels)
        let found = try store.figures(all, of: program, query, now: moment, in: connection)
        let known = Dictionary(found.cells.map { ($0.day, $0.numerator) }, uniquingKeysWith: +)
        return Completeness(
            known: (0..<Completeness.dayCount).map { back in
                let day = today.advanced(byDays: -back)
                return (day, known[day] ?? 0)
            }, withoutDay: found.withoutDay.numerator, delay, today: today)
    }

    /// How late records of the asked places usually come, by all records of the file type. What was learned today is remembered.
    private func delay(
        _ definition: CompiledIndicator, _ program: IndicatorProgram, _ request: FigureRequest, _ query: FigureQuery,
        _ zone: CivilZone, today: CivilDate, _ connection: any Connection
    ) throws -> Result<ReportingDelay, ReportingDelay.TooLittleHistory> {
        let all = FigureDesk.allRecords(definition, program) ?? definition
        let key = FigureDelays.Key(
            definition: all.name(in: program.compiled.program), scope: query.scope, asOf: request.asOf, today: today)
        if let known = delays[key] { return known }
        let last = today.advanced(byDays: -ReportingDelay.completeAfterDays)
        let asked = FigureQuery(
            days: last.advanced(byDays: 1 - ReportingDelay.historyDays)...last, scope: query.scope, asOf: request.asOf)
        let arrivals = try store.arrivals(
            all, of: program, asked, secondsEastOfUTC: zone.offset(at: request.asOf ?? now()), in: connection)
        let known = arrivals.map { KnownRecords(day: $0.key, byLag: $0.value) }
        let learned = Result { () throws(ReportingDelay.TooLittleHistory) in try ReportingDelay(known, today: today) }
        delays[key] = learned
        return learned
    }

    func definition(_ request: FigureRequest, _ program: IndicatorProgram) throws -> CompiledIndicator {
        guard let found = program.compiled.definition(request.indicator, version: request.version) else {
            throw IndicatorError.unknownIndicator(
                request.indicator, version: request.version, known: program.compiled.program.indicators.map(\.id))
        }
        return found
    }

    func query(_ request: FigureRequest, _ scope: Scope) throws(IndicatorError) -> FigureQuery {
        let program = try store.program(request.program).compiled.program
        var dimensions: [String] = []
        var place: FigureQuery.PlaceSplit?
        var splitsByLevel = false
        for split in request.splits {
            switch split {
            case .region: place = .region(digits: FigureDesk.digits(request, scope))
            case .province: place = .region(digits: 2)
            case .prefecture: place = .region(digits: 4)
            case .county: place = .region(digits: 6)
            case .zone:
                guard !program.zones.isEmpty else {
                    throw .unknownDimension("zone", known: program.dimensions.map(\.id))
                }
                place = .zone(FigureDesk.zones(program))
            case .institution: place = .institution
            case .level: splitsByLevel = true
            case .dimension(let id): dimensions.append(id)
            }
        }
        return FigureQuery(
            days: (request.from ?? FigureDesk.firstDay)...(request.to ?? FigureDesk.lastDay),
            scope: FigureDesk.narrowed(scope, to: request), overseen: scope, asOf: request.asOf, by: request.by,
            dimensions: dimensions, place: place, splitsByLevel: splitsByLevel, groups: request.groups,
            levels: request.levels.isEmpty ? nil : request.levels)
    }

    /// Every day that can be an event's.
    private static let firstDay = CivilDate(daysSince1970: Int(IndicatorEntry.possibleDays.lowerBound))
    private static let lastDay = CivilDate(daysSince1970: Int(IndicatorEntry.possibleDays.upperBound))

    /// What a request asks for within a scope; `nothing` where it asks for more.
    static func narrowed(_ scope: Scope, to request: FigureRequest) -> Scope {
        if let code = request.institution {
            switch scope {
            case .institution(let own): return own == code ? scope : .nothing
            // Whether it lies in the region is seen where its place is known: nothing outside of what is overseen counts.
            default: return .institution(code)
            }
        }
        guard let region = request.region else { return scope }
        switch scope {
        case .nation: return .region(region)
        case .region(let own):
            if own.contains(region.prefix) { return .region(region) }
            return region.contains(own.prefix) ? scope : .nothing
        case .institution, .nothing: return scope
        }
    }

    /// How many digits name the divisions below what is asked for.
    private static func digits(_ request: FigureRequest, _ scope: Scope) -> Int {
        switch narrowed(scope, to: request) {
        case .nation: 2
        case .region(let region): min(6, region.prefix.utf8.count + 2)
        case .institution, .nothing: 6
        }
    }

    private func row(_ cell: FigureCell, _ indicator: Indicator, _ request: FigureRequest) -> FigureSeries.Row {
        var groups = cell.groups.makeIterator()
        let keys = request.splits.map { split in
            switch split {
            case .level: cell.level?.rawValue ?? ""
            case .dimension: groups.next() ?? ""
            default: cell.place
            }
        }
        return FigureSeries.Row(
            period: request.by.map { FigurePeriod($0, holding: cell.day) }, keys: keys, figure: cell.figure(indicator))
    }

    /// The rows with one for every period in between: 0 where records are known and none of them counts, missing where none are.
    private func filled(
        _ rows: [FigureSeries.Row], _ definition: CompiledIndicator, _ program: IndicatorProgram,
        _ request: FigureRequest, _ query: FigureQuery, _ moment: Instant, _ connection: any Connection
    ) throws -> [FigureSeries.Row] {
        guard let kind = request.by else { return rows }
        var known: Set<CivilDate> = []
        if definition.kind == .count, let all = FigureDesk.allRecords(definition, program) {
            let figures = try store.figures(all, of: program, query, now: moment, in: connection)
            known = Set(figures.cells.filter { $0.numerator != 0 }.map { FigurePeriod(kind, holding: $0.day).first })
        }
        var found: [CivilDate: FigureSeries.Row] = [:]
        for row in rows { if let period = row.period { found[period.first] = row } }
        let days = Set(found.keys).union(known)
        guard let first = request.from ?? days.min(), let last = request.to ?? days.max(), first <= last else {
            return rows
        }
        var filled: [FigureSeries.Row] = []
        var day = first
        while day <= last {
            let period = FigurePeriod(kind, holding: day)
            let empty =
                known.contains(period.first)
                ? Figure(definition.indicator, FigureSums(numerator: 0)) : Figure.missing
            filled.append(found[period.first] ?? FigureSeries.Row(period: period, keys: [], figure: empty))
            day = period.last.advanced(byDays: 1)
        }
        return filled
    }

    /// The definition that counts every record of the same file type by the same day; nil where there is none.
    static func allRecords(_ definition: CompiledIndicator, _ program: IndicatorProgram) -> CompiledIndicator? {
        program.compiled.definitions.first {
            $0.base == definition.base && $0.kind == .count && $0.indicator.valid == nil
                && $0.indicator.eventDate == definition.indicator.eventDate
                && $0.indicator.numerator.condition == IndicatorCondition()
        }
    }
}
