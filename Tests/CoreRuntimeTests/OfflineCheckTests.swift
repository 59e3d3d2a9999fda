import CheckKit
import SurveillanceKit
import Testing
import Validation

@Suite("Files checked offline")
struct OfflineCheckTests {
    private let workbook = StoredZip.bytes(
        ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"].map { ($0, Array("<x/>".utf8)) })
    private let rar: [UInt8] = Array("Rar!".utf8) + [0x1A, 7, 0] + [UInt8](repeating: 0, count: 100)

    /// Each finding as `file: code`, sorted; the folder is gone afterwards.
    private func findings(_ files: [(name: String, bytes: [UInt8])]) throws -> [String] {
        let checked = try CheckedFiles(files)
        #expect(Set(checked.reports.map(\.name)) == Set(files.map(\.name)))
        return checked.findings.map { "\($0.file): \($0.code.rawValue)" }.sorted()
    }

    @Test("that are workbooks get one finding each, on the file that was sent, whatever it is called")
    func workbooks() throws {
        #expect(try findings([("fever_1.xlsx", workbook)]) == ["fever_1.xlsx: unknown-file"])
        #expect(try findings([("fever_1.csv", workbook)]) == ["fever_1.csv: unknown-file"])
    }

    @Test("that are archives of another kind under a table's name are a finding, and the others are checked")
    func archivesByAnotherName() throws {
        #expect(try findings([("fever_1.csv", rar)]) == ["fever_1.csv: archive-error"])
        #expect(
            try findings([("fever_1.csv", rar), ("drug_1.csv", [])])
                == ["drug_1.csv: empty-file", "fever_1.csv: archive-error"])
    }

    @Test("may be a zip of tables that holds other files, too: each is a finding of its own")
    func mixed() throws {
        let zip = StoredZip.bytes([("[Content_Types].xml", Array("<x/>".utf8)), ("fever_1.csv", [])])
        let found = try Examined([("package.zip", zip)], by: try Repository.registry.get()).findings
        #expect(
            found.map { "\($0.file): \($0.code.rawValue)" }.sorted()
                == ["[Content_Types].xml: unknown-file", "fever_1.csv: empty-file"])
    }
}
