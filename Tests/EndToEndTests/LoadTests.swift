import Foundation
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
