import CheckKit
import Foundation
import ProgramFiles
import SelfTest
import SurveillanceKit
import Testing
import Validation

@Suite("Every program")
struct ProgramContractTests {
    static let fileTypes = Repository.fileTypeNames

    @Test("is loaded, with each of its files")
    func loaded() throws {
        let registry = try Repository.registry.get()
        #expect(registry.mistakes == [] && registry.setAside == [])
        #expect(registry.programs.map(\.program.id) == Repository.programNames)
        #expect(Set(registry.programs.flatMap(\.fileTypes).map(\.id)) == Set(ProgramContractTests.fileTypes))
    }

    private func fileType(_ id: String) throws -> FileType {
        try #require(try Repository.registry.get().type(id)).fileType
    }

    @Test("says in its files what becomes of each field, and keeps no direct identifier", arguments: fileTypes)
    func classified(id: String) throws {
        let fields = try fileType(id).fields
        for field in fields where field.sensitivity == .direct {
            #expect(
                [.drop, .pseudonym, .scrub].contains(field.deidentify), "\(field.name) points at a patient and is kept")
        }
        for field in fields where field.deidentify == .year {
            #expect(field.type == .date || field.type == .datetime, "\(field.name) has no year")
        }
        let json = try schema(id)
        let declared = try #require(json["fields"] as? [[String: Any]])
        for field in declared {
            #expect(field["sensitivity"] != nil && field["deidentify"] != nil, "\(field["name"] ?? "?") has no class")
        }
    }

    @Test("marks as direct whatever is called a name, number, telephone or address of a person", arguments: fileTypes)
    func named(id: String) throws {
        let words = ["姓名", "证件号", "身份证", "电话", "住址", "地址", "健康卡号", "病案号", "住院号", "就诊卡号"]
        for field in try fileType(id).fields where words.contains(where: field.title.zh.contains) {
            let isPlace = field.title.zh.contains("类型") || field.title.zh.contains("邮")
            #expect(field.sensitivity == .direct || isPlace, "\(field.name) \(field.title.zh)")
        }
    }

    @Test("speaks to people in two languages", arguments: fileTypes)
    func bilingual(id: String) throws {
        let type = try fileType(id)
        func isChinese(_ text: String) -> Bool { text.unicodeScalars.contains { $0.properties.isIdeographic } }
        for text in [type.title] + [type.description].compactMap({ $0 }) + type.rules.map(\.message)
            + type.parentRules.map(\.message)
            + type.fields.map(\.title)
        {
            // Names of tests (HBsAg) are their own Chinese; a message may quote the Chinese words a field takes.
            #expect(isChinese(text.zh) || text.zh.utf8.count < 8, "\(text)")
            #expect(
                !text.en.isEmpty && text.en.first?.isASCII == true && text.en != text.zh || text.zh.utf8.count < 8,
                "\(text)")
        }
    }

    @Test("has keys of required fields, and says which fields are the institution's", arguments: fileTypes)
    func keys(id: String) throws {
        let type = try fileType(id)
        #expect(!type.primaryKey.isEmpty)
        for name in type.primaryKey {
            let field = try #require(type.fields.first { $0.name == name })
            #expect(field.placeholders.isEmpty, "\(id) \(name)")
        }
        #expect(
            type.primaryKey.contains { name in type.fields.contains { $0.name == name && $0.constraints.isRequired } })
        for name in type.institutionFields {
            let field = try #require(type.fields.first { $0.name == name })
            #expect(field.type == .string && field.sensitivity == .none && field.deidentify == .keep, "\(id) \(name)")
        }
    }

    /// The file type's JSON as it stands.
    private func schema(_ id: String) throws -> [String: Any] {
        let program = try #require(try Repository.registry.get().type(id)?.program.id)
        let folder = try #require(RuleCases.folder(of: program, in: Repository.programs))
        let data = try Data(contentsOf: folder.appendingPathComponent("files/\(id).json"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test(
        "has schemas that any Table Schema tool takes",
        .enabled(if: Frictionless.isThere, Comment(rawValue: Frictionless.skipped)))
    func tableSchemas() throws {
        let check = """
            import sys, json
            from frictionless import Schema
            for path in sys.argv[1:]:
                try:
                    schema = Schema.from_descriptor(json.load(open(path)))
                    print(path.split("/")[-1], len(schema.fields))
                except Exception as error:
                    print(path, error)
            """
        var expected: [String] = []
        var paths: [String] = []
        for program in try Repository.registry.get().programs {
            let folder = try #require(RuleCases.folder(of: program.program.id, in: Repository.programs))
            for type in program.program.fileTypes {
                paths.append(folder.appendingPathComponent("files/\(type.id).json").path)
                expected.append("\(type.id).json \(type.fields.count)")
            }
        }
        let output = try Frictionless.run(check, paths)
        #expect(output.split(separator: "\n").map(String.init) == expected)
    }
}
