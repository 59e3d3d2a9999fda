import CoreRuntime
import Foundation

/// Many large uploads at once, one of each institution: every one is received and processed, and memory stays bounded.
enum CrowdRun {
    struct Size {
        var institutions = 200
        var bytes = 20_000_000
    }

    static func run(_ size: Size, programs: URL, report: (Figure) -> Void) async throws {
        let template = PackageTemplate(try LoadRun.influenzaCases(in: programs), InfluenzaRows(), bytes: size.bytes)
        let deployment = try await Deployment(institutions: size.institutions, programs: programs)
        try deployment.start()
        let idle = try deployment.memory().now
        let start = DispatchTime.now().uptimeNanoseconds
        func elapsed() -> Double { Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9 }
        let outcomes = try Senders().run(
            template, to: deployment, at: Array(repeating: 0, count: size.institutions))
        let received = elapsed()
        let title = "\(size.institutions) uploads of \(template.size / 1_000_000) MB at once"
        report(Figure("\(title): all received after", received, "s"))
        report(Figure("  together", Double(template.size * size.institutions) / 1e6 / received, "MB/s"))
        report(Figure("  the slowest", outcomes.map(\.seconds).max() ?? .nan, "s"))
        report(Figure("  told to come again", Double(outcomes.reduce(0) { $0 + $1.refusals }), "times"))
        report(Figure("  memory of the idle server", Double(idle) / 1e6, "MB"))
        report(Figure("  peak memory while receiving", Double(try deployment.memory().peak) / 1e6, "MB", limit: 1000))
        try LoadRun.drain(deployment, seconds: 7200)
        report(Figure("  all processed after", elapsed(), "s"))
        report(Figure("  peak memory to the end", Double(try deployment.memory().peak) / 1e6, "MB", limit: 1000))
        let lost = try LoadRun.lost(outcomes, rows: template.rows, deployment)
        report(Figure("  lost", Double(lost), "submissions", limit: 0))
        try deployment.stop()
    }
}
