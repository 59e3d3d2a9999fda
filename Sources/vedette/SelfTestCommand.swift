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
    static let summary = "put known faults into made-up packages and demand exactly their findings"
    static let help = """
        usage: vedette selftest mutate --program ID [options]
               vedette selftest generate --program ID --type TYPE --rows N [options]

        mutate     For every seed, makes a package without a fault out of the program's schemas and rule cases, puts one known fault at a
                   time into it (\(MutationTest.kinds.count) kinds), and demands that fault's finding at its file, row and field, and nothing else but
                   what must follow from it.
        generate   Writes a made-up table without a fault to standard output; any number of rows, in memory that does not grow.

          --program ID      the program
          --seeds N         how many packages (default: 100)
          --first-seed N    the first seed (default: 1)
          --kind KIND       only this kind of fault: \(MutationTest.kinds.joined(separator: ", "))
          --type TYPE       the file type to generate
          --rows N          rows: of each table at most (mutate; default: 6), of the table (generate; default: 1000)
          --programs DIR    the programs' folder (default: Surveillance beside the working directory or the executable)

        exit status: 0 all found, 1 something was not found or found beside it, 2 could not run
        """

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(
            words,
            shape: .init(options: ["--program", "--seeds", "--first-seed", "--kind", "--type", "--rows", "--programs"]))
        guard let program = arguments.value("--program") else { throw UsageError("--program is needed: whose files?") }
        let programs = try ProgramsFolder.find(arguments.value("--programs"))
        let registry = try ProgramRegistry(folder: programs)
        switch arguments.operands {
        case ["mutate"]: return try mutate(program, registry, programs, arguments)
        case ["generate"]: return try generate(program, registry, programs, arguments)
        default: throw UsageError("'mutate' or 'generate' is needed")
        }
    }

    private static func mutate(_ program: String, _ registry: ProgramRegistry, _ programs: URL, _ arguments: Arguments)
        throws -> Int32
    {
        let seeds = try arguments.number("--seeds", default: 100)
        let first = UInt64(try arguments.number("--first-seed", default: 1))
        let kind = arguments.value("--kind")
        if let kind, !MutationTest.kinds.contains(kind) {
            throw UsageError("--kind is '\(kind)'; it can be \(MutationTest.kinds.joined(separator: ", "))")
        }
        let test = try MutationTest(
            program, in: registry, programs: programs, rows: try arguments.number("--rows", default: 6))
        let outcome = try test.run(seeds: first..<first + UInt64(seeds), only: kind)
        for failure in outcome.failures { print(failure) }
        let tries = outcome.tries.values.reduce(0, +)
        for name in MutationTest.kinds where outcome.tries[name] != nil { print("\(name) \(outcome.tries[name] ?? 0)") }
        print(
            "\(tries.counted("package")) with one fault each, \(outcome.failures.count) judged otherwise than they should be"
        )
        return outcome.failures.isEmpty ? 0 : 1
    }

    private static func generate(
        _ program: String, _ registry: ProgramRegistry, _ programs: URL, _ arguments: Arguments
    ) throws -> Int32 {
        let rows = try arguments.number("--rows", default: 1000)
        let seed = UInt64(try arguments.number("--first-seed", default: 1))
        guard let type = arguments.value("--type") else { throw UsageError("--type is needed: which table?") }
        guard let known = try registry.restricted(to: program).programs.first?.program,
            let fileType = known.fileType(type)
        else {
            throw UsageError("no file type '\(type)' in '\(program)'")
        }
        let output = StandardOutput()
        var generator = PackageGenerator(known, cases: try RuleCases.all(of: program, in: programs), seed: seed)
        generator.write(fileType, rows: rows) { output.write($0) }
        output.flush()
        return 0
    }
}
