import Foundation
import HTTPClient
import Testing

@Suite("A server that is killed", .serialized)
struct CrashTests {
    /// `scripts/crash-test` sets it higher.
    static let rounds = ProcessInfo.processInfo.environment["VEDETTE_CRASH_ROUNDS"].flatMap(Int.init) ?? 20

    @Test("kill -9 under uploads, over and over: every acknowledged upload ends as in an undisturbed run")
    func losesNothing() async throws {
        let packages = try NumberedPackages()
        let server = try ServerProcess()
        var acknowledged: [String: Int] = [:]
        var next = 0
        for round in 0..<Self.rounds {
            try server.start()
            // A clock kills, at moments that have nothing to do with what the server does, a little later each time: during uploads, between them, during processing.
            let killer = Task.detached { [server = Unchecked(server)] in
                try await Task.sleep(for: .milliseconds(5 + (round * 37) % 400))
                server.value.kill()
            }
            while true {
                guard let id = try? await server.send(packages[next], named: "package-\(next).zip", key: "\(next)")
                else { break }
                acknowledged[id] = next
                next += 1
            }
            _ = await killer.result
        }
        try server.start()
        for id in acknowledged.keys { _ = try await server.outcome(id) }

        // What was recorded and not acknowledged counts too: it was durable when the server was killed.
        let received = try await server.allSubmissions()
        #expect(Set(acknowledged.keys).isSubset(of: received.map(\.id)))
        #expect(received.count <= acknowledged.count + Self.rounds)
        let undisturbed = try ServerProcess()
        try undisturbed.start()
        #expect(try await server.faults(of: received, packages, beside: undisturbed) == [])
        #expect(try server.lineList() == undisturbed.lineList())
        #expect(server.stop() == 0)
        #expect(undisturbed.stop() == 0)
        #expect(try server.chainFaults() == [])
        print(
            "crash test: \(Self.rounds) kills, \(acknowledged.count) uploads acknowledged, \(received.count) recorded, none lost"
        )
    }
}

/// Unchecked: `kill` touches the process alone, which may be ended from anywhere.
struct Unchecked: @unchecked Sendable {
    let value: ServerProcess
    init(_ value: ServerProcess) { self.value = value }
}

extension ServerProcess {
    /// Every submission there is with the number in its file's name, the first first.
    func allSubmissions() async throws -> [(id: String, number: Int?)] {
        var all: [(id: String, number: Int?)] = []
        while true {
            let before = all.last.map { "&before=\($0.id)" } ?? ""
            let answer = try await request(.get, "/api/v1/submissions?limit=200\(before)")
            let page = answer.json["submissions"] as? [[String: Any]] ?? []
            all += page.compactMap { entry in
                guard let id = entry["id"] as? String, let name = entry["fileName"] as? String else { return nil }
                return (id, Int(name.filter(\.isNumber)))
            }
            if page.count < 200 { return all.reversed() }
        }
    }
}
