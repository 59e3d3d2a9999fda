import AllPrograms
import CoreRuntime
import Database
import Foundation
import ProgramFiles
import SurveillanceKit
import Validation

/// The last minute before a deadline: every institution sends a small package, spread at random over the minute.
///
/// Open loop: an upload begins when it is due, whether or not those before it have been answered, and its time counts from then.
enum LoadRun {
    struct Size {
        var institutions = 2000
        var seconds = 60.0
        var rows = 50
    }

    /// The file type that every run sends.
    static func influenzaCases(in programs: URL) throws -> FileType {
        let registry = try ProgramRegistry(folder: programs)
        guard let type = registry.program("influenza")?.fileType("flu")?.fileType else { throw BenchError("no flu") }
        return type
    }

    static func run(_ size: Size, programs: URL, report: (Figure) -> Void) async throws {
        let template = PackageTemplate(try influenzaCases(in: programs), InfluenzaRows(), rows: size.rows)
        let deployment = try await Deployment(institutions: size.institutions, programs: programs)
        try deployment.start()
        var random = SeededRandom(seed: 7)
        let times = (0..<size.institutions).map { _ in Double(random.number(0...1_000_000)) / 1e6 * size.seconds }
            .sorted()
        let outcomes = try Senders().run(template, to: deployment, at: times)
        let ended = DispatchTime.now().uptimeNanoseconds
        let atEnd = try deployment.backlog()
        try drain(deployment)
        let drained = Double(DispatchTime.now().uptimeNanoseconds - ended) / 1e9

        let title = "\(size.institutions) institutions in \(Int(size.seconds)) s"
        let waits = outcomes.map { $0.seconds * 1000 }
        report(Figure("\(title): receipt, median", waits.percentile(0.5), "ms"))
        report(Figure("  99 of 100 within", waits.percentile(0.99), "ms", limit: 500))
        report(Figure("  the slowest", waits.max() ?? .nan, "ms"))
        report(Figure("  told to come again", Double(outcomes.reduce(0) { $0 + $1.refusals }), "times"))
        report(Figure("  backlog when the last was received", Double(atEnd), "submissions"))
        report(Figure("  backlog gone after", drained, "s", limit: 60))
        report(Figure("  peak memory of the server", Double(try deployment.memory().peak) / 1e6, "MB"))
        let lost = try lost(outcomes, rows: template.rows, deployment)
        report(Figure("  lost", Double(lost), "submissions", limit: 0))
        try deployment.stop()
    }

    /// Waits until nothing is left to process.
    static func drain(_ deployment: Deployment, seconds: Int = 1800) throws {
        for _ in 0..<(seconds * 10) {
            if try deployment.backlog() == 0 { return }
            usleep(100_000)
        }
        throw BenchError("the backlog is not gone after \(seconds) s: \(try deployment.counts())")
    }

    /// How many of the uploads that got a 201 are not there, or not with every row, or share an id.
    static func lost(_ outcomes: [Senders.Outcome], rows: Int, _ deployment: Deployment) throws -> Int {
        var whole: Set<String> = []
        for outcome in outcomes {
            let answer = try UploadSocket(port: deployment.port).get(
                "/api/v1/submissions/\(outcome.id)", token: deployment.operatorToken)
            let object = try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any] ?? [:]
            if object["accepted"] as? Int == rows, object["state"] as? String == "accepted" { whole.insert(outcome.id) }
        }
        let stored: Int =
            try deployment.openRecords().readBlocking { try $0.first("SELECT count(*) FROM influenza_flu") } ?? 0
        let missingRows = outcomes.count * rows - stored
        return outcomes.count - whole.count + abs(missingRows)
    }
}
