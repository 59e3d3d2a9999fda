import CoreRuntime
import Foundation

/// `vedette-bench load`, `crowd`, `seal`, `ingest`, `figures` and `duties`: what receiving, storing, counting and judging bear.
enum LoadCommands {
    static let usage = """
        usage: vedette-bench load [--institutions N] [--seconds N] [--rows N] [--programs DIR] [--json yes]
               vedette-bench crowd [--institutions N] [--bytes N] [--programs DIR] [--json yes]
               vedette-bench seal [--runs N] [--json yes]
               vedette-bench ingest --store postgresql --connection STRING [--rows N] [--runs N] [--json yes]
               vedette-bench ingest [--part pairs|everyday|receipts] [--rows N] [--runs N] [--large-rows N] [--json yes]
               vedette-bench figures [--records N] [--institutions N] [--days N] [--data DIR] [--write FILE] [--json yes]
               vedette-bench duties [--institutions N] [--programs-count N] [--days N] [--json yes]
        """

    static func run(_ command: String, _ options: [String: String], programs: URL) async throws {
        func number(_ name: String, _ standard: Int) throws -> Int {
            guard let text = options[name] else { return standard }
            guard let number = Int(text), number > 0 else { throw BenchError("\(name) \(text)\n\(usage)") }
            return number
        }
        // A connection that the other side has closed is an answer and no end.
        signal(SIGPIPE, SIG_IGN)
        var broken: [String] = []
        let report = { (figure: Figure) in
            figure.print(asJSON: options["--json"] != nil)
            if !figure.isKept { broken.append(figure.name) }
        }
        switch command {
        case "load":
            let size = LoadRun.Size(
                institutions: try number("--institutions", 2000), seconds: Double(try number("--seconds", 60)),
                rows: try number("--rows", 50))
            try await LoadRun.run(size, programs: programs, report: report)
        case "crowd":
            let size = CrowdRun.Size(
                institutions: try number("--institutions", 200), bytes: try number("--bytes", 20_000_000))
            try await CrowdRun.run(size, programs: programs, report: report)
        case "seal":
            try await SealRun.run(runs: try number("--runs", 9), report: report)
        case "figures":
            let size = FigureRun.Size(
                records: try number("--records", 20_000_000), institutions: try number("--institutions", 3_000),
                days: try number("--days", 1_095))
            try FigureRun.run(
                size, programs: programs, data: options["--data"], output: options["--write"], report: report)
        case "duties":
            let size = DutyRun.Size(
                institutions: try number("--institutions", 16_000), programs: try number("--programs-count", 10),
                days: try number("--days", 400))
            try DutyRun.run(size, programs: programs, report: report)
        case "ingest":
            let size = IngestRun.Size(
                rows: try number("--rows", 100_000), runs: try number("--runs", 5),
                largeRows: try number("--large-rows", 500_000))
            if options["--store"] == "postgresql" {
                guard let connection = options["--connection"] else {
                    throw BenchError("--connection is missing\n\(usage)")
                }
                try await IngestRun.stores(size, connection: connection, programs: programs, report: report)
                break
            }
            switch options["--part"] {
            case nil: try await IngestRun.run(size, programs: programs, report: report)
            case "pairs": try await IngestRun.pairs(size, programs: programs, report: report)
            case "everyday": try await IngestRun.everyday(size, programs: programs, report: report)
            case "receipts": try await IngestRun.receipts(size, programs: programs, report: report)
            default: throw BenchError(usage)
            }
        default: throw BenchError(usage)
        }
        if !broken.isEmpty { throw BenchError("not kept: \(broken.map { $0.trimmingCharacters(in: .whitespaces) })") }
    }
}
