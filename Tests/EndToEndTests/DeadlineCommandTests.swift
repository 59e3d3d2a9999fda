import Foundation
import Testing

@Suite("vedette deadline as an administrator runs it")
struct DeadlineCommandTests {
    private static let register = """
        [ { "code": "A3", "name": { "zh": "甲院", "en": "A" }, "level": "三级", "region": "110105", "hasFeverClinic": true },
          { "code": "B2", "name": { "zh": "乙院", "en": "B" }, "level": "二级", "region": "430100", "hasFeverClinic": true },
          // Without a fever clinic it owes this program nothing.
          { "code": "C3", "name": { "zh": "丙院", "en": "C" }, "level": "三级", "region": "430100" } ]
        """
    private static let receipts = """
        institution,program,receivedAt,state
        A3,fever-clinic,2020-08-22T17:00:00.001+08:00,accepted
        A3,fever-clinic,2020-08-20T10:00:00+08:00,accepted
        A3,fever-clinic,2020-08-21T17:00:00.000+08:00,partly-accepted
        A3,fever-clinic,2020-08-21T18:00:00+08:00,rejected
        A3,fever-clinic,2020-08-23T09:00:00+08:00,rejected
        A3,fever-clinic,2020-08-24T01:00:00Z,zero
        """
    /// A3's first report came on 2020-08-20, so its daily reports begin on the day after; B2's first report is due on 2020-08-31.
    private static let judged = """
        institution,program,kind,from,to,due_at,state
        A3,fever-clinic,daily,2020-08-15,2020-08-21,2020-08-21T17:00:00.000+08:00,in-time
        A3,fever-clinic,daily,2020-08-16,2020-08-22,2020-08-22T17:00:00.000+08:00,late
        A3,fever-clinic,daily,2020-08-17,2020-08-23,2020-08-23T17:00:00.000+08:00,missing
        A3,fever-clinic,daily,2020-08-18,2020-08-24,2020-08-24T17:00:00.000+08:00,in-time
        A3,fever-clinic,daily,2020-08-19,2020-08-25,2020-08-25T17:00:00.000+08:00,due
        A3,fever-clinic,first-report,2020-08-01,2020-08-25,2020-08-25T23:59:59.999+08:00,in-time

        """

    private func withFiles<T>(_ files: [String: String], _ body: (URL) throws -> T) throws -> T {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
        return try body(folder)
    }

    private func run(
        _ words: [String], in folder: URL, zone: String = "UTC"
    ) throws -> (status: Int32, output: String, errors: String) {
        try Vedette.run(
            ["deadline"] + words + [
                "--programs", Repository.programs.path, "--program", "fever-clinic", "--institutions",
                folder.appendingPathComponent("institutions.json").path, "--at", "2020-08-25T16:00:00+08:00",
            ], environment: ["TZ": zone])
    }

    private func files(_ more: [String: String] = [:]) -> [String: String] {
        ["institutions.json": Self.register, "receipts.csv": Self.receipts].merging(more) { $1 }
    }

    @Test("judges alike whatever the machine's time zone is", arguments: ["UTC", "Asia/Shanghai", "America/New_York"])
    func zones(zone: String) throws {
        try withFiles(files()) { folder in
            let receipts = ["--receipts", folder.appendingPathComponent("receipts.csv").path]
            let days = ["--from", "2020-08-21", "--to", "2020-08-25"]
            let answer = try run(["evaluate"] + days + receipts, in: folder, zone: zone)
            #expect(answer.status == 0 && answer.errors.isEmpty, "\(answer.errors)")
            #expect(answer.output == Self.judged)
            let one = try run(
                ["explain", "--institution", "A3", "--date", "2020-08-22", "--format", "json"] + receipts, in: folder,
                zone: zone)
            #expect(one.status == 0 && one.output.split(separator: "\n").count == 1)
            let item = try #require(try JSONSerialization.jsonObject(with: Data(one.output.utf8)) as? [String: Any])
            #expect(item["state"] as? String == "late" && item["institution"] as? String == "A3")
            #expect(item["dueAt"] as? String == "2020-08-22T17:00:00.000+08:00")
            #expect(item["receivedAt"] as? String == "2020-08-22T17:00:00.001+08:00")
            #expect((item["rules"] as? [Any])?.isEmpty == false)
        }
    }

    @Test("lists what a rule would change before it is set, and says when it was told of no receipts")
    func simulated() throws {
        let change = """
            { "program": "fever-clinic", "setOn": "2020-08-22", "reason": { "zh": "试行", "en": "on trial" },
              "deadlines": [ { "kind": "daily", "from": "2020-08-22", "covers": { "days": 7 },
                               "due": [ { "by": "18:00" } ] } ] }
            """
        try withFiles(files(["change.json": change])) { folder in
            let days = ["--from", "2020-08-21", "--to", "2020-08-22"]
            let file = ["--change", folder.appendingPathComponent("change.json").path]
            let receipts = ["--receipts", folder.appendingPathComponent("receipts.csv").path]
            let answer = try run(["simulate"] + days + file + receipts, in: folder)
            #expect(answer.status == 0)
            let before = "A3,fever-clinic,daily,2020-08-16,2020-08-22,2020-08-22T17:00:00.000+08:00,late"
            #expect(answer.output.hasSuffix("\n\(before),2020-08-22T18:00:00.000+08:00,in-time\n"))
            #expect(answer.output.split(separator: "\n").count == 2)
            let blind = try run(["evaluate"] + days, in: folder)
            #expect(blind.status == 0 && blind.errors.contains("judged as if nothing had been received"))
        }
    }

    @Test(
        "ends with status 2, and says in which line what is wrong",
        arguments: [
            (
                "receipts.csv", "institution,program,receivedAt,state\nA3,fever-clinic,2020-08-22T17:00:00,accepted",
                ":2"
            ),
            ("receipts.csv", "institution,program,receivedAt,state\nX9,fever-clinic,2020-08-22T17:00:00Z,zero", "X9"),
            ("institutions.json", "[ { \"code\": \"A3\",\n \"level\": \"四级\" } ]", ":2"),
        ])
    func refused(name: String, text: String, told: String) throws {
        try withFiles(files([name: text])) { folder in
            let answer = try run(
                [
                    "evaluate", "--from", "2020-08-21", "--to", "2020-08-22", "--receipts",
                    folder.appendingPathComponent("receipts.csv").path,
                ], in: folder)
            #expect(answer.status == 2 && answer.output.isEmpty, "\(answer)")
            #expect(answer.errors.contains(name) && answer.errors.contains(told), "\(answer.errors)")
        }
    }

    @Test(
        "refuses words that it cannot use",
        arguments: [
            ["evaluate", "--from", "2020-08-21"], ["evaluate", "--from", "2020-08-22", "--to", "2020-08-21"],
            ["evaluate", "--from", "2020-02-30", "--to", "2020-03-01"], ["explain", "--institution", "A3"],
            ["explain", "--institution", "X9", "--date", "2020-08-21"], ["simulate"], ["judge"],
        ])
    func words(words: [String]) throws {
        try withFiles(files()) { folder in
            let answer = try run(words, in: folder)
            #expect(answer.status == 2 && answer.output.isEmpty && !answer.errors.isEmpty, "\(answer)")
        }
    }
}
