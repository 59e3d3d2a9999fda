import CheckKit
import ProgramFiles
import SelfTest
import SurveillanceKit
import Testing
import Validation

@Suite("The fever-clinic program")
struct FeverClinicTests {
    @Test("takes reports since 2020-08-01, and names its institution in two fields of fever and one of the others")
    func declared() throws {
        let program = try #require(try Repository.registry.get().program("fever-clinic")).program
        #expect(program.effectiveFrom == "2020-08-01")
        for type in program.fileTypes {
            #expect(type.institutionNameField == (type.id == "fever" ? "P6891" : nil))
            #expect(type.institutionField == (type.fieldIndex("P900") == nil ? nil : "P900"))
        }
    }

    @Test(
        "a fever row that calls the institution otherwise than most do is a warning at its name, and only there",
        arguments: [1, 2])
    func institutionName(threads: Int) throws {
        let names = ["甲医院东院", "甲医院", "\t甲医院 ", "\"甲医院\"", "-", "", "甲医院"]
        let registry = try Repository.registry.get()
        let base = try #require(try RuleCases.all(of: "fever-clinic", in: Repository.programs)["fever"]).base
        let header = base.keys.sorted()
        let rows = names.enumerated().map { number, name in
            header.map { $0 == "P6891" ? name : $0 == "P7000" ? "N\(number)" : "\"\(base[$0] ?? "")\"" }.joined(
                separator: ",")
        }
        let text = ([header.joined(separator: ",")] + rows).joined(separator: "\r\n") + "\r\n"
        let examined = try Examined([("fever_1.csv", Array(text.utf8))], by: registry, threads: threads)
        let found = examined.findings.filter { $0.field == "P6891" && $0.row != nil }.map {
            "\($0.row ?? 0) \($0.code.rawValue) \($0.severity.rawValue)"
        }
        #expect(found == ["2 constraint-error warning", "6 constraint-error error", "7 constraint-error error"])
        #expect(examined.reports[0].rejected == 2)
    }
}
