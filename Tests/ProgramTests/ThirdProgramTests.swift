import CheckKit
import Foundation
import ProgramFiles
import SelfTest
import SurveillanceKit
import Testing
import Validation

/// A program that exists only here.
enum Mpox {
    static let program = """
        {
          "id": "mpox", "version": "1.0.0", "effectiveFrom": "2026-06-01",
          "title": { "zh": "猴痘监测", "en": "Mpox surveillance" },
          "timeZone": "Asia/Shanghai", "files": ["mpox", "contact"]
        }
        """
    static let mpox = """
        {
          "name": "mpox", "title": "猴痘病例", "en": { "title": "Mpox cases" },
          "primaryKey": ["CASE"],
          "fields": [
            { "name": "CASE", "title": "病例号", "en": { "title": "Case number" }, "type": "string",
              "constraints": { "required": true, "maxLength": 8, "pattern": "[A-Z][0-9]+" },
              "sensitivity": "none", "deidentify": "keep" },
            { "name": "SEX", "title": "性别", "en": { "title": "Sex" }, "type": "string", "codeList": "SEX",
              "placeholder": "/", "constraints": { "required": true }, "sensitivity": "quasi", "deidentify": "keep" },
            { "name": "ONSET", "title": "发病日期", "en": { "title": "Onset" }, "type": "date", "format": "%Y-%m-%d",
              "sensitivity": "quasi", "deidentify": "keep" },
            { "name": "SEEN", "title": "就诊日期", "en": { "title": "Seen" }, "type": "date", "format": "%Y-%m-%d",
              "sensitivity": "quasi", "deidentify": "keep" }
          ],
          "rules": [
            { "id": "onset-first", "expression": "ONSET <= SEEN", "field": "ONSET", "severity": "error",
              "message": { "zh": "发病日期不晚于就诊日期", "en": "onset is not after the visit" } }
          ]
        }
        """
    static let contact = """
        {
          "name": "contact", "title": "密切接触者", "en": { "title": "Contacts" },
          "primaryKey": ["CASE", "NO"],
          "foreignKeys": [ { "fields": ["CASE"], "reference": { "resource": "mpox", "fields": ["CASE"] } } ],
          "fields": [
            { "name": "CASE", "title": "病例号", "en": { "title": "Case number" }, "type": "string",
              "constraints": { "required": true }, "sensitivity": "none", "deidentify": "keep" },
            { "name": "NO", "title": "序号", "en": { "title": "Number" }, "type": "integer",
              "constraints": { "required": true, "minimum": 1 }, "sensitivity": "none", "deidentify": "keep" }
          ]
        }
        """

    static let files = [
        "Mpox/program.json": program, "Mpox/files/mpox.json": mpox, "Mpox/files/contact.json": contact,
        "Mpox/codelists/codelists.json": """
        [ { "id": "SEX", "title": { "zh": "性别", "en": "Sex" }, "severity": "error" } ]
        """,
        "Mpox/codelists/SEX.csv": "code,zh,en,source,confidence\n1,男,male,GB,high\n2,女,female,GB,high\n",
    ]

    /// The files with some replaced, added, or, by nil, left out.
    static func files(changing changes: [String: String?]) -> [String: String] {
        var files = files
        for (path, text) in changes { files[path] = text }
        return files
    }
}

@Suite("A program that is only a folder of files")
struct ThirdProgramTests {
    @Test("loads and checks without a module or a build")
    func works() throws {
        let programs = try TemporaryPrograms(Mpox.files)
        let csv = MarkedCSV(
            """
            CASE,SEX,ONSET,SEEN
            A1,1,2026-06-01,2026-06-02
            A2,❶3,2026-06-01,2026-06-02
            ❷a3,/,❸2026-06-31,2026-06-02
            A4,❹-,❺2026-06-03,2026/6/2
            A5,/,,
            """)
        let contacts = MarkedCSV("CASE,NO\nA1,1\n❶A2,2\nA1,❷0\n❸A9,1\n")
        let examined = try Examined(
            [("contact_1.csv", contacts.bytes), ("mpox_六月.csv", csv.bytes)], by: try programs.registry())
        #expect(
            examined.places(in: "mpox_六月.csv")
                == csv.expecting(
                    "❶ constraint-error", "❷ constraint-error", "❸ type-error", "❹ constraint-error", "❺ onset-first"))
        #expect(
            examined.places(in: "contact_1.csv")
                == contacts.expecting("❶ foreign-key", "❷ constraint-error", "❸ foreign-key warning"))
        #expect(examined.reports.map(\.program) == ["mpox", "mpox"])
        #expect(examined.reports.map(\.accepted) == [2, 2])
    }

    @Test("shares the endpoint with the other programs: each file goes to its own")
    func besideOthers() throws {
        let programs = try TemporaryPrograms(Mpox.files)
        let registry = try programs.registry()
        func type(_ name: String) -> String? {
            guard case .known(let type) = registry.fileType(forFileNamed: name, on: RuleCases.receivedAt) else {
                return nil
            }
            return "\(type.program.id) \(type.id)"
        }
        #expect(type("MPOX_1.csv") == "mpox mpox")
        #expect(type("folder/mpox.csv") == "mpox mpox")
        #expect(type("mpoxx_1.csv") == nil)
    }
}
