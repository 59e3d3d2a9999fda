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

    @Test("the same file, code, field and value are one cause; errors stand first, then what is most")
    func groups() throws {
        var groups = FindingGroups()
        for row in 2...11 { groups.add(line(finding(row: row, severity: .warning, value: "w"))) }
        for row in 2...4 { groups.add(line(finding(row: row, value: "7"))) }
        for row in 5...9 { groups.add(line(finding(row: row, value: "8"))) }
        groups.add(line(finding(row: 2, value: "7", file: "flu_2.csv")))
        let sorted = groups.sorted()
        #expect(sorted.map(\.count) == [5, 3, 1, 10])
        #expect(sorted.map(\.finding.value) == ["8", "7", "7", "w"])
        #expect(sorted[0].rows == [5, 6, 7, 8, 9] && sorted[3].rows == Array(2...9))
        #expect(groups.groups(ofFile: "flu_2.csv").count == 1 && groups.count == 19)
    }

    @Test("a broken rule is one cause whatever the cells hold")
    func rules() {
        var groups = FindingGroups()
        for row in 2...9 { groups.add(line(finding(row: row, code: .ruleError, rule: "r", value: "\(row)"))) }
        #expect(groups.sorted().map(\.count) == [8])
        #expect(groups.sorted()[0].finding.value == nil)
    }

    @Test("the children of one rejected parent are one cause, named by its row")
    func children() {
        var groups = FindingGroups()
        for row in 2...7 {
            let parent = BilingualText(zh: "（第 \(row % 2 + 5) 行）被退回", en: "row \(row % 2 + 5) was rejected")
            groups.add(line(finding(row: row, code: .foreignKey, message: parent)))
        }
        #expect(groups.sorted().map(\.count) == [3, 3])
        #expect(Set(groups.sorted().map(\.finding.message.en)) == ["row 5 was rejected", "row 6 was rejected"])
    }

    @Test("a cause is found again by its name, and a broader one finds all its values")
    func causes() throws {
        let one = try #require(FindingLine(line(finding(row: 3, value: "7"))))
        let other = try #require(FindingLine(line(finding(row: 9, value: "8"))))
        let (cause, broad) = FindingCause.of(one)
        #expect(FindingCause(cause.text) == cause && cause.text.count == 16)
        #expect(FindingCause.of(other).exact != cause && FindingCause.of(other).broad == broad)
        #expect(FindingCause("7") == nil && FindingCause("zzzzzzzzzzzzzzzz") == nil)
    }

    @Test("memory is bounded: beyond so many causes values are left out, and nothing is lost from the counts")
    func bounded() {
        var groups = FindingGroups(causesKept: 10)
        for row in 2..<1002 { groups.add(line(finding(row: row, value: "\(row)"))) }
        let sorted = groups.sorted()
        #expect(sorted.count == 11)
        #expect(sorted[0].count == 990 && sorted[0].finding.value == nil)
        #expect(sorted.reduce(0) { $0 + $1.count } == 1000)
    }
}
