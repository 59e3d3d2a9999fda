import AllPrograms
import CoreRuntime
import Foundation
import ProgramFiles
import SurveillanceKit
import Validation

/// `vedette program`: what the platform collects.
enum ProgramCommand: Command {
    static let name = "program"
    static let summary = BilingualText(zh: "列出和显示监测项目", en: "list and show programs")
    static let manual = Manual(
        usage: [
            .init("vedette program list [options]"),
            .init("vedette program show ID [options]"),
        ],
        options: [
            .init(
                "--programs", "DIR", zh: "监测项目文件夹（默认 Surveillance）", en: "the programs' folder (default: Surveillance)")
        ])

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, manual)
        let language = Terminal.language
        let folder = try ProgramsFolder.find(arguments.value("--programs"))
        let operands = arguments.operands
        switch (operands.first, operands.count) {
        case ("list", 1):
            for program in try ProgramRegistry(folder: folder).programs.map(\.program) {
                let types = program.fileTypes.map(\.id).joined(separator: " ")
                print("\(program.id)\t\(program.version)\t\(program.title[language])\t\(types)")
            }
        case ("show", 2): try show(try program(operands[1], folder), language)
        default: throw UsageError("请说明操作：list 或 show ID", "say what to do: list or show ID")
        }
        return 0
    }

    private static func program(_ id: String, _ folder: URL) throws -> CompiledProgram {
        let registry = try ProgramRegistry(folder: folder)
        guard let program = registry.program(id) else {
            throw UsageError(
                "没有监测项目“\(id)”；现有 \(registry.programs.map(\.program.id).joined(separator: "、"))",
                "no program '\(id)'; there are \(registry.programs.map(\.program.id).joined(separator: ", "))")
        }
        return program
    }

    private static func show(_ compiled: CompiledProgram, _ language: Language) throws {
        let program = compiled.program
        print("\(program.id) \(program.version): \(program.title[language])")
        if let description = program.description { print(description[language]) }
        for type in program.fileTypes {
            let rules = type.rules.count + type.parentRules.count
            print(
                say(
                    "\n\(type.id)_*.csv  \(type.title[language])（\(type.fields.count) 列，\(rules) 条规则）",
                    "\n\(type.id)_*.csv  \(type.title[language])  (\(type.fields.count.counted("column")), \(rules.counted("rule")))"
                )
            )
            print(
                say(
                    "  主键：\(type.primaryKey.joined(separator: " + "))",
                    "  key: \(type.primaryKey.joined(separator: " + "))"))
            for link in type.foreignKeys.flatMap(\.links) {
                print(
                    say(
                        "  关联：\(link.fields.joined(separator: " + ")) → \(link.fileType)",
                        "  link: \(link.fields.joined(separator: " + ")) to \(link.fileType)"))
                for rule in link.rules { print("    \(rule.field): \(rule.message[language])  [\(rule.id)]") }
            }
            for field in type.fields {
                let mark = field.constraints.isRequired ? "*" : " "
                print("  \(mark) \(field.name)\t\(field.title[language])\t\(ExpectedText.describe(field)[language])")
            }
        }
        for line in IndicatorText.lines(program, language) { print(line) }
    }
}
