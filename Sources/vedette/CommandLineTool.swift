import Checking
import CoreRuntime
import Foundation
import Intake
import SurveillanceKit
import Validation

/// The commands by name. Exit status: 0 fine, 1 errors found in the data, 2 could not run.
enum CommandLineTool {
    static let commands: [any Command.Type] = [
        CheckCommand.self, ServeCommand.self, StatusCommand.self, SubmitCommand.self, WithdrawCommand.self,
        ProgramCommand.self, DeadlineCommand.self, IndicatorCommand.self, PluginCommand.self,
        AccountCommand.self, SignInCommand.self, InstitutionCommand.self,
        KeyCommand.self, ClockCommand.self, ReceiptCommand.self, AuditCommand.self, DemoCommand.self,
        SelfTestCommand.self, CompletionCommand.self, ManualCommand.self,
    ]

    /// What `vedette --help` prints.
    static func help(in language: Language, width: Int) -> String {
        func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
        var lines = Columns.wrapped(
            say("vedette 哨点：医院监测数据的核验与接收", "vedette: surveillance reports from hospitals, checked and received"),
            width: width)
        lines += ["", say("用法：vedette <命令> [选项]", "usage: vedette <command> [options]"), ""]
        lines += commands.flatMap { Manual.lines($0.name, $0.summary[language], width: width, column: 14) }
        lines.append("")
        lines += Columns.wrapped(
            say(
                "vedette help <命令> 说明一个命令；vedette --version 输出版本。",
                "vedette help <command> says more about one; vedette --version prints the version."), width: width)
        lines += Columns.wrapped(
            say("退出状态：0 正常，1 数据有错误，2 无法运行", "exit status: 0 fine, 1 errors found in the data, 2 could not run"),
            width: width)
        return lines.joined(separator: "\n")
    }

    /// What shells complete.
    static var entries: [Completion.Entry] {
        commands.map { Completion.Entry(name: $0.name, summary: $0.summary, manual: $0.manual) }
    }

    /// The pages for `man`, by name: `vedette`, `vedette-check`, …
    static func manualPages(in language: Language) -> [(name: String, page: String)] {
        let version = PlatformServer.version
        let overview = Manual(
            usage: [.init("vedette COMMAND [options]")],
            text: commands.map { command in
                BilingualText(
                    zh: "vedette \(command.name)：\(command.summary.zh)",
                    en: "vedette \(command.name): \(command.summary.en)")
            }, options: [],
            exit: BilingualText(zh: "0 正常，1 数据有错误，2 无法运行", en: "0 fine, 1 errors found in the data, 2 could not run"))
        let summary = BilingualText(zh: "医院监测数据的核验与接收", en: "surveillance reports from hospitals, checked and received")
        let names = commands.map { "vedette-\($0.name)" }
        return [
            (
                "vedette",
                ManualPage.page(
                    name: "vedette", summary: summary, overview, in: language, version: version, also: names)
            )
        ]
            + commands.map { command in
                let name = "vedette-\(command.name)"
                return (
                    name,
                    ManualPage.page(
                        name: name, summary: command.summary, command.manual, in: language, version: version,
                        also: ["vedette"])
                )
            }
    }

    static func run(_ words: [String]) async -> Int32 {
        guard let name = words.first, name != "--help", name != "-h" else {
            print(help(in: Terminal.language, width: Terminal.width))
            return words.isEmpty ? 2 : 0
        }
        if name == "--version" {
            print("vedette \(PlatformServer.version)")
            return 0
        }
        if name == "help" {
            let asked = words.dropFirst().first { !$0.hasPrefix("-") && Language(rawValue: $0) == nil }
            guard let asked else {
                print(help(in: Terminal.language, width: Terminal.width))
                return 0
            }
            return await run([asked, "--help"])
        }
        guard let command = commands.first(where: { $0.name == name }) else {
            let known = commands.map { $0.name }.joined(separator: ", ")
            complain(
                say(
                    "没有命令“\(name)”；可用 \(known)（见 vedette --help）",
                    "no command '\(name)'; there are \(known) (see vedette --help)"))
            return 2
        }
        let rest = words.dropFirst()
        if rest.contains("--help") || rest.contains("-h") {
            print(command.manual.help(in: Terminal.language, width: Terminal.width))
            return 0
        }
        do {
            return try await command.run(Array(rest))
        } catch let error as UsageError {
            complain("\(error)\n" + say("vedette help \(name) 说明其用法", "vedette help \(name) says what it takes"))
        } catch let error as ProgramError where error.mistakes.count > 1 {
            let language = Terminal.language
            complain(
                language == .zh
                    ? "有 \(error.mistakes.count) 处错误；改正后再试："
                    : "\(error.mistakes.count.counted("mistake")); correct \(error.mistakes.count == 1 ? "it" : "them") and try again:"
            )
            FileHandle.standardError.write(Data((error.text(language) + "\n").utf8))
        } catch let error as ProgramError {
            complain(error.text(Terminal.language))
        } catch {
            complain(told(error))
        }
        return 2
    }

    /// An error in the reader's language, where it is told in both.
    private static func told(_ error: any Error) -> String { ErrorText.of(error)[Terminal.language] }

    static func complain(_ message: String) {
        fflush(nil)
        FileHandle.standardError.write(Data("vedette: \(message)\n".utf8))
    }
}

/// One command of the command line.
protocol Command: Sendable {
    static var name: String { get }
    /// One line for the list of commands.
    static var summary: BilingualText { get }
    static var manual: Manual { get }
    /// Carries it out and answers the exit status.
    static func run(_ words: [String]) async throws -> Int32
}
