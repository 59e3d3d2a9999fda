import AllPrograms
import CoreRuntime
import ExportCSV
import Foundation
import JSON
import ProgramFiles
import Reporting
import SurveillanceKit
import Timeliness
import Validation

/// `vedette indicator`: the figures of a deployment, without a server or beside one.
enum IndicatorCommand: Command {
    static let name = "indicator"
    static let summary = "figures of the programs' indicators: list, show, explain, rebuild"
    static let help = """
        usage: vedette indicator list [PROGRAM] [options]
               vedette indicator show PROGRAM INDICATOR [--by SPLITS] [options]
               vedette indicator explain PROGRAM INDICATOR --compare-to INSTANT [options]
               vedette indicator snapshots [PROGRAM] [options]
               vedette indicator rebuild [PROGRAM] [options]

        list tells what the programs declare. show prints an indicator's figures, as the pages and the API tell them. explain says why a
        figure was another one at an earlier instant: the parts sum to the difference. rebuild works all figures out from the stored
        records, an institution at a time, and says whether any was kept wrongly; a server may run beside it. snapshots lists what was
        frozen on Wednesdays at 00:00, and holds each against its signature and the figures that are kept; with --as-of it prints the
        one of that day.

          --by SPLITS           day, week, month, season or year; region, province, prefecture, county, zone, institution, level; a
                                dimension of the program, as age-group; several with commas: week,age-group
          --from DAY --to DAY   the first and the last day of events; also 2026-W40, 2026-10
          --as-of INSTANT       as it was known then: 2026-11-29T08:00:00+08:00; a day alone is its end (default: now)
          --compare-to INSTANT  explain: the earlier instant
          --version N           by an earlier definition
          --compare-version N   explain: the definition by which it was counted then
          --institution CODE    of this institution alone
          --region CODE         of the institutions in a region, GB/T 2260: 43, 4301
          --level LEVEL         of institutions of these levels: 三级,二级
          --where DIM=GROUP     of these groups of a dimension: age-group=0-4; several with semicolons
          --format FORMAT       text, json or csv (default: text)
          --language zh|en      of the text (default: en)
        \(ConfigurationOptions.help)

        exit status: 0 answered, 1 rebuild or snapshots found what is wrong, 2 could not run
        """

    private static let options =
        [
            "--by", "--from", "--to", "--as-of", "--compare-to", "--version", "--compare-version", "--institution",
            "--region", "--level", "--where", "--format", "--language",
        ] + ConfigurationOptions.names

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, shape: .init(options: options))
        let operands = arguments.operands
        switch (operands.first, operands.count) {
        case ("list", 1...2): return try list(arguments, operands.dropFirst().first)
        case ("show", 3): return try await show(arguments, operands[1], operands[2])
        case ("explain", 3): return try await explain(arguments, operands[1], operands[2])
        case ("snapshots", 1...2): return try snapshots(arguments, operands.dropFirst().first)
        case ("rebuild", 1...2): return try rebuild(arguments, operands.dropFirst().first)
        default:
            throw UsageError(
                "say what to do: indicator list, indicator show PROGRAM INDICATOR, indicator explain PROGRAM INDICATOR, or indicator rebuild"
            )
        }
    }

    /// A deployment with its programs and figures.
    private struct Deployment {
        let registry: ProgramRegistry
        let desk: Desk
        let figures: FigureDesk

        init(_ arguments: Arguments) throws {
            let configuration = try ConfigurationOptions.configuration(arguments)
            registry = try ProgramRegistry(folder: configuration.programsFolder)
            desk = try Desk(configuration, operatorName: Operator.name)
            figures = try desk.figures(registry)
        }

        func program(_ id: String) throws -> Program { try IndicatorCommand.program(id, registry) }
    }

    private static func program(_ id: String, _ registry: ProgramRegistry) throws -> Program {
        guard let program = registry.programs.first(where: { $0.program.id == id })?.program else {
            let known = registry.programs.map(\.program.id).joined(separator: ", ")
            throw UsageError("there is no program '\(id)'; there are \(known)")
        }
        return program
    }

    private static func language(_ arguments: Arguments) throws -> Language {
        Language(rawValue: try arguments.choice("--language", of: ["zh", "en"], default: "en")) ?? .en
    }

    private static func list(_ arguments: Arguments, _ id: String?) throws -> Int32 {
        let configuration = try ConfigurationOptions.configuration(arguments)
        let registry = try ProgramRegistry(folder: configuration.programsFolder)
        let language = try language(arguments)
        let format = try arguments.choice("--format", of: ["text", "json"], default: "text")
        let programs = try id.map { [try program($0, registry)] } ?? registry.programs.map(\.program)
        let output = StandardOutput()
        for program in programs {
            for indicator in program.indicators {
                if format == "json" {
                    let item = JSONValue.object([
                        ("program", .string(program.id)), ("id", .string(indicator.id)),
                        ("version", .integer(indicator.version)),
                        ("title", .object([("zh", .string(indicator.title.zh)), ("en", .string(indicator.title.en))])),
                        ("dimensions", .array(indicator.dimensions.map(JSONValue.string))),
                        ("experimental", .bool(indicator.isExperimental)),
                    ])
                    output.write(String(decoding: item.encoded(), as: UTF8.self) + "\n")
                } else {
                    let note = indicator.isExperimental ? (language == .zh ? "（试验性）" : " (experimental)") : ""
                    output.write("\(program.id)  \(indicator.id)  \(indicator.title[language])\(note)\n")
                }
            }
        }
        output.flush()
        return 0
    }

    // MARK: Figures

    private static func request(
        _ arguments: Arguments, _ program: Program, _ indicator: String, now: Instant
    ) throws -> FigureRequest {
        var parameters: [String: String] = [:]
        for (option, name) in [
            ("--by", "by"), ("--from", "from"), ("--to", "to"), ("--as-of", "asOf"), ("--compare-to", "compareTo"),
            ("--version", "version"), ("--institution", "institution"), ("--region", "region"), ("--level", "level"),
        ] { parameters[name] = arguments.value(option) }
        for part in (arguments.value("--where") ?? "").split(separator: ";") {
            let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard sides.count == 2 else { throw UsageError("--where is '\(part)'; write DIMENSION=GROUP") }
            parameters[sides[0]] = sides[1]
        }
        let zone = try zone(program)
        do throws(FigureRequest.Fault) {
            return try FigureRequest(
                program, indicator: indicator, parameters, knownAt: { zone.end(of: $0, noLaterThan: now) })
        } catch { throw UsageError(error.message.en) }
    }

    private static func zone(_ program: Program) throws -> CivilZone {
        guard let zone = CivilZone(program.timeZone) else {
            throw UsageError("program '\(program.id)': there is no time zone '\(program.timeZone)'")
        }
        return zone
    }

    private static func show(_ arguments: Arguments, _ id: String, _ indicator: String) async throws -> Int32 {
        let format = try arguments.choice("--format", of: ["text", "json", "csv"], default: "text")
        let language = try language(arguments)
        if arguments.value("--compare-to") != nil || arguments.value("--compare-version") != nil {
            throw UsageError("indicator show takes no --compare-to and no --compare-version; indicator explain does")
        }
        let deployment = try Deployment(arguments)
        let program = try deployment.program(id)
        let asked = try request(arguments, program, indicator, now: deployment.desk.now)
        let series = try await deployment.figures.series(asked, in: .nation)
        let output = StandardOutput()
        switch format {
        case "json":
            output.write(String(decoding: try series.json(time: zone(program).text).encoded(), as: UTF8.self) + "\n")
        case "csv":
            let file = try CSVExporter().file(of: try series.table(time: zone(program).text).exportTable, in: language)
            while let bytes = try file.next() { output.write(String(decoding: bytes, as: UTF8.self)) }
        default: text(series, language, output)
        }
        output.flush()
        return 0
    }

    private static func text(_ series: FigureSeries, _ language: Language, _ output: StandardOutput) {
        output.write("\(series.indicator.title[language]) (\(series.indicator.unit[language]))\n")
        if series.rows.isEmpty {
            output.write(language == .zh ? "没有数据\n" : "no data\n")
        }
        for row in series.rows {
            let keys = ([series.period(of: row)] + row.keys).joined(separator: "  ")
            var line = "\(keys)  \(row.figure.value?.description ?? row.figure.text(decimals: 0)[language])"
            if let lower = row.figure.lower, let upper = row.figure.upper { line += "  [\(lower), \(upper)]" }
            if let numerator = row.figure.numerator, let denominator = row.figure.denominator {
                line += "  \(numerator)/\(denominator)"
            }
            output.write("\(line)  \(row.figure.status.rawValue)\n")
        }
    }

    private static func explain(_ arguments: Arguments, _ id: String, _ indicator: String) async throws -> Int32 {
        let format = try arguments.choice("--format", of: ["text", "json"], default: "text")
        let language = try language(arguments)
        guard arguments.value("--compare-to") != nil else {
            throw UsageError("indicator explain needs --compare-to INSTANT")
        }
        let former = try arguments.value("--compare-version").map { text in
            guard let version = Int(text) else { throw UsageError("--compare-version is '\(text)'; it is a number") }
            return version
        }
        let deployment = try Deployment(arguments)
        let program = try deployment.program(id)
        let asked = try request(arguments, program, indicator, now: deployment.desk.now)
        let comparison = try await deployment.figures.comparison(asked, formerVersion: former, in: .nation)
        let time = try zone(program).text
        let output = StandardOutput()
        if format == "json" {
            output.write(String(decoding: comparison.json(time: time).encoded(), as: UTF8.self) + "\n")
        } else {
            func shown(_ figure: Figure) -> String {
                figure.value?.description ?? figure.text(decimals: 0)[language]
            }
            output.write(
                "\(time(comparison.earlier))  \(shown(comparison.before))\n\(time(comparison.later))  \(shown(comparison.after))\n"
            )
            for part in comparison.parts {
                output.write(
                    "  \(time(part.at))  \(part.institution)  \(part.submission ?? "")  \(part.cause.title[language])  \(part.numerator)/\(part.denominator)\n"
                )
            }
        }
        output.flush()
        return 0
    }

    private static func snapshots(_ arguments: Arguments, _ id: String?) throws -> Int32 {
        let language = try language(arguments)
        let deployment = try Deployment(arguments)
        let day = try arguments.value("--as-of").map { text in
            guard let day = CivilDate(text) else {
                throw UsageError("--as-of is '\(text)'; a snapshot is named by its day")
            }
            return day
        }
        let programs = try id.map { [try deployment.program($0)] } ?? deployment.registry.programs.map(\.program)
        let output = StandardOutput()
        var isWrong = false
        var count = 0
        for program in programs where !program.indicators.isEmpty {
            let zone = try zone(program)
            for (snapshot, fault) in try deployment.desk.snapshots(of: program.id, deployment.figures) {
                if let day {
                    guard zone.day(at: snapshot.at) == day else { continue }
                    count += 1
                    output.write(String(decoding: snapshot.body, as: UTF8.self))
                    continue
                }
                count += 1
                isWrong = isWrong || fault != nil
                let verdict = fault?[language] ?? (language == .zh ? "一致" : "as it was frozen")
                output.write("\(program.id)  \(zone.day(at: snapshot.at))  \(snapshot.digest)  \(verdict)\n")
            }
        }
        if count == 0 {
            output.write(
                language == .zh ? "没有快照：每周三 0 时冻结一次\n" : "no snapshots: they are taken on Wednesdays at 00:00\n")
        }
        output.flush()
        return isWrong ? 1 : 0
    }

    // MARK: Rebuild

    private static func rebuild(_ arguments: Arguments, _ id: String?) throws -> Int32 {
        let deployment = try Deployment(arguments)
        let programs = try id.map { [try deployment.program($0)] } ?? deployment.registry.programs.map(\.program)
        let output = StandardOutput()
        var isWrong = false
        for program in programs where !program.indicators.isEmpty {
            let isShown = isatty(2) == 1
            let start = ContinuousClock.now
            let rebuilt = try deployment.desk.rebuildFigures(of: program.id, deployment.figures) { done, all in
                guard isShown else { return }
                FileHandle.standardError.write(Data("\r\(program.id): \(done) of \(all) institutions".utf8))
            }
            if isShown { FileHandle.standardError.write(Data("\n".utf8)) }
            isWrong = isWrong || rebuilt.changed > 0
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let verdict =
                rebuilt.changed == 0 ? "identical" : "\(rebuilt.changed) were kept otherwise and are right now"
            output.write(
                "\(program.id): \(rebuilt.institutions.counted("institution")), \(rebuilt.records.counted("version")) of records, \(verdict) (\(Int(seconds.rounded())) s)\n"
            )
        }
        output.flush()
        return isWrong ? 1 : 0
    }
}
