import Checking
import SurveillanceKit
import Testing

@Suite("What a check prints")
struct ReportTests {
    private static let clean = FileReport(
        name: "flu_1.csv", program: "influenza", fileType: "flu", rows: 1, accepted: 1)
    private static let faulty = FileReport(
        name: "lis_1.csv", program: "influenza", fileType: "lis", rows: 12, accepted: 1, rejected: 11, errors: 11,
        warnings: 1)
    private static let stray = FileReport(name: "说明.docx", warnings: 1)

    private func finding(_ row: Int?, _ value: String? = nil, severity: Severity = .error) -> Finding {
        Finding(
            file: "lis_1.csv", program: "influenza", fileType: "lis", row: row, line: row, column: "C", field: "P6",
            severity: severity, code: .typeError, value: value,
            expected: BilingualText(zh: "日期", en: "a date"), message: BilingualText(zh: "不是日期", en: "no date"))
    }

    @Test("as JSON: each finding as a line as it comes, then one line with the counts of every file")
    func jsonLines() throws {
        let output = Gathered()
        let sink = JSONLinesSink(output: output)
        sink.found(finding(3, "x"))
        try sink.finish([Self.clean, Self.stray])
        let lines = output.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 3 && lines.last == "")
        #expect(FindingLine(Array(lines[0].utf8)[...])?.finding == finding(3, "x"))
        #expect(
            lines[1] == """
                {"summary":{"files":[{"accepted":1,"errors":0,"file":"flu_1.csv","fileType":"flu","program":"influenza",\
                "rejected":0,"rows":1,"warnings":0},\
                {"accepted":0,"errors":0,"file":"说明.docx","rejected":0,"rows":0,"warnings":1}]}}
                """)
    }

    private final class Gathered: ByteOutput {
        private var bytes: [UInt8] = []
        var text: String { String(decoding: bytes, as: UTF8.self) }

        func write(_ more: Span<UInt8>) {
            for index in more.indices { bytes.append(more[index]) }
        }
    }

    @Test("as text: each file with its causes below it, then what can be reported, in both languages")
    func text() {
        var groups = FindingGroups()
        for row in 2...12 { groups.found(finding(row, row < 4 ? "x" : "y")) }
        groups.found(finding(nil, severity: .warning))
        let reports = [Self.clean, Self.faulty, Self.stray]
        #expect(
            TextReport(language: .en).text(reports, groups) == """
                ✓ flu_1.csv (influenza)  1 row, 1 accepted, 0 rejected; 0 errors, 0 warnings

                ✗ lis_1.csv (influenza)  12 rows, 1 accepted, 11 rejected; 11 errors, 1 warning
                  error  P6 column C: no date  [type-error]
                        found: y (×9), x (×2)
                        expected: a date
                        rows 2, 3, 4, 5, 6, 7, 8, 9 and 3 more
                  warning  P6 column C: no date  [type-error]
                        expected: a date

                ! 说明.docx  0 rows, 0 accepted, 0 rejected; 0 errors, 1 warning

                11 errors: 2 of 13 rows can be reported. Correct the others and check again.

                """)
        #expect(
            TextReport(language: .zh).text([Self.faulty], groups) == """
                ✗ lis_1.csv（influenza）  数据包记录总数 12，接口达标数 1，退回 11；错误 11，警告 1
                  错误  P6 C 列: 不是日期  [type-error]
                        现值：y (×9)、x (×2)
                        应为：日期
                        第 2, 3, 4, 5, 6, 7, 8, 9 行 等，共 11 处
                  警告  P6 C 列: 不是日期  [type-error]
                        应为：日期

                有 11 处错误：12 行中 1 行达标。改正后重新检查。

                """)
    }

    @Test("as text: without errors what can be reported, and without rows that there are none")
    func totals() {
        let none = FindingGroups()
        #expect(
            TextReport(language: .en).text([Self.clean], none).hasSuffix(
                "No errors: 1 row in 1 file can be reported.\n"))
        #expect(
            TextReport(language: .en).text([Self.stray], none).hasSuffix("No rows: there is no record in 1 file.\n"))
        #expect(TextReport(language: .zh).text([Self.clean], none).hasSuffix("没有错误：1 个文件，1 行可以上报。\n"))
    }
}
