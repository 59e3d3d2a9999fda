import CoreRuntime
import Foundation
import SurveillanceKit
import Validation

/// The commands by name. Exit status: 0 fine, 1 errors found in the data, 2 could not run.
enum CommandLineTool {
    static let commands: [any Command.Type] = [
        CheckCommand.self, ServeCommand.self, StatusCommand.self, SubmitCommand.self, WithdrawCommand.self,
        ProgramCommand.self, DeadlineCommand.self, IndicatorCommand.self, PluginCommand.self,
        AccountCommand.self,
        KeyCommand.self, ClockCommand.self, ReceiptCommand.self, AuditCommand.self, DemoCommand.self,
        SelfTestCommand.self,
    ]

    static let help = """
        vedette: surveillance reports from hospitals, checked and received
        哨点：医院监测数据的检查与接收

        usage: vedette <command> [options]

        \(commands.map { "  " + $0.name.padding(toLength: 10, withPad: " ", startingAt: 0) + $0.summary }.joined(separator: "\n"))

        vedette <command> --help says more about one.
        exit status: 0 fine, 1 errors found in the data, 2 could not run
        """

    static func run(_ words: [String]) async -> Int32 {
        guard let name = words.first, name != "--help", name != "-h", name != "help" else {
            print(help)
            return words.isEmpty ? 2 : 0
        }
        guard let command = commands.first(where: { $0.name == name }) else {
            complain(
                "no command '\(name)'; there are \(commands.map { $0.name }.joined(separator: ", ")) (see vedette --help)"
            )
            return 2
        }
        let rest = words.dropFirst()
        if rest.contains("--help") || rest.contains("-h") {
            print(command.help)
            return 0
        }
        do {
            return try await command.run(Array(rest))
        } catch let error as UsageError {
            complain("\(error)\nvedette \(name) --help says what it takes")
        } catch let error as ProgramError where error.mistakes.count > 1 {
            let language = language(of: rest)
            complain(
                language == .zh
                    ? "有 \(error.mistakes.count) 处错误；改正后再试："
                    : "\(error.mistakes.count.counted("mistake")); correct \(error.mistakes.count == 1 ? "it" : "them") and try again:"
            )
            FileHandle.standardError.write(Data((error.text(language) + "\n").utf8))
        } catch let error as ProgramError {
            complain(error.text(language(of: rest)))
        } catch {
            complain("\(error)")
        }
        return 2
    }

    /// In which language mistakes are told: as `--language` says, or English.
    private static func language(of words: ArraySlice<String>) -> Language {
        guard let place = words.firstIndex(of: "--language") else {
            return words.contains("--language=zh") ? .zh : .en
        }
        return words.dropFirst(place - words.startIndex + 1).first == "zh" ? .zh : .en
    }

    static func complain(_ message: String) {
        fflush(nil)
        FileHandle.standardError.write(Data("vedette: \(message)\n".utf8))
    }
}

/// One command of the command line.
protocol Command: Sendable {
    static var name: String { get }
    /// One line for the list of commands.
    static var summary: String { get }
    static var help: String { get }
    /// Carries it out and answers the exit status.
    static func run(_ words: [String]) async throws -> Int32
}
