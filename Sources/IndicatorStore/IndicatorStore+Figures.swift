public import Database
public import Indicators
import Records
public import SurveillanceKit

extension IndicatorStore {
    /// The figures of one definition.
    ///
    /// - Parameter now: later instants cannot be asked for.
    /// - Throws: `IndicatorError` for what cannot be told: an instant to come, or before the first record; an unknown dimension or group; more
    ///   than `FigureQuery.mostCells` cells.
    public func figures(
        _ definition: CompiledIndicator, of program: IndicatorProgram, _ query: FigureQuery, now: Instant,
        in connection: any Connection
    ) throws -> Figures {
        if let asOf = query.asOf { try requireKnown(definition, program, asOf, now: now, connection) }
        let plan = try FigurePlan(query, program, connection)
        let outdated: Int? = try connection.first(
            "SELECT count(*) FROM indicator_institution WHERE program = ? AND declared <> ?",
            [.text(program.compiled.program.id), .text(program.declared)])
        if plan.usesRollUp, let question = WeekQuestion(definition, program, query, plan) {
            let (cells, withoutDay) = try weeks(question, definition, program, plan, connection)
            return Figures(cells: cells, withoutDay: withoutDay, outdated: outdated ?? 0)
        }
        var sums = CellSums(plan, keepsValues: definition.keepsValues)
        for (number, coding, part) in counters(of: definition, program) {
            if plan.usesRollUp {
                try readRollUp(number, coding, part, plan, &sums, connection)
            } else {
                try readLog(number, coding, part, query, plan, &sums, connection)
            }
        }
        let withoutDay = sums.withoutDay
        return Figures(cells: sums.cells(plan), withoutDay: withoutDay, outdated: outdated ?? 0)
    }

    /// The instant at which the first records came; nil where none ever did.
    public func firstChange(in connection: any Connection) throws -> Instant? {
        let first: Int64? = try connection.first(
            """
            SELECT min(first_at) FROM (SELECT (SELECT at FROM indicator_event AS e WHERE e.institution = i.number \
            ORDER BY at LIMIT 1) AS first_at FROM record_institution AS i) AS firsts
            """)
        return first.map(Instant.init(milliseconds:))
    }

    /// Whether any figure of a program was known at an instant.
    public func hasFigures(
        of program: IndicatorProgram, at instant: Instant, in connection: any Connection
    ) throws -> Bool {
        for (institution, event) in try lastEvents(of: program, through: instant, connection) where event > 0 {
            for number in program.numbers {
                let found: Int? = try connection.first(
                    "SELECT 1 FROM indicator_log WHERE counter = ? AND institution = ? AND first <= ? LIMIT 1",
                    [.integer(number), .integer(institution), .integer(event)])
                if found != nil { return true }
            }
        }
        return false
    }

    /// For each institution that had reported until an instant the number of its last event.
    private func lastEvents(
        of program: IndicatorProgram, through instant: Instant, _ connection: any Connection
    ) throws -> [(institution: Int64, event: Int64)] {
        let institutions: [Int64] = try connection.rows(
            "SELECT institution FROM indicator_institution WHERE program = ? ORDER BY institution",
            [.text(program.compiled.program.id)]
        ).map { try $0[0] }
        return try institutions.map {
            ($0, try EventLog.latest(of: $0, through: instant, connection).number)
        }
    }

    private func requireKnown(
        _ definition: CompiledIndicator, _ program: IndicatorProgram, _ asOf: Instant, now: Instant,
        _ connection: any Connection
    ) throws {
        guard asOf <= now else { throw IndicatorError.inFuture(asOf) }
        let id = SQLValue.text(program.compiled.program.id)
        let since: Int64? = try connection.first(
            "SELECT since FROM indicator_institution WHERE program = ? ORDER BY since DESC LIMIT 1", [id])
        if let since, asOf.milliseconds < since {
            throw IndicatorError.historyGone(before: Instant(milliseconds: since))
        }
        let first = try firstChange(in: connection)
        guard let first, first <= asOf else { throw IndicatorError.beforeFirst(asOf, first: first) }
    }

    private func readRollUp(
        _ number: Int64, _ coding: EntryCoding, _ part: CellSums.Part, _ plan: FigurePlan, _ sums: inout CellSums,
        _ connection: any Connection
    ) throws {
        try forEachRollUp(
            number, coding, part, plan, weeks: RollUp.week(plan.first)...RollUp.week(plan.last), &sums, connection)
        let noDay = Int64(IndicatorEntry.noDay)
        try forEachRollUp(number, coding, part, plan, weeks: noDay...noDay, &sums, connection)
    }

    func forEachRollUp(
        _ number: Int64, _ coding: EntryCoding, _ part: CellSums.Part, _ plan: FigurePlan, weeks: ClosedRange<Int64>,
        _ sums: inout CellSums, _ connection: any Connection
    ) throws {
        let one = plan.provinces.count == 1 ? plan.provinces.first : nil
        let select = try connection.statement(
            """
            SELECT week, province, digest, entries FROM indicator_week WHERE counter = ? AND week BETWEEN ? AND ? \
            \(one == nil ? "" : "AND province = ? ")ORDER BY week, province
            """)
        try select.bind(
            [.integer(number), .integer(weeks.lowerBound), .integer(weeks.upperBound)]
                + (one.map { [.integer($0.key)] } ?? []))
        defer { select.reset() }
        while try select.step() {
            guard let place = plan.provinces[select.integer(at: 1)] else { continue }
            let week = select.integer(at: 0)
            try RollUp.withEntries(select, digest: 2, entries: 3) {
                try sums.add($0, coding, part, after: RollUp.start(week), plan, place: place, level: nil)
            }
        }
    }

    private func readLog(
        _ number: Int64, _ coding: EntryCoding, _ part: CellSums.Part, _ query: FigureQuery, _ plan: FigurePlan,
        _ sums: inout CellSums, _ connection: any Connection
    ) throws {
        try forEachLogGroup(number, plan, through: query.asOf, connection) { institution, _, _, entries, start in
            guard let (place, level) = plan.institutions[institution] else { return }
            try sums.add(entries, coding, part, after: start, plan, place: place, level: level)
        }
    }

    /// Goes through the groups of a counter's change log that some institution of the plan has.
    private func forEachLogGroup(
        _ number: Int64, _ plan: FigurePlan, through instant: Instant?, _ connection: any Connection,
        _ body: (
            _ institution: Int64, _ event: Int64, _ kind: ChangeKind, _ entries: UnsafeRawBufferPointer, _ start: Int32
        ) throws -> Void
    ) throws {
        var last: [Int64: Int64] = [:]
        if let instant {
            for institution in plan.institutions.keys {
                last[institution] = try EventLog.latest(of: institution, through: instant, connection).number
            }
        }
        func run(_ sql: String, _ values: [SQLValue]) throws {
            let select = try connection.statement(sql)
            try select.bind(values)
            defer { select.reset() }
            while try select.step() {
                let (institution, first) = (select.integer(at: 0), select.integer(at: 1))
                let last = instant == nil ? Int64.max : last[institution] ?? -1
                guard first <= last else { continue }
                try select.withBytes(at: 2) { bytes in
                    try LogRow.forEachGroup(UnsafeRawBufferPointer(bytes), first: first) {
                        event, kind, entries, start in
                        guard event <= last else { return false }
                        try body(institution, event, kind, entries, start)
                        return true
                    }
                }
            }
        }
        let columns = "SELECT institution, first, entries FROM indicator_log WHERE counter = ?"
        // A few institutions are looked up one by one.
        guard plan.institutions.count > 64 else {
            for institution in plan.institutions.keys.sorted() {
                try run("\(columns) AND institution = ?", [.integer(number), .integer(institution)])
            }
            return
        }
        try run(columns, [.integer(number)])
    }

    /// How many records of each event day were known after so many days: by lag from 0 to 28, each with all that came before.
    ///
    /// - Parameter secondsEastOfUTC: of the zone whose days are counted.
    public func arrivals(
        _ definition: CompiledIndicator, of program: IndicatorProgram, _ query: FigureQuery, secondsEastOfUTC: Int,
        in connection: any Connection
    ) throws -> [CivilDate: [Int64]] {
        let plan = try FigurePlan(query, program, connection)
        let (coding, lags) = (program.compiled.counters[definition.records].coding, 29)
        var sums = [Int64](repeating: 0, count: plan.periodOfDay.count * lags)
        // A change that is older than the days asked for touches none of them.
        let from = Instant(milliseconds: (Int64(plan.first) * 86_400 - Int64(secondsEastOfUTC)) * 1_000 - 1)
        let days = try EventDays(plan, since: from, secondsEastOfUTC: secondsEastOfUTC, connection)
        try forEachLogGroup(program.numbers[definition.records], plan, through: query.asOf, connection) {
            institution, event, _, entries, start in
            guard let known = days.day(of: event, institution) else { return }
            let isWhole = coding.forEach(entries, after: start) { day, _, _, amount in
                guard day >= plan.first, day <= plan.last, known - day < lags else { return }
                sums[Int(day - plan.first) * lags + max(0, Int(known - day))] += amount
            }
            guard isWhole else { throw LogRow.damaged }
        }
        var found: [CivilDate: [Int64]] = [:]
        for day in plan.periodOfDay.indices {
            var total: Int64 = 0
            let known = (0..<lags).map { lag -> Int64 in
                total += sums[day * lags + lag]
                return total
            }
            if total != 0 { found[CivilDate(daysSince1970: Int(plan.first) + day)] = known }
        }
        return found
    }

    /// Why figures that were known at one instant were others at a later one: every change in between, which together are the difference.
    ///
    /// - Parameters:
    ///   - query: its `asOf` is the later instant; nil for now. How it splits does not matter.
    ///   - earlier: the earlier one.
    public func changes(
        _ definition: CompiledIndicator, of program: IndicatorProgram, _ query: FigureQuery, since earlier: Instant,
        in connection: any Connection
    ) throws -> [FigureChange] {
        struct Key: Hashable {
            var institution: Int64
            var event: Int64
            var kind: ChangeKind
        }
        let plan = try FigurePlan(query, program, connection)
        var moved: [Key: (numerator: Int64, denominator: Int64)] = [:]
        var known: [Int64: Int64] = [:]
        for institution in plan.institutions.keys {
            known[institution] = try EventLog.latest(of: institution, through: earlier, connection).number
        }
        for (part, counter) in [definition.numerator, definition.denominator].enumerated() {
            guard let counter else { continue }
            let coding = program.compiled.counters[counter].coding
            try forEachLogGroup(program.numbers[counter], plan, through: query.asOf, connection) {
                institution, event, kind, entries, start in
                guard let (_, level) = plan.institutions[institution], event > known[institution] ?? 0 else { return }
                var sum: Int64 = 0
                let isWhole = coding.forEach(entries, after: start) { day, cell, _, amount in
                    guard day >= plan.first, day <= plan.last,
                        plan.groupOfCell[Int(cell) * InstitutionPlace.levelCount + Int(level)] >= 0
                    else { return }
                    sum += amount
                }
                guard isWhole else { throw LogRow.damaged }
                guard sum != 0 else { return }
                let key = Key(institution: institution, event: event, kind: kind)
                var sums = moved[key] ?? (0, 0)
                if part == 0 { sums.numerator += sum } else { sums.denominator += sum }
                moved[key] = sums
            }
        }
        var codes: [Int64: String] = [:]
        for (code, number) in try lineList.knownInstitutions(in: connection) { codes[number] = code }
        var events: [Int64: [Int64: EventLog.Event]] = [:]
        for institution in Set(moved.keys.map(\.institution)) {
            events[institution] = try EventLog.named(of: institution, since: earlier, connection)
        }
        return moved.filter { $0.value != (0, 0) }.map { key, sum in
            let event = events[key.institution]?[key.event]
            return FigureChange(
                institution: codes[key.institution] ?? "", at: event?.at ?? earlier, submission: event?.submission,
                isWithdrawal: event?.isWithdrawal ?? false, kind: key.kind, numerator: sum.numerator,
                denominator: sum.denominator)
        }.sorted {
            ($0.at, $0.institution, $0.kind.rawValue) < ($1.at, $1.institution, $1.kind.rawValue)
        }
    }
}

/// On which day each event of the institutions of a plan was.
private struct EventDays {
    private var days: [Int64: (first: Int64, days: [Int32])] = [:]

    init(_ plan: FigurePlan, since: Instant, secondsEastOfUTC: Int, _ connection: any Connection) throws {
        for institution in plan.institutions.keys {
            let events = try EventLog.events(of: institution, since: since, connection)
            guard let first = events.first else { continue }
            days[institution] = (
                first.number,
                events.map { Int32(truncatingIfNeeded: ($0.at / 1_000 + Int64(secondsEastOfUTC)) / 86_400) }
            )
        }
    }

    /// Nil for an event before those that were asked for.
    func day(of event: Int64, _ institution: Int64) -> Int32? {
        guard let (first, days) = days[institution], event >= first, Int(event - first) < days.count else {
            return nil
        }
        return days[Int(event - first)]
    }
}
