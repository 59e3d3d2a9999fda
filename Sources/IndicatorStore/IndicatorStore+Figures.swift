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
        var sums = FigureSums(plan, keepsValues: definition.coding.keepsValues)
        let number = program.numbers[definition.place]
        if plan.usesRollUp {
            try readRollUp(number, definition.coding, query, plan, &sums, connection)
        } else {
            try readLog(number, definition.coding, query, plan, &sums, connection)
        }
        let outdated: Int? = try connection.first(
            "SELECT count(*) FROM indicator_institution WHERE program = ? AND declared <> ?",
            [.text(program.compiled.program.id), .text(program.declared)])
        return sums.figures(plan, outdated: outdated ?? 0)
    }

    /// The instant of the first change of any figure; nil where nothing was ever counted.
    public func firstChange(in connection: any Connection) throws -> Instant? {
        let first: Int64? = try connection.first("SELECT at FROM indicator_event ORDER BY at LIMIT 1")
        return first.map(Instant.init(milliseconds:))
    }

    /// Whether any figure of a program was known at an instant.
    public func hasFigures(
        of program: IndicatorProgram, at instant: Instant, in connection: any Connection
    ) throws -> Bool {
        for number in program.numbers {
            let found: Int? = try connection.first(
                "SELECT 1 FROM indicator_log WHERE definition = ? AND first <= ? LIMIT 1",
                [.integer(number), .integer(instant.milliseconds)])
            if found != nil { return true }
        }
        return false
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
        _ number: Int64, _ coding: EntryCoding, _ query: FigureQuery, _ plan: FigurePlan, _ sums: inout FigureSums,
        _ connection: any Connection
    ) throws {
        let from = RollUp.week(plan.first)
        func read(_ province: Int64, _ place: Int32) throws {
            let select = try connection.statement(
                """
                SELECT entries, week FROM indicator_roll WHERE definition = ? AND province = ? AND (week BETWEEN ? AND ? OR week = ?)
                """)
            try select.bind([
                .integer(number), .integer(province), .integer(from), SQLValue(Int(plan.last)),
                SQLValue(Int(IndicatorEntry.noDay)),
            ])
            defer { select.reset() }
            while try select.step() {
                let week = select.integer(at: 1)
                select.withBytes(at: 0) { bytes in
                    sums.add(
                        UnsafeRawBufferPointer(bytes), coding, after: RollUp.start(week), plan, place: place,
                        level: nil)
                }
            }
        }
        for (province, place) in plan.provinces.sorted(by: { $0.key < $1.key }) { try read(province, place) }
    }

    private func readLog(
        _ number: Int64, _ coding: EntryCoding, _ query: FigureQuery, _ plan: FigurePlan, _ sums: inout FigureSums,
        _ connection: any Connection
    ) throws {
        let asOf = query.asOf?.milliseconds ?? Int64.max
        try forEachLogRow(number, plan, through: asOf, connection) { institution, first, bytes in
            guard let (place, level) = plan.institutions[institution] else { return }
            ChangeLog.forEachGroup(bytes, first: first) { at, _, entries in
                guard at <= asOf else { return false }
                sums.add(entries, coding, after: ChangeLog.startDay(first), plan, place: place, level: level)
                return true
            }
        }
    }

    /// Goes through the rows of a definition's change log that some institution of the plan has.
    private func forEachLogRow(
        _ number: Int64, _ plan: FigurePlan, through last: Int64, _ connection: any Connection,
        _ body: (_ institution: Int64, _ first: Int64, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        func run(_ sql: String, _ values: [SQLValue]) throws {
            let select = try connection.statement(sql)
            try select.bind(values)
            defer { select.reset() }
            while try select.step() {
                let (institution, first) = (select.integer(at: 0), select.integer(at: 1))
                try select.withBytes(at: 2) { try body(institution, first, UnsafeRawBufferPointer($0)) }
            }
        }
        let columns = "SELECT institution, first, entries FROM indicator_log WHERE definition = ?"
        // A few institutions are looked up one by one.
        guard plan.institutions.count > 64 else {
            for institution in plan.institutions.keys.sorted() {
                try run(
                    "\(columns) AND institution = ? AND first <= ?",
                    [.integer(number), .integer(institution), .integer(last)])
            }
            return
        }
        try run("\(columns) AND first <= ?", [.integer(number), .integer(last)])
    }

    /// How many records of each event day were known after so many days: by lag from 0 to 28, each with all that came before.
    ///
    /// - Parameter secondsEastOfUTC: of the zone whose days are counted.
    public func arrivals(
        _ definition: CompiledIndicator, of program: IndicatorProgram, _ query: FigureQuery, secondsEastOfUTC: Int,
        in connection: any Connection
    ) throws -> [CivilDate: [Int64]] {
        let plan = try FigurePlan(query, program, connection)
        let last = query.asOf?.milliseconds ?? Int64.max
        let (coding, lags) = (definition.coding, 29)
        let counts = definition.kind == .count || definition.coding.keepsValues
        var sums = [Int64](repeating: 0, count: plan.periodOfDay.count * lags)
        try forEachLogRow(program.numbers[definition.place], plan, through: last, connection) { _, first, bytes in
            ChangeLog.forEachGroup(bytes, first: first) { at, _, entries in
                guard at <= last else { return false }
                let known = Int32(truncatingIfNeeded: (at / 1_000 + Int64(secondsEastOfUTC)) / 86_400)
                // A change that is older than the days asked for touches none of them.
                guard known >= plan.first else { return true }
                coding.forEach(entries, after: ChangeLog.startDay(first)) { day, _, _, one, two in
                    guard day >= plan.first, day <= plan.last, known - day < lags else { return }
                    sums[Int(day - plan.first) * lags + max(0, Int(known - day))] += counts ? one : two
                }
                return true
            }
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
            var at: Int64
            var kind: ChangeKind
        }
        let plan = try FigurePlan(query, program, connection)
        let last = query.asOf?.milliseconds ?? Int64.max
        let coding = definition.coding
        var moved: [Key: (first: Int64, second: Int64)] = [:]
        try forEachLogRow(program.numbers[definition.place], plan, through: last, connection) {
            institution, first, bytes in
            guard let (_, level) = plan.institutions[institution] else { return }
            ChangeLog.forEachGroup(bytes, first: first) { at, kind, entries in
                guard at <= last else { return false }
                guard at > earlier.milliseconds else { return true }
                coding.forEach(entries, after: ChangeLog.startDay(first)) { day, cell, _, one, two in
                    guard day >= plan.first, day <= plan.last,
                        plan.groupOfCell[Int(cell) * InstitutionPlace.levelCount + Int(level)] >= 0
                    else { return }
                    let key = Key(institution: institution, at: at, kind: kind)
                    let known = moved[key] ?? (0, 0)
                    moved[key] = (known.first + one, known.second + two)
                }
                return true
            }
        }
        var codes: [Int64: String] = [:]
        for (code, number) in try lineList.knownInstitutions(in: connection) { codes[number] = code }
        return try moved.filter { $0.value.first != 0 || $0.value.second != 0 }
            .sorted { ($0.key.at, $0.key.kind.rawValue) < ($1.key.at, $1.key.kind.rawValue) }
            .map { key, sum in
                let event = try connection.firstRow(
                    "SELECT submission, is_withdrawal FROM indicator_event WHERE at = ?", [.integer(key.at)])
                let isWithdrawal: Int = try event?[1] ?? 0
                return FigureChange(
                    institution: codes[key.institution] ?? "", at: Instant(milliseconds: key.at),
                    submission: try event?[0], isWithdrawal: isWithdrawal != 0, kind: key.kind,
                    numerator: sum.first, denominator: sum.second)
            }
    }
}

/// The sums of a query's cells.
struct FigureSums {
    private var numbers: [Int64]
    private var values: [Int: [Int64: Int64]] = [:]
    private var withoutDay: (numerator: Int64, denominator: Int64) = (0, 0)
    private let keepsValues: Bool

    init(_ plan: FigurePlan, keepsValues: Bool) {
        self.keepsValues = keepsValues
        numbers = Array(repeating: 0, count: keepsValues ? 0 : plan.cellCount * 2)
    }

    /// Adds encoded entries.
    ///
    /// - Parameter level: that of the institution; nil where the entries' cells hold it.
    mutating func add(
        _ bytes: UnsafeRawBufferPointer, _ coding: EntryCoding, after start: Int32, _ plan: FigurePlan, place: Int32,
        level: Int32?
    ) {
        let levels = Int32(InstitutionPlace.levelCount)
        coding.forEach(bytes, after: start) { day, cell, value, first, second in
            let index = Int(level.map { cell * levels + $0 } ?? cell)
            guard index < plan.groupOfCell.count else { return }
            let group = plan.groupOfCell[index]
            guard group >= 0 else { return }
            guard day >= plan.first, day <= plan.last else {
                if day == IndicatorEntry.noDay {
                    withoutDay.numerator += first
                    withoutDay.denominator += second
                }
                return
            }
            let number = plan.number(period: plan.periodOfDay[Int(day - plan.first)], group: group, place: place)
            if keepsValues {
                values[number, default: [:]][value, default: 0] += first
            } else {
                numbers[2 * number] += first
                numbers[2 * number + 1] += second
            }
        }
    }

    func figures(_ plan: FigurePlan, outdated: Int) -> Figures {
        var cells: [FigureCell] = []
        for (period, day) in plan.periods.enumerated() {
            for (group, names) in plan.groupNames.enumerated() {
                for (place, placeName) in plan.places.enumerated() {
                    let number = plan.number(period: Int32(period), group: Int32(group), place: Int32(place))
                    var cell = FigureCell(
                        day: day, groups: names.groups, place: placeName,
                        level: names.level.flatMap { $0 > 0 ? Institution.Level.allCases[$0 - 1] : nil }, numerator: 0,
                        denominator: 0, values: [])
                    if keepsValues {
                        guard let counts = values[number] else { continue }
                        cell.values = counts.filter { $0.value != 0 }.sorted { $0.key < $1.key }
                            .map { FigureCell.ValueCount(value: $0.key, count: $0.value) }
                        guard !cell.values.isEmpty else { continue }
                    } else {
                        (cell.numerator, cell.denominator) = (numbers[2 * number], numbers[2 * number + 1])
                        guard cell.numerator != 0 || cell.denominator != 0 else { continue }
                    }
                    cells.append(cell)
                }
            }
        }
        return Figures(cells: cells, withoutDay: withoutDay, outdated: outdated)
    }
}
