import CheckKit
import SurveillanceKit
import Testing
import Validation

@Suite("Files of a package")
struct FileTests {
    private let good = Array("K,A,N\n1,甲,5\n".utf8)

    @Test("that no program knows, that are no tables, and that are empty get one finding each, and the others go on")
    func unknown() throws {
        let examined = try Clinic.examine([
            ("flu_1.csv", good), ("person_1.csv", good), ("person.xlsx", good), ("person_2.csv", []),
            ("readme.txt", good),
            ("person_3.docx", good), ("Person.CSV", good),
        ])
        #expect(
            examined.findings.map { "\($0.file): \($0.code.rawValue)" }.sorted() == [
                "Person.CSV: primary-key", "flu_1.csv: unknown-file", "person.xlsx: passed-over",
                "person.xlsx: primary-key", "person_1.csv: primary-key", "person_2.csv: empty-file",
                "person_3.docx: unknown-file", "readme.txt: unknown-file",
            ])
        #expect(
            examined.reports.map(\.name) == [
                "flu_1.csv", "person_1.csv", "person.xlsx", "person_2.csv", "readme.txt", "person_3.docx", "Person.CSV",
            ])
        #expect(examined.reports.filter { $0.accepted == 1 }.count == 3)
        // The same row in two files is a warning.
        #expect(examined.findings.filter { $0.code == .primaryKey }.allSatisfy { $0.severity == .warning })
        // What a file is, its bytes say.
        #expect(
            examined.findings.first { $0.file == "person.xlsx" && $0.code == .passedOver }?.message.en
                .contains("it was read as CSV") == true)
    }

    @Test("are counted: rows that stand, rows that do not, errors and warnings")
    func counts() throws {
        let csv = Array("K,A,N,own\n1,甲,5,\n2,乙,x,\n1,丙,y,\n\n4,丁,6,\n".utf8)
        let examined = try Clinic.examine([("person_1.csv", csv)])
        let report = examined.reports[0]
        #expect((report.rows, report.accepted, report.rejected) == (4, 2, 2))
        #expect((report.errors, report.warnings) == (3, 2))
        #expect(examined.checkedRows == 2)
    }
}
