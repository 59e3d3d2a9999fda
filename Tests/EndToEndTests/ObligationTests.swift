import Foundation
import HTTPClient
import Testing

/// One server in another zone than its programs'.
@Suite("What is owed, asked of a server")
struct ObligationTests {
    @Test(
        "a zero report does the day's duty, whatever the machine's zone; it outlives a kill, and the command tells the same"
    )
    func obligations() async throws {
        let server = try ServerProcess()
        server.environment = ["TZ": "America/New_York"]
        try server.start()
        let path = "/api/v1/obligations?program=fever-clinic"
        func item() async throws -> [String: Any] {
            let items = try await server.request(.get, path).json["items"] as? [[String: Any]] ?? []
            try #require(items.count == 1, "\(items)")
            return items[0]
        }
        let owed = try await item()
        let period = try #require(owed["period"] as? [String: String])
        let day = try #require(period["to"])
        #expect(owed["dueAt"] as? String == "\(day)T17:00:00.000+08:00")
        // The test runs at any time of the day.
        let isDue = owed["state"] as? String == "due"
        #expect(isDue || owed["state"] as? String == "missing")

        let body = Data(#"{"program":"fever-clinic","day":"\#(day)"}"#.utf8)
        let key = [("Idempotency-Key", "zero-1"), ("Content-Type", "application/json")]
        let first = try await server.request(.post, "/api/v1/zero-reports", body: body, headers: key)
        #expect(first.status == 201 && first.json["state"] as? String == "accepted", "\(first.text)")
        let again = try await server.request(.post, "/api/v1/zero-reports", body: body, headers: key)
        #expect(again.status == 200 && again.json["id"] as? String == first.json["id"] as? String)
        server.kill()

        let explain = [
            "deadline", "explain", "--institution", ServerProcess.institution, "--program", "fever-clinic", "--date",
            day,
            "--format", "json", "--config", server.configuration.path,
        ]
        let told = try Vedette.run(explain, environment: ["TZ": "Asia/Shanghai"])
        #expect(told.status == 0 && told.errors.isEmpty, "\(told)")
        let explained =
            try JSONSerialization.jsonObject(with: Data(told.output.utf8)) as? [String: Any] ?? [:]
        try server.start()
        let done = try await item()
        // Nobody but the midnight of a zone lies between the two answers, and the period says it.
        try #require((done["period"] as? [String: String]) == period)
        let state = done["state"] as? String
        #expect(isDue ? ["in-time", "late"].contains(state) : state == "late")
        for name in ["state", "receivedAt", "dueAt", "kind"] {
            #expect(explained[name] as? String == done[name] as? String, "\(name)")
        }
        #expect((done["receivedAt"] as? String)?.hasSuffix("+08:00") == true)
        let other = try await server.request(.get, path, as: "hospital-b")
        #expect((other.json["items"] as? [Any])?.isEmpty == true)
        #expect(server.stop() == 0)
    }
}
