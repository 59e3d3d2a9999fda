import CoreRuntime
import Foundation
import SurveillanceKit

/// `vedette completion`: scripts that let a shell complete this command.
enum CompletionCommand: Command {
    static let name = "completion"
    static let summary = BilingualText(zh: "输出 shell 的补全脚本", en: "print a shell's completion script")
    static let manual = Manual(
        usage: [.init("vedette completion bash|zsh|fish [options]")],
        text: [
            BilingualText(
                zh: "输出补全命令、操作、选项及其取值的脚本，例如：source <(vedette completion bash)",
                en:
                    "Prints a script that completes commands, actions, options and their values, as with: source <(vedette completion bash)"
            )
        ],
        options: [])

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, manual)
        guard arguments.operands.count == 1, let shell = arguments.operands.first, Completion.shells.contains(shell)
        else {
            throw UsageError("请指定 shell：completion bash、zsh 或 fish", "say which shell: completion bash, zsh or fish")
        }
        print(Completion.script(for: shell, CommandLineTool.entries, in: Terminal.language), terminator: "")
        return 0
    }
}

/// `vedette manual`: the pages for `man`.
enum ManualCommand: Command {
    static let name = "manual"
    static let summary = BilingualText(zh: "生成 man 手册页", en: "write the pages for man")
    static let manual = Manual(
        usage: [.init("vedette manual DIR [options]")],
        text: [
            BilingualText(
                zh: "把每个命令的手册页写入 DIR/man1（英文）和 DIR/zh_CN/man1（中文）；用 man -M DIR vedette 阅读。",
                en:
                    "Writes a page for each command into DIR/man1 (English) and DIR/zh_CN/man1 (Chinese), to be read with man -M DIR vedette."
            )
        ],
        options: [])

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, manual)
        guard arguments.operands.count == 1 else { throw UsageError("请给出文件夹：manual DIR", "say where to: manual DIR") }
        let folder = URL(fileURLWithPath: arguments.operands[0])
        for (language, place) in [(Language.en, "man1"), (.zh, "zh_CN/man1")] {
            let pages = folder.appendingPathComponent(place)
            try FileManager.default.createDirectory(at: pages, withIntermediateDirectories: true)
            for (name, page) in CommandLineTool.manualPages(in: language) {
                try page.write(to: pages.appendingPathComponent("\(name).1"), atomically: true, encoding: .utf8)
            }
        }
        return 0
    }
}
