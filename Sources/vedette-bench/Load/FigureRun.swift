import AllPrograms
import CoreRuntime
import Database
import Foundation
import IndicatorStore
import Indicators
import ProgramFiles
import Records
import Reporting
import SurveillanceKit
import Validation

/// What figures cost: three years of a nation's records, worked out from nothing, asked for, and moved by a submission.
enum FigureRun {
    struct Size {
        var records = 20_000_000
        var institutions = 3_000
        var days = 1_095
    }

    /// - Parameters:
    ///   - data: a folder in which the records stay for another run; nil makes one that is removed.
    ///   - output: a file for what was answered to some questions, by which another program's answers are compared.
    static func run(
        _ size: Size, programs folder: URL, data: String?, output: String?, report: @escaping (Figure) -> Void
    ) throws {
        let registry = try ProgramRegistry(folder: folder)
        guard let program = registry.programs.map(\.program).first(where: { $0.id == "fever-clinic" }),
            let compiled = registry.indicators(of: program.id)
        else { throw BenchError("the program fever-clinic is not there") }
        let root =
            data ?? FileManager.default.temporaryDirectory.path
            + "/vedette-figures-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        defer { if data == nil { try? FileManager.default.removeItem(atPath: root) } }
        let database = try SQLiteDatabase(path: root + "/records.sqlite", readers: 2)
        let lineList = LineList([program])
        try database.migrate(LineList.migrations + IndicatorStore.migrations)
        try lineList.prepare(database)
        let isMade =
            try database.readBlocking { try $0.first("SELECT count(*) FROM record_institution") as Int? ?? 0 } > 0
        if !isMade {
            var made = MadeUpRecords(
                program, institutions: size.institutions, days: size.days, records: size.records)
            let start = ContinuousClock.now
            let count = try made.write(to: database) { print("\($0) records written") }
            report(Figure("records made up", Double(count) / 1e6, "million"))
            report(Figure("their writing", (ContinuousClock.now - start) / .seconds(1), "s"))
        }
        let store = try IndicatorStore([compiled], lineList, in: database)
        let isOutdated = try database.readBlocking { connection in
            let known: Int? = try connection.first("SELECT count(*) FROM indicator_institution")
            return try known == 0 || !store.outdated(program.id, in: connection, place: { _ in nil }).isEmpty
        }
        // Of a folder that stays the figures stay, too.
        if isOutdated { try rebuild(store, program, size, database, report) }
        try bytes(database, report)
        try series(store, program, size, database, output, report)
        try submission(store, lineList, program, database, report)
        report(Figure("memory, highest", Double(DutyRun.peakMegabytes()), "MB"))
    }

    private static func rebuild(
        _ store: IndicatorStore, _ program: Program, _ size: Size, _ database: any SQLDatabase,
        _ report: (Figure) -> Void
    ) throws {
        var records = 0
        let processor = cpuSeconds()
        let start = ContinuousClock.now
        for institution in 0..<size.institutions {
            let place = InstitutionPlace(
                region: MadeUpRecords.region(institution), level: Institution.Level.allCases[institution % 4])
            records += try database.writeBlockingAgain { transaction in
                try store.rebuild(
                    program.id, institution: MadeUpRecords.code(institution), place: place, in: transaction)
            }.records
            if institution % 500 == 499 { print("\(institution + 1) institutions worked out") }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        report(Figure("all figures from nothing", seconds, "s"))
        report(Figure("records a second", Double(records) / seconds / 1e6, "million"))
        report(
            Figure("records a second of processor time", Double(records) / (cpuSeconds() - processor) / 1e6, "million"))
    }

    private static func cpuSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// What is kept for figures beside what is kept of records, by the pages of their tables.
    private static func bytes(_ database: any SQLDatabase, _ report: (Figure) -> Void) throws {
        let sizes = try database.readBlocking { connection in
            try connection.rows("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").map { row in
                (name: try row[0] as String, bytes: try row[1] as Int)
            }
        }
        let own = sizes.filter { $0.name.contains("indicator_") }
        let others = sizes.filter { size in !own.contains { $0.name == size.name } }
        for size in own.sorted(by: { $0.bytes > $1.bytes }).prefix(8) {
            report(Figure("  \(size.name)", Double(size.bytes) / 1e6, "MB"))
        }
        let (kept, records) = (own.map(\.bytes).reduce(0, +), others.map(\.bytes).reduce(0, +))
        report(Figure("kept of records", Double(records) / 1e6, "MB"))
        report(Figure("kept for figures, of that", Double(kept) / Double(records) * 100, "%", limit: 25))
    }

    private static func series(
        _ store: IndicatorStore, _ program: Program, _ size: Size, _ database: any SQLDatabase, _ output: String?,
        _ report: (Figure) -> Void
    ) throws {
        var answers = ""
        let compiled = try store.program(program.id)
        let days =
            CivilDate(
                daysSince1970: MadeUpRecords.firstDay)...CivilDate(
                daysSince1970: MadeUpRecords.firstDay + size.days - 1)
        let now = Instant(milliseconds: Int64(MadeUpRecords.firstDay + size.days + 9) * 86_400_000)
        let then = Instant(milliseconds: Int64(MadeUpRecords.firstDay + size.days * 2 / 3) * 86_400_000)
        guard let region = Region("43") else { return }
        let hunan = Scope.region(region)
        let one = Scope.institution(MadeUpRecords.code(10))
        func ask(_ name: String, _ id: String, limit: Double, _ query: FigureQuery) throws {
            guard let definition = compiled.compiled.definition(id) else { return }
            var times: [Double] = []
            for _ in 0..<5 {
                let start = ContinuousClock.now
                let found = try database.readBlocking { connection in
                    try store.figures(definition, of: compiled, query, now: now, in: connection)
                }
                // A percentile is worked out from its values when it is told.
                if definition.keepsValues {
                    for cell in found.cells { _ = cell.figure(definition.indicator) }
                }
                times.append((ContinuousClock.now - start) / .milliseconds(1))
                if found.cells.isEmpty { throw BenchError("\(name): nothing was found") }
            }
            // A server asks for the nation's medians by itself after its start.
            if definition.keepsValues { report(Figure("\(id): \(name), asked for the first time", times[0], "ms")) }
            report(Figure("\(id): \(name)", times.sorted()[2], "ms", limit: limit))
            if output != nil {
                let found = try database.readBlocking { connection in
                    try store.figures(definition, of: compiled, query, now: now, in: connection)
                }
                answers += "#\t\(id): \(name)\t\(times.sorted()[2])\t\(query.asOf?.milliseconds ?? 0)\n"
                for cell in found.cells { answers += line(cell, definition.indicator) + "\n" }
            }
        }
        for id in ["visits", "positivity-flu-a", "cost-median"] {
            try ask("nation by day", id, limit: 50, FigureQuery(days: days, by: .day))
            try ask(
                "nation by week and age", id, limit: 50, FigureQuery(days: days, by: .week, dimensions: ["age-group"]))
            try ask(
                "nation by week and region", id, limit: 50,
                FigureQuery(days: days, by: .week, place: .region(digits: 2)))
            try ask(
                "a province by day and sex", id, limit: 50,
                FigureQuery(days: days, scope: hunan, by: .day, dimensions: ["sex"]))
            try ask("an institution by day", id, limit: 50, FigureQuery(days: days, scope: one, by: .day))
            try ask(
                "counties by month", id, limit: 1000, FigureQuery(days: days, by: .month, place: .region(digits: 6)))
            try ask(
                "prefectures by week, age, sex and level", id, limit: 1000,
                FigureQuery(
                    days: days, by: .month, dimensions: ["age-group", "sex"], place: .region(digits: 4),
                    splitsByLevel: true))
            try ask("institutions", id, limit: 1000, FigureQuery(days: days, place: .institution))
            try ask("nation by day, as of two years", id, limit: 1000, FigureQuery(days: days, asOf: then, by: .day))
            try ask(
                "an institution by day, as of two years", id, limit: 1000,
                FigureQuery(days: days, scope: one, asOf: then, by: .day))
        }
        if let output { try Data(answers.utf8).write(to: URL(fileURLWithPath: output)) }
    }

    /// A cell with tabs between: day, groups, place, numerator, denominator, and of values how many there are and the figure.
    private static func line(_ cell: FigureCell, _ indicator: Indicator) -> String {
        let figure = cell.figure(indicator)
        let level = cell.level.map { [$0.rawValue] } ?? []
        return [
            cell.day.description, (cell.groups + level).joined(separator: ","), cell.place, "\(cell.numerator)",
            "\(cell.denominator)", "\(cell.valueCount)", figure.value?.description ?? "0",
        ].joined(separator: "\t")
    }

    /// Fifty visits that cost something else now, of a submission of 500 rows: what moving all figures takes.
    private static func submission(
        _ store: IndicatorStore, _ lineList: LineList, _ program: Program, _ database: any SQLDatabase,
        _ report: (Figure) -> Void
    ) throws {
        var times: [Double] = []
        let submission: String? = try database.readBlocking { try $0.first("SELECT id FROM record_submission LIMIT 1") }
        for institution in stride(from: 10, to: 400, by: 10) {
            let code = MadeUpRecords.code(institution)
            var records: [(number: Int64, values: RecordValues)] = []
            try database.readBlocking { connection in
                let known = try lineList.institution(code, in: connection)
                try lineList.forEachVersion(
                    program: program.id, fileType: "fever", institution: known?.number ?? 0, fields: [],
                    in: connection
                ) { select in
                    if records.count < 50 {
                        records.append((select.integer(at: 0), RecordValues(names: [], values: [])))
                    }
                }
                records = try records.compactMap { record in
                    try lineList.values(program: program.id, fileType: "fever", record: record.number, in: connection)
                        .map { (record.number, $0) }
                }
            }
            let start = ContinuousClock.now
            try database.writeBlockingAgain { transaction in
                let writer = IndicatorWriter(store, institution: code, isNew: false, place: nil, in: transaction)
                for (number, values) in records {
                    let changed = RecordValues(
                        names: values.names,
                        values: zip(values.names, values.values).map { $0 == "P7508" ? .number(1) : $1 })
                    try writer.returned(
                        program: program.id, fileType: "fever", record: number,
                        key: RecordKey(high: number, low: 0), before: values, after: changed, wasKnown: true)
                }
                try writer.finish(
                    // Later than whatever is kept of a run before.
                    at: Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000) + 40 * 86_400_000),
                    submission: submission ?? "")
            }
            times.append((ContinuousClock.now - start) / .milliseconds(1))
        }
        times.sort()
        report(Figure("50 changed records move all figures, median", times[times.count / 2], "ms", limit: 20))
        report(Figure("… slowest", times.last ?? 0, "ms"))
    }
}
