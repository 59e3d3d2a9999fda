import Foundation
import HTTPClient
import StoreKit
import Testing

@Suite(
    "A server on PostgreSQL, which is killed, and whose database is killed", .serialized,
    .enabled(if: TestStore.available.contains(.postgresql)))
struct PostgreSQLServerTests {
    @Test("every acknowledged upload ends as in an undisturbed run on SQLite, and nobody has to put anything right")
    func losesNothing() async throws {
        let database = try PostgreSQLServer()
        defer { database.stop() }
        let packages = try NumberedPackages()
        let server = try ServerProcess(plugins: Self.plugins(database))
        var acknowledged: [String: Int] = [:]
        var next = 0
        try server.start()
        for round in 0..<4 {
            let killsDatabase = !round.isMultiple(of: 2)
            // A clock kills, at moments that have nothing to do with what either does.
            let killer = Task.detached { [server = Unchecked(server)] in
                try await Task.sleep(for: .milliseconds(100 + (round * 97) % 200))
                if killsDatabase { database.kill() } else { server.value.kill() }
            }
            while true {
                guard let id = try? await server.send(packages[next], named: "package-\(next).zip", key: "\(next)")
                else { break }
                acknowledged[id] = next
                next += 1
            }
            _ = await killer.result
            if killsDatabase {
                // While it is away the answer is 503, and the server lives; once it is back the server goes on by itself.
                let answer = try await server.request(
                    .post, "/api/v1/submissions?filename=p.zip", body: packages[next], as: "hospital-a")
                #expect(answer.status == 503, "\(answer.text)")
                try database.start()
            } else {
                try server.start()
            }
        }
        for id in acknowledged.keys { _ = try await server.outcome(id) }
        #expect(acknowledged.count > 4)

        let received = try await server.allSubmissions()
        #expect(Set(acknowledged.keys).isSubset(of: received.map(\.id)))
        let undisturbed = try ServerProcess()
        try undisturbed.start()
        #expect(try await server.faults(of: received, packages, beside: undisturbed) == [])
        let records = try TestStore.postgresql(database, schema: "vedette_records")
        #expect(try LineListText.read(records) == undisturbed.lineList())

        // What a submission changed, and taking it back.
        let last = try #require(received.last?.id)
        let changes = try await server.request(.get, "/api/v1/submissions/\(last)/changes")
        #expect(changes.status == 200, "\(changes.text)")
        let withdrawn = try await server.request(
            .post, "/api/v1/submissions/\(last)/withdraw", body: Data(#"{"reason":"重复"}"#.utf8),
            headers: [("Content-Type", "application/json")])
        #expect(withdrawn.status == 200, "\(withdrawn.text)")

        #expect(server.stop() == 0)
        #expect(undisturbed.stop() == 0)
        #expect(try server.chainFaults() == [])
        let listed = try Vedette.run(["plugin", "list", "--config", server.configuration.path])
        #expect(listed.output.contains("store/postgresql  on") && listed.output.contains("notify/log  off"))
        print(
            "crash test on PostgreSQL: \(acknowledged.count) uploads acknowledged, \(received.count) recorded, none lost"
        )
    }

    private static func plugins(_ database: PostgreSQLServer) -> String {
        #"{ "store": { "postgresql": { "connection": "\#(database.connection())", "readers": 2 } } }"#
    }
}
