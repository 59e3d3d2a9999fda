import Foundation
import HTTPClient
import Testing

@Suite("The server under load and at its edges", .serialized)
struct LoadTests {
    @Test("forty uploads at once: each is received once, processed, and counted in the metrics")
    func many() async throws {
        let server = try ServerProcess()
        try server.start()
        let table = try SampleTable("FeverClinic", "fever")
        let packages = (0..<40).map { number in table.peopled(by: number * 5..<number * 5 + 5).csv }
        let sent = packages[0].count
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for package in packages {
                group.addTask { [server = Shared(server)] in
                    try await server.value.send(package, named: "fever_1.csv")
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(ids.count == 40)
        for id in ids { #expect(try await server.outcome(id)["rows"] as? Int == 5) }
        let metrics = try await server.request(.get, "/metrics", as: nil).text
        let lines = Set(metrics.split(separator: "\n").map(String.init))
        #expect(lines.contains("vedette_backlog 0"))
        #expect(lines.contains("vedette_sealed_uploads 40"))
        #expect(
            lines.contains(
                #"vedette_http_requests_total{route="/api/v1/submissions",method="POST",status="201"} 40"#))
        func value(_ name: String) -> Int? {
            lines.first { $0.hasPrefix(name + " ") }.flatMap { Int($0.dropFirst(name.count + 1)) }
        }
        #expect((value("vedette_sealed_bytes") ?? 0) > 20 * sent)
        #expect((value("vedette_http_connections") ?? 0) >= 1)
        #expect(server.stop() == 0)
    }

    @Test(
        "arrivals that share a transaction fail alone: one key for different bytes is taken once, and the others stand")
    func conflictsAmongMany() async throws {
        let server = try ServerProcess()
        try server.start()
        try server.useToken()
        let table = try SampleTable("FeverClinic", "fever")
        let answers = try await withThrowingTaskGroup(of: (Bool, ServerProcess.Answer).self) { group in
            for number in 0..<40 {
                let package = table.peopled(by: number * 2..<number * 2 + 2).csv
                let sharesKey = number % 4 == 0
                group.addTask { [server = Shared(server)] in
                    let answer = try await server.value.request(
                        .post, "/api/v1/submissions?filename=fever_1.csv", body: package,
                        headers: [("Idempotency-Key", sharesKey ? "the-same" : "key-\(number)")])
                    return (sharesKey, answer)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let shared = answers.filter(\.0).map(\.1)
        #expect(shared.count { $0.status == 201 } == 1)
        let refused = shared.filter { $0.status != 201 }
        #expect(refused.count == 9 && refused.allSatisfy { (400..<500).contains($0.status) })
        #expect(refused.allSatisfy { $0.json["title"] != nil && $0.json["id"] == nil })
        let others = answers.filter { !$0.0 }.map(\.1)
        #expect(others.count == 30 && others.allSatisfy { $0.status == 201 })
        #expect(Set(answers.compactMap { $0.1.json["id"] as? String }).count == 31)
        for answer in answers where answer.1.status == 201 {
            let id = try #require(answer.1.json["id"] as? String)
            #expect(try await server.outcome(id)["rows"] as? Int == 2)
        }
        #expect(server.stop() == 0)
    }

    @Test("an operator's stop right after the server says where it listens ends it in order")
    func stopAtOnce() throws {
        let server = try ServerProcess()
        for _ in 0..<3 {
            try server.start()
            #expect(server.stop() == 0)
        }
    }
}

/// A server whose requests several tasks make; it is started and stopped by one. Unchecked: requests only read its address.
private final class Shared: @unchecked Sendable {
    let value: ServerProcess
    init(_ value: ServerProcess) { self.value = value }
}
