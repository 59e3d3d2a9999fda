import CheckKit
import Foundation
import ProgramFiles
import SurveillanceKit
import Testing
import Validation

@Suite("The loader refuses whatever the JSON Schemas refuse")
struct SchemaMutationTests {
    /// A program that uses every property that the schemas know.
    private static let files = [
        "All/program.json": """
        { "$schema": "../x.json", "id": "all", "version": "1.0.0", "effectiveFrom": "2026-01-01",
          "title": { "zh": "全部", "en": "All" }, "description": { "zh": "说明", "en": "What it is" },
          "timeZone": "Asia/Shanghai", "retentionDays": 40, "historyDays": 400, "coverage": { "days": 7, "by": "SEEN" },
          "deadlines": [
            { "kind": "first-report", "from": "2026-01-01", "covers": { "since": "2026-01-01" }, "due": [{ "when": "level == '三级'", "by": "2026-02-01" }, { "by": "2026-03-01 17:00" }] },
            { "kind": "daily", "from": "2026-01-01", "until": "2026-12-31", "covers": { "days": 7 }, "graceMinutes": 5, "due": [{ "by": "17:00" }] },
            { "kind": "weekly", "from": "2026-01-01", "due": [{ "weekday": "monday", "by": "12:00" }] },
            { "kind": "monthly", "from": "2026-01-01", "until": "2026-06-30", "due": [{ "day": 5 }] },
            { "kind": "monthly", "from": "2026-07-01", "due": [{ "workingDay": 3 }] },
            { "kind": "once", "id": "survey", "from": "2026-01-01", "covers": { "since": "2026-01-01" }, "due": [{ "by": "2026-02-01" }] },
            { "kind": "after-event", "id": "attachments", "from": "2026-01-01", "due": [{ "days": 7 }] } ],
          "scope": { "rules": [{ "from": "2026-01-01", "until": "2026-12-31", "institutions": "hasFeverClinic" }],
            "additions": [{ "institution": "H1", "from": "2026-01-01", "until": "2026-12-31", "reason": { "zh": "试点", "en": "a trial" } }],
            "exemptions": [{ "institution": "H2", "from": "2026-01-01", "until": "2026-12-31", "reason": { "zh": "停诊", "en": "closed" } }] },
          "files": ["stay", "note"] }
        """,
        "All/files/stay.json": """
        { "name": "stay", "title": "住院", "en": { "title": "Stays" }, "primaryKey": ["ID"],
          "fields": [
            { "name": "ID", "title": "编号", "en": { "title": "Number" }, "type": "string", "constraints": { "required": true }, "sensitivity": "none", "deidentify": "keep" },
            { "name": "WAY", "title": "离院", "en": { "title": "Way" }, "type": "string", "codeList": "WAY", "sensitivity": "none", "deidentify": "keep" } ] }
        """,
        "All/files/note.json": """
        { "$schema": "../x.json", "name": "note", "title": "小结", "description": "说明", "en": { "title": "Notes", "description": "What they are" },
          "institutionField": "ORG", "institutionNameField": "NAME", "eventDate": "SEEN", "maximumRejectedShare": 0.5, "missingValues": [""], "primaryKey": ["ID", "N"],
          "foreignKeys": [ { "fields": ["ID"], "reference": { "resource": "stay", "fields": ["ID"] },
              "requires": [ { "id": "way", "field": "ID", "parentField": "WAY", "in": ["1"], "severity": "error", "message": { "zh": "不符", "en": "another" }, "expected": { "zh": "一", "en": "one" } } ],
              "alternatives": [ { "fields": ["ID"], "reference": { "resource": "stay", "fields": ["ID"] },
                "requires": [ { "id": "way-2", "field": "ID", "parentField": "WAY", "notIn": ["2"], "severity": "warning", "message": { "zh": "不符", "en": "another" } } ] } ] } ],
          "fields": [
            { "name": "ORG", "title": "机构", "description": "说明", "en": { "title": "Institution", "description": "Its code" }, "type": "string", "format": "default",
              "constraints": { "required": true, "minLength": 1, "maxLength": 22, "pattern": "[A-Z0-9]+" }, "severity": { "minLength": "warning" }, "sensitivity": "none", "deidentify": "keep" },
            { "name": "NAME", "title": "名称", "en": { "title": "Name" }, "type": "string", "placeholder": "-", "sensitivity": "none", "deidentify": "keep" },
            { "name": "ID", "title": "编号", "en": { "title": "Number" }, "type": "string", "constraints": { "required": true }, "sensitivity": "none", "deidentify": "keep" },
            { "name": "N", "title": "序号", "en": { "title": "Line" }, "type": "integer", "constraints": { "required": true, "minimum": 1, "maximum": 99 }, "sensitivity": "none", "deidentify": "keep" },
            { "name": "DAY", "title": "日期", "en": { "title": "Day" }, "type": "date", "format": "%Y-%m-%d", "sensitivity": "quasi", "deidentify": "year" },
            { "name": "SEEN", "title": "就诊日", "en": { "title": "Seen" }, "type": "datetime", "format": "%Y-%m-%d %H:%M:%S", "sensitivity": "quasi", "deidentify": "keep" },
            { "name": "FEE", "title": "费用", "en": { "title": "Fee" }, "type": "number", "decimals": 2, "integerDigits": 6, "severity": { "decimals": "warning" }, "sensitivity": "none", "deidentify": "keep" },
            { "name": "WAY", "title": "离院", "en": { "title": "Way" }, "type": "string", "codeList": "WAY", "separators": ";", "placeholder": ["-", "/"], "severity": { "codeList": "error" }, "sensitivity": "none", "deidentify": "keep" },
            { "name": "LEVEL", "title": "程度", "en": { "title": "Level" }, "type": "string", "constraints": { "enum": ["high", "low"] }, "sensitivity": "none", "deidentify": "keep" } ],
          "rules": [
            { "id": "day", "expression": "DAY <= today()", "field": "DAY", "severity": "error", "code": "rule-error", "message": { "zh": "晚于当天", "en": "after today" }, "expected": { "zh": "不晚于今天", "en": "not after today" } },
            { "id": "level", "check": "icd10", "when": "N > 1", "field": "LEVEL", "severity": "warning", "message": { "zh": "不符", "en": "no code" } } ] }
        """,
        "All/codelists/codelists.json":
            #"[ { "id": "WAY", "title": { "zh": "离院", "en": "Way" }, "severity": "error" } ]"#,
        "All/codelists/WAY.csv": "code,zh,en\n1,一,one\n2,二,two\n",
    ]

    /// A small program of its own for indicators: each mutant is loaded, and these are many.
    private static let kept = [
        "Kept/program.json": """
        { "id": "kept", "version": "1.0.0", "effectiveFrom": "2026-01-01", "title": { "zh": "指标", "en": "Kept" }, "timeZone": "Asia/Shanghai",
          "files": ["stay", "note"],
          "concepts": "concepts.csv",
          "dimensions": [
            { "id": "way", "title": { "zh": "离院", "en": "Way" }, "fields": { "stay": "WAY" },
              "groups": [ { "id": "one", "title": { "zh": "一", "en": "One" }, "codes": ["1"] } ] },
            { "id": "line", "title": { "zh": "序号", "en": "Line" }, "fields": { "note": "N" },
              "groups": [ { "id": "low", "title": { "zh": "小", "en": "Low" }, "through": 9 }, { "id": "high", "title": { "zh": "大", "en": "High" }, "from": 10, "through": 99 } ] } ],
          "indicators": [
            { "id": "noted", "version": 2, "title": { "zh": "有小结占比", "en": "Share with a note" }, "definition": { "zh": "有小结的住院", "en": "Stays with a note" },
              "caveat": { "zh": "说明", "en": "To note" }, "source": { "zh": "示例", "en": "Example" }, "unit": "percent", "over": "stay", "eventDate": "DAY",
              "valid": { "when": "WAY != null", "having": [ { "in": "note", "when": "N < 50", "atLeast": 1 } ] },
              "numerator": { "count": true, "when": "WAY == '1'", "having": [ { "in": "note", "when": "N > 1", "none": true } ] }, "denominator": { "count": true },
              "dimensions": ["way"], "minimumDenominator": 5, "alarm": "up", "experimental": true,
              "earlier": [ { "version": 1, "title": { "zh": "小结数", "en": "Notes" }, "definition": { "zh": "小结序号之和", "en": "Sum of lines" }, "source": { "zh": "示例", "en": "Example" },
                "unit": { "zh": "行", "en": "lines" }, "over": "stay", "eventDate": "DAY", "numerator": { "sum": { "in": "note", "when": "N > 1", "of": "N" } } } ] },
            { "id": "fee", "version": 1, "title": { "zh": "费用", "en": "Fee" }, "definition": { "zh": "费用的百分位数", "en": "A percentile of fees" }, "source": { "zh": "示例", "en": "Example" },
              "unit": "yuan", "over": "note", "numerator": { "percentile": 90, "of": "FEE", "decimals": 2 }, "dimensions": ["line"] } ] }
        """,
        "Kept/files/stay.json": """
        { "name": "stay", "title": "住院", "en": { "title": "Stays" }, "primaryKey": ["ID"],
          "fields": [
            { "name": "ID", "title": "编号", "en": { "title": "Number" }, "type": "string", "constraints": { "required": true }, "sensitivity": "none", "deidentify": "keep" },
            { "name": "DAY", "title": "入院日", "en": { "title": "Day" }, "type": "date", "format": "%Y-%m-%d", "sensitivity": "quasi", "deidentify": "keep" },
            { "name": "WAY", "title": "离院", "en": { "title": "Way" }, "type": "string", "sensitivity": "none", "deidentify": "keep" } ] }
        """,
        "Kept/files/note.json": """
        { "name": "note", "title": "小结", "en": { "title": "Notes" }, "eventDate": "SEEN", "primaryKey": ["ID", "N"],
          "foreignKeys": [ { "fields": ["ID"], "reference": { "resource": "stay", "fields": ["ID"] } } ],
          "fields": [
            { "name": "ID", "title": "编号", "en": { "title": "Number" }, "type": "string", "constraints": { "required": true }, "sensitivity": "none", "deidentify": "keep" },
            { "name": "N", "title": "序号", "en": { "title": "Line" }, "type": "integer", "constraints": { "required": true }, "sensitivity": "none", "deidentify": "keep" },
            { "name": "SEEN", "title": "就诊日", "en": { "title": "Seen" }, "type": "date", "format": "%Y-%m-%d", "sensitivity": "quasi", "deidentify": "keep" },
            { "name": "FEE", "title": "费用", "en": { "title": "Fee" }, "type": "number", "sensitivity": "none", "deidentify": "keep" } ] }
        """,
        "Kept/concepts.csv": "concept,title_zh,title_en,match,text,source\nsevere,重症,Severe,contains,重,example\n",
    ]

    static let schemas = [
        ("program", "All/program.json"), ("program", "Kept/program.json"), ("file-type", "All/files/note.json"),
        ("codelists", "All/codelists/codelists.json"),
    ]

    @Test("each changed file that a schema refuses is refused with its place", arguments: schemas)
    func mutations(schema: String, path: String) throws {
        let check = try SchemaCheck(schema)
        let files = path.hasPrefix("Kept") ? SchemaMutationTests.kept : SchemaMutationTests.files
        let programs = try TemporaryPrograms(files)
        _ = try programs.registry()
        let text = try #require(files[path])
        let original = try JSONSerialization.jsonObject(with: Data(text.utf8))
        #expect(try check.accepts(original))
        let file = programs.folder.appendingPathComponent(path)
        var refused = 0
        for (what, mutant) in Mutant.all(of: original, at: "") where try !check.accepts(mutant) {
            try JSONSerialization.data(withJSONObject: mutant, options: [.fragmentsAllowed]).write(to: file)
            do throws(ProgramError) {
                _ = try programs.registry()
                Issue.record("\(path): \(what) was taken")
            } catch {
                #expect(
                    error.mistakes.contains { $0.file == "Surveillance/\(path)" && $0.line != nil }, "\(what): \(error)"
                )
            }
            refused += 1
        }
        #expect(refused > (schema == "file-type" ? 1000 : 50), "\(refused) mutants")
    }
}

/// Every way in which one place of a JSON value is made otherwise: left out, doubled, misspelt, or something else in its place.
private enum Mutant {
    nonisolated(unsafe) private static let others: [Any] = [
        NSNull(), true, -1, 1.5, "", "!", [Any](), [[String: Any]()], ["x": 1],
    ]

    static func all(of value: Any, at place: String) -> [(String, Any)] {
        var mutants: [(String, Any)] = others.map { ("\(place) = \($0)", $0) }
        if let object = value as? [String: Any] {
            mutants.append(("\(place).unheard = 1", object.merging(["unheard": 1]) { $1 }))
            for (name, inner) in object {
                var without = object
                without[name] = nil
                mutants.append(("\(place).\(name) left out", without))
                without[name + "x"] = inner
                mutants.append(("\(place).\(name) misspelt", without))
                for (what, mutant) in all(of: inner, at: "\(place).\(name)") {
                    mutants.append((what, object.merging([name: mutant]) { $1 }))
                }
            }
        } else if let list = value as? [Any] {
            for index in list.indices {
                mutants.append(("\(place)[\(index)] doubled", list + [list[index]]))
                for (what, mutant) in all(of: list[index], at: "\(place)[\(index)]") {
                    var changed = list
                    changed[index] = mutant
                    mutants.append((what, changed))
                }
            }
        }
        return mutants
    }
}
