import CheckKit
import Checking
import ProgramFiles
import SelfTest
import SurveillanceKit
import Tabular
import Testing
import Validation

@Suite("What is registered of an institution")
struct RegisteredInstitutionTests {
    private static let registry = Result {
        try TemporaryPrograms([
            "Ward/program.json": """
            { "id": "ward", "version": "1.0.0", "effectiveFrom": "2020-01-01", "title": { "zh": "病区", "en": "Ward" },
              "timeZone": "Asia/Shanghai", "files": ["bed"] }
            """,
            "Ward/files/bed.json": """
            { "name": "bed", "title": "床位", "en": { "title": "Beds" }, "primaryKey": ["NO"], "institutionField": "ORG",
              "institutionNameField": "NAME", "fields": [
              { "name": "ORG", "title": "机构代码", "en": { "title": "Institution code" }, "type": "string", "sensitivity": "none",
                "deidentify": "keep", "constraints": { "required": true, "maxLength": 23 } },
              { "name": "NAME", "title": "机构名称", "en": { "title": "Institution name" }, "type": "string", "sensitivity": "none",
                "deidentify": "keep" },
              { "name": "NO", "title": "床号", "en": { "title": "Bed" }, "type": "string", "sensitivity": "none",
                "deidentify": "keep", "constraints": { "required": true } } ] }
            """,
        ]).registry()
    }

    private func findings(_ rows: String, codeAliases: [String] = []) throws -> [Finding] {
        let context = ValidationContext(
            registered: RegisteredInstitution(
                code: "12345678901234567890A1", name: "示例市第一人民医院", aliases: ["市一院", "First Hospital"],
                codeAliases: codeAliases),
            receivedAt: RuleCases.receivedAt, seed: KeySeed((1, 2)))
        var sink = FindingCollector()
        let bytes = Array("ORG,NAME,NO\n\(rows)\n".utf8)
        _ = try Examination(registry: try Self.registry.get(), context: context)
            .run(UploadedPackage(name: "bed_1.csv", source: BytesSource(bytes)), named: "bed_1.csv", sink: &sink)
        return sink.findings
    }

    @Test(
        "its name and its aliases are right, in full width and with blanks, too",
        arguments: ["示例市第一人民医院", "市一院", "First Hospital", "FIRST　hospital", "Ｆirst hospital", " 市一院 ", "", "-"])
    func called(name: String) throws {
        #expect(try findings("12345678901234567890A1,\(name),1") == [])
    }

    @Test(
        "another name is a warning that says which one is registered",
        arguments: ["示例市第二人民医院", "市一院东院", "一院", "First Hospitals"])
    func otherName(name: String) throws {
        let found = try #require(try findings("12345678901234567890A1,\(name),1").first)
        #expect(found.field == "NAME" && found.severity == .warning)
        // It may be a person's as well.
        #expect(found.value == String(repeating: "*", count: name.count))
        #expect(found.expected?.zh.contains("“示例市第一人民医院”") == true)
        #expect(found.expected?.en.contains("'示例市第一人民医院'") == true)
    }

    @Test(
        "a wrong code shows what was sent and what is registered",
        arguments: [
            "12345678901234567890A2", "1234567890123456789A1", "12345678901234567890A11", "98765432109876543210B1",
        ])
    func otherCode(code: String) throws {
        let found = try findings("12345678901234567890A1,市一院,1\n\(code),市一院,2")
        #expect(found.map(\.row) == [3] && found.map(\.severity) == [.error])
        #expect(found.first?.value == code)
        #expect(found.first?.expected?.zh.contains("登记的机构代码 12345678901234567890A1") == true)
        #expect(found.first?.expected?.en.contains("the registered code 12345678901234567890A1") == true)
    }

    @Test(
        "a bound code is right, whatever its length, case and hyphens",
        arguments: [
            "D2143569X4", "d2143569-x4", "D21435 69X4", "98765432-109876543210B1XYZ",
            "98765432109876543210B1XYZ",
            "12345678901234567890A1", "12345678-901234567890A1",
        ])
    func boundCode(code: String) throws {
        #expect(try findings("\(code),市一院,1", codeAliases: ["D2143569X4", "98765432109876543210B1xyz"]) == [])
    }

    @Test("a code that is not bound is wrong beside those that are", arguments: ["D2143569X5", "D2143569X"])
    func unboundCode(code: String) throws {
        let found = try findings("\(code),市一院,1", codeAliases: ["D2143569X4"])
        #expect(found.map(\.field) == ["ORG"] && found.map(\.severity) == [.error])
    }
}
