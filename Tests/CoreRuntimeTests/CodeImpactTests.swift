import CheckKit
import Foundation
import HTTPServer
import Intake
import SurveillanceKit
import Testing
import Validation

@testable import CoreRuntime

@Suite("What a new table of codes changes")
struct CodeImpactTests {
    private static let pattern = "/api/v1/dictionaries/{category}"

    /// A platform with a stored package, and the codes and names of its drugs with their rows.
    static func stored(
        adjust: (inout Configuration) -> Void = { _ in }
    ) async throws -> (walk: ScopeWalk, id: SubmissionID, drugs: [[String]]) {
        // The day after the last visit of the package.
        let walk = try await ScopeWalk(now: { Instant(seconds: 1_794_189_600) }, adjust: adjust)
        let csv = try CorrectionTests.files(try TestPlatform.package("FeverClinic", "clean"))
        let table = CorrectionTests.Table(try #require(csv.first { $0.name.hasPrefix("drug") }).bytes)
        let drugs = table.rows.dropFirst().map { [$0[table.column("P7805")], $0[table.column("P7806")]] }
        let id = try await walk.test.send(StoredZip.bytes(csv)).submission.id
        try await walk.test.processAll()
        return (walk, id, drugs.filter { !$0[0].isEmpty })
    }

    static func table(_ drugs: [[String]]) -> [UInt8] {
        Array(("药品编码,药品名称\n" + Set(drugs).map { "\"\($0[0])\",\"\($0[1])\"\n" }.joined()).utf8)
    }

    static func upload(
        _ walk: ScopeWalk, _ bytes: [UInt8], _ query: String = ""
    ) async throws -> (status: Int, json: [String: Any]) {
        let answer = try await walk.ask(
            .sender, .post, pattern,
            at: "/api/v1/dictionaries/fever-clinic-drug?filename=d.csv&from=2026-01-01&to=2026-12-31\(query)",
            raw: bytes)
        let json = try JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [String: Any]
        return (answer.status, json ?? [:])
    }

    private static func warnings(_ walk: ScopeWalk, _ id: SubmissionID) async throws -> Int {
        let submission = try #require(try await walk.test.find(id))
        let findings = try walk.test.platform.data.findings.read(submission)
        var count = 0
        while let finding = try findings.nextLine().flatMap({ FindingLine($0)?.finding }) {
            count += finding.code == .codeNotInLocalTable && finding.field == "P7805" ? 1 : 0
        }
        return count
    }

    @Test("is told before it is kept, and the findings of earlier submissions follow without an upload")
    func journey() async throws {
        let (walk, id, drugs) = try await Self.stored()
        let left = try #require(drugs.first)
        let rows = drugs.count { $0[0] == left[0] }
        let part = Self.table(drugs.filter { $0[0] != left[0] })
        let dry = try await Self.upload(walk, part, "&dryRun=true")
        let impact = try #require(dry.json["impact"] as? [String: Any])
        #expect(dry.status == 200 && impact["rows"] as? Int == drugs.count)
        #expect(impact["warned"] as? Int == rows && impact["cleared"] as? Int == 0)
        #expect((impact["missing"] as? [[String: Any]])?.first?["code"] as? String == left[0])
        #expect((impact["missing"] as? [[String: Any]])?.first?["rows"] as? Int == rows)
        #expect(try await Self.warnings(walk, id) == 0)

        // Nothing was kept: the same days are free.
        let added = try await Self.upload(walk, part)
        #expect(added.status == 201)
        try await walk.test.processAll()
        #expect(try await Self.warnings(walk, id) == rows)
        #expect(try await walk.test.audit().contains("vedette submission.recheck \(id)"))
        let before = try await walk.test.lineList()

        let table = try #require(added.json["id"] as? String)
        _ = try await walk.ask(
            .sender, .delete, Self.pattern + "/{id}",
            at: "/api/v1/dictionaries/fever-clinic-drug/\(table)?reason=old", raw: [])
        #expect(try await Self.upload(walk, Self.table(drugs)).status == 201)
        try await walk.test.processAll()
        #expect(try await Self.warnings(walk, id) == 0)
        #expect(try await walk.test.lineList() == before)
    }

    @Test("is shown on the page with the button that puts the table to use, once")
    func page() async throws {
        let (walk, id, drugs) = try await Self.stored()
        let left = try #require(drugs.first)
        let route = try #require(walk.router.routes.first { $0.method == .post && $0.pattern == "/dictionaries" })
        let fields = [
            ("category", "fever-clinic-drug"), ("from", "2026-01-01"), ("to", "2026-12-31"), ("step", "preview"),
        ]
        let content = String(decoding: Self.table(drugs.filter { $0[0] != left[0] }), as: UTF8.self)
        let shown = try await ScopeWalk.text(
            await walk.ask(.sender, route, at: "/dictionaries", form: fields, file: "d.csv", content: content))
        #expect(shown.contains("启用后的影响") && shown.contains(">\(left[0])<"))
        let match = try #require(try /dictionaries\/fever-clinic-drug\/([0-9A-Z]{26})\/confirm/.firstMatch(in: shown))
        let path = "/dictionaries/fever-clinic-drug/\(match.1)/confirm"
        let pattern = "/dictionaries/{category}/{id}/confirm"
        #expect(try await walk.ask(.neighbour, .post, pattern, at: path).status == 404)
        #expect(try await walk.ask(.sender, .post, pattern, at: path).status == 201)
        #expect(try await walk.ask(.sender, .post, pattern, at: path).status == 404)
        try await walk.test.processAll()
        #expect(try await Self.warnings(walk, id) == drugs.count { $0[0] == left[0] })
    }
}
