import CheckKit
import ProgramFiles
import SelfTest
import SurveillanceKit
import Testing
import Validation

@Suite("Each rule has rows that break it and rows that just keep it")
struct RuleCaseTests {
    private struct Subject {
        var registry: ProgramRegistry
        var type: FileType
        var cases: RuleCases

        init(_ id: String) throws {
            registry = try Repository.registry.get()
            let compiled = try #require(registry.type(id))
            type = compiled.fileType
            let all = try RuleCases.all(of: compiled.program.id, in: Repository.programs)
            cases = try #require(all[id], "no Cases/rules/\(id).json")
        }

        /// Findings for rows that differ from the base, each by its row's place in the list; those about keys and parents left out.
        func findings(_ rows: [[String: String]]) throws -> [Int: [Finding]] {
            // A row that changes the institution's code or name stands alone: in a file they must all be the same.
            let alone = rows.indices.filter { index in type.institutionFields.contains { rows[index][$0] != nil } }
            var found = try examine(rows.indices.filter { !alone.contains($0) }, of: rows)
            for index in alone {
                found.merge(try examine([index], of: rows)) { first, _ in first }
            }
            return found
        }

        private func examine(_ indices: [Int], of rows: [[String: String]]) throws -> [Int: [Finding]] {
            let header = type.fields.map(\.name).joined(separator: ",")
            let lines = indices.map { index in
                let cells = cases.base.merging(rows[index]) { $1 }
                return type.fields.map { quoted(cells[$0.name] ?? "") }.joined(separator: ",")
            }
            let text = ([header] + lines).joined(separator: "\n") + "\n"
            let examined = try Examined([("\(type.id)_1.csv", Array(text.utf8))], by: registry)
            var found = Dictionary(uniqueKeysWithValues: indices.map { ($0, [Finding]()) })
            for finding in examined.findings where finding.code != .foreignKey && finding.code != .primaryKey {
                let row = try #require(finding.row)
                found[indices[row - 2], default: []].append(finding)
            }
            return found
        }

        /// Findings for a row that differs from the base beside a parent that differs from its own, in either order of the files.
        func findings(_ row: [String: String], parent: [String: String], of rule: ParentRule) throws -> [[Finding]] {
            let link = try #require(type.foreignKeys.flatMap(\.links).first { $0.rules.contains(rule) })
            let parentType = try #require(registry.type(link.fileType))
            let own = cases.base.merging(row) { $1 }
            let all = try RuleCases.all(of: parentType.program.id, in: Repository.programs)
            var cells = try #require(all[link.fileType]).base.merging(parent) { $1 }
            for (name, parentName) in zip(link.fields, link.parentFields) { cells[parentName] = own[name] }
            let files = [(type, own), (parentType.fileType, cells)].map { type, cells in
                let header = type.fields.map(\.name).joined(separator: ",")
                let line = type.fields.map { quoted(cells[$0.name] ?? "") }.joined(separator: ",")
                return (name: "\(type.id)_1.csv", bytes: Array("\(header)\n\(line)\n".utf8))
            }
            return try [files, files.reversed()].map { try Examined($0, by: registry).findings }
        }

        private func quoted(_ text: String) -> String {
            text.contains { ",\"\n\r".contains($0) } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
        }
    }

    @Test("no rule is without a case, and no case without a rule", arguments: ProgramContractTests.fileTypes)
    func complete(id: String) throws {
        let subject = try Subject(id)
        #expect(Set(subject.type.rules.map(\.id)) == Set(subject.cases.cases.map(\.rule)))
        #expect(Set(subject.type.parentRules.map(\.id)) == Set(subject.cases.parentCases.map(\.rule)))
        let fields = Set(subject.type.fields.map(\.name))
        for entry in subject.cases.cases + subject.cases.parentCases {
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
            let here = found[index] ?? []
            #expect(here.compactMap(\.rule) == [rule.id], "\(rule.id) \(entry.hit): \(here.map(Place.text))")
            // The cell itself may already have a warning of its own, never an error: that would keep the rule from being tried.
            #expect(
                here.allSatisfy { $0.rule == rule.id || ($0.severity == .warning && $0.field == rule.field) },
                "\(rule.id)")
            let finding = try #require(found[index]?.first { $0.rule == rule.id }, "\(rule.id) \(entry.hit)")
            #expect(finding.field == rule.field && finding.severity == rule.severity && finding.code == rule.code)
            #expect(finding.message == rule.message)
        }
    }

    @Test("a rule about the parent is broken by the two together, and just kept by two others", arguments: withParents)
    func parents(id: String) throws {
        let subject = try Subject(id)
        for entry in subject.cases.parentCases {
            let rule = try #require(subject.type.parentRules.first { $0.id == entry.rule })
            let parent = try #require(entry.parent)
            for findings in try subject.findings(entry.hit, parent: parent.hit, of: rule) {
                #expect(findings.map(\.rule) == [rule.id], "\(entry): \(findings.map(Place.text))")
                let finding = try #require(findings.first)
                #expect(finding.fileType == id && finding.row == 2 && finding.field == rule.field)
                #expect(finding.code == .ruleError && finding.severity == rule.severity)
                #expect(finding.message == rule.message && finding.expected == rule.expected)
            }
            for findings in try subject.findings(entry.miss, parent: parent.miss, of: rule) {
                #expect(findings.map(Place.text) == [], "\(entry)")
            }
        }
    }

    private static let withParents = ProgramContractTests.fileTypes.filter { id in
        // Where the programs do not load, all of them, so that the test fails.
        (try? Repository.registry.get().type(id)?.fileType.parentRules.isEmpty) != true
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
