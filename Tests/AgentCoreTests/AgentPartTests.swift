import AgentHTTP
import Foundation
import SurveillanceKit
import Testing

@testable import AgentCore

@Suite("Parts of the agent")
struct AgentPartTests {
    @Test(
        "waits double from 5 s to 15 min, are spread over their whole length, and never fall below what the server asks for"
    )
    func backoff() {
        for (failures, longest) in [(1, 5_000), (2, 10_000), (3, 20_000), (8, 640_000), (9, 900_000), (500, 900_000)] {
            #expect(Backoff.milliseconds(failures: failures, random: UInt64(longest)) == Int64(longest))
            #expect(Backoff.milliseconds(failures: failures, random: UInt64(longest) + 1) == 0)
            #expect(Backoff.milliseconds(failures: failures, random: .max) <= Int64(longest))
        }
        #expect(Backoff.milliseconds(failures: 1, retryAfter: 120, random: 7) == 120_000)
        #expect(Backoff.milliseconds(failures: 9, retryAfter: 1, random: 900_000) == 900_000)
        #expect(Backoff.milliseconds(failures: 1, retryAfter: .max, random: 7) == 86_400_000)
        #expect(Backoff.milliseconds(failures: 1, retryAfter: -5, random: 7) == 7)
    }

    @Test("Retry-After is read as seconds and as a date by the server's clock")
    func retryAfter() {
        let now = Instant(seconds: 0)
        #expect(HTTPDate.instant("Sun, 06 Nov 1994 08:49:37 GMT")?.seconds == 784_111_777)
        #expect(HTTPDate.retryAfter("120", date: nil, now: now) == 120)
        #expect(
            HTTPDate.retryAfter(
                "Sun, 06 Nov 1994 08:50:07 GMT", date: "Sun, 06 Nov 1994 08:49:37 GMT", now: now) == 30)
        for wrong in ["", "soon", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT"] {
            #expect(HTTPDate.retryAfter(wrong, date: nil, now: now) == nil)
        }
    }

    @Test("the sample settings are read as they are written, and say what the defaults are")
    func sample() throws {
        let settings = try AgentSettings(Array(AgentFolder.sampleSettings.utf8), file: "agent.json", folder: "/f")
        let standard = AgentSettings(server: settings.server)
        #expect(settings.server.host == "vedette.example.org" && settings.server.isTLS)
        #expect(settings.pollSeconds == standard.pollSeconds && settings.quietSeconds == standard.quietSeconds)
        #expect(settings.holdOnErrors == standard.holdOnErrors && settings.proxy == nil && settings.certificates == nil)
        for name in AgentSettings.names { #expect(AgentFolder.sampleSettings.contains("\"\(name)\"")) }
    }

    @Test("the guides and Config/ say what the program does: every setting, the sample as it is written, the unit")
    func guides() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        func text(_ path: String) throws -> String {
            try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
        }
        #expect(try text("Config/vedette-agent.json") == AgentFolder.sampleSettings)
        let chinese = try text("docs/agent.zh.md")
        for guide in [chinese, try text("docs/agent.md")] {
            for name in AgentSettings.names { #expect(guide.contains("| `\(name)` |"), "\(name)") }
            for command in ["init", "run", "once", "status", "doctor"] {
                #expect(guide.contains("| `vedette-agent \(command) "), "\(command)")
            }
        }
        let unit = try text("Config/vedette-agent.service").split(separator: "\n")
        let shown = try #require(chinese.firstMatch(of: /<<'UNIT'\n([\s\S]*?)UNIT\n/)).1.split(separator: "\n")
        #expect(shown.count > 10)
        for line in shown { #expect(unit.contains(line), "\(line)") }
    }

    @Test(
        "settings that are wrong are refused with file and line",
        arguments: [
            ("{\n\"server\": \"https://a.example\",\n\"servr\": 1 }", "agent.json:3: unknown setting 'servr'"),
            ("{\n\"server\": 5 }", "agent.json:2: \"server\" must be a text"),
            (
                "{ \"server\": \"https://a.example\",\n\n\"quietSeconds\": \"60\" }",
                "agent.json:3: \"quietSeconds\" must be a whole"
            ),
            (
                "{ \"server\": \"https://a.example\",\n\"pollSeconds\": 0 }",
                "agent.json:2: \"pollSeconds\" must be a whole"
            ),
            (
                "{ \"server\": \"https://a.example\",\n\"holdOnErrors\": 1 }",
                "agent.json:2: \"holdOnErrors\" must be true"
            ),
            ("{ // c\n\"server\": \"http://a.example\" }", "agent.json:2: \"server\" is plain http"),
            ("{ \"server\": \"https://u:p@a.example\" }", "agent.json:1: \"server\" is no address"),
            (
                "{ \"server\": \"https://a.example\",\n\"proxy\": \"http://u:p@b\" }",
                "agent.json:2: \"proxy\" looks like"
            ),
            ("{ \"server\": \"https://a.example\",\n\"server\": \"https://b.example\" }", "agent.json:2:"),
            ("{ \"server\": \"https://a.example\" /* open", "agent.json:1:"),
            ("{\n}", "agent.json: \"server\" is missing"), ("[]", "agent.json: an object"),
        ])
    func wrongSettings(text: String, message: String) {
        do {
            _ = try AgentSettings(Array(text.utf8), file: "agent.json", folder: "/f")
            Issue.record("was taken")
        } catch {
            #expect(error.message.en.hasPrefix(message), "\(error.message.en)")
            #expect(!error.message.zh.isEmpty)
        }
    }

    @Test("comments are no comments within a text, and leave lines where they are")
    func comments() throws {
        let text = "/* a\n\"*/ { // b\n \"server\": \"http://127.0.0.1:1//x\", \"certificates\": \"a\\\"//b\" }"
        let settings = try AgentSettings(Array(text.utf8), file: "agent.json", folder: "/f")
        #expect(settings.certificates == "/f/a\"//b")
    }

    @Test("plain http goes to this machine, and elsewhere only where the settings say so")
    func plain() throws {
        func isTaken(_ server: String, _ more: String = "") -> Bool {
            (try? AgentSettings(Array("{\"server\":\"\(server)\"\(more)}".utf8), file: "f", folder: "/f")) != nil
        }
        for server in ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:80", "http://127.9.9.9"] {
            #expect(isTaken(server), "\(server)")
        }
        for server in ["http://127.example.org", "http://localhost.example.org", "http://10.0.0.1", "http://[::2]"] {
            #expect(!isTaken(server), "\(server)")
            #expect(isTaken(server, ",\"allowPlainHTTP\":true"), "\(server)")
        }
    }

    @Test("the token is refused while others may read it, and where there is none")
    func token() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("token-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        func attempt() -> String {
            do throws(AgentProblem) { return try TokenFile.read(path) } catch { return error.message.en }
        }
        #expect(attempt().contains("there is no token file"))
        try Data("vedette_abc\n".utf8).write(to: URL(fileURLWithPath: path))
        for mode in [0o644, 0o640, 0o604, 0o620, 0o601] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            #expect(attempt().contains("chmod 600") && !attempt().contains("vedette_abc"))
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(attempt() == "vedette_abc")
        try Data("\n".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(attempt().contains("is empty or holds no token"))
    }

    @Test("the types of tables in a zip are read from its directory, and a file that is none may hold anything")
    func zipTypes() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Surveillance/Influenza/Cases/clean/package.zip").path
        #expect(ZipTypes.types(of: path).contains("flu"))
        #expect(ZipTypes.types(of: #filePath).isEmpty)
        #expect(ZipTypes.type(ofTable: "FLU_第一人民医院_1108.csv") == "flu" && ZipTypes.type(ofTable: "flu.csv") == "flu")
    }

    @Test("package.json is read as it is written")
    func package() throws {
        var package = AgentPackage(
            id: "00000017-20261130T083000", kind: .tables, key: "k",
            createdAt: Instant(milliseconds: 1_795_968_000_123),
            files: [.init(name: "flu \"1\".csv", size: 5, sm3: "ab", types: ["flu"])], ready: ["x.ready"])
        #expect(AgentPackage(package.encoded) == package)
        package.submission = "01J"
        package.isChecked = true
        package.verdict = .init(state: "rejected", rows: 3, rejected: 3, errors: 9, warnings: 1)
        #expect(AgentPackage(package.encoded) == package)
        #expect(AgentPackage(Array(package.encoded.dropLast(9))) == nil)
    }
}
