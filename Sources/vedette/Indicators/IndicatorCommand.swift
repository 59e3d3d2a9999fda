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
    static let summary = BilingualText(
        zh: "监测指标的数值：列出、显示、说明、重算", en: "figures of the programs' indicators: list, show, explain, rebuild")
    static let manual = Manual(
        usage: [
            .init("vedette indicator list [PROGRAM] [options]"),
            .init("vedette indicator show PROGRAM INDICATOR [--by SPLITS] [options]"),
            .init("vedette indicator explain PROGRAM INDICATOR --compare-to INSTANT [options]"),
            .init("vedette indicator snapshots [PROGRAM] [options]"),
            .init("vedette indicator rebuild [PROGRAM] [options]"),
        ],
        text: [
            BilingualText(
                zh:
                    "list 列出各监测项目声明的指标。show 输出一个指标的数值，与页面和 API 相同。explain 说明数值为何与更早时刻不同：各部分之和等于差值。rebuild 按机构从入库记录重算全部数值，并说明是否有错；服务器可以同时运行。snapshots 列出每周三 0 时冻结的快照，并与其签名和所存数值核对；加 --as-of 输出该日的快照。",
                en:
                    "list tells what the programs declare. show prints an indicator's figures, as the pages and the API tell them. explain says why a figure was another one at an earlier instant: the parts sum to the difference. rebuild works all figures out from the stored records, an institution at a time, and says whether any was kept wrongly; a server may run beside it. snapshots lists what was frozen on Wednesdays at 00:00, and holds each against its signature and the figures that are kept; with --as-of it prints the one of that day."
            )
        ],
        options: [
            .init(
                "--by", "SPLITS",
                zh:
                    "day、week、month、season 或 year；region、province、prefecture、county、zone、institution、level；监测项目的维度，如 age-group；多个用逗号：week,age-group",
                en:
                    "day, week, month, season or year; region, province, prefecture, county, zone, institution, level; a dimension of the program, as age-group; several with commas: week,age-group"
            ),
            .init(
                "--from", "DAY", zh: "最早的事件日期；也可写 2026-W40、2026-10",
                en: "the first day of events; also 2026-W40, 2026-10"),
            .init("--to", "DAY", zh: "最晚的事件日期", en: "the last day of events"),
            .init(
                "--as-of", "INSTANT", zh: "当时已知的数值：2026-11-29T08:00:00+08:00；只写日期为该日结束时（默认：现在）",
                en: "as it was known then: 2026-11-29T08:00:00+08:00; a day alone is its end (default: now)"),
            .init("--compare-to", "INSTANT", zh: "explain：更早的时刻", en: "explain: the earlier instant"),
            .init("--version", "N", zh: "按更早的定义", en: "by an earlier definition"),
            .init(
                "--compare-version", "N", zh: "explain：当时所用的定义",
                en: "explain: the definition by which it was counted then"),
            .init("--institution", "CODE", zh: "只看该机构", en: "of this institution alone"),
            .init(
                "--region", "CODE", zh: "只看该地区的机构，GB/T 2260：43、4301",
                en: "of the institutions in a region, GB/T 2260: 43, 4301"),
            .init("--level", "LEVEL", zh: "只看这些等级的机构：三级,二级", en: "of institutions of these levels: 三级,二级"),
            .init(
                "--where", "DIM=GROUP", zh: "只看维度的这些分组：age-group=0-4；多个用分号",
                en: "of these groups of a dimension: age-group=0-4; several with semicolons"),
            .init("--format", "text|json|csv", zh: "输出格式（默认 text）", en: "text, json or csv (default: text)"),
        ] + ConfigurationOptions.all,
        exit: BilingualText(
            zh: "0 已回答，1 重算或快照发现问题，2 无法运行",
            en: "0 answered, 1 rebuild or snapshots found what is wrong, 2 could not run"))

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, manual)
        let operands = arguments.operands
        switch (operands.first, operands.count) {
        case ("list", 1...2): return try list(arguments, operands.dropFirst().first)
        case ("show", 3): return try await show(arguments, operands[1], operands[2])
        case ("explain", 3): return try await explain(arguments, operands[1], operands[2])
        case ("snapshots", 1...2): return try snapshots(arguments, operands.dropFirst().first)
        case ("rebuild", 1...2): return try rebuild(arguments, operands.dropFirst().first)
        default:
            throw UsageError(
                "请说明操作：indicator list、indicator show PROGRAM INDICATOR、indicator explain PROGRAM INDICATOR 或 indicator rebuild",
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
            throw UsageError("没有监测项目“\(id)”；现有 \(known)", "there is no program '\(id)'; there are \(known)")
        }
        return program
    }

    private static func list(_ arguments: Arguments, _ id: String?) throws -> Int32 {
        let configuration = try ConfigurationOptions.configuration(arguments)
        let registry = try ProgramRegistry(folder: configuration.programsFolder)
        let language = Terminal.language
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
            guard sides.count == 2 else {
                throw UsageError(
                    "--where 不能是“\(part)”：应为 DIMENSION=GROUP", "--where is '\(part)'; write DIMENSION=GROUP")
            }
            parameters[sides[0]] = sides[1]
        }
        let zone = try zone(program)
        do throws(FigureRequest.Fault) {
            return try FigureRequest(
                program, indicator: indicator, parameters, knownAt: { zone.end(of: $0, noLaterThan: now) })
        } catch { throw UsageError(error.message) }
    }

    private static func zone(_ program: Program) throws -> CivilZone {
        guard let zone = CivilZone(program.timeZone) else {
            throw UsageError(
                "监测项目“\(program.id)”：没有时区“\(program.timeZone)”",
                "program '\(program.id)': there is no time zone '\(program.timeZone)'")
        }
        return zone
    }

    private static func show(_ arguments: Arguments, _ id: String, _ indicator: String) async throws -> Int32 {
        let format = try arguments.choice("--format", of: ["text", "json", "csv"], default: "text")
        let language = Terminal.language
        if arguments.value("--compare-to") != nil || arguments.value("--compare-version") != nil {
            throw UsageError(
                "indicator show 不带 --compare-to 和 --compare-version，请用 indicator explain",
                "indicator show takes no --compare-to and no --compare-version; indicator explain does")
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
        let language = Terminal.language
        guard arguments.value("--compare-to") != nil else {
            throw UsageError(
                "indicator explain 需要 --compare-to INSTANT", "indicator explain needs --compare-to INSTANT")
        }
        let former = try arguments.value("--compare-version").map { text in
            guard let version = Int(text) else {
                throw UsageError(
                    "--compare-version 不能是“\(text)”，应为数字", "--compare-version is '\(text)'; it is a number")
            }
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
        let language = Terminal.language
        let deployment = try Deployment(arguments)
        let day = try arguments.value("--as-of").map { text in
            guard let day = CivilDate(text) else {
                throw UsageError("--as-of 不能是“\(text)”：快照以日期命名", "--as-of is '\(text)'; a snapshot is named by its day")
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
            let progress = Progress()
            defer { progress.end() }
            let start = ContinuousClock.now
            let rebuilt = try deployment.desk.rebuildFigures(of: program.id, deployment.figures) { done, all in
                progress.tell(
                    say("\(program.id)：第 \(done) 家机构，共 \(all) 家", "\(program.id): \(done) of \(all) institutions"))
            }
            progress.pause()
            isWrong = isWrong || rebuilt.changed > 0
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let verdict =
                rebuilt.changed == 0
                ? say("完全一致", "identical")
                : say("\(rebuilt.changed) 个数值原来有误，现已更正", "\(rebuilt.changed) were kept otherwise and are right now")
            output.write(
                say(
                    "\(program.id)：\(rebuilt.institutions) 家机构，\(rebuilt.records) 个记录版本，\(verdict)（\(Int(seconds.rounded())) 秒）\n",
                    "\(program.id): \(rebuilt.institutions.counted("institution")), \(rebuilt.records.counted("version")) of records, \(verdict) (\(Int(seconds.rounded())) s)\n"
                )
            )
        }
        output.flush()
        return isWrong ? 1 : 0
    }
}
