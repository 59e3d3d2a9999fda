import AllPrograms
import CoreRuntime
import Foundation
import ProgramFiles
import Validation

/// `vedette-bench`: makes tables to measure with, and times the stages of a check one by one. `scripts/bench` drives it.
enum BenchTool {
    static let usage = """
        usage: vedette-bench generate flu|hqms FILE [--rows N] [--faults none|row|every] [--seed N] [--programs DIR]
               vedette-bench stages FILE… [--programs DIR]
        """ + "\n" + LoadCommands.usage.replacing("usage:", with: "      ")

    static func run(_ words: [String]) async throws {
        var operands: [String] = []
        var options: [String: String] = [:]
        var rest = words[...]
        while let word = rest.popFirst() {
            if word.hasPrefix("--") {
                guard let value = rest.popFirst() else { throw BenchError("\(word) needs a value\n\(usage)") }
                options[word] = value
            } else {
                operands.append(word)
            }
        }
        let programs = try ProgramsFolder.find(options["--programs"])
        if let command = operands.first, ["load", "crowd", "seal", "ingest", "duties", "figures"].contains(command) {
            return try await LoadCommands.run(command, options, programs: programs)
        }
        let registry = try ProgramRegistry(folder: programs)
        switch operands.first {
        case "generate" where operands.count == 3:
            guard let rows = Int(options["--rows"] ?? "500000"), let seed = UInt64(options["--seed"] ?? "1"),
                let faults = Faults(rawValue: options["--faults"] ?? "none")
            else { throw BenchError(usage) }
            let makers: [any RowMaker] = [InfluenzaRows(), FrontPageRows()]
            guard let maker = makers.first(where: { type(of: $0).fileType == operands[1] }),
                let fileType = registry.programs.flatMap({ $0.fileTypes }).first(where: { $0.id == operands[1] })
            else { throw BenchError("no rows of '\(operands[1])' can be made\n\(usage)") }
            try TableGenerator.write(fileType.fileType, maker, rows: rows, faults: faults, seed: seed, to: operands[2])
        case "stages" where operands.count > 1:
            for path in operands.dropFirst() { print(try StageTimes(path, registry).json) }
        default:
            throw BenchError(usage)
        }
    }
}
