import AllPrograms
import CoreRuntime
import Foundation
import ProgramFiles
import SelfTest
import SurveillanceKit
import Validation

/// `vedette selftest`: does the checking engine find what is wrong, and only that?
enum SelfTestCommand: Command {
    static let name = "selftest"
    static let summary = BilingualText(
        zh: "在虚构的数据包中放入已知错误，并要求恰好报出这些错误", en: "put known faults into made-up packages and demand exactly their findings"
    )
    static let manual = Manual(
        usage: [
            .init("vedette selftest mutate --program ID [options]"),
            .init("vedette selftest generate --program ID --type TYPE --rows N [options]"),
        ],
        text: [
            BilingualText(
                zh: "mutate：对每个种子，按监测项目的表结构和规则用例生成没有错误的数据包，每次放入一个已知错误，并要求在相应文件、行、字段报出该错误，且只报由它引起的问题。",
                en:
                    "mutate: for every seed, makes a package without a fault out of the program's schemas and rule cases, puts one known fault at a time into it, and demands that fault's finding at its file, row and field, and nothing else but what must follow from it."
            ),
            BilingualText(
                zh: "generate：向标准输出写一个没有错误的虚构表格；行数任意，占用内存不随之增长。",
                en:
                    "generate: writes a made-up table without a fault to standard output; any number of rows, in memory that does not grow."
            ),
        ],
        options: [
            .init("--program", "ID", zh: "监测项目", en: "the program"),
            .init("--seeds", "N", zh: "生成多少个数据包（默认 100）", en: "how many packages (default: 100)"),
            .init("--first-seed", "N", zh: "第一个种子（默认 1）", en: "the first seed (default: 1)"),
            .init(
                "--kind", "KIND", zh: "只放入这种错误：\(MutationTest.kinds.joined(separator: ", "))",
                en: "only this kind of fault: \(MutationTest.kinds.joined(separator: ", "))"),
            .init("--type", "TYPE", zh: "要生成的文件类型", en: "the file type to generate"),
            .init(
                "--rows", "N", zh: "行数：每个表最多（mutate，默认 6）；该表（generate，默认 1000）",
                en: "rows: of each table at most (mutate; default: 6), of the table (generate; default: 1000)"),
            .init(
                "--programs", "DIR", zh: "监测项目文件夹（默认：当前文件夹或程序旁的 Surveillance）",
                en: "the programs' folder (default: Surveillance beside the working directory or the executable)"),
        ],
        exit: BilingualText(
            zh: "0 全部报出，1 有未报出或多报的，2 无法运行",
            en: "0 all found, 1 something was not found or found beside it, 2 could not run"))

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(
            words, manual)
        guard let program = arguments.value("--program") else {
            throw UsageError("需要 --program：哪个监测项目？", "--program is needed: whose files?")
        }
        let programs = try ProgramsFolder.find(arguments.value("--programs"))
        let registry = try ProgramRegistry(folder: programs)
        switch arguments.operands {
        case ["mutate"]: return try mutate(program, registry, programs, arguments)
        case ["generate"]: return try generate(program, registry, programs, arguments)
        default: throw UsageError("需要 mutate 或 generate", "'mutate' or 'generate' is needed")
        }
    }

    private static func mutate(_ program: String, _ registry: ProgramRegistry, _ programs: URL, _ arguments: Arguments)
        throws -> Int32
    {
        let seeds = try arguments.number("--seeds", default: 100)
        let first = UInt64(try arguments.number("--first-seed", default: 1))
        let kind = arguments.value("--kind")
        if let kind, !MutationTest.kinds.contains(kind) {
            throw UsageError(
                "--kind 不能是“\(kind)”，可用 \(MutationTest.kinds.joined(separator: "、"))",
                "--kind is '\(kind)'; it can be \(MutationTest.kinds.joined(separator: ", "))")
        }
        let test = try MutationTest(
            program, in: registry, programs: programs, rows: try arguments.number("--rows", default: 6))
        let outcome = try test.run(seeds: first..<first + UInt64(seeds), only: kind)
        for failure in outcome.failures { print(failure) }
        let tries = outcome.tries.values.reduce(0, +)
        for name in MutationTest.kinds where outcome.tries[name] != nil { print("\(name) \(outcome.tries[name] ?? 0)") }
        print(
            say(
                "\(tries) 个数据包各含一个错误，其中 \(outcome.failures.count) 个的判断不符合预期",
                "\(tries.counted("package")) with one fault each, \(outcome.failures.count) judged otherwise than they should be"
            )
        )
        return outcome.failures.isEmpty ? 0 : 1
    }

    private static func generate(
        _ program: String, _ registry: ProgramRegistry, _ programs: URL, _ arguments: Arguments
    ) throws -> Int32 {
        let rows = try arguments.number("--rows", default: 1000)
        let seed = UInt64(try arguments.number("--first-seed", default: 1))
        guard let type = arguments.value("--type") else {
            throw UsageError("需要 --type：哪个表？", "--type is needed: which table?")
        }
        guard let known = try registry.restricted(to: program).programs.first?.program,
            let fileType = known.fileType(type)
        else {
            throw UsageError("“\(program)”中没有文件类型“\(type)”", "no file type '\(type)' in '\(program)'")
        }
        let output = StandardOutput()
        var generator = PackageGenerator(known, cases: try RuleCases.all(of: program, in: programs), seed: seed)
        generator.write(fileType, rows: rows) { output.write($0) }
        output.flush()
        return 0
    }
}
