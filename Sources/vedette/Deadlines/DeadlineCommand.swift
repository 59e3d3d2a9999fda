import AllPrograms
import CoreRuntime
import Foundation
import JSON
import ProgramFiles
import SurveillanceKit
import Timeliness
import Validation

/// `vedette deadline`: who owes what by when, without a server.
enum DeadlineCommand: Command {
    static let name = "deadline"
    static let summary = BilingualText(zh: "谁应在何时上报：判断、说明、模拟", en: "who owes what by when: judge, explain, simulate")
    static let manual = Manual(
        usage: [
            .init("vedette deadline evaluate --from DAY --to DAY [options]"),
            .init("vedette deadline explain --institution CODE --program ID --date DAY [options]"),
            .init("vedette deadline simulate --change FILE --from DAY --to DAY [options]"),
        ],
        text: [
            BilingualText(
                zh:
                    "evaluate 列出在这些天到期的全部上报义务及其在某一时刻的状态：upcoming、due、in-time、late、missing、exempt。explain 说明一个判断及其依据的每条规则和事实。simulate 列出采用某个规则文件（写法同 Config/deadlines）后会有哪些不同判断。它们只依据这些文件；explain 不带 --receipts 时查询本部署自己的记录，与服务器的判断一致。",
                en:
                    "evaluate lists what every institution owes that falls due on the days from DAY to DAY, and its state at an instant: upcoming, due, in-time, late, missing or exempt. explain prints one verdict and every rule and fact that led to it. simulate lists what would be judged otherwise if the rules of a file, written as in Config/deadlines, were set. They judge by these files alone. explain without --receipts asks the deployment's own store, as its server judges."
            )
        ],
        options: [
            .init(
                "--programs", "DIR", zh: "监测项目文件夹（默认 Surveillance）", en: "the programs' folder (default: Surveillance)"),
            .init(
                "--institutions", "FILE", zh: "机构名录（默认 Config/institutions.json）",
                en: "the register of institutions (default: Config/institutions.json)"),
            .init(
                "--receipts", "FILE", zh: "已接收的上报：institution,program,receivedAt,state，已知时加 begunAt,day（默认：视为没有收到任何上报）",
                en:
                    "what was received: institution,program,receivedAt,state, and where known begunAt,day (default: as if nothing had been received)"
            ),
            .init(
                "--from", "DAY", zh: "最早的到期日，2020-08-25",
                en: "the first day on which what is listed falls due, 2020-08-25"),
            .init("--to", "DAY", zh: "最晚的到期日", en: "the last one"),
            .init(
                "--at", "INSTANT", zh: "在该时刻的状态，含时区：2020-08-25T17:00:00+08:00（默认：现在）",
                en: "as it is at this instant, with its zone: 2020-08-25T17:00:00+08:00 (default: now)"),
            .init(
                "--deadlines", "DIR", zh: "本部署设定的规则（默认：机构名录旁的 deadlines）",
                en: "what the deployment sets (default: deadlines beside the register of institutions)"),
            .init(
                "--calendar", "DIR", zh: "节假日和调休（默认：机构名录旁的 calendar，否则 Config/calendar）",
                en: "holidays and make-up workdays (default: calendar beside the register, or else Config/calendar)"),
            .init("--institution", "CODE", zh: "只看该机构", en: "only this institution"),
            .init("--program", "ID", zh: "只看该监测项目", en: "only this program"),
            .init(
                "--config", "FILE", zh: "explain：部署配置（默认 Config/vedette.json，若存在）",
                en: "explain: the deployment (default: Config/vedette.json if it is there)"),
            .init(
                "--data", "DIR", zh: "explain：部署的数据文件夹（默认按配置）",
                en: "explain: where the deployment keeps its data (default: as configured)"),
            .init("--date", "DAY", zh: "explain：到期日", en: "explain: the day on which it falls due"),
            .init(
                "--kind", "KIND", zh: "explain：同一天有多项到期时选择 daily、first-report 等（默认：定期的一项）",
                en: "explain: daily, first-report, … where several fall due on the day (default: the recurring one)"),
            .init("--change", "FILE", zh: "simulate：要试用的规则文件", en: "simulate: the rules to try"),
            .init(
                "--format", "csv|json|text", zh: "json 每行一项（默认 csv；explain 默认 text）",
                en: "csv, json (one item a line) or text (default: csv; explain: text)"),
        ],
        exit: BilingualText(zh: "0 已回答，2 无法运行", en: "0 answered, 2 could not run"))

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, manual)
        switch arguments.operands {
        case ["evaluate"]: return try evaluate(arguments)
        case ["explain"]: return try explain(arguments)
        case ["simulate"]: return try simulate(arguments)
        default:
            throw UsageError(
                "请说明操作：deadline evaluate、deadline explain 或 deadline simulate",
                "say what to do: deadline evaluate, deadline explain or deadline simulate")
        }
    }

    private static func evaluate(_ arguments: Arguments) throws -> Int32 {
        try refuse(["--date", "--kind", "--change", "--config", "--data"], in: arguments, of: "evaluate")
        let format = try arguments.choice("--format", of: ["csv", "json", "text"], default: "csv")
        let duties = try OfflineDuties(arguments)
        let days = try duties.days(arguments)
        let output = StandardOutput()
        if format == "csv" { output.write(ObligationText.header + "\n") }
        try duties.book.forEach(
            dueOn: days, at: duties.at, isWanted: duties.isWanted,
            receipts: duties.receipts(of:for:)
        ) { obligation, reasons in
            guard let zone = duties.book.program(obligation.program)?.zone else { return }
            switch format {
            case "csv": output.write(ObligationText.csv(obligation, in: zone) + "\n")
            case "json":
                let item = ObligationText.json(
                    obligation, institution: obligation.institution, program: obligation.program, reasons(),
                    in: zone)
                output.write(String(decoding: item.encoded(), as: UTF8.self) + "\n")
            default:
                output.write(
                    "\(obligation.institution)  \(obligation.program)  \(obligation.kind.rawValue)  \(zone.shown(obligation.dueAt))  \(obligation.state.rawValue)\n"
                )
            }
        }
        output.flush()
        return 0
    }

    private static func explain(_ arguments: Arguments) throws -> Int32 {
        try refuse(["--from", "--to", "--change"], in: arguments, of: "explain")
        let format = try arguments.choice("--format", of: ["text", "json"], default: "text")
        let language = Terminal.language
        guard let code = arguments.value("--institution"), let program = arguments.value("--program"),
            let date = arguments.value("--date")
        else {
            throw UsageError(
                "deadline explain 需要 --institution CODE、--program ID 和 --date DAY",
                "deadline explain needs --institution CODE, --program ID and --date DAY")
        }
        let day = try OfflineDuties.day("--date", date)
        let kind = try arguments.value("--kind").map { text in
            guard let kind = DeadlineRule.Kind(rawValue: text) else {
                let known = DeadlineRule.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw UsageError("--kind 不能是“\(text)”，可用 \(known)", "--kind is '\(text)'; it can be \(known)")
            }
            return kind
        }
        let deployment = try deployment(arguments)
        let duties = try OfflineDuties(arguments, deployment: deployment)
        guard let institution = duties.book.institutions.first(where: { $0.code == code }),
            let rules = duties.book.program(program)
        else {
            throw UsageError(
                "deadline explain：没有机构“\(code)”或监测项目“\(program)”",
                "deadline explain: no institution '\(code)' or no program '\(program)'")
        }
        let receipts =
            try deployment.map { try $0.desk.dutyReceipts(of: code, for: rules, dueOn: day) }
            ?? duties.receipts(of: code, for: program)
        let explanations = try rules.explain(institution, dueOn: day, kind: kind, receipts, at: duties.at)
        let output = StandardOutput()
        if format == "json" {
            // The recurring one, where several fall due on the day.
            for explanation in explanations.prefix(1) {
                let item = ObligationText.json(
                    explanation.obligation, institution: code, program: program, explanation.reasons, in: rules.zone)
                output.write(String(decoding: item.encoded(), as: UTF8.self) + "\n")
            }
        } else {
            for explanation in explanations {
                if let obligation = explanation.obligation {
                    output.write(
                        "\(code)  \(program)  \(obligation.kind.rawValue)  \(obligation.from) – \(obligation.to)  \(rules.zone.shown(obligation.dueAt))  \(obligation.state.rawValue)\n"
                    )
                } else {
                    output.write("\(code)  \(program)  \(day)\n")
                }
                for reason in explanation.reasons {
                    let place = reason.origin?.place.map { "  [\($0)]" } ?? ""
                    output.write("  \(reason.text[language])\(place)\n")
                }
            }
        }
        output.flush()
        return 0
    }

    /// The deployment that explain reads: where no receipts are given, and one is given or there is one here.
    private static func deployment(
        _ arguments: Arguments
    ) throws -> (configuration: Configuration, desk: Desk)? {
        let isGiven = arguments.value("--config") != nil || arguments.value("--data") != nil
        guard arguments.value("--receipts") == nil else {
            guard !isGiven else {
                throw UsageError(
                    "deadline explain 使用 --receipts，或 --config 和 --data，不能同时使用",
                    "deadline explain takes --receipts, or --config and --data, not both")
            }
            return nil
        }
        let configuration = try ConfigurationOptions.configuration(arguments)
        // Whoever names another register asks about that one.
        let isThere =
            arguments.value("--institutions") == nil
            && FileManager.default.fileExists(
                atPath: configuration.dataFolder.appendingPathComponent("identity").path)
        return isGiven || isThere ? (configuration, try Desk(configuration, operatorName: Operator.name)) : nil
    }

    private static func simulate(_ arguments: Arguments) throws -> Int32 {
        try refuse(["--date", "--kind", "--config", "--data"], in: arguments, of: "simulate")
        let format = try arguments.choice("--format", of: ["csv", "json", "text"], default: "csv")
        guard let file = arguments.value("--change") else {
            throw UsageError("deadline simulate 需要 --change FILE", "deadline simulate needs --change FILE")
        }
        let duties = try OfflineDuties(arguments)
        let days = try duties.days(arguments)
        let differences = try duties.book.differences(
            to: try duties.changed(by: URL(fileURLWithPath: file)), dueOn: days, at: duties.at,
            receipts: duties.receipts(of:for:)
        ).filter { ($0.before ?? $0.after).map { duties.isWanted($0.institution, $0.program) } ?? false }
        let output = StandardOutput()
        if format == "csv" {
            output.write("institution,program,kind,from,to,due_at_before,state_before,due_at_after,state_after\n")
        }
        for difference in differences {
            guard let shown = difference.after ?? difference.before,
                let zone = duties.book.program(shown.program)?.zone
            else { continue }
            let (old, new) = (difference.before, difference.after)
            switch format {
            case "csv":
                let cells = [
                    ObligationText.cell(shown.institution), shown.program, shown.kind.rawValue, "\(shown.from)",
                    "\(shown.to)", old.map { zone.text($0.dueAt) } ?? "", old?.state.rawValue ?? "",
                    new.map { zone.text($0.dueAt) } ?? "", new?.state.rawValue ?? "",
                ]
                output.write(cells.joined(separator: ",") + "\n")
            case "json":
                func item(_ obligation: Obligation?) -> JSONValue {
                    obligation.map {
                        ObligationText.json($0, institution: $0.institution, program: $0.program, [], in: zone)
                    } ?? .null
                }
                let line = JSONValue.object([("before", item(old)), ("after", item(new))])
                output.write(String(decoding: line.encoded(), as: UTF8.self) + "\n")
            default:
                func words(_ obligation: Obligation?) -> String {
                    obligation.map { "\($0.state.rawValue) (\(zone.shown($0.dueAt)))" } ?? "-"
                }
                output.write(
                    "\(shown.institution)  \(shown.program)  \(shown.kind.rawValue)  \(shown.to)  \(words(old)) → \(words(new))\n"
                )
            }
        }
        output.flush()
        return 0
    }

    private static func refuse(_ names: [String], in arguments: Arguments, of what: String) throws(UsageError) {
        for name in names where arguments.value(name) != nil {
            throw UsageError("deadline \(what) 不带 \(name)", "deadline \(what) takes no \(name)")
        }
    }

}
