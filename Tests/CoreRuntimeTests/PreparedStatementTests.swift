import Accounts
import Foundation
import HTTPServer
import Intake
import SurveillanceKit
import Synchronization
import TestKit
import Testing

@testable import CoreRuntime
@testable import Database

@Suite("Statements as they are prepared")
struct PreparedStatementTests {
    /// What looks at a file of SQLite's, or belongs to the driver.
    private static func isDriversOwn(_ sql: String) -> Bool {
        sql.contains("sqlite_") || sql.hasPrefix("PRAGMA") || sql.hasPrefix("SAVEPOINT")
            || sql.contains("SAVEPOINT part")
    }

    @Test("from the first start over reports, corrections, withdrawals and purging to the next start all are portable")
    func prepared() async throws {
        let seen = Mutex<Set<String>>([])
        let note: @Sendable (String) -> Void = { sql in seen.withLock { _ = $0.insert(sql) } }
        SQLiteConnection.observer.withLock { $0 = note }
        defer { SQLiteConnection.observer.withLock { $0 = nil } }

        let walk = try await ScopeWalk()
        let test = walk.test
        var last: SubmissionID?
        for program in ["Influenza", "FeverClinic"] {
            for name in ["faults", "clean"] {
                last = try await test.send(
                    TestPlatform.package(program, name), named: "p.zip", from: ScopeWalk.institutions[0].code
                ).submission.id
                try await test.processAll()
            }
        }
        let id = try #require(last)
        for (method, pattern, target, body) in [
            (
                Method.get, "/api/v1/submissions/{id}/changes",
                "/api/v1/submissions/\(id)/changes?asOf=2999-01-01T00:00:00Z", ""
            ),
            (.get, "/api/v1/submissions", "/api/v1/submissions?state=accepted", ""),
            (.get, "/submissions/{id}", "/submissions/\(id)", ""), (.get, "/metrics", "/metrics", ""),
            (.post, "/api/v1/submissions/{id}/withdraw", "/api/v1/submissions/\(id)/withdraw", #"{"reason":"x"}"#),
        ] {
            let answer = try await walk.ask(.sender, method, pattern, at: target, raw: Array(body.utf8))
            #expect(answer.status == 200, "\(target): \(answer.text)")
        }
        try await test.platform.purge()
        let other = try TestPlatform()
        _ = try await other.submit(try TestPlatform.package("FeverClinic", "clean"))
        try await other.restart()

        let statements = seen.withLock { $0 }.filter { !Self.isDriversOwn($0) }
        #expect(statements.count > 200)
        for sql in statements {
            if let refusal = PortableProfile.refusal(of: sql) { Issue.record("\(refusal): \(sql)") }
        }
    }
}
