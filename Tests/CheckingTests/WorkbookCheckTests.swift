import CheckKit
import Foundation
import SelfTest
import SurveillanceKit
import Testing

@Suite("A package with workbooks")
struct WorkbookCheckTests {
    private static let types = ["fever", "drug", "lab", "examine"]

    private func report(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Repository.file("Tests/Workbooks/reports/\(name)")))
    }

    private func tables(_ ending: String) throws -> [(name: String, bytes: [UInt8])] {
        try Self.types.map { ("\($0)_20261108.\(ending)", try report("\($0)_20261108.\(ending)")) }
    }

    /// Findings as they are printed, but for the file's ending and the physical line, which a workbook's row has none of.
    private func lines(_ findings: [Finding], _ ending: String) -> [String] {
        findings.map { finding in
            var finding = finding
            finding.file = finding.file.replacing(".\(ending)", with: "")
            finding.line = finding.row
            var line: [UInt8] = []
            finding.appendJSONLine(to: &line)
            return String(decoding: line, as: UTF8.self)
        }
    }

    private func counts(_ reports: [FileReport]) -> [[Int]] {
        reports.map { [$0.rows, $0.accepted, $0.rejected, $0.errors, $0.warnings] }
    }

    @Test("has the same findings and counts as the same tables in CSV", arguments: ["xlsx", "xls"])
    func sameFindings(_ ending: String) throws {
        let csv = try CheckedFiles(tables("csv"))
        let workbooks = try CheckedFiles(tables(ending))
        #expect(csv.findings.count == 150)
        #expect(lines(workbooks.findings, ending) == lines(csv.findings, "csv"))
        #expect(counts(workbooks.reports) == counts(csv.reports))
    }

    @Test("has the same findings as one zip", arguments: ["xlsx", "xls"])
    func zipped(_ ending: String) throws {
        let csv = try CheckedFiles(tables("csv"))
        let zipped = try CheckedFiles([("package.zip", StoredZip.bytes(try tables(ending)))])
        #expect(lines(zipped.findings, ending) == lines(csv.findings, "csv"))
        #expect(counts(zipped.reports) == counts(csv.reports))
    }

    @Test("reads what a spreadsheet keeps, and names what it has damaged")
    func damage() throws {
        let checked = try CheckedFiles([("fever_1.xlsx", try report("fever_damaged.xlsx"))])
        let marks = try #require(checked.findings.first { $0.code == .rewrittenFile })
        #expect(marks.message.zh.contains("1 个长号码变成了科学计数法，1 个代码丢了前导零，1 个日期变成了数字"))
        #expect(marks.message.en.contains("Set all columns to Text before anything is typed or pasted"))
        let errors = checked.findings.filter { $0.severity == .error }.map { "\($0.row ?? 0) \($0.field ?? "")" }
        #expect(errors == ["3 P7501", "3 P13", "4 P6", "4 P7529"])
    }

    @Test("tells a workbook from a text file by its bytes, whatever its name says")
    func renamed() throws {
        let csv = try CheckedFiles(tables("csv"))
        for (name, content) in [("fever_20261108.xlsx", "csv"), ("fever_20261108.csv", "xlsx")] {
            var files = try tables("csv")
            files[0] = (name, try report("fever_20261108.\(content)"))
            for sent in [files, [("package.zip", StoredZip.bytes(files))]] {
                let checked = try CheckedFiles(sent)
                let notes = checked.findings.filter { $0.code == .passedOver }
                #expect(notes.count == 1 && notes[0].file == name && notes[0].severity == .warning)
                #expect(checked.reports.map(\.rejected).sorted() == csv.reports.map(\.rejected).sorted())
            }
        }
    }

    @Test("is told which formats its program takes")
    func formats() throws {
        let programs = try TemporaryPrograms([
            "Mpox/program.json": """
            { "id": "mpox", "version": "1.0.0", "effectiveFrom": "2020-01-01", "timeZone": "UTC",
              "title": { "zh": "猴痘", "en": "Mpox" }, "files": ["mpox"] }
            """,
            "Mpox/files/mpox.json": """
            { "name": "mpox", "title": "猴痘病例", "en": { "title": "Mpox cases" }, "primaryKey": ["P5"], "fields": [
              { "name": "P5", "title": "性别", "en": { "title": "Sex" }, "type": "string", "sensitivity": "none",
                "deidentify": "keep", "constraints": { "required": true } } ] }
            """,
        ])
        let examined = try Examined(
            [("mpox_1.xlsx", try report("fever_20261108.xlsx"))], by: programs.registry())
        #expect(examined.findings.map(\.code) == [.unknownFile])
        #expect(examined.findings.first?.message.en.contains("save it as csv") == true)
    }
}
