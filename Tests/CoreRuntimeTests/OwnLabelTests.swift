import Foundation
import HTTPServer
import SurveillanceKit
import Testing

@testable import CoreRuntime

@Suite("Code files with labels of their own")
struct OwnLabelTests {
    private static let pattern = "/api/v1/dictionaries/{category}"
    private static let codes = "本院疾病表,,\n诊断号,诊断叫法,国家对应\nY1,流感,J11.100\nY2,感冒,\n"

    private func upload(
        _ walk: ScopeWalk, _ query: String, by caller: ScopeWalk.Caller = .sender
    ) async throws -> (status: Int, json: [String: Any]) {
        let answer = try await walk.ask(
            caller, .post, Self.pattern, at: "/api/v1/dictionaries/icd-diagnosis?filename=c.csv&\(query)",
            raw: Array(Self.codes.utf8))
        let json = try JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [String: Any]
        return (answer.status, json ?? [:])
    }

    @Test("are taken once it is said which is which, and the next ones without a word; another institution's are not")
    func remembered() async throws {
        let walk = try await ScopeWalk()
        let first = "from=2026-01-01&to=2026-06-30"
        let refused = try await upload(walk, first)
        #expect(refused.status == 422)
        #expect(refused.json["columns"] as? [String] == ["诊断号", "诊断叫法", "国家对应"])
        let told = [("codeColumn", "诊断号"), ("nameColumn", "诊断叫法"), ("nationalCodeColumn", "国家对应")]
            .map { "&\($0)=\(Percent.encode($1))" }.joined()
        #expect(try await upload(walk, first + "&nameColumn=x").status == 422)
        let taken = try await upload(walk, first + told)
        #expect(taken.status == 201 && taken.json["rows"] as? Int == 2)
        let next = try await upload(walk, "from=2026-07-01&to=2026-12-31")
        #expect(next.status == 201)
        #expect(try await upload(walk, first, by: .neighbour).status == 422)
        let id = try #require(next.json["id"] as? String)
        let file = try await walk.ask(
            .sender, .get, "/dictionaries/{category}/{id}/codes.csv", at: "/dictionaries/icd-diagnosis/\(id)/codes.csv")
        #expect(file.text.contains("Y1,流感,J11.100"))
    }

    @Test("are asked for on the page, by the columns of the file")
    func page() async throws {
        let walk = try await ScopeWalk()
        let fields = [("category", "icd-diagnosis"), ("from", "2026-01-01"), ("to", "2026-06-30")]
        let route = try #require(walk.router.routes.first { $0.method == .post && $0.pattern == "/dictionaries" })
        let answer = await walk.ask(
            .sender, route, at: "/dictionaries", form: fields, file: "c.csv", content: Self.codes)
        let text = try await ScopeWalk.text(answer)
        #expect(answer.status == .unprocessableContent)
        #expect(text.contains("name=\"codeColumn\"") && text.contains("<option value=\"诊断叫法\">"))
        let told = [("codeColumn", "诊断号"), ("nameColumn", "诊断叫法")]
        let taken = await walk.ask(
            .sender, route, at: "/dictionaries", form: fields + told, file: "c.csv", content: Self.codes)
        #expect(taken.status == .created)
    }
}
