import CheckKit
import ProgramFiles
import SurveillanceKit
import Testing

/// What a program's files declare of a field, seen in what becomes of its cells.
@Suite("What a field declares")
struct DeclaredFieldTests {
    /// Noon of 2026-11-16 in UTC.
    private static let receivedAt = Instant(milliseconds: 1_794_830_400_000)

    private static func day(_ name: String, _ rest: String = "") -> String {
        """
        { "name": "\(name)", "title": "日期", "en": { "title": "\(name)" }, "type": "date", "format": "%Y-%m-%d",
          "sensitivity": "none", "deidentify": "keep"\(rest) }
        """
    }

    private static let registry = Result {
        try TemporaryPrograms([
            "Ward/program.json": """
            { "id": "ward", "version": "1.0.0", "effectiveFrom": "2020-01-01", "title": { "zh": "病区", "en": "Ward" },
              "timeZone": "Asia/Shanghai", "files": ["bed", "plain"] }
            """,
            "Ward/files/bed.json": """
            { "name": "bed", "title": "床位", "en": { "title": "Beds" }, "primaryKey": ["NO"], "missingValues": ["", "未提供", "n.k."],
              "fields": [
              { "name": "NO", "title": "床号", "en": { "title": "Bed" }, "type": "string", "sensitivity": "none",
                "deidentify": "keep", "constraints": { "required": true } },
              { "name": "SORT", "title": "类型", "en": { "title": "Kind" }, "type": "string", "sensitivity": "none",
                "deidentify": "keep" },
              \(day("LEFT")), \(day("WARNED", ", \"future\": \"warning\", \"placeholders\": \"error\"")),
              \(day("PLANNED", ", \"future\": \"allowed\", \"placeholders\": \"allowed\"")),
              \(day("STRICT", ", \"future\": \"error\", \"placeholders\": \"warning\"")) ] }
            """,
            "Ward/files/plain.json": """
            { "name": "plain", "title": "床位", "en": { "title": "Beds" }, "primaryKey": ["NO"],
              "fields": [
              { "name": "NO", "title": "床号", "en": { "title": "Bed" }, "type": "string", "sensitivity": "none",
                "deidentify": "keep", "constraints": { "required": true } },
              { "name": "SORT", "title": "类型", "en": { "title": "Kind" }, "type": "string", "sensitivity": "none",
                "deidentify": "keep" },
              { "name": "ONE", "title": "一", "en": { "title": "One" }, "type": "integer", "sensitivity": "none",
                "deidentify": "keep", "constraints": { "minimum": 1, "maximum": 1 } },
              { "name": "TWO", "title": "二", "en": { "title": "Two" }, "type": "string", "sensitivity": "none",
                "deidentify": "keep", "constraints": { "minLength": 2, "maxLength": 2 } } ] }
            """,
        ]).registry()
    }

    private func findings(
        _ rows: String, header: String = "NO,SORT,LEFT,WARNED,PLANNED,STRICT", as type: String = "bed"
    )
        throws -> [String]
    {
        let bytes = Array("\(header)\n\(rows)\n".utf8)
        return try Examined(
            [("\(type)_1.csv", bytes)], by: try Self.registry.get(), receivedAt: Self.receivedAt
        ).places
    }

    @Test("of days to come: an error, a warning or nothing, as declared; an error where nothing is said")
    func future() throws {
        let day = "2026-11-18"
        #expect(
            try findings("1,a,\(day),\(day),\(day),\(day)") == [
                "row 2 C LEFT: constraint-error", "row 2 D WARNED: constraint-error warning",
                "row 2 F STRICT: constraint-error",
            ])
        // The day after the day of receipt is grace.
        #expect(try findings("1,a,2026-11-17,2026-11-17,2026-11-17,2026-11-17") == [])
    }

    @Test(
        "of days that stand for nothing: an error, a warning or nothing, as declared; a warning where nothing is said")
    func placeholders() throws {
        let day = "1900-01-01"
        #expect(
            try findings("1,a,\(day),\(day),\(day),\(day)") == [
                "row 2 C LEFT: constraint-error warning", "row 2 D WARNED: constraint-error",
                "row 2 F STRICT: constraint-error warning",
            ])
    }

    @Test(
        "of words for nothing: those of the file are added to those that every program knows",
        arguments: ["未提供", "n.k.", "NULL"])
    func missingValues(word: String) throws {
        #expect(try findings("1,\(word),,,,") == ["file: constraint-error warning"])
        #expect(try findings("\(word),a,,,,") == ["row 2 A NO: constraint-error"])
        // As a whole only.
        #expect(try findings("1,\(word)者,,,,") == [])
    }

    @Test("a file that adds no words knows none of another's")
    func otherFile() throws {
        #expect(try findings("1,未提供,,", header: "NO,SORT,ONE,TWO", as: "plain") == [])
        #expect(try findings("1,NULL,,", header: "NO,SORT,ONE,TWO", as: "plain") == ["file: constraint-error warning"])
    }

    @Test("of a range of one value: that value alone is right")
    func narrow() throws {
        for (row, expected) in [
            ("1,a,1,ab", []), ("1,a,0,ab", ["row 2 C ONE: constraint-error"]),
            ("1,a,2,ab", ["row 2 C ONE: constraint-error"]), ("1,a,1,a", ["row 2 D TWO: constraint-error"]),
            ("1,a,1,abc", ["row 2 D TWO: constraint-error"]),
        ] {
            #expect(try findings(row, header: "NO,SORT,ONE,TWO", as: "plain") == expected, "\(row)")
        }
    }
}
