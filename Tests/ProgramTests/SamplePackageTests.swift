import CheckKit
import Checking
import Foundation
import ProgramFiles
import SelfTest
import SurveillanceKit
import Tabular
import Testing
import Validation

@Suite("Sample packages")
struct SamplePackageTests {
    static let programs = Repository.programNames

    private func examine(_ program: String, _ name: String) throws -> (findings: [Finding], reports: [FileReport]) {
        let folder = try #require(RuleCases.folder(of: program, in: Repository.programs))
        let bytes = Array(try Data(contentsOf: folder.appendingPathComponent("Cases/\(name)/package.zip")))
        var sink = FindingCollector()
        let examination = Examination(
            registry: try Repository.registry.get(),
            context: ValidationContext(
                receivedAt: RuleCases.receivedAt, seed: KeySeed((3, 4)), threads: 2))
        let reports = try examination.run("package.zip", BytesSource(bytes), sink: &sink)
        return (sink.findings, reports)
    }

    @Test("without faults give no errors", arguments: programs, ["clean", "java-client", "csharp-client"])
    func sound(program: String, name: String) throws {
        let (findings, reports) = try examine(program, name)
        #expect(findings.filter { $0.severity == .error }.map(Place.text) == [])
        #expect(
            reports.allSatisfy { $0.program == program && $0.rows > 0 && $0.rejected == 0 && $0.accepted == $0.rows })
        #expect(reports.count >= 4)
    }

    @Test(
        "real exporters' habits cost at most a warning a file, and blank cells", arguments: programs,
        ["java-client", "csharp-client"])
    func habits(program: String, name: String) throws {
        let (findings, _) = try examine(program, name)
        for (file, inFile) in Dictionary(grouping: findings.filter { $0.row == nil || $0.row == 1 }, by: \.file) {
            #expect(inFile.count <= 2, "\(file): \(inFile.map(Place.text))")
        }
    }

    private struct Expected: Codable, Hashable, Comparable {
        var fileType: String
        var row: Int
        var field: String
        var code: String

        static func < (left: Expected, right: Expected) -> Bool {
            (left.fileType, left.row, left.field, left.code) < (right.fileType, right.row, right.field, right.code)
        }
    }

    @Test(
        "with seeded faults give those, to the last one, and nothing else but what follows from them",
        arguments: programs)
    func faults(program: String) throws {
        struct List: Codable { var findings: [Expected] }
        let folder = try #require(RuleCases.folder(of: program, in: Repository.programs))
        let data = try Data(contentsOf: folder.appendingPathComponent("Cases/faults/expected.json"))
        let expected = Set(try JSONDecoder().decode(List.self, from: data).findings)
        let (findings, reports) = try examine(program, "faults")
        let found = Set(
            findings.filter { $0.severity == .error || $0.field != nil }.map {
                Expected(fileType: $0.fileType ?? "", row: $0.row ?? 0, field: $0.field ?? "", code: $0.code.rawValue)
            })
        #expect(expected.subtracting(found).sorted() == [], "not found")
        let errors = Set(
            findings.filter { $0.severity == .error && $0.code != .foreignKey }.map {
                Expected(fileType: $0.fileType ?? "", row: $0.row ?? 0, field: $0.field ?? "", code: $0.code.rawValue)
            })
        #expect(errors.subtracting(expected).sorted() == [], "found beside them")
        // What follows: a child of a rejected parent, and no other.
        let rejected = findings.filter { $0.severity == .error && $0.code == .foreignKey }
        #expect(rejected.allSatisfy { $0.message.en.contains("was rejected") })
        for report in reports {
            let rows = Set(findings.filter { $0.file == report.name && $0.severity == .error }.compactMap(\.row))
            #expect(report.rejected == rows.count && report.accepted + report.rejected == report.rows)
        }
    }
}
