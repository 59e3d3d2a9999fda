import Database
import SurveillanceKit

/// The last run of every recurring job, kept in the database: so a start knows what was missed while the server was down.
struct JobRuns: Sendable {
    let database: any SQLDatabase

    static let migration = Migration(
        id: "schedule-1",
        statements: [
            """
            CREATE TABLE job_run (
                name TEXT PRIMARY KEY,
                -- Milliseconds since 1970-01-01 UTC.
                began_at BIGINT NOT NULL, ended_at BIGINT NOT NULL, succeeded_at BIGINT,
                -- How many runs in a row have failed, and why the last one has.
                failures BIGINT NOT NULL, failure TEXT)
            """
        ])

    func all() throws -> [String: JobRun] {
        try database.readBlocking { connection in
            var runs: [String: JobRun] = [:]
            for row in try connection.rows("SELECT * FROM job_run") {
                let succeeded: Int64? = try row["succeeded_at"]
                runs[try row["name"]] = JobRun(
                    beganAt: Instant(milliseconds: try row["began_at"]),
                    endedAt: Instant(milliseconds: try row["ended_at"]),
                    succeededAt: succeeded.map { Instant(milliseconds: $0) }, failures: try row["failures"],
                    failure: try row["failure"])
            }
            return runs
        }
    }

    func note(_ run: JobRun, of job: RecurringJob) async throws {
        try await database.write { transaction in
            try transaction.execute("DELETE FROM job_run WHERE name = ?", [.text(job.name)])
            try transaction.execute(
                """
                INSERT INTO job_run (name, began_at, ended_at, succeeded_at, failures, failure) VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(job.name), .integer(run.beganAt.milliseconds), .integer(run.endedAt.milliseconds),
                    SQLValue(run.succeededAt?.milliseconds), SQLValue(run.failures), SQLValue(run.failure),
                ])
        }
    }
}
