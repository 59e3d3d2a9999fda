import AllPrograms
import Checking
import CoreRuntime
import ExportCSV
import Foundation
import ProgramFiles
import SurveillanceKit
import Validation

/// `vedette check`: validates files or packages without a server.
enum CheckCommand: Command {
    static let name = "check"
    static let summary = "validate files or packages without a server"
    static let help = """
        usage: vedette check [options] PATH…

        Validates CSV files, zip packages, or folders of them, as the server would, and says what is wrong, where, and what was expected.
        CSV files given together are one package. A parent that is not in the package is only a warning here: the server looks in what is stored.
        What must not lie in the future is judged by the clock's day in the program's time zone.

          --program ID          only this program's files
          --institution CODE    the reporting institution; every P900 must be its code (otherwise: the same in all rows)
          --format text|json    for people, or one finding a line and a last line with the counts (default: text)
          --corrections DIR     writes each file's rejected rows there as CSV with their findings, to be mended and uploaded as it is
          --language zh|en      of the text (default: zh if the locale is Chinese, otherwise en)
          --threads N           threads that check rows (default: the number of cores)
          --programs DIR        the programs' folder (default: Surveillance beside the working directory or the executable)

        exit status: 0 no errors, 1 errors found, 2 could not run
        """

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(
            words,
            shape: .init(options: [
                "--program", "--institution", "--format", "--corrections", "--language", "--threads", "--programs",
            ]))
        guard !arguments.operands.isEmpty else {
            throw UsageError("no file to check; give a CSV file, a zip or a folder")
        }
        let format = try arguments.choice("--format", of: ["text", "json"], default: "text")
        let locale = ProcessInfo.processInfo.environment["LC_ALL"] ?? ProcessInfo.processInfo.environment["LANG"] ?? ""
        let language =
            Language(
                rawValue: try arguments.choice(
                    "--language", of: ["zh", "en"], default: locale.hasPrefix("zh") ? "zh" : "en")) ?? .en
        let threads = try arguments.number("--threads", default: ProcessInfo.processInfo.activeProcessorCount)

        var registry = try ProgramRegistry(
            folder: try ProgramsFolder.find(arguments.value("--programs")), threads: threads)
        if let program = arguments.value("--program") { registry = try registry.restricted(to: program) }
        let corrections = try arguments.value("--corrections").map {
            try OfflineCorrections(folder: URL(fileURLWithPath: $0), language: language) {
                try CSVExporter().file(of: $0, in: $1)
            }
        }
        let check = OfflineCheck(
            registry: registry, institution: arguments.value("--institution"),
            now: .systemClock(), threads: threads, corrections: corrections)
        let paths = arguments.operands.map { URL(fileURLWithPath: $0) }
        let output = StandardOutput()
        let reports: [FileReport]
        if format == "json" {
            var sink = JSONLinesSink(output: output)
            reports = try check.run(paths, sink: &sink)
            try sink.finish(reports)
        } else {
            var sink = FindingGroups()
            reports = try check.run(paths, sink: &sink)
            output.write(TextReport(language: language).text(reports, sink))
            for form in corrections?.written ?? [] {
                output.write(language == .zh ? "退回行：\(form.path)\n" : "rejected rows: \(form.path)\n")
            }
        }
        output.flush()
        return reports.contains { $0.errors > 0 } ? 1 : 0
    }
}
