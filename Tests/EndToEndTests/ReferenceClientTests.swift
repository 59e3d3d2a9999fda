import Foundation
import HTTPClient
import Testing

/// `docs/clients/send.sh` and `docs/clients/send.py` at a server, as a hospital's scheduler runs them. `send.ps1` has no PowerShell here to run it.
@Suite("The reference clients", .serialized, .enabled(if: SendingClient.canRun, "bash, curl or python3 is missing"))
struct ReferenceClientTests {
    private let server: ServerProcess
    private let token: String

    init() throws {
        server = try ServerProcess()
        try server.start()
        token = try ReferenceClientTests.token(of: server)
        for (name, to) in [("clean", "clean.zip"), ("faults", "faults.zip")] {
            try Repository.package("FeverClinic", name).write(to: server.folder.appendingPathComponent(to))
        }
    }

    private static func token(of server: ServerProcess) throws -> String {
        let made = try Vedette.run(
            ["account", "token", "hospital-a", "--label", "client", "--config", server.configuration.path])
        return String(try #require(made.output.firstMatch(of: /vedette_\S+/)).0)
    }

    private func run(
        _ client: SendingClient, _ words: [String], token: String?? = nil
    ) throws -> (status: Int32, output: String, errors: String) {
        try client.run(
            ["--server", server.address.absoluteString] + words, token: token ?? self.token, in: server.folder)
    }

    private func kept() async throws -> Int {
        let page = try await server.request(.get, "/api/v1/submissions")
        return (page.json["submissions"] as? [Any])?.count ?? -1
    }

    private func saved(_ folder: String) -> [String] {
        let path = server.folder.appendingPathComponent(folder).path
        return (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? []
    }

    @Test("send, check, wait, tell every cause in both languages, and save receipt and rejected rows")
    func journey() async throws {
        try server.useToken()
        var counts: [String: Int] = [:]
        var sent: [String: [String]] = [:]
        for client in SendingClient.allCases {
            // A token of a file; nothing is kept of a check.
            let file = server.folder.appendingPathComponent("token")
            try Data("\(token)\r\n".utf8).write(to: file)
            let before = try await kept()
            let checked = try run(
                client, ["--token-file", file.path, "--check", "faults.zip"], token: .some(nil))
            #expect(checked.status == 1 && checked.errors.isEmpty, "\(checked)")
            #expect(checked.output.hasPrefix("部分达标 partly-accepted\n"), "\(checked.output)")
            #expect(checked.output.contains("fever_20261108.csv 4 P7529 [constraint-error]"))
            #expect(try await kept() == before)

            let done = try run(client, ["--again", "--out", "good", "clean.zip"])
            #expect(done.status == 0 && done.errors.isEmpty, "\(done)")
            #expect(done.output.contains("\n达标 accepted\n"))
            #expect(done.output.contains("记录总数 rows 120, 达标 accepted 120, 退回 rejected 0, 错误 errors 0"))
            let id = String(try #require(done.output.firstMatch(of: /received: (\w{26})\s/)?.1))
            #expect(saved("good").contains("receipt_\(id).json") && !saved("good").contains("corrections_\(id).zip"))

            // Faults, with the causes, and a bundle that the server reads as its own.
            let wrong = try run(client, ["--again", "--out", client.rawValue + ".out", "faults.zip"])
            #expect(wrong.status == 1 && wrong.errors.isEmpty, "\(wrong)")
            #expect(wrong.output.contains("是否留观”不在代码表 RC016 中\n    'Kept under observation' is not a code of RC016"))
            let bad = String(try #require(wrong.output.firstMatch(of: /received: (\w{26})\s/)?.1))
            #expect(saved(client.rawValue + ".out") == ["corrections_\(bad).zip", "receipt_\(bad).json"])
            let bundle = try run(client, ["--check", client.rawValue + ".out/corrections_\(bad).zip"])
            #expect(bundle.status == 1 && bundle.output.contains("fever_corrections_\(bad).csv"), "\(bundle)")
            counts[client.rawValue] = try await kept()
            sent[client.rawValue] = wrong.output.split(separator: "\n").filter { !$0.contains(bad) }.map(String.init)
        }
        // Both say the same of the same.
        #expect(sent["send.sh"] == sent["send.py"])

        // The same content of the same day is one submission, whichever client sends it; several tables are one.
        let tables = try tables()
        let first = try run(.shell, ["--out", "forms"] + tables)
        #expect(first.status == 0 && first.output.contains("drug_1.csv: 记录总数 rows"), "\(first)")
        let total = try await kept()
        let again = try run(.python, ["--out", "forms"] + tables)
        #expect(again.status == 0 && again.output.contains("Sent before today"), "\(again)")
        #expect(try await kept() == total)
        #expect(saved("forms").count == 1 && counts["send.py"] == 4 && total == 5)
    }

    /// Two tables that belong together, the first in a name with all that a form's header could stumble over.
    private func tables() throws -> [String] {
        let folder = server.folder.appendingPathComponent("a b;c, d")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return try [("fever", "fever_第 1;\"周\", x.csv"), ("drug", "drug_1.csv")].map { type, name in
            let file = folder.appendingPathComponent(name)
            try SampleTable("FeverClinic", type).csv.write(to: file)
            return file.path
        }
    }

    @Test("wait for a server that is away, and go on when it is back")
    func away() throws {
        let address = server.address
        let port = try #require(address.port)
        for client in SendingClient.allCases {
            #expect(server.stop() == 0)
            let run = try client.start(
                ["--server", address.absoluteString, "--retry-seconds", "0.05", "--tries", "14", "clean.zip"],
                token: token, in: server.folder)
            var said = ""
            run.wait(for: "trying again in", said: &said)
            server.options = ["--listen", "127.0.0.1:\(port)"]
            try server.start()
            let done = run.end()
            #expect(done.status == 0 && done.output.contains("达标 accepted"), "\(done)")
            #expect(said.contains("没有应答  does not answer"), "\(said)")
        }
    }

    @Test("try again as a server asks, and take nothing for the platform that is not it")
    func answers() throws {
        typealias Answer = ScriptedServer.Answer
        let accepted = Answer(
            status: 201,
            body:
                #"{"id": "01AB", "state": "accepted", "receivedAt": "x", "sm3": "y", "files": [], "rejected": 0, "a": [{}, [1]]}"#
        )
        let rest = [Answer(status: 200, body: "[]"), Answer(status: 200, body: "{}")]
        let post = "POST /api/v1/submissions"
        let cases: [(answers: [Answer], status: Int32, says: String, asked: Int)] = [
            (
                [Answer(status: 503, headers: ["Retry-After": "1"], body: "{}"), accepted] + rest, 0,
                "again in 1 s (1/4)", 2
            ),
            ([Answer(status: 429), Answer(status: 408), Answer(status: 502), accepted] + rest, 0, "0.04 s (3/4)", 4),
            (
                [Answer(status: 500), Answer(status: 500), Answer(status: 500), Answer(status: 500)], 2,
                "cannot take it", 4
            ),
            // To be asked again in two hours is for the next run.
            ([Answer(status: 503, headers: ["Retry-After": "7200"])], 2, "503：服务器暂时不能接收", 1),
            // The token goes nowhere else.
            ([Answer(status: 302, headers: ["Location": "/elsewhere"])], 2, "302：不是哨点平台的应答", 1),
            ([Answer(status: 200, body: "<html>")], 2, "不是哨点平台", 1),
            ([Answer(status: 201, body: #"{"id": "../../x", "state": "accepted"}"#)], 2, "不是哨点平台", 1),
        ]
        for client in SendingClient.allCases {
            for (answers, status, says, asked) in cases {
                let scripted = try ScriptedServer(answers)
                let words = ["--server", scripted.address, "--retry-seconds", "0.01", "--tries", "4", "clean.zip"]
                let run = try client.run(words, token: token, in: server.folder)
                #expect(run.status == status && run.errors.contains(says), "\(client) \(says): \(run)")
                let requests = scripted.stop()
                #expect(requests.count { $0 == post } == asked, "\(client) \(says): \(requests)")
                #expect(requests.count == (status == 0 ? asked + 2 : asked), "\(client) \(says): \(requests)")
            }
        }
    }

    @Test("refuse bad input plainly with status 2: no file, no token, a wrong one, a wrong server")
    func refusals() throws {
        let cases: [(words: [String], token: String?, says: String)] = [
            ([], token, "No file to send"), (["nothing.zip"], token, "nothing.zip"),
            (["clean.zip", "faults.zip"], token, "Send a zip alone"), (["vedette.json"], token, ".xls"),
            (["clean.zip"], nil, "A token is needed"), (["clean.zip"], "vedette_nobody", "401 请先登录"),
            (["clean.zip"], "two words\"", "characters that no token has"),
            (["--token-file", "none", "clean.zip"], token, "The token's file cannot be read"),
            (["--ca", "none", "clean.zip"], token, "The file of --ca cannot be used"),
            (["--tries", "x", "clean.zip"], token, "--tries"), (["--bogus", "1", "clean.zip"], token, "--bogus"),
            (["--server", "nowhere", "clean.zip"], token, "is missing or no address"),
            (["--server", "http://127.0.0.1:1", "--tries", "1", "clean.zip"], token, "does not answer"),
            (["--server", server.address.absoluteString + "/x", "clean.zip"], token, "404 没有这个地址"),
        ]
        for client in SendingClient.allCases {
            for (words, token, says) in cases {
                let refused = try run(client, words, token: .some(token))
                #expect(refused.status == 2 && refused.output.isEmpty, "\(client) \(words): \(refused)")
                #expect(refused.errors.contains(says), "\(client) \(words): \(refused.errors)")
                #expect(!refused.errors.contains("vedette_"), "\(client) \(words): the token is told")
            }
            let help = try run(client, ["--help"], token: .some(nil))
            #expect(help.status == 0 && help.output.contains("--token-file FILE"))
        }
    }
}
