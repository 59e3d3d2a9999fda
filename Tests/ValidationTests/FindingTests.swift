import CheckKit
import Foundation
import SurveillanceKit
import Testing

@Suite("Findings")
struct FindingTests {
    private func findings(_ text: String, as name: String = "person_1.csv") throws -> [Finding] {
        try Clinic.examine([(name, Array(text.utf8))]).findings
    }

    @Test("say where, what and what was expected")
    func complete() throws {
        let header = Clinic.visit.map(\.field).joined(separator: ",")
        let row = Clinic.visit.map { $0.field == "SEX" ? "男" : $0.text }.joined(separator: ",")
        let finding = try #require(try findings(header + "\n" + row, as: "visit_三月.csv").first)
        #expect(
            finding
                == Finding(
                    file: "visit_三月.csv", program: "clinic", fileType: "visit", row: 2, line: 2, column: "E",
                    field: "SEX",
                    title: BilingualText(zh: "性别", en: "sex"), severity: .error, code: .constraintError, value: "男",
                    expected: BilingualText(zh: "1 男性、2 女性，不详时填“-”", en: "1 male, 2 female, '-' if not known"),
                    suggestion: "1",
                    message: BilingualText(zh: "“性别”不在代码表 SEX 中", en: "'sex' is not a code of SEX")))
    }

    @Test(
        "suggest what a value was meant to be only where there is one answer",
        arguments: [
            ("SEX", "女", "2"), ("SEX", "02", "2"), ("DEPT", "3", "03"), ("BORN", "20260305", "2026-03-05"),
            ("BORN", "2026年3月5日", "2026-03-05"),
            ("BORN", "2026.3.5", "2026-03-05"), ("BORN", "2026-02-30", nil), ("SEX", "9", nil),
            ("TIME", "20260305", nil), ("BORN", "5/3/2026", nil),
        ] as [(String, String, String?)])
    func suggestions(field: String, text: String, suggestion: String?) throws {
        let header = Clinic.visit.map(\.field).joined(separator: ",")
        let row = Clinic.visit.map { $0.field == field ? text : $0.text }.joined(separator: ",")
        let finding = try #require(try findings(header + "\n" + row, as: "visit_1.csv").first { $0.field == field })
        #expect(finding.suggestion == suggestion)
    }

    @Test("never repeat a cell of a direct identifier")
    func masked() throws {
        let finding = try #require(try findings("K,A,N\n1,欧阳示例甲乙丙丁,5\n").first)
        #expect(finding.value == "********")
    }

    @Test(
        "never repeat a name, number or address that a shifted column brings elsewhere",
        arguments: [
            "示例甲", "欧阳示例", "Zhang San", "LI NA", "O'Brien", "13812345678", "+8613812345678", "110105198005060010",
            "11010519491231002X", "E12345678",
            "010-12345678", "示例市第一路1号", "示例甲1", "a示b",
        ])
    func shifted(secret: String) throws {
        let fields = Clinic.visit.map(\.field)
        for field in fields {
            let row = Clinic.visit.map { $0.field == field ? secret : $0.text }.joined(separator: ",")
            for finding in try findings(fields.joined(separator: ",") + "\n" + row, as: "visit_1.csv") {
                let said =
                    "\(finding.value ?? "") \(finding.suggestion ?? "") \(finding.message) \(String(describing: finding.expected))"
                #expect(!said.contains(secret), "\(field): \(said)")
            }
        }
    }

    @Test(
        "show what points at nobody, so that it can be mended",
        arguments: [
            ("BORN", "2026-13-01"), ("AGE", "45岁".replacing("岁", with: "y")), ("FEE", "12345678.00"), ("SEX", "男"),
            ("SEX", "X9"), ("AGE", "NULL"), ("GRADE", "J10.1"),
        ])
    func shown(field: String, text: String) throws {
        let row = Clinic.visit.map { $0.field == field ? text : $0.text }.joined(separator: ",")
        let finding = try findings(Clinic.visit.map(\.field).joined(separator: ",") + "\n" + row, as: "visit_1.csv")
            .first
        #expect(finding?.value == text)
    }

    @Test("are the same as JSON lines and as values")
    func jsonLines() throws {
        let bytes = Array(
            """
            N,A,K,K,own,
            x,"甲""\\乙	丙丁戊己",1,1,\u{1},
            1,甲,1
            2,乙,"3"3,,,
            3,\u{FFFD}丙,4,,,,5
            99999999999999999999,\0,5,,,

            "1,2",丁,long key,,,
            """.utf8)
        let examined = try Clinic.examine([
            ("person_\"一\".csv", bytes), ("person_2.csv", Array("K,A,N\n1,甲,2\n1,乙,3\n2,\"a\"\n".utf8)),
            ("child_1.csv", Array("NO,TIME,LINE\nA,2026-11-06 08:01:02,1\n".utf8)),
            ("visit_1.csv", Array("ORG,SEX,BORN\n1,男,20260305\n1,02,x\n".utf8)),
        ])
        let lines = examined.jsonLines.split(separator: UInt8(ascii: "\n"))
        let decoded = try lines.map { try JSONDecoder().decode(Finding.self, from: Data($0)) }
        #expect(decoded.count > 12)
        #expect(decoded == examined.findings)
        let again = try examined.findings.map { try JSONDecoder().decode(Finding.self, from: JSONEncoder().encode($0)) }
        #expect(again == examined.findings)
    }

    @Test("come in reading order, row by row and from left to right")
    func readingOrder() throws {
        let text = "N,A,K\nx,too long a name,1\ny,甲,2\nx,甲,1\n"
        #expect(try findings(text).map { "\($0.row ?? 0) \($0.column ?? "")" } == ["2 A", "2 B", "3 A", "4 A", "4 C"])
        #expect(
            try findings("N,K\n1,1\n2,1\nx,1\n").filter { $0.row != nil }.map { "\($0.row ?? 0) \($0.code.rawValue)" }
                == ["3 primary-key", "4 type-error", "4 primary-key"])
    }
}
