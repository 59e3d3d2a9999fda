import Foundation
import Testing

@testable import SurveillanceKit

@Suite("Findings by cause")
struct FindingGroupsTests {
    private static let message = BilingualText(zh: "不是“日期”", en: "not a \"date\"\n\\")

    private func line(_ finding: Finding) -> ArraySlice<UInt8> {
        var bytes: [UInt8] = []
        finding.appendJSONLine(to: &bytes)
        return bytes.dropLast()
    }

    private func finding(
        row: Int? = 2, field: String? = "P6", severity: Severity = .error, code: FindingCode = .typeError,
        rule: String? = nil, value: String? = nil, message: BilingualText = message, file: String = "flu_1.csv"
    ) -> Finding {
        Finding(
            file: file, program: "influenza", fileType: "flu", row: row, line: row, column: "I", field: field,
            title: BilingualText(zh: "出生日期", en: "Birth"), severity: severity, code: code, rule: rule, value: value,
            expected: BilingualText(zh: "日期", en: "a date"), suggestion: nil, message: message)
    }

    @Test("a line read back is the finding that was written")
    func readsBack() throws {
        var all = [
            finding(row: nil, field: nil, value: "\u{1}\t\"\\,{}:值"), finding(value: "", file: "a\"b\\流感.csv"),
            Finding(file: "x", severity: .warning, code: .emptyFile, message: BilingualText(zh: "", en: "")),
        ]
        all[1].suggestion = "1"
        for finding in all {
            #expect(FindingLine(line(finding))?.finding == finding)
            #expect(try JSONDecoder().decode(Finding.self, from: Data(line(finding))) == finding)
        }
        for text in ["", "{", "{}", "[]", "{\"file\":", "{\"file\":\"a\"", "{\"file\" \"a\"}", "x"] {
            #expect(FindingLine(Array(text.utf8)[...])?.finding == nil, "\(text)")
        }
    }

    @Test(
        "the same file, field and fault are one cause, whatever the cells hold; errors stand first, then what is most")
    func groups() throws {
        var groups = FindingGroups()
        for row in 2...11 { groups.add(line(finding(row: row, severity: .warning, value: "w"))) }
        for row in 2...4 { groups.add(line(finding(row: row, value: "7"))) }
        for row in 5...9 { groups.add(line(finding(row: row, value: "8"))) }
        groups.add(line(finding(row: 2, value: "7", file: "flu_2.csv")))
        let sorted = groups.sorted()
        #expect(sorted.map(\.count) == [8, 1, 10])
        #expect(sorted.map(\.finding.value) == [nil, "7", "w"])
        #expect(sorted[0].values == [.init(value: "8", count: 5), .init(value: "7", count: 3)])
        #expect(sorted[0].rows == Array(2...9) && sorted[2].rows == Array(2...9))
        #expect(groups.groups(ofFile: "flu_2.csv").count == 1 && groups.count == 19)
    }

    @Test("nine thousand wrong values in one column are one cause with its rows and its most frequent values")
    func wholeColumn() {
        var groups = FindingGroups()
        for row in 2..<9002 { groups.add(line(finding(row: row, value: row % 9 == 0 ? "2026/13/1" : "v\(row)"))) }
        let sorted = groups.sorted()
        #expect(sorted.map(\.count) == [9000] && sorted[0].rows == Array(2...9))
        #expect(sorted[0].values.first == .init(value: "2026/13/1", count: 1000))
        #expect(sorted[0].values.reduce(0) { $0 + $1.count } + sorted[0].otherValues == 9000)
    }

    @Test("two faults of one field are two causes; so are two columns that the file type does not know")
    func apart() {
        var groups = FindingGroups()
        let missing = BilingualText(zh: "必须填写", en: "must be filled")
        let long = BilingualText(zh: "超过 20 个字符", en: "is longer than 20 characters")
        for row in 2...4 { groups.add(line(finding(row: row, code: .constraintError, message: missing))) }
        for row in 5...6 { groups.add(line(finding(row: row, code: .constraintError, value: "x", message: long))) }
        for label in ["P98", "P99"] {
            let unknown = BilingualText(zh: "未知列 \(label)", en: "no field \(label)")
            groups.add(line(finding(row: 1, field: nil, severity: .warning, code: .extraLabel, message: unknown)))
        }
        #expect(groups.sorted().map(\.count) == [3, 2, 1, 1])
        #expect(groups.sorted()[1].finding.message.en == "is longer than 20 characters")
    }

    @Test("a broken rule is one cause whatever the cells hold")
    func rules() {
        var groups = FindingGroups()
        for row in 2...9 { groups.add(line(finding(row: row, code: .ruleError, rule: "r", value: "\(row)"))) }
        #expect(groups.sorted().map(\.count) == [8])
        #expect(groups.sorted()[0].finding.value == nil)
    }

    @Test("the children of rejected parents are one cause; a number in which their messages differ is left open")
    func children() {
        var groups = FindingGroups()
        for row in 2...7 {
            let parent = BilingualText(zh: "flu3 第 \(row % 2 + 5) 行被退回", en: "row \(row % 2 + 5) of flu3 was rejected")
            groups.add(line(finding(row: row, code: .foreignKey, message: parent)))
        }
        #expect(groups.sorted().map(\.count) == [6])
        #expect(
            groups.sorted()[0].finding.message == BilingualText(zh: "flu3 第 … 行被退回", en: "row … of flu3 was rejected"))
    }

    @Test("a cause is found again by its name, for every value")
    func causes() throws {
        let one = try #require(FindingLine(line(finding(row: 3, value: "7"))))
        let other = try #require(FindingLine(line(finding(row: 9, value: "8"))))
        let elsewhere = try #require(FindingLine(line(finding(row: 9, field: "P7", value: "8"))))
        let cause = FindingCause(of: one)
        #expect(FindingCause(cause.text) == cause && cause.text.count == 16)
        #expect(FindingCause(of: other) == cause && FindingCause(of: elsewhere) != cause)
        #expect(FindingCause("7") == nil && FindingCause("zzzzzzzzzzzzzzzz") == nil)
    }
}
