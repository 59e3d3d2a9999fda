import CoreRuntime
import SurveillanceKit
import TestKit
import Testing

@Suite("Each rule has rows that break it and rows that just keep it")
struct RuleCaseTests {
    private struct Subject {
        var registry: ProgramRegistry
        var type: FileType
        var cases: RuleCases

        init(_ id: String) throws {
            registry = try Repository.registry.get()
            let compiled = try #require(registry.fileType(forFileNamed: id + ".csv"))
            type = compiled.fileType
            let all = try RuleCases.all(of: compiled.program.id, in: Repository.programs)
            cases = try #require(all[id], "no Cases/rules/\(id).json")
        }

        /// Findings for rows that differ from the base, each by its row; those about links and missing parents left out.
        func findings(_ rows: [[String: String]]) throws -> [Int: [Finding]] {
            let header = type.fields.map(\.name).joined(separator: ",")
            let lines = rows.map { row in
                let cells = cases.base.merging(row) { $1 }
                return type.fields.map { quoted(cells[$0.name] ?? "") }.joined(separator: ",")
            }
            var found: [Int: [Finding]] = [:]
            // One file a row, so that equal keys and codes of institutions do not meet.
            for (index, line) in lines.enumerated() {
                let examined = try Examined([("\(type.id)_1.csv", Array((header + "\n" + line + "\n").utf8))], by: registry)
                found[index] = examined.findings.filter { $0.code != .foreignKey }
            }
            return found
        }

        private func quoted(_ text: String) -> String {
            text.contains { ",\"\n\r".contains($0) } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
        }
    }

    @Test("no rule is without a case, and no case without a rule", arguments: ProgramContractTests.fileTypes)
    func complete(id: String) throws {
        let subject = try Subject(id)
        #expect(Set(subject.type.rules.map(\.id)) == Set(subject.cases.cases.map(\.rule)))
        let fields = Set(subject.type.fields.map(\.name))
        for entry in subject.cases.cases {
            #expect(fields.isSuperset(of: entry.hit.keys) && fields.isSuperset(of: entry.miss.keys), "\(entry.rule)")
        }
    }

    @Test("the base row has nothing wrong with it", arguments: ProgramContractTests.fileTypes)
    func base(id: String) throws {
        #expect(try Subject(id).findings([[:]])[0]?.map(Place.text) == [])
    }

    @Test("a hit breaks its rule at the rule's field, and no other", arguments: ProgramContractTests.fileTypes)
    func hits(id: String) throws {
        let subject = try Subject(id)
        let found = try subject.findings(subject.cases.cases.map(\.hit))
        for (index, entry) in subject.cases.cases.enumerated() {
            let rule = try #require(subject.type.rules.first { $0.id == entry.rule })
            #expect(found[index]?.map(\.rule) == [rule.id], "\(rule.id) \(entry.hit): \((found[index] ?? []).map(Place.text))")
            let finding = try #require(found[index]?.first { $0.rule == rule.id }, "\(rule.id) \(entry.hit)")
            #expect(finding.field == rule.field && finding.severity == rule.severity && finding.code == rule.code)
            #expect(finding.message == rule.message && finding.row == 2)
        }
    }

    @Test("a near miss breaks nothing", arguments: ProgramContractTests.fileTypes)
    func misses(id: String) throws {
        let subject = try Subject(id)
        let found = try subject.findings(subject.cases.cases.map(\.miss))
        for (index, entry) in subject.cases.cases.enumerated() {
            #expect(found[index]?.map(Place.text) == [], "\(entry.rule) \(entry.miss)")
        }
    }
}
