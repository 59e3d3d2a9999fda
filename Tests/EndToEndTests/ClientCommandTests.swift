import Foundation
import HTTPClient
import Testing

/// `vedette submit --dry-run` and `vedette withdraw` as a hospital runs them, all at one server.
@Suite("A hospital's commands at a server", .serialized, SharedServer())
struct ClientCommandTests {
    fileprivate let server: ServerProcess
    private let table: SampleTable
    private let file: URL

    init() throws {
        server = try #require(SharedServer.server)
        var flu = try SampleTable("Influenza", "flu")
        // Three visits of the latest day: all within the days that a package covers.
        let time = try #require(flu.column("P7506"))
        let latest = flu.rows.map { $0[time].prefix(10) }.max() ?? ""
        flu.rows = Array(flu.rows.filter { $0[time].hasPrefix(latest) }.prefix(3))
        try #require(flu.rows.count == 3)
        table = flu
        file = server.folder.appendingPathComponent("flu_1.csv")
        try flu.csv.write(to: file)
    }

    private func run(
        _ command: String, _ words: [String], as account: String = "hospital-a", at address: String? = nil
    ) throws -> (status: Int32, output: String, errors: String) {
        try Vedette.run(
            [command, "--server", address ?? server.address.absoluteString, "--account", account] + words,
            input: ServerProcess.password + "\n")
    }

    private func check(_ words: [String] = []) throws -> (status: Int32, output: String, errors: String) {
        try run("submit", ["--dry-run"] + words + [file.path])
    }

    /// Sends the file and answers the submission's id.
    private func submit() throws -> String {
        let sent = try run("submit", [file.path])
        try #require(sent.status == 0, "\(sent)")
        return String(try #require(sent.output.firstMatch(of: /received as (\w{26})/)?.1))
    }

    /// How many submissions and receipts the server has.
    fileprivate func kept() async throws -> [Int] {
        let list = try await server.request(.get, "/api/v1/submissions")
        let chain = try Vedette.run(["receipt", "chain", "--config", server.configuration.path])
        let receipts = chain.output.firstMatch(of: /^whole: (\d+) receipt/).flatMap { Int($0.1) }
        return [(list.json["submissions"] as? [Any])?.count ?? -1, receipts ?? -1]
    }

    @Test("a check says what storing would change, record by record, and keeps nothing")
    func dryRun() async throws {
        let nothing = try await kept()
        let first = try check()
        #expect(first.status == 0 && first.errors.isEmpty, "\(first)")
        #expect(first.output.hasPrefix("flu_1.csv: checked, nothing was kept\n  accepted\n"))
        #expect(first.output.contains("3 rows, 3 accepted, 0 rejected; 0 errors"))
        #expect(first.output.contains("; 3 new, 0 changed, 0 unchanged, 0 withdrawn, 0 vanished"))
        #expect(try await kept() == nothing)

        let id = try submit()
        let stored = try await kept()
        // The first is another complaint, the second is as before, and the third has come at another second.
        var next = table
        let (complaint, time) = (try #require(next.column("P7507")), try #require(next.column("P7506")))
        next.rows[0][complaint] = "发热9天"
        next.rows[2][time] = String(next.rows[2][time].dropLast()) + (next.rows[2][time].hasSuffix("1") ? "2" : "1")
        try next.csv.write(to: file)
        let second = try check()
        #expect(second.status == 0, "\(second)")
        #expect(second.output.contains("; 1 new, 1 changed, 1 unchanged, 0 withdrawn, 1 vanished"), "\(second.output)")
        let told = second.output.split(separator: "\n").filter { $0.hasPrefix("    ") }
        let notes = told.filter { $0.hasPrefix("    note: ") }
        #expect(
            notes.count == 1 && notes.allSatisfy { $0.contains("codes") }, "no table of the hospital's own: \(notes)")
        let lines = told.filter { !notes.contains($0) }
        #expect(lines.map { $0.split(separator: " ")[0] }.sorted() == ["changed", "new", "vanished"])
        #expect(lines.contains { $0.hasPrefix("    changed flu_1.csv ") && $0.hasSuffix(" (P7507)") })
        #expect(lines.allSatisfy { $0.contains("=***") })
        #expect(try await kept() == stored)

        // One row more that is wrong: said as it would be, and with the status of a package that does not stand whole.
        next.rows[0][try #require(next.column("P5"))] = "7"
        try next.csv.write(to: file)
        let faulty = try check()
        #expect(faulty.status == 1 && faulty.output.contains("\n  partly-accepted\n"), "\(faulty)")
        #expect(faulty.output.contains("3 rows, 2 accepted, 1 rejected; 1 error, "))
        #expect(try await kept() == stored)
        #expect(try run("withdraw", ["--reason", "测试", id]).status == 0)
    }

    @Test("a withdrawal says what it came to, also when it is asked for again, and a check then finds nothing stored")
    func withdraw() async throws {
        let id = try submit()
        let done = try run("withdraw", ["--reason", "重复上报", id])
        #expect(done.status == 0 && done.errors.isEmpty, "\(done)")
        #expect(done.output == "\(id): withdrawn; records as before: 0, records removed: 3\n")
        let again = try run("withdraw", ["--reason", "又一次", id])
        #expect(again.status == 0 && again.output == done.output)
        #expect(try check().output.contains("; 3 new, 0 changed, 0 unchanged, 0 withdrawn, 0 vanished"))
        let told = try await server.request(.get, "/api/v1/submissions/\(id)").json
        #expect((told["withdrawal"] as? [String: Any])?["reason"] as? String == "重复上报")
    }

    @Test("what cannot be withdrawn is refused with status 2 and what to do, and stays")
    func refusals() async throws {
        let id = try submit()
        let unknown = "01J9Z3N8Q4V6W2X5Y7A0B10001"
        let cases: [(words: [String], account: String, says: String)] = [
            (["--reason", "x", unknown], "hospital-a", "There is no such submission: Check its id."),
            (["--reason", "x", "flu_1.csv"], "hospital-a", "There is no such submission: Check its id."),
            // Another hospital's: not even that it is there.
            (["--reason", "x", id], "hospital-b", "There is no such submission: Check its id."),
            (["--reason", "", id], "hospital-a", "Say why it is withdrawn: The reason has 1 to 500 characters."),
            (["--reason", "  ", id], "hospital-a", "Say why it is withdrawn"),
            (["--reason", String(repeating: "长", count: 501), id], "hospital-a", "1 to 500 characters"),
            ([id], "hospital-a", "--reason is missing"),
            (["--reason", "x"], "hospital-a", "one submission is needed: its id, as the receipt names it"),
            (["--reason", "x", id, id], "hospital-a", "one submission is needed"),
        ]
        for (words, account, says) in cases {
            let refused = try run("withdraw", words, as: account)
            #expect(refused.status == 2 && refused.output.isEmpty, "\(words): \(refused)")
            #expect(refused.errors.contains(says), "\(words): \(refused.errors)")
        }
        #expect(try await server.request(.get, "/api/v1/submissions/\(id)").json["withdrawal"] is NSNull)
        #expect(try run("withdraw", ["--reason", "x", id]).status == 0)
    }

    @Test("a package that stored nothing has nothing to withdraw")
    func nothingStored() throws {
        try Data("P900\n".utf8).write(to: file)
        let sent = try run("submit", [file.path])
        let id = String(try #require(sent.output.firstMatch(of: /received as (\w{26})/)?.1))
        #expect(sent.status == 1, "\(sent)")
        let refused = try run("withdraw", ["--reason", "x", id])
        #expect(refused.status == 2 && refused.errors.contains("has stored nothing that could be withdrawn"))
    }

    @Test("a server that is not there, an unknown account, a file that is not there: status 2 and what to do")
    func notSent() async throws {
        let before = try await kept()
        let nobody = "http://127.0.0.1:1"
        for words in [
            ["submit", "--dry-run", file.path], ["withdraw", "--reason", "x", "01J9Z3N8Q4V6W2X5Y7A0B10001"],
        ] {
            let away = try run(words[0], Array(words.dropFirst()), at: nobody)
            #expect(away.status == 2 && away.output.isEmpty)
            #expect(away.errors.contains("\(nobody) does not answer") && away.errors.contains("is the server running?"))
            let stranger = try run(words[0], Array(words.dropFirst()), as: "nobody")
            #expect(stranger.status == 2 && stranger.errors.contains("refused with 401"), "\(stranger)")
            let noAddress = try run(words[0], Array(words.dropFirst()), at: "127.0.0.1")
            #expect(noAddress.status == 2 && noAddress.errors.contains("write it as http://127.0.0.1:8080"))
        }
        let missing = try run("submit", ["--dry-run", "/no/such/flu_1.csv"])
        #expect(missing.status == 2 && missing.errors.contains("/no/such/flu_1.csv: no such file, or not readable"))
        #expect(try await kept() == before)
    }
}

extension ClientCommandTests {
    @Test(
        "tokens are listed with their last day, in Beijing time, and the hour of their last use; a day that is over is refused"
    )
    func tokens() async throws {
        func token(_ words: [String]) throws -> (status: Int32, output: String, errors: String) {
            try Vedette.run(["account", "token"] + words + ["--config", server.configuration.path])
        }
        #expect(try token(["hospital-b", "--label", "HIS", "--expires", "2099-06-30"]).status == 0)
        let listed = try token(["list", "hospital-b"]).output
        #expect(listed.contains(/\tactive\tmade 20\d\d-\d\d-\d\d\texpires 2099-06-30\tnever used\tHIS\n/), "\(listed)")
        // The suite's own token of hospital-a.
        _ = try await kept()
        let used = try token(["list", "hospital-a"]).output
        #expect(used.contains(/lasts until revoked\tused 20\d\d-\d\d-\d\d \d\d h\ttest\n/), "\(used)")
        for (day, says) in [
            ("2020-01-01", "which is over"), ("2099-02-30", "give a day such as"), ("0", "give a day such as"),
        ] {
            let refused = try token(["hospital-b", "--label", "x", "--expires", day])
            #expect(refused.status == 2 && refused.errors.contains(says), "\(day): \(refused)")
        }
    }
}

/// Starts one server for all tests of a suite, and ends it after them.
private struct SharedServer: SuiteTrait, TestScoping {
    /// The suite's tests run one after the other.
    nonisolated(unsafe) static var server: ServerProcess?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        let started = try ServerProcess()
        try started.start()
        try started.useToken()
        SharedServer.server = started
        defer { SharedServer.server = nil }
        try await body()
        #expect(started.stop() == 0)
    }
}
