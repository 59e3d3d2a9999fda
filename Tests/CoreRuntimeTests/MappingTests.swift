import CheckKit
import Foundation
import HTTPServer
import Intake
import SurveillanceKit
import Testing
import Validation

@testable import CoreRuntime

@Suite("Codes mapped to the national list")
struct MappingTests {
    private static let category = "/api/v1/dictionaries/{category}"
    private static let mapping = category + "/mapping"

    /// A platform with a national list of drugs.
    private static func walk(_ list: String = "编码,名称\nN1,布洛芬\nN2,奥司他韦\nN3,对乙酰氨基酚\n") async throws -> ScopeWalk {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-lists-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(list.utf8).write(to: folder.appendingPathComponent("fever-clinic-drug.csv"))
        return try await ScopeWalk(adjust: { $0.nationalCodesFolder = folder })
    }

    private static func upload(
        _ walk: ScopeWalk, _ text: String, _ query: String = "filename=c.csv&from=2020-01-01&to=2099-12-31",
        by caller: ScopeWalk.Caller = .sender
    ) async throws {
        let answer = try await walk.ask(
            caller, .post, category, at: "/api/v1/dictionaries/fever-clinic-drug?\(query)", raw: Array(text.utf8))
        #expect(answer.status == 201)
    }

    private static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private static func listed(
        _ walk: ScopeWalk, by caller: ScopeWalk.Caller = .sender, of id: String = "fever-clinic-drug"
    ) async throws -> [String: Any] {
        let answer = try await walk.ask(caller, .get, mapping, at: "/api/v1/dictionaries/\(id)/mapping")
        #expect(answer.status == 200)
        return try object(answer.text)
    }

    private static func decide(
        _ walk: ScopeWalk, _ text: String, by caller: ScopeWalk.Caller = .sender
    ) async throws -> [String: Any] {
        let answer = try await walk.ask(
            caller, .post, mapping, at: "/api/v1/dictionaries/fever-clinic-drug/mapping?filename=m.csv",
            raw: Array(text.utf8))
        #expect(answer.status == 200)
        return try object(answer.text)
    }

    @Test("are listed with candidates, decided by a file, kept for the next table, and told to others by their number")
    func journey() async throws {
        let walk = try await Self.walk()
        #expect(try await Self.listed(walk, of: "icd-diagnosis")["state"] as? String == "no-national-list")
        #expect(try await Self.listed(walk)["state"] as? String == "no-table")
        try await Self.upload(walk, "药品编码,药品名称,国家临床版编码\nA1,布洛芬混悬液,\nA2,磷酸奥司他韦,N2\nN3,对乙酰氨基酚,\nA4,中药,\n")
        var list = try await Self.listed(walk)
        #expect(list["state"] as? String == "listed" && list["total"] as? Int == 2 && list["mapped"] as? Int == 2)
        let items = try #require(list["items"] as? [[String: Any]])
        #expect(items.map { $0["code"] as? String } == ["A1", "A4"])
        let candidates = try #require(items[0]["candidates"] as? [[String: Any]])
        #expect(candidates.first?["code"] as? String == "N1" && candidates.first?["chosenBy"] as? Int == 0)

        let outcome = try await Self.decide(walk, "本院编码,本院名称,国家临床版编码\na1,布洛芬混悬液,n1\nA4,中药,N9\nA9,x,N1\nN3,对乙酰氨基酚,\n")
        #expect(outcome["decided"] as? Int == 1)
        #expect((outcome["faults"] as? [[String: String]])?.compactMap { $0["zh"]?.contains("没有保存") } == [true, true])
        list = try await Self.listed(walk)
        #expect(list["total"] as? Int == 1 && list["mapped"] as? Int == 3)
        #expect(try await walk.test.audit().last == "sender dictionary.map fever-clinic-drug")

        // Another hospital's code of the same name.
        try await Self.upload(walk, "药品编码,药品名称\nK1,布洛芬混悬液\n", by: .neighbour)
        let others = try #require(try await Self.listed(walk, by: .neighbour)["items"] as? [[String: Any]])
        let chosen = try #require((others[0]["candidates"] as? [[String: Any]])?.first)
        #expect(chosen["code"] as? String == "N1" && chosen["chosenBy"] as? Int == 1)
    }

    @Test("are chosen row by row on a page that needs no script, and downloaded as a file that comes back")
    func page() async throws {
        let walk = try await Self.walk()
        try await Self.upload(walk, "药品编码,药品名称\nA1,布洛芬混悬液\nA4,中药\n")
        let pattern = "/dictionaries/{category}/mapping"
        let path = "/dictionaries/fever-clinic-drug/mapping"
        let page = try await walk.ask(.sender, .get, pattern, at: path)
        #expect(page.status == 200 && page.text.contains("value=\"N1\"") && page.text.contains("布洛芬混悬液"))
        let form = [
            ("code-0", "A1"), ("name-0", "布洛芬混悬液"), ("national-0", "N1"), ("other-0", ""),
            ("code-1", "A4"), ("name-1", "中药"), ("national-1", ""), ("other-1", ""),
        ]
        let saved = try await walk.ask(.sender, .post, pattern, at: path, form: form)
        #expect(saved.status == 200 && saved.text.contains("已保存 1 个对照"))
        let file = try await walk.ask(.sender, .get, pattern + "/codes.csv", at: path + "/codes.csv")
        #expect(file.text.contains("A4,中药") && !file.text.contains("A1"))
        let filled = file.text.replacing("A4,中药,,", with: "A4,中药,N3,")
        #expect(try await Self.decide(walk, filled)["decided"] as? Int == 1)
        #expect(try await Self.listed(walk)["total"] as? Int == 0)
        let workbook = try await walk.ask(.sender, .get, pattern + "/codes.xlsx", at: path + "/codes.xlsx")
        #expect(workbook.status == 200)
    }

    @Test(
        "are warned of where a reported code stands for no national one, until it is mapped; no row is rejected for it")
    func reported() async throws {
        let walk = try await Self.walk()
        let csv = try CorrectionTests.files(try TestPlatform.package("FeverClinic", "clean"))
        let drug = CorrectionTests.Table(try #require(csv.first { $0.name.hasPrefix("drug") }).bytes)
        let codes = drug.rows.dropFirst().map { ($0[drug.column("P7805")], $0[drug.column("P7806")]) }
        let table = Dictionary(codes, uniquingKeysWith: { first, _ in first }).map { "\"\($0.key)\",\"\($0.value)\"\n" }
        try await Self.upload(walk, "药品编码,药品名称\n" + table.joined())
        func warned(_ number: Int) async throws -> Int {
            let files = csv.map { (name: "\($0.name.prefix { $0 != "_" })_\(number).csv", bytes: $0.bytes) }
            let id = try await walk.test.send(StoredZip.bytes(files)).submission.id
            try await walk.test.processAll()
            let submission = try #require(try await walk.test.find(id))
            #expect(submission.state == .accepted)
            let findings = try walk.test.platform.data.findings.read(submission)
            var count = 0
            while let finding = try findings.nextLine().flatMap({ FindingLine($0)?.finding }) {
                guard finding.code == .codeNotNational else { continue }
                #expect(finding.severity == .warning && finding.fileType == "drug" && finding.field == "P7805")
                count += 1
            }
            return count
        }
        let all = codes.count { !$0.0.isEmpty }
        #expect(try await warned(1) == all)
        let (code, name) = try #require(codes.first)
        _ = try await Self.decide(walk, "本院编码,本院名称,国家临床版编码\n\(code),\(name),N1\n")
        #expect(try await warned(2) == all - codes.count { $0.0 == code })
    }

    @Test("a wrong national list keeps the platform from starting, and its file is named")
    func wrongList() async throws {
        let error = await #expect(throws: NationalListError.self) { try await Self.walk("药品,价格\n布洛芬,1\n") }
        #expect(error?.file.hasSuffix("fever-clinic-drug.csv") == true && error?.reason.en.isEmpty == false)
    }
}
