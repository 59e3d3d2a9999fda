import CheckKit
import Database
import Foundation
import Intake
import Portal
import SurveillanceKit
import StoreKit
import Testing

@testable import CoreRuntime
@testable import HTTPServer

/// What a package would change, what it has changed, and taking it back, asked as the server is asked.
@Suite("What a submission changes, on every store", .everyStore)
struct ChangesTests {
    private struct Answer: Decodable {
        struct File: Decodable, Equatable {
            var file: String
            var fileType: String?
            var rows: Int?
            var accepted: Int?
            var new: Int
            var changed: Int
            var unchanged: Int
            var withdrawn: Int
            var vanished: Int

            var counts: [Int] { [new, changed, unchanged, withdrawn, vanished] }
        }

        struct Change: Decodable {
            var file: String
            var key: [String: String?]?
            var change: String
            var fields: [String]?
        }

        var state: String?
        var files: [File]
        var changes: [Change]
        var total: Int?
        var next: Int?
    }

    private let walk: ScopeWalk
    private let table: ProgramTables.Table
    private let complaint: Int

    init() async throws {
        walk = try await ScopeWalk()
        var flu = try #require(try ProgramTables("Influenza")["flu"])
        // Three visits of the latest day: all within the days that a package covers.
        let time = try #require(flu.column("P7506"))
        let days = Set(flu.rows.map { $0[time].prefix(10) }).sorted()
        flu.rows = Array(flu.rows.filter { $0[time].prefix(10) == days.last ?? "" }.prefix(3))
        try #require(flu.rows.count == 3)
        table = flu
        complaint = try #require(flu.column("P7507"))
    }

    private func package(_ change: (inout ProgramTables.Table) -> Void = { _ in }) -> [UInt8] {
        var table = table
        change(&table)
        return StoredZip.bytes([("flu_1.csv", table.bytes)])
    }

    /// The table with `_action` as its last column.
    private func withAction(_ actions: [String], keepingRow: (Int) -> [Int]? = { _ in nil }) -> [UInt8] {
        var rows = table.rows
        for index in rows.indices {
            if let kept = keepingRow(index) {
                for cell in rows[index].indices where !kept.contains(cell) { rows[index][cell] = "" }
            }
        }
        let lines = [table.header + ["_action"]] + zip(rows, actions).map { $0 + [$1] }
        let text = lines.map { $0.map { "\"\($0)\"" }.joined(separator: ",") + "\r\n" }.joined()
        return StoredZip.bytes([("flu_1.csv", Array(text.utf8))])
    }

    private func dryRun(_ bytes: [UInt8]) async throws -> Answer {
        let answer = try await walk.ask(
            .sender, .post, "/api/v1/submissions", at: "/api/v1/submissions?filename=p.zip&dryRun=true", raw: bytes)
        #expect(answer.status == 200, "\(answer.text)")
        return try JSONDecoder().decode(Answer.self, from: Data(answer.text.utf8))
    }

    private func send(_ bytes: [UInt8]) async throws -> Submission {
        let recorded = try await walk.test.send(bytes, named: "p.zip", from: ScopeWalk.institutions[0].code)
        try await walk.test.processAll()
        return try #require(try await walk.test.find(recorded.submission.id))
    }

    private func changes(_ id: SubmissionID, _ query: String = "") async throws -> Answer {
        let answer = try await walk.ask(
            .sender, .get, "/api/v1/submissions/{id}/changes", at: "/api/v1/submissions/\(id)/changes\(query)")
        #expect(answer.status == 200, "\(answer.text)")
        return try JSONDecoder().decode(Answer.self, from: Data(answer.text.utf8))
    }

    private func withdraw(_ id: SubmissionID, _ body: String = #"{"reason":"错报"}"#) async throws -> (Int, String) {
        let answer = try await walk.ask(
            .sender, .post, "/api/v1/submissions/{id}/withdraw", at: "/api/v1/submissions/\(id)/withdraw",
            raw: Array(body.utf8))
        return (answer.status, answer.text)
    }

    private func complaints() throws -> [String] {
        try walk.test.platform.data.records.readBlocking { try walk.test.complaints(in: $0) }
    }

    private func kept() throws -> [String] {
        let spool = walk.test.folder.appendingPathComponent("spool")
        return try ["", "incoming"].flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: spool.appendingPathComponent(folder).path)
        }.filter { $0.count == 26 }
    }

    @Test("a check alone tells what storing then does, and keeps nothing: no record, receipt, submission or byte")
    func dryRunIsTheSame() async throws {
        let told = try await dryRun(package())
        #expect(told.state == "accepted" && told.files.map(\.counts) == [[3, 0, 0, 0, 0]])
        #expect(
            told.files[0].rows == 3 && told.files[0].accepted == 3
                && told.changes.map(\.change) == ["new", "new", "new"])
        #expect(try await walk.test.lineList().isEmpty)
        #expect(try await walk.test.platform.data.log.list(scope: .nation, limit: 9).isEmpty)
        #expect(try kept().isEmpty)
        #expect(
            try walk.test.platform.data.database.readBlocking { try walk.test.platform.data.receipts.head(in: $0) }
                .number
                == 0)

        let stored = try await send(package())
        let done = try await changes(stored.id)
        #expect(done.files.map(\.counts) == [[3, 0, 0, 0, 0]] && done.total == 3)

        // One visit changed, one as before, one left out.
        func next(_ table: inout ProgramTables.Table) {
            table.rows[0][complaint] = "发热9天"
            table.rows.removeLast()
        }
        let before = try await walk.test.lineList()
        let foretold = try await dryRun(package(next))
        #expect(foretold.files.map(\.counts) == [[0, 1, 1, 0, 1]])
        #expect(foretold.changes.map(\.change) == ["changed", "vanished"])
        #expect(foretold.changes.first?.fields == ["P7507"])
        #expect(try await walk.test.lineList() == before)
        let second = try await send(package(next))
        let came = try await changes(second.id)
        #expect(came.files.map(\.counts) == foretold.files.map(\.counts))
        #expect(came.changes.map(\.change) == foretold.changes.map(\.change))
        // The key is shown as far as it names nobody.
        let key = try #require(came.changes.first?.key)
        #expect(key["P7506"] == table.rows[0][table.column("P7506") ?? 0])
        #expect(key["P7502"]??.hasPrefix("***") == true && key["P7502"]??.count == 7)
        // Nothing has been changed by what only vanished.
        #expect(try await walk.test.lineList().count == 3)
    }

    @Test("tables that come together are checked as one package, of which nothing is kept", arguments: [1, 2])
    func together(files: Int) async throws {
        let announced = UploadAnnouncement(
            account: "data-manager", institution: ScopeWalk.institutions[0].code, fileName: "form")
        let receiving = try ReceivingPackage(announced, maximumBytes: 8 << 20, at: walk.test.platform)
        for name in ["flu_1.csv", "pdr_1.csv"].prefix(files) {
            try receiving.begin(file: name)
            let bytes = name == "flu_1.csv" ? table.bytes : Array("P7501\r\n".utf8)
            try bytes.withUnsafeBytes { try receiving.write($0) }
        }
        let run = try await receiving.check()
        #expect(run.files.map(\.name) == Array(["flu_1.csv", "pdr_1.csv"].prefix(files)))
        #expect(run.changes.files.first?.new == 3 && run.state == (files == 1 ? .accepted : .partlyAccepted))
        #expect((run.findingsCount > 0) == (files == 2) && run.findings.count == run.findingsCount)
        #expect(try kept().isEmpty)
        #expect(try await walk.test.lineList().isEmpty)
    }

    @Test("a row that is rejected has not vanished, nor has one of another day")
    func rejectedIsThere() async throws {
        _ = try await send(package())
        let time = try #require(table.column("P7506"))
        let sex = try #require(table.column("P5"))
        let told = try await dryRun(
            package { table in
                table.rows[0][sex] = "X"
                table.rows.removeLast()
            })
        #expect(told.files.map(\.counts) == [[0, 0, 1, 0, 1]])
        // A package whose latest day lies eight days later covers none of these.
        let later = try #require(CivilDate(String(table.rows[0][time].prefix(10))))
        let day = CivilText.text(Int64(later.daysSince1970 - 8) * 86_400, withTime: false)
        let earlier = try await dryRun(
            package { table in
                table.rows = [table.rows[0]]
                table.rows[0][time] = day + " 08:00:00"
            })
        #expect(earlier.files[0].vanished == 0)
    }

    @Test("changes come in pages, as of an instant, and for those in whose scope they lie")
    func pages() async throws {
        let first = try await send(package())
        let page = try await changes(first.id, "?limit=2")
        #expect(page.changes.count == 2 && page.next == 2 && page.total == 3)
        let rest = try await changes(first.id, "?limit=2&offset=2")
        #expect(rest.changes.count == 1 && rest.next == nil)
        let past = try await changes(first.id, "?asOf=2020-01-01T00:00:00Z")
        #expect(past.total == 0 && past.files.map(\.counts) == [[0, 0, 0, 0, 0]])
        let later = try await changes(first.id, "?asOf=2999-01-01T00:00:00%2B08:00")
        #expect(later.total == 3)
        for query in ["limit=0", "limit=x", "offset=-1", "asOf=yesterday"] {
            let answer = try await walk.ask(
                .sender, .get, "/api/v1/submissions/{id}/changes",
                at: "/api/v1/submissions/\(first.id)/changes?\(query)")
            #expect(answer.status == 400, "\(query): \(answer.text)")
        }
    }

    @Test("a row with withdraw in _action takes its record back with its key alone; it can come again")
    func action() async throws {
        _ = try await send(package())
        let key = ["P7501", "P7502", "P7506"].compactMap(table.column)
        let bytes = withAction(["withdraw", "", "WITHDRAW"], keepingRow: { $0 == 0 ? key : nil })
        let told = try await dryRun(bytes)
        #expect(told.state == "accepted" && told.files.map(\.counts) == [[0, 0, 1, 2, 0]])
        let sent = try await send(bytes)
        #expect(sent.state == .accepted && sent.files.map(\.accepted) == [3])
        #expect(sent.records == .init(unchanged: 1, withdrawn: 2))
        let json = try await walk.ask(.sender, .get, "/api/v1/submissions/{id}", at: "/api/v1/submissions/\(sent.id)")
        #expect(json.text.contains(#""records":{"added":0,"changed":0,"unchanged":1,"withdrawn":2}"#))
        let page = try await walk.ask(.sender, .get, "/submissions/{id}", at: "/submissions/\(sent.id)?lang=en")
        #expect(page.text.contains("Stored: 0 new, 0 changed, 1 unchanged, 2 withdrawn."))
        let done = try await changes(sent.id)
        #expect(done.changes.map(\.change) == ["withdrawn", "withdrawn"])
        #expect(done.changes[0].key?["P7506"] == table.rows[0][key[2]])
        // What is withdrawn is withdrawn once.
        #expect(try await dryRun(bytes).files.map(\.counts) == [[0, 0, 3, 0, 0]])
        #expect(try await dryRun(package()).files.map(\.counts) == [[2, 0, 1, 0, 0]])
    }

    @Test("another word in _action, a missing key, and a record that is withdrawn and reported are findings")
    func wrongActions() async throws {
        _ = try await send(package())
        let before = try await walk.test.lineList()
        let unknown = try await send(withAction(["delete", "", ""]))
        #expect(unknown.state == .partlyAccepted && unknown.files.map(\.rejected) == [1])
        let keyless = try await send(withAction(["withdraw", "", ""], keepingRow: { $0 == 0 ? [] : nil }))
        #expect(keyless.files.map(\.rejected) == [1])
        let double = try await send(
            StoredZip.bytes([
                (
                    "flu_1.csv",
                    Array(
                        ([table.header + ["_action"], table.rows[0] + ["withdraw"], table.rows[0] + [""]].map {
                            $0.map { "\"\($0)\"" }.joined(separator: ",") + "\r\n"
                        }.joined()).utf8)
                )
            ]))
        #expect(double.files.map(\.rejected) == [1])
        #expect(try await walk.test.findingLines(double.id).contains { $0.contains("primary-key") })
        #expect(before.count == 3)
    }

    @Test("a submission that is withdrawn returns its records to what they were, once, with receipt and audit")
    func withdrawal() async throws {
        let first = try await send(package())
        let before = try complaints()
        let second = try await send(package { $0.rows[0][complaint] = "发热9天" })
        #expect(try complaints() != before)
        for body in ["", "{}", #"{"reason":" "}"#, #"{"reason":7}"#] {
            #expect(try await withdraw(second.id, body).0 == 400, "\(body)")
        }
        let (status, text) = try await withdraw(second.id)
        #expect(status == 200 && text.contains(#""returned":1,"removed":0"#), "\(text)")
        #expect(try complaints() == before)
        let again = try await withdraw(second.id)
        #expect(again.0 == 200 && again.1.contains(#""returned":1,"removed":0"#))
        #expect(try await walk.test.audit().filter { $0.contains("submission.withdraw") }.count == 1)
        let receipts = try walk.test.platform.data.database.readBlocking {
            try walk.test.platform.data.receipts.receipts(of: second.id, in: $0)
        }
        #expect(receipts.last?.receipt.withdrawnAt != nil && receipts.count == 3)
        // Others see that, and not why.
        let seen = try await walk.ask(
            .province, .get, "/api/v1/submissions/{id}", at: "/api/v1/submissions/\(second.id)")
        #expect(seen.text.contains("withdrawal") && !seen.text.contains("错报"))
        // It is not processed again, which would store it once more.
        let retried = try await walk.ask(
            .national, .post, "/api/v1/submissions/{id}/retry", at: "/api/v1/submissions/\(second.id)/retry")
        #expect(retried.status == 409)
        // All that the first brought is gone with it.
        #expect(try await withdraw(first.id).1.contains(#""returned":0,"removed":3"#))
        #expect(try complaints().isEmpty)
    }

    @Test("the pages say what changed and what a check alone would change, in both languages, and take a reason")
    func shown() async throws {
        let sent = try await send(package())
        let second = try await send(package { $0.rows[0][complaint] = "发热9天" })
        for (language, words) in [
            ("en", ["/changes", "Withdraw this submission"]), ("zh", ["入库变化", "撤回本次上报"]),
        ] {
            let page = try await walk.ask(
                .sender, .get, "/submissions/{id}", at: "/submissions/\(second.id)?lang=\(language)")
            #expect(page.status == 200)
            for word in words { #expect(page.text.contains(word), "\(word)") }
            let changes = try await walk.ask(
                .sender, .get, "/submissions/{id}/changes", at: "/submissions/\(second.id)/changes?lang=\(language)")
            #expect(changes.text.contains("P7507") && changes.text.contains(language == "en" ? "Changed" : "变更"))
        }
        let others = try await walk.ask(.province, .get, "/submissions/{id}", at: "/submissions/\(second.id)?lang=en")
        #expect(others.text.contains("Changes") && !others.text.contains("Withdraw this submission"))
        #expect(try await withdraw(sent.id).0 == 200)
        let after = try await walk.ask(.sender, .get, "/submissions/{id}", at: "/submissions/\(sent.id)?lang=en")
        #expect(after.text.contains("was withdrawn on") && after.text.contains("错报"))
        #expect(!after.text.contains("Every record is accepted and stored"))
        let list = try await walk.ask(.sender, .get, "/", at: "/?lang=en")
        #expect(list.text.contains("Withdrawn"))
        let upload = try await walk.ask(.sender, .get, "/upload", at: "/upload?lang=zh")
        #expect(upload.text.contains("仅核验") && upload.text.contains("formaction=\"/upload?dryRun=true\""))
    }

    @Test("a withdrawal that was cut off before the line list, or before the log was told, is finished at the start")
    func cutOff() async throws {
        let sent = try await send(package())
        let data = walk.test.platform.data
        _ = try data.database.writeBlocking { transaction in
            try data.log.withdraw(sent.id, reason: "错报", at: Instant(milliseconds: 1), in: transaction)
        }
        #expect(try walk.test.platform.pipeline.tellWhatWasStored() == 0)
        #expect(try await walk.test.find(sent.id)?.withdrawal?.removed == 3)
        #expect(try complaints().isEmpty)
    }
}

extension TestPlatform {
    /// The complaint of every visit, sorted.
    func complaints(in connection: any Database.Connection) throws -> [String] {
        try connection.rows("SELECT \"P7507\" FROM influenza_flu ORDER BY 1").map { try $0[0] }
    }
}
