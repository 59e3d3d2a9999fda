import CheckKit
import ProgramFiles
import SelfTest
import SurveillanceKit
import Validation

/// A small program with one of everything, for tests of verdicts.
enum Clinic {
    static let registry = Result { try TemporaryPrograms(files).registry() }

    /// Examines one file and answers each finding as a line; see `Place`.
    static func check(_ csv: MarkedCSV, as name: String, institution: String? = nil) throws -> [String] {
        try examine([(name, csv.bytes)], institution: institution).places
    }

    static func examine(
        _ files: [(name: String, bytes: [UInt8])], institution: String? = nil,
        receivedAt: Instant = RuleCases.receivedAt,
        threads: Int = 1,
        stored: (@Sendable (ParentKey) throws -> StoredParent?)? = nil
    ) throws -> Examined {
        try Examined(
            files, by: try registry.get(), institution: institution, receivedAt: receivedAt, threads: threads,
            findParent: stored)
    }

    /// A row of `visit` that has nothing wrong with it.
    static let visit: [(field: String, text: String)] = [
        ("ORG", "H1"), ("NO", "A1"), ("TIME", "2026-03-05 08:01:02"), ("NAME", "示例甲"), ("SEX", "1"), ("DEPT", "03"),
        ("BORN", "1980-05-06"), ("AGE", "45"), ("FEE", "12.50"), ("NOTE", "发热"), ("SIGNS", "1;2"),
        ("ONSET", "2026-03-01"),
        ("PAPER", "01"), ("IDNO", "110105198005060010"), ("SEEN", "true"), ("GRADE", "B2"), ("LEVEL", "high"),
        ("COUNT", "-5"), ("WARD", "2"),
    ]

    /// The findings for one row of `visit` that differs in some cells, each as `field: code`.
    static func findings(_ cells: [String: String], institution: String? = nil) throws -> [String] {
        let header = visit.map(\.field).joined(separator: ",")
        let row = visit.map { quoted(cells[$0.field] ?? $0.text) }.joined(separator: ",")
        return try examine([("visit_1.csv", Array((header + "\n" + row).utf8))], institution: institution).findings.map
        {
            "\($0.field ?? "-"): \($0.rule ?? $0.code.rawValue)" + ($0.severity == .warning ? " warning" : "")
        }.sorted()
    }

    private static func quoted(_ text: String) -> String { text.contains(",") ? "\"\(text)\"" : text }

    private static func field(_ name: String, _ title: String, _ type: String, _ rest: String = "") -> String {
        """
        { "name": "\(name)", "title": "\(title)", "en": { "title": "\(name.lowercased())" }, "type": "\(type)",
          \(rest.contains("sensitivity") ? "" : "\"sensitivity\": \"none\",") \(rest.isEmpty ? "" : rest + ",")
          "deidentify": "\(rest.contains("\"direct\"") ? "pseudonym" : name == "BORN" ? "year" : "keep")" }
        """
    }

    private static func fileType(
        _ name: String, _ title: String, _ head: String, _ fields: [String], _ rules: String = ""
    ) -> String {
        """
        { "name": "\(name)", "title": "\(title)", "en": { "title": "\(name)s" }, \(head),
          "fields": [ \(fields.joined(separator: ",\n")) ], "rules": [ \(rules) ] }
        """
    }

    private static let required = "\"constraints\": { \"required\": true }"
    private static let direct = "\"sensitivity\": \"direct\""

    private static let visitFields: [String] = [
        field("ORG", "机构代码", "string", "\"constraints\": { \"required\": true, \"maxLength\": 10 }"),
        field("NO", "卡号", "string", required + "," + direct),
        field("TIME", "就诊时间", "datetime", "\"format\": \"%Y-%m-%d %H:%M:%S\", " + required),
        field(
            "NAME", "姓名", "string",
            "\"placeholder\": \"-\", \"constraints\": { \"required\": true, \"minLength\": 2, \"maxLength\": 4 }, "
                + direct),
        field("SEX", "性别", "string", "\"codeList\": \"SEX\", \"placeholder\": \"-\", " + required),
        field("DEPT", "科室", "string", "\"codeList\": \"DEPT\""),
        field("BORN", "出生日期", "date", "\"format\": \"%Y-%m-%d\", \"sensitivity\": \"quasi\""),
        field(
            "AGE", "年龄", "integer",
            "\"constraints\": { \"required\": true, \"minimum\": 0, \"maximum\": 150 }, \"severity\": { \"required\": \"warning\" }"
        ),
        field("FEE", "费用", "number", "\"decimals\": 2, \"integerDigits\": 6, \"constraints\": { \"minimum\": 0 }"),
        field("NOTE", "备注", "string", "\"constraints\": { \"maxLength\": 5 }"),
        field(
            "SIGNS", "症状", "string",
            "\"codeList\": \"SIGN\", \"separators\": \",;，\", \"constraints\": { \"maxLength\": 9 }"),
        field("ONSET", "发病", "datetime", "\"format\": \"any\""),
        field("PAPER", "证件类型", "string", "\"codeList\": \"OPEN\""),
        field("IDNO", "证件号", "string", "\"placeholder\": \"-\", " + direct),
        // The list holds a code that is longer than the field.
        field("WARD", "病区", "string", "\"codeList\": \"WARD\", \"constraints\": { \"maxLength\": 2 }"),
        field("SEEN", "已诊", "boolean"),
        field("GRADE", "级别", "string", "\"constraints\": { \"pattern\": \"[A-C][0-9]\" }"),
        field("LEVEL", "程度", "string", "\"constraints\": { \"enum\": [\"high\", \"low\"] }"),
        field("COUNT", "计数", "integer"),
    ]
    private static let visitFile: String = fileType(
        "visit", "就诊", "\"institutionField\": \"ORG\", \"primaryKey\": [\"NO\", \"TIME\"]", visitFields,
        """
        { "id": "resident-id", "check": "resident-id", "when": "PAPER == '01'", "field": "IDNO", "severity": "error",
          "message": { "zh": "身份证号不对", "en": "no resident ID" } },
        { "id": "onset-first", "expression": "ONSET <= TIME", "field": "ONSET", "severity": "error",
          "message": { "zh": "发病不晚于就诊", "en": "onset is not after the visit" } },
        { "id": "grade-needs-level", "expression": "GRADE == null || LEVEL != null", "field": "LEVEL", "severity": "error",
          "message": { "zh": "有级别须填程度", "en": "a grade needs its level" } }
        """)

    private static let personFields: [String] = [
        field("K", "编号", "string", "\"constraints\": { \"required\": true, \"maxLength\": 4 }"),
        field("A", "称呼", "string", "\"constraints\": { \"maxLength\": 6 }, " + direct), field("N", "数", "integer"),
    ]
    private static let personFile: String = fileType(
        "person", "人员", "\"primaryKey\": [\"K\"]", personFields)

    private static let parentFields: [String] = [
        field("NO", "卡号", "string", required),
        field("TIME", "时间", "datetime", "\"format\": \"%Y-%m-%d %H:%M:%S\", " + required), field("X", "数", "integer"),
    ]
    private static let parentFile: String = fileType(
        "parent", "病例", "\"primaryKey\": [\"NO\", \"TIME\"]", parentFields)

    private static let stayFields: [String] = [
        field("SID", "编号", "string", required), field("SNO", "号", "string"),
        field("SIN", "入院", "datetime", "\"format\": \"%Y-%m-%d %H:%M:%S\""), field("X", "数", "integer"),
    ]
    private static let stayFile: String = fileType(
        "stay", "住院", "\"primaryKey\": [\"SID\"]", stayFields)

    private static let childFields: [String] = [
        field("NO", "卡号", "string", required),
        field("TIME", "时间", "datetime", "\"format\": \"%Y-%m-%d %H:%M:%S\", " + required),
        field("LINE", "行", "integer", required),
    ]
    private static let childFile: String = fileType(
        "child", "用药",
        """
        "primaryKey": ["NO", "TIME", "LINE"],
        "foreignKeys": [ { "fields": ["NO", "TIME"], "reference": { "resource": "parent", "fields": ["NO", "TIME"] },
          "alternatives": [ { "fields": ["NO", "TIME"], "reference": { "resource": "stay", "fields": ["SNO", "SIN"] } } ] } ]
        """, childFields)

    private static let child2Fields: [String] = [
        field("A", "甲", "integer", required), field("B", "乙", "string", required),
        field("TIME", "时间", "datetime", "\"format\": \"%Y-%m-%d %H:%M:%S\", " + required),
        field("LINE", "行", "integer", required),
    ]
    private static let child2File: String = fileType(
        "child2", "检验",
        """
        "primaryKey": ["LINE"],
        "foreignKeys": [ { "fields": ["A"], "reference": { "resource": "child", "fields": ["LINE"] },
          "alternatives": [ { "fields": ["B", "TIME"], "reference": { "resource": "stay", "fields": ["SNO", "SIN"] } } ] } ]
        """, child2Fields)

    private static let codeKnown = """
        { "id": "code-known", "expression": "CODE != '-'", "field": "CODE", "severity": "error", "code": "constraint-error",
          "message": { "zh": "须填实际值", "en": "write the real value" } }
        """
    /// Its key may not be `-`, by a rule; the other part of the key may.
    private static let numberFile: String = fileType(
        "number", "编号", "\"primaryKey\": [\"CODE\", \"K\"]",
        [field("CODE", "代码", "string", required), field("K", "序", "string"), field("N", "数", "integer")], codeKnown)
    private static let pieceFile: String = fileType(
        "piece", "明细",
        """
        "primaryKey": ["CODE", "LINE"],
        "foreignKeys": [ { "fields": ["CODE"], "reference": { "resource": "number", "fields": ["CODE"] } } ]
        """, [field("CODE", "代码", "string", required), field("LINE", "行", "integer", required)], codeKnown)
    /// Names the institution as `visit` does.
    private static let noticeFile: String = fileType(
        "notice", "通知", "\"institutionField\": \"ORG\", \"primaryKey\": [\"NO\"]",
        [field("ORG", "机构代码", "string", required), field("NO", "号", "string", required)])

    private static let strictFields: [String] = [field("K", "编号", "string", required), field("N", "数", "integer")]
    private static let strictFile: String = fileType(
        "strict", "严格", "\"primaryKey\": [\"K\"], \"maximumRejectedShare\": 0.5", strictFields)

    static let files: [String: String] = [
        "Clinic/program.json": """
        { "id": "clinic", "version": "1.0.0", "effectiveFrom": "2020-01-01", "title": { "zh": "门诊", "en": "Clinic" },
          "timeZone": "Asia/Shanghai", "files": ["visit", "person", "parent", "stay", "child", "child2", "strict", "number", "piece", "notice"] }
        """,
        "Clinic/codelists/codelists.json": """
        [ { "id": "SEX", "title": { "zh": "性别", "en": "Sex" }, "severity": "error" },
          { "id": "DEPT", "title": { "zh": "科室", "en": "Department" }, "severity": "warning" },
          { "id": "SIGN", "title": { "zh": "症状", "en": "Sign" }, "severity": "error" },
          { "id": "WARD", "title": { "zh": "病区", "en": "Ward" }, "severity": "warning" },
          { "id": "OPEN", "title": { "zh": "未知", "en": "Not known" }, "severity": "error" } ]
        """,
        "Clinic/codelists/SEX.csv": "code,zh,en,source,confidence\n1,男性,male,GB,high\n2,女性,female,GB,high\n",
        "Clinic/codelists/DEPT.csv": "code,zh,en,source,confidence\n03,内科,internal,x,low\n04,外科,surgery,x,low\n",
        "Clinic/codelists/SIGN.csv":
            "code,zh,en,source,confidence\n1,发热,fever,x,high\n2,咳嗽,cough,x,high\n100000001,头痛,headache,x,high\n",
        "Clinic/codelists/WARD.csv": "code,zh,en,source,confidence\n1,一,one,x,low\n2,二,two,x,low\n701,三,three,x,low\n",
        "Clinic/codelists/OPEN.csv": "code,zh,en,source,confidence\n",
        "Clinic/files/visit.json": visitFile,
        "Clinic/files/person.json": personFile,
        "Clinic/files/parent.json": parentFile,
        "Clinic/files/stay.json": stayFile,
        "Clinic/files/child.json": childFile,
        "Clinic/files/child2.json": child2File,
        "Clinic/files/strict.json": strictFile,
        "Clinic/files/number.json": numberFile,
        "Clinic/files/piece.json": pieceFile,
        "Clinic/files/notice.json": noticeFile,
    ]
}
