import CheckKit
import Database
import Dictionaries
import Foundation
import HTTPServer
import Intake
import PlainTables
import ProgramFiles
import SurveillanceKit
import Tabular
import Testing
import Validation

@testable import CoreRuntime

@Suite("Code files over HTTP")
struct DictionaryTests {
    private static let codes = Array("编码,名称\nJ10.100,流感\nJ00.x00,感冒\n".utf8)
    private static let pattern = "/api/v1/dictionaries/{category}"

    private func upload(
        _ walk: ScopeWalk, _ query: String, _ bytes: [UInt8] = codes, to category: String = "icd-diagnosis",
        by caller: ScopeWalk.Caller = .sender
    ) async throws -> (status: Int, json: [String: Any]) {
        let answer = try await walk.ask(
            caller, .post, Self.pattern, at: "/api/v1/dictionaries/\(category)?\(query)", raw: bytes)
        return (answer.status, try object(answer.text))
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("stand in memory as they are in use, whatever was added or removed since the last report")
    func books() throws {
        let test = try TestPlatform()
        let database = test.platform.data.database
        let books = CodeBooks(try NationalLists(folder: nil, of: []))
        let dictionaries = test.platform.registry.programs.flatMap(\.program.dictionaries)
        func table(_ id: String, _ category: String) -> CodeTable {
            let days = CivilDate(daysSince1970: 20_000)...CivilDate(daysSince1970: 20_100)
            return CodeTable(
                id: id, institution: "H1", category: category, days: days, rows: 1,
                receivedAt: Instant(milliseconds: 1), receivedBy: "x")
        }
        func answer(_ code: String) throws -> CodeAnswer? {
            let codes = try database.readBlocking { try books.codes(of: "H1", dictionaries, in: $0) }
            return Array(code.utf8).withUnsafeBufferPointer { codes?.look(up: $0, in: "icd-diagnosis", on: 20_050) }
        }
        func add(_ table: CodeTable, _ code: String) throws {
            try database.writeBlocking {
                try DictionaryStore.add(table, [CodeEntry(code: code, name: "流感")], in: $0)
            }
        }
        #expect(try answer("J10") == nil, "no table")
        // One of a category that no field is checked against.
        try add(table("A", "icd-morphology"), "M80000/0")
        #expect(try answer("J10") == .noTable)
        try add(table("B", "icd-diagnosis"), "J10")
        for _ in 0..<2 { #expect(try answer("J10") == .known && answer("J11") == .unknown) }
        try database.writeBlocking { transaction in
            let removal = CodeTable.Removal(at: Instant(milliseconds: 2), by: "x", reason: "x")
            _ = try DictionaryStore.remove("B", of: "H1", "icd-diagnosis", removal, in: transaction)
        }
        try add(table("C", "icd-diagnosis"), "J11")
        #expect(try answer("J10") == .unknown && answer("J11") == .known)
    }

    @Test("are kept with their days, listed with gaps, and removed with a reason")
    func journey() async throws {
        let walk = try await ScopeWalk()
        let first = try await upload(walk, "filename=codes.csv&from=2026-01-01&to=2026-06-30")
        #expect(first.status == 201)
        #expect(first.json["rows"] as? Int == 2 && first.json["category"] as? String == "icd-diagnosis")
        #expect(first.json["from"] as? String == "2026-01-01" && first.json["to"] as? String == "2026-06-30")
        let id = try #require(first.json["id"] as? String)
        #expect(try await upload(walk, "filename=codes.csv&from=2026-08-01&to=2026-12-31").status == 201)

        let listed = try await walk.ask(.sender, .get, Self.pattern, at: "/api/v1/dictionaries/icd-diagnosis")
        let list = try object(listed.text)
        #expect(list["total"] as? Int == 2)
        #expect((list["gaps"] as? [[String: String]]) == [["from": "2026-07-01", "to": "2026-07-31"]])
        // Another institution sees its own, which are none.
        let other = try await walk.ask(.neighbour, .get, Self.pattern, at: "/api/v1/dictionaries/icd-diagnosis")
        #expect(try object(other.text)["total"] as? Int == 0)

        let one = Self.pattern + "/{id}"
        func remove(_ query: String, _ body: String = "", by caller: ScopeWalk.Caller = .sender) async throws -> Int {
            try await walk.ask(
                caller, .delete, one, at: "/api/v1/dictionaries/icd-diagnosis/\(id)\(query)", raw: Array(body.utf8)
            ).status
        }
        #expect(try await remove("") == 400)
        #expect(try await remove("?reason=\(Percent.encode("传错了"))", by: .neighbour) == 404)
        #expect(try await remove("", #"{"reason":"传错了"}"#) == 200)
        #expect(try await remove("?reason=x") == 404)
        let after = try await walk.ask(.sender, .get, Self.pattern, at: "/api/v1/dictionaries/icd-diagnosis")
        let left = try object(after.text)
        #expect(left["total"] as? Int == 1)
        let removed = try #require(left["removed"] as? [[String: Any]])
        #expect(removed.map { $0["id"] as? String } == [id])
        #expect((removed[0]["removed"] as? [String: Any])?["reason"] as? String == "传错了")
        #expect(try await walk.test.audit().suffix(3).allSatisfy { $0.contains("dictionary.") })
    }

    @Test("that cannot be taken are 422 with the sentence that hospitals know, and nothing is kept")
    func refused() async throws {
        let walk = try await ScopeWalk()
        let days = "&from=2026-01-01&to=2026-06-30"
        func detail(_ query: String, _ text: String = "编码,名称\nA00,霍乱\n", to category: String = "icd-diagnosis")
            async throws -> String
        {
            let answer = try await upload(walk, query, Array(text.utf8), to: category)
            #expect(answer.status == 422)
            return answer.json["detail"] as? String ?? ""
        }
        #expect(try await detail("filename=codes.csv" + days, "院内代码,诊断\n1,感冒\n").contains("请按照模板格式上传编码"))
        #expect(try await detail("filename=codes.pdf" + days).contains("请上传csv、xls、xlsx格式的文件zip压缩包"))
        #expect(try await detail("filename=codes.zip" + days).contains("请上传csv、xls、xlsx格式的文件zip压缩包"))
        #expect(try await detail("filename=codes.csv&from=2026-07-01&to=2026-06-30").contains("2026-07-01"))
        #expect(try await detail("filename=codes.csv&from=2026-07-01").contains("to"))
        #expect(try await upload(walk, "filename=codes.csv" + days).status == 201)
        #expect(try await detail("filename=codes.csv&from=2026-06-30&to=2026-07-31").contains("2026-06-30"))
        #expect(try await upload(walk, "filename=codes.csv" + days, to: "icd-none").status == 404)
        #expect(try await upload(walk, "filename=codes.csv" + days, by: .province).status == 403)
        let categories = [
            "icd-procedure", "icd-morphology", "fever-clinic-diagnosis", "fever-clinic-drug",
            "fever-clinic-examination", "fever-clinic-laboratory",
        ]
        for category in categories {
            #expect(try await upload(walk, "filename=codes.csv" + days, to: category).status == 201, "\(category)")
        }
    }

    private static func files(of package: [UInt8]) throws -> [(name: String, bytes: [UInt8])] {
        try UploadedPackage(name: "package.zip", source: BytesSource(package)).files.map { file in
            var source = try file.open()
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while case let count = try buffer.withUnsafeMutableBytes({ try source.read(into: $0) }), count > 0 {
                bytes += buffer[..<count]
            }
            return (file.name, bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes)
        }
    }

    /// What is found of codes in a package of the fever clinic: each kind's file type and field, counted.
    private func found(_ walk: ScopeWalk, _ package: [UInt8]) async throws -> [String: Int] {
        let id = try await walk.test.send(package).submission.id
        try await walk.test.processAll()
        let submission = try #require(try await walk.test.find(id))
        #expect(submission.state == .accepted)
        let findings = try walk.test.platform.data.findings.read(submission)
        var found: [String: Int] = [:]
        while let finding = try findings.nextLine().flatMap({ FindingLine($0)?.finding }) {
            guard [.codeNotInLocalTable, .codeNameMismatch].contains(finding.code) else { continue }
            #expect(finding.severity == .warning)
            let place = finding.row == nil || finding.field == nil ? "file" : finding.field ?? ""
            found["\(finding.code.rawValue) \(finding.fileType ?? "") \(place)", default: 0] += 1
        }
        return found
    }

    @Test("are used: reported codes are checked by the table of their day, and no row is rejected for them")
    func used() async throws {
        let walk = try await ScopeWalk()
        let files = try Self.files(of: TestPlatform.package("FeverClinic", "clean"))
        // Under other names, so that no package repeats the one before.
        func package(_ number: Int) -> [UInt8] {
            StoredZip.bytes(files.map { ("\($0.name.prefix { $0 != "_" })_\(number).csv", $0.bytes) })
        }
        #expect(try await found(walk, package(1)).isEmpty, "an institution without tables is told nothing")

        let drug = try #require(files.first { $0.name.hasPrefix("drug") })
        let drugs = PlainCSV.rows(drug.bytes).map { $0.cells.map { String(decoding: $0.text, as: UTF8.self) } }
        let (code, name) = (
            try #require(drugs[0].firstIndex(of: "P7805")), try #require(drugs[0].firstIndex(of: "P7806"))
        )
        let codes = Set(drugs.dropFirst().map { [$0[code], $0[name]] })
        let left = try #require(codes.first)
        func table(_ rows: [[String]]) -> [UInt8] {
            Array(("药品编码,药品名称\n" + rows.map { "\"" + $0.joined(separator: "\",\"") + "\"\n" }.joined()).utf8)
        }
        let days = "filename=drugs.csv&from=2026-01-01&to=2026-12-31"
        let all = codes.filter { $0[0] != left[0] }.map { [$0[0].lowercased(), $0[1]] }
        let first = try await upload(walk, days, table(all + [["X", "y"]]), to: "fever-clinic-drug")
        #expect(first.status == 201)
        let rows = drugs.dropFirst().count { $0[code] == left[0] }
        var answers = try await found(walk, package(2))
        #expect(answers["code-not-in-local-table drug P7805"] == rows)
        #expect(answers["code-name-mismatch drug P7805"] == nil)
        #expect(answers.count == 1, "of the other dictionaries there is no table, which is no finding")

        let id = try #require(first.json["id"] as? String)
        _ = try await walk.ask(
            .sender, .delete, Self.pattern + "/{id}",
            at: "/api/v1/dictionaries/fever-clinic-drug/\(id)?reason=new", raw: [])
        #expect(try await upload(walk, days, table(all + [[left[0], "另一名称"]]), to: "fever-clinic-drug").status == 201)
        answers = try await found(walk, package(3))
        #expect(answers["code-name-mismatch drug P7805"] == rows)
        #expect(answers["code-not-in-local-table drug P7805"] == nil)
    }

    @Test("stand on a page with the form, their days and a download that can be uploaded again")
    func page() async throws {
        let walk = try await ScopeWalk()
        let id = try #require(
            try await upload(walk, "filename=codes.csv&from=2026-01-01&to=2026-06-30").json["id"] as? String)
        let page = try await walk.ask(.sender, .get, "/dictionaries", at: "/dictionaries")
        #expect(page.status == 200 && page.text.contains("2026-01-01 — 2026-06-30"))
        let file = try await walk.ask(
            .sender, .get, "/dictionaries/{category}/{id}/codes.csv", at: "/dictionaries/icd-diagnosis/\(id)/codes.csv")
        #expect(file.text.contains("J10.100,流感"))
        let again = try await upload(walk, "filename=codes.csv&from=2027-01-01&to=2027-06-30", Array(file.text.utf8))
        #expect(again.status == 201 && again.json["rows"] as? Int == 2)
    }
}
