import CheckKit
import Foundation
import ProgramFiles
import Seeding
import SelfTest
import SurveillanceKit
import TestKit
import Testing
import Validation

@Suite("Frictionless Framework and we judge alike")
struct DifferentialTests {
    /// A type or constraint error at a cell.
    private struct Verdict: Hashable, CustomStringConvertible {
        var row: Int
        var field: String
        var code: String
        var description: String { "row \(row) \(field) \(code)" }
    }

    private static let check = """
        import sys, json
        from frictionless import Resource, Schema
        path, schema = sys.argv[1], json.load(open(sys.argv[2]))
        # Keys and links are compared within packages and by value: here it is types and constraints.
        for name in ("primaryKey", "foreignKeys"): schema.pop(name, None)
        resource = Resource(path=path, schema=Schema.from_descriptor(schema), format="csv", encoding="utf-8")
        report = resource.validate(limit_errors=1000000)
        for error in report.tasks[0].errors:
            if error.type in ("type-error", "constraint-error"):
                print(error.row_number, error.field_name, error.type, sep="\\t")
            else:
                print("unexpected", error.type, error.note, sep="\\t")
        """

    /// What may stand in any cell.
    private static let texts = [
        "12a", "1.5", "007", "+5", "-5", ".5", "5.", "1e5", "1.5E+02", "1,000", "12.505", "1000000000000", "0", "-0.01",
        "2026-02-29", "2024-02-29",
        "2026-13-01", "2026-03-05", "2026-03-05 08:01:02", "2026-03-05 24:00:00", "2026-03-05 23:59:59",
        "2026-03-05T08:00:00", "20260305",
        "1.2.3", "", "-", "--", "x", "示例", "𠮷𠮷", "true", "0x10", "1 2", "¥5", "150", "999", "1000", "99999",
        String(repeating: "长", count: 12),
        String(repeating: "x", count: 81), String(repeating: "示", count: 400), String(repeating: "y", count: 3000), "~",
    ]

    /// Where the two differ on purpose, by the cell and its field's type.
    ///
    /// Beyond these texts they also differ on blanks round a value, slashes in dates, a day with a time of midnight (which we take), and
    /// on `1_000`, full-width digits, `NaN` and whole numbers beyond 18 digits (which only Python takes).
    private func isTolerated(_ text: String, _ field: Field) -> Bool {
        // `-` stands for "not known" where the schema says so, in dates and numbers too.
        if field.placeholders.contains(text) { return true }
        // A postcode in scientific notation is told as lost digits, not as too long.
        if text == "1.5E+02", field.type == .string { return true }
        // `T` between day and time is read.
        if text.contains("T"), field.type == .datetime { return true }
        switch field.type {
        // The format "any" lets Frictionless guess.
        case .datetime: return field.acceptsBareDate
        // Of several values in a cell each is judged alone, and a code of the list is right even where it is longer than the field.
        case .string:
            return !field.separators.isEmpty || field.codeList?.entries.contains { $0.code == text } ?? false
        default: return false
        }
    }

    @Test(
        "on rows full of wrong values, in every file type",
        .enabled(if: Frictionless.isThere, Comment(rawValue: Frictionless.skipped)),
        arguments: ProgramContractTests.fileTypes)
    func alike(id: String) throws {
        let registry = try Repository.registry.get()
        let program = try #require(registry.type(id)?.program)
        let folder = try #require(RuleCases.folder(of: program.id, in: Repository.programs))
        var generator = PackageGenerator(
            program, cases: try RuleCases.all(of: program.id, in: Repository.programs), seed: 1)
        let fileType = try #require(program.fileType(id))
        var table = GeneratedTable(fileType, fileName: "\(id)_1.csv")
        var random = Randomness(seed: UInt64(id.utf8.reduce(0) { $0 &* 31 &+ Int($1) }))
        for number in 0..<(fileType.fields.count > 100 ? 120 : 300) {
            var row = generator.row(of: fileType, number: number)
            for index in row.indices where random.oneIn(6) { row[index] = random.pick(DifferentialTests.texts) }
            // A row without anything in it is another matter.
            if row.allSatisfy(\.isEmpty) { row[0] = "x" }
            table.rows.append(row)
        }
        let ours = try verdicts(of: table, by: registry)
        let theirs = try frictionless(table, schema: folder.appendingPathComponent("files/\(id).json"))
        func differences(_ left: Set<Verdict>, _ right: Set<Verdict>) -> [String] {
            left.subtracting(right).compactMap { verdict in
                guard let index = fileType.fieldIndex(verdict.field) else { return "\(verdict)" }
                let text = table.rows[verdict.row - 2][index]
                return isTolerated(text, fileType.fields[index]) ? nil : "\(verdict) '\(text.prefix(30))'"
            }.sorted()
        }
        #expect(theirs.count > 100)
        #expect(differences(theirs, ours) == [], "found by Frictionless alone")
        #expect(differences(ours, theirs) == [], "found by us alone")
    }

    /// Our findings about single cells, but for what Table Schema has no word for: lists, digits, the institution.
    private func verdicts(of table: GeneratedTable, by registry: ProgramRegistry) throws -> Set<Verdict> {
        let ownWords = [
            "is not a code of", "decimals", "digits before the point", "reporting institution", "what other rows say",
        ]
        let examined = try Examined([(table.fileName, table.bytes())], by: registry)
        return Set(
            examined.findings.compactMap { finding in
                guard finding.rule == nil, let row = finding.row, let field = finding.field,
                    finding.code == .typeError || finding.code == .constraintError,
                    !ownWords.contains(where: finding.message.en.contains)
                else { return nil }
                return Verdict(row: row, field: field, code: finding.code.rawValue)
            })
    }

    private func frictionless(_ table: GeneratedTable, schema: URL) throws -> Set<Verdict> {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("table.csv")
        try Data(table.bytes()).write(to: file)
        // Only paths beside the working directory are safe ones to Frictionless.
        let check = "import os\nos.chdir('\(folder.path)')\n" + DifferentialTests.check
        let output = try Frictionless.run(check, ["table.csv", schema.path])
        return Set(
            try output.split(separator: "\n").map { line in
                let parts = line.split(separator: "\t").map(String.init)
                let row = try #require(Int(parts[0]), "\(line)")
                return Verdict(row: row, field: parts[1], code: parts[2])
            })
    }
}
