import Database
import HTTPServer
import Intake
import Notices
import ProgramFiles
import SurveillanceKit
import Synchronization

extension Platform {
    /// What `/metrics` shows, in Prometheus's text form: submissions, what waits, what is kept, requests and connections.
    func metrics() async throws -> String {
        let counts = try await data.log.counts(scope: .nation)
        let kept = try await data.database.read { connection -> (files: Int, bytes: Int) in
            let row = try connection.firstRow(
                "SELECT count(*), coalesce(sum(size), 0) FROM submission WHERE is_kept = 1")
            return (try row?[0] ?? 0, try row?[1] ?? 0)
        }
        var lines = ["# HELP vedette_submissions Submissions by state.", "# TYPE vedette_submissions gauge"]
        for state in SubmissionState.allCases {
            lines.append("vedette_submissions{state=\"\(state.rawValue)\"} \(counts[state] ?? 0)")
        }
        func gauge(_ name: String, _ help: String, _ value: Int) {
            lines += ["# HELP \(name) \(help)", "# TYPE \(name) gauge", "\(name) \(value)"]
        }
        let backlog = (counts[.received] ?? 0) + (counts[.processing] ?? 0)
        gauge("vedette_backlog", "Submissions that wait or are being processed.", backlog)
        gauge("vedette_sealed_uploads", "Sealed uploads that are kept.", kept.files)
        gauge("vedette_sealed_bytes", "Bytes of the sealed uploads, before sealing.", kept.bytes)
        gauge(
            "vedette_set_apart_uploads", "Uploads in spool/set-apart, which no retention removes.",
            try data.spool.idsApart().count)
        gauge("vedette_programs", "Programs that run.", registry.programs.count)
        gauge(
            "vedette_programs_set_aside", "Programs that take no reports because their folders have mistakes.",
            registry.setAside.count)
        let notices = try await data.database.read { try Outbox.counts(in: $0) }
        lines += [
            "# HELP vedette_notices Messages of the last 90 days by what became of them.",
            "# TYPE vedette_notices gauge",
        ]
        for (name, states) in Outbox.State.summaries {
            lines.append("vedette_notices{state=\"\(name)\"} \(states.reduce(0) { $0 + (notices[$1] ?? 0) })")
        }
        if let connections = openConnections.withLock(\.self) {
            gauge("vedette_http_connections", "Open connections.", connections())
        }
        lines += try await dutyLines()
        lines += jobLines()
        return lines.joined(separator: "\n") + "\n" + meter.prometheus()
    }

    /// The recurring jobs: an alert asks whether the last success is older than a job's interval, or whether `failures` is above 0.
    private func jobLines() -> [String] {
        let statuses = schedule.statuses
        func gauge(_ name: String, _ help: String, _ value: (JobStatus) -> Int64?) -> [String] {
            ["# HELP \(name) \(help)", "# TYPE \(name) gauge"]
                + statuses.compactMap { status in
                    value(status).map { "\(name){job=\"\(status.job.name)\"} \($0)" }
                }
        }
        return gauge("vedette_job_interval_seconds", "How long after a run a recurring job is due again.") {
            $0.job.intervalSeconds
        }
            + gauge(
                "vedette_job_last_success_timestamp_seconds", "When a recurring job last succeeded, since 1970 UTC."
            ) { $0.last?.succeededAt?.seconds }
            + gauge("vedette_job_failures", "Runs of a recurring job that have failed in a row.") {
                Int64($0.last?.failures ?? 0)
            }
            + gauge("vedette_job_running", "1 while a recurring job is running.") { $0.isRunning ? 1 : 0 }
    }
}
