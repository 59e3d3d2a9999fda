import AgentCore
import AgentHTTP
import Foundation
import Glibc
import HTTPClient
import ShangMi
import SurveillanceKit
import Synchronization
import TestKit
import Testing

@Suite("The hospital's agent against a server")
struct AgentEndToEndTests {
    /// A server, and a folder of an agent that has a token for it.
    private struct House {
        let server: ServerProcess
        let folder: AgentFolder

        /// - Parameter isTLS: with a certificate of its own, which the agent's settings name.
        init(isTLS: Bool = false) throws {
            server = try ServerProcess()
            folder = AgentFolder(server.folder.appendingPathComponent("agent").path)
            if isTLS { try secure() }
            try server.start()
            let made = try Vedette.run(
                ["account", "token", "hospital-a", "--label", "agent", "--config", server.configuration.path])
            let token = try #require(made.output.firstMatch(of: /vedette_\S+/))
            _ = try folder.make()
            try write(String(token.0))
            try point(at: server.address.absoluteString, isTLS: isTLS)
        }

        private func secure() throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
            process.arguments = [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out",
                "certificate.pem",
            ]
            process.currentDirectoryURL = server.folder
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            let written = try String(contentsOf: server.configuration, encoding: .utf8)
            try written.replacing(
                "\"data\":", with: "\"tls\": { \"certificate\": \"certificate.pem\", \"key\": \"key.pem\" }, \"data\":"
            ).write(to: server.configuration, atomically: true, encoding: .utf8)
        }

        func write(_ token: String) throws {
            try Data("\(token)\n".utf8).write(to: URL(fileURLWithPath: folder.token))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.token)
        }

        func point(at address: String, isTLS: Bool = false) throws {
            let certificates = isTLS ? ", \"certificates\": \"../certificate.pem\"" : ""
            try Data("{ \"server\": \"\(address)\"\(certificates) }".utf8).write(
                to: URL(fileURLWithPath: folder.settings))
        }

        func put(_ name: String, _ content: Data) throws {
            try content.write(to: URL(fileURLWithPath: "\(folder.inbox)/\(name)"))
        }

        /// Lets an agent work with a clock of which a poll takes no time, until nothing is left to do.
        func work() throws -> [Agent.Outcome] {
            let settings = try folder.readSettings()
            let time = Mutex(Int64(0))
            let start = AgentClock.system.now()
            let agent = Agent(
                folder: folder, settings: settings, token: try TokenFile.read(folder.token),
                server: AgentHTTPClient(
                    to: settings.server, authorities: settings.certificates, patience: Patience()),
                clock: AgentClock(
                    now: { start.advanced(by: time.withLock { $0 }) }, uptime: { time.withLock { $0 } }),
                log: { _ in })
            for _ in 0..<2000 {
                let wait = agent.step()
                if agent.isIdle { break }
                // While the server checks, its own clock has to go on.
                if agent.packagesUnderWay > 0 { usleep(20_000) }
                time.withLock { $0 += max(1, wait) }
            }
            #expect(agent.isIdle)
            return agent.outcomes
        }

        func submissions() async throws -> [[String: Any]] {
            try await server.request(.get, "/api/v1/submissions").json["submissions"] as? [[String: Any]] ?? []
        }

        func names(in path: String) -> [String] {
            ((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []).map {
                String($0.split(separator: "/").last ?? "")
            }
        }
    }

    private static let tool = Vedette.executable.deletingLastPathComponent().appendingPathComponent("vedette-agent")

    private func run(_ arguments: [String], locale: String = "C") throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = Self.tool
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": locale]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }

    @Test("a package and tables in the inbox end in sent with their receipts; rejected rows come into corrections")
    func delivers() async throws {
        let house = try House()
        try house.put("流感 \"1\".zip", try Repository.package("Influenza", "clean"))
        let outcomes = try house.work()
        #expect(outcomes.count == 1)
        guard case .verdict(let verdict) = try #require(outcomes.first) else { return }
        #expect(verdict.isFine && verdict.rows > 0)
        #expect(try await house.submissions().first?["fileName"] as? String == "流感 \"1\".zip")
        #expect(house.names(in: house.folder.sent).contains("receipt.json"))
        #expect(!house.names(in: house.folder.corrections).contains { $0.hasSuffix("-corrections.zip") })

        // Tables of one export: one submission, also where a name has characters that a form must escape.
        try house.put("flu_1.csv", Data("P900,P6891\nx,y\n".utf8))
        try house.put("lis_检验 \"a\".csv", Data("P900\nx\n".utf8))
        let second = try house.work()
        guard case .verdict(let rejected) = try #require(second.first), second.count == 1 else { return }
        #expect(!rejected.isFine)
        let latest = try #require(try await house.submissions().first)
        let id = try #require(latest["id"] as? String)
        let files = try await house.server.request(.get, "/api/v1/submissions/\(id)").json["files"] as? [[String: Any]]
        #expect(files?.compactMap { $0["name"] as? String }.sorted() == ["flu_1.csv", "lis_检验 \"a\".csv"])
        #expect(house.names(in: house.folder.corrections).contains { $0.hasSuffix("-findings.csv") })
        #expect(house.names(in: house.folder.inbox).isEmpty && house.names(in: house.folder.sending).isEmpty)

        let status = try run(["status", house.folder.path])
        #expect(status.status == 0 && status.output.contains("packages 2, accepted as a whole 1"))
        #expect(house.server.stop() == 0)
    }

    @Test(
        "over HTTPS, a package with wrong rows brings the forms to correct them, and doctor finds all well",
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "needs openssl for a certificate"))
    func corrections() throws {
        let house = try House(isTLS: true)
        let doctor = try run(["doctor", house.folder.path])
        // The certificate is valid for two days more.
        #expect(doctor.status == 1 && !doctor.output.contains("WRONG"), "\(doctor.output)")
        #expect(doctor.output.contains("less than 14 days are left") && doctor.output.contains("TLSv1.3"))
        try house.put("a.zip", try Repository.package("Influenza", "faults"))
        let outcomes = try house.work()
        guard case .verdict(let verdict) = try #require(outcomes.first) else { return }
        #expect(verdict.rejected > 0)
        let name = try #require(house.names(in: house.folder.corrections).first { $0.hasSuffix("-corrections.zip") })
        let form = try Data(contentsOf: URL(fileURLWithPath: "\(house.folder.corrections)/\(name)"))
        #expect(form.starts(with: [0x50, 0x4B]))
        #expect(house.names(in: house.folder.corrections).count == 2)
    }

    @Test("killed after its upload has arrived and before it learned of it, it goes on and there is one submission")
    func killed() async throws {
        let house = try House()
        try house.server.useToken()
        try house.put("a.zip", try Repository.package("Influenza", "clean"))
        // The package is taken, and the server away: it lies in sending.
        try house.point(at: "http://127.0.0.1:1")
        let settings = try house.folder.readSettings()
        let time = Mutex(Int64(0))
        let agent = Agent(
            folder: house.folder, settings: settings, token: "t",
            server: AgentHTTPClient(to: settings.server, patience: Patience()),
            clock: AgentClock(now: AgentClock.system.now, uptime: { time.withLock { $0 } }), log: { _ in })
        for _ in 0..<3 {
            let wait = agent.step()
            time.withLock { $0 += max(1, wait) }
        }
        #expect(house.names(in: house.folder.sending).contains("a.zip"))

        // Between agent and server stands a wire that brings the request through and never the answer.
        let port = try #require(house.server.address.port)
        let arrived = DispatchSemaphore(value: 0)
        let listener = LoopbackListener { connection in
            guard let onward = connectedSocket(toPort: port) else { return }
            let back = Thread {
                var chunk = [UInt8](repeating: 0, count: 65_536)
                while case let count = recv(onward, &chunk, chunk.count, 0), count > 0 {
                    let text = String(decoding: chunk[..<count], as: UTF8.self)
                    if text.contains("HTTP/1.1 201") {
                        arrived.signal()
                        return
                    }
                    _ = Glibc.send(connection, chunk, count, Int32(MSG_NOSIGNAL))
                }
            }
            back.start()
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while case let count = recv(connection, &chunk, chunk.count, 0), count > 0 {
                _ = Glibc.send(onward, chunk, count, Int32(MSG_NOSIGNAL))
            }
            shutdown(onward, Int32(SHUT_RDWR))
            close(onward)
        }
        try house.point(at: "http://127.0.0.1:\(listener.port)")
        let process = Process()
        process.executableURL = Self.tool
        process.arguments = ["run", house.folder.path]
        process.standardError = FileHandle.nullDevice
        try process.run()
        arrived.wait()
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(try await house.submissions().count == 1)
        #expect(house.names(in: house.folder.sending).contains("a.zip"))

        try house.point(at: house.server.address.absoluteString)
        let once = try run(["once", house.folder.path])
        #expect(once.status == 0, "\(once.output)")
        #expect(try await house.submissions().count == 1)
        #expect(house.names(in: house.folder.sent).contains("a.zip"))
    }

    @Test("a wrong token: doctor says so, and the package lies in failed with the reason")
    func wrongToken() throws {
        let house = try House()
        let fine = try run(["doctor", house.folder.path])
        #expect(fine.status == 0, "\(fine.output)")
        try house.write("vedette_wrong_token_for_a_test")
        try house.put("a.zip", try Repository.package("Influenza", "clean"))
        #expect(try house.work() == [.refused])
        #expect(
            house.names(in: house.folder.failed).contains("a.zip")
                && house.names(in: house.folder.failed).contains("原因.txt"))
        let doctor = try run(["doctor", house.folder.path], locale: "zh_CN.UTF-8")
        #expect(doctor.status == 1 && doctor.output.contains("令牌：服务器不接受"))
        #expect(!doctor.output.contains("vedette_wrong_token_for_a_test"))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: house.folder.token)
        let open = try run(["run", house.folder.path])
        #expect(open.status == 2 && open.output.contains("chmod 600"))
    }

    @Test("what is too large for the server lies in failed and is not tried for ever")
    func tooLarge() throws {
        let house = try House()
        try house.put("flu_1.csv", Data(repeating: 65, count: 21 << 20))
        try house.put("now.ready", Data())
        #expect(try house.work() == [.refused])
        let reason = try #require(
            FileManager.default.subpaths(atPath: house.folder.failed)?.first { $0.hasSuffix("原因.txt") })
        let text = try String(contentsOfFile: "\(house.folder.failed)/\(reason)", encoding: .utf8)
        #expect(text.contains("413") && text.contains("太大"))
    }

    @Test("the command line: help, version, init, what it does not know, one process a folder, SIGTERM")
    func commands() throws {
        let version = try Vedette.run(["--version"]).output.split(separator: " ").last
        #expect(try run(["--version"]).output.split(separator: " ").last == version)
        for language in ["C", "zh_CN.UTF-8"] {
            let help = try run(["help"], locale: language)
            #expect(help.status == 0)
            for command in ["init", "run", "once", "status", "doctor"] {
                #expect(help.output.contains("  \(command) "))
            }
        }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("agent-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        for words in [
            [], ["runn"], ["run", "--fast"], ["run", "a", "b"], ["init"], ["status", "\(path)/none"], ["run", path],
        ] {
            #expect(try run(words).status == 2, "\(words)")
        }
        #expect(try run(["init", path]).status == 0)
        #expect(try run(["run", path]).output.contains("there is no token file"))
        try Data("vedette_x".utf8).write(to: URL(fileURLWithPath: "\(path)/token"))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(path)/token")

        let process = Process()
        process.executableURL = Self.tool
        process.arguments = ["run", path]
        process.environment = ["LC_ALL": "C"]
        let output = Pipe()
        process.standardError = output
        try process.run()
        #expect(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self).contains("has started"))
        #expect(try run(["once", path]).output.contains("another vedette-agent is at work"))
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && process.terminationReason == .exit)
    }
}
