import Seeding
import SurveillanceKit
import TestKit
import Testing

@Suite("Named checks")
struct CheckTests {
    private func passes(_ id: String, _ text: String) throws -> Bool {
        let check = try #require(NamedCheck.common.first { $0.id == id })
        return check.passes(Array(text.utf8).span)
    }

    @Test(
        "resident IDs: length, day of birth and check character",
        arguments: [
            ("110105198005060010", true), ("110105198005060011", false), ("11010519491231002X", true),
            ("11010519491231002x", true),
            ("110105194912310021", false), ("11010519800230001X", false), ("110105198002290015", false),
            ("110105800506001", true), ("110105801306001", false),
            ("1101058005060", false), ("1101051980050600100", false), ("A10105198005060010", false),
            ("11010519800506001Y", false),
            ("", false), ("１１０１０５１９８００５０６００１０", false),
        ])
    func residentID(text: String, isRight: Bool) throws { #expect(try passes("resident-id", text) == isRight) }

    @Test("of the eleven check characters one is right, for any number")
    func checkCharacter() throws {
        var random = Randomness(seed: 1)
        for _ in 0..<200 {
            let day = "19\(random.below(10))\(random.below(10))0\(1 + random.below(9))\(10 + random.below(18))"
            let number = "110105" + day + "\(100 + random.below(900))"
            let right = try "0123456789X".filter { try passes("resident-id", number + String($0)) }
            #expect(right.count == 1, "\(number)")
        }
    }

    @Test(
        "ICD-10 and its extensions",
        arguments: [
            ("J10", true), ("J10.1", true), ("J10.100", true), ("j10.100x001", true), ("A17.0+", true), ("G01*", true),
            ("G01.000*", true), ("J1", false), ("J10.", false),
            ("110.1", false), ("J10.100x00123", false), ("流感", false), ("J10 .1", false), ("J10+", true),
            ("J10.*", false),
        ])
    func icd10(text: String, isRight: Bool) throws { #expect(try passes("icd10", text) == isRight) }

    @Test(
        "ICD-9-CM-3 procedures",
        arguments: [
            ("33", true), ("33.24", true), ("33.2400x001", true), ("3", false), ("33.", false), ("A3.24", false),
            ("333.24", false), ("33.2400x00123", false),
        ])
    func icd9(text: String, isRight: Bool) throws { #expect(try passes("icd9cm3", text) == isRight) }

    @Test(
        "morphology and postcodes",
        arguments: [
            ("icdo-morphology", "M80000/0", true), ("icdo-morphology", "M99999/6", true),
            ("icdo-morphology", "M79999/0", false),
            ("icdo-morphology", "M80000/7", false), ("icdo-morphology", "80000/0", false),
            ("icdo-morphology", "M8000/0", false), ("postcode", "100000", true), ("postcode", "10000", false),
            ("postcode", "10000a", false), ("postcode", "1000000", false),
        ])
    func others(id: String, text: String, isRight: Bool) throws { #expect(try passes(id, text) == isRight) }

    @Test("are functions by their names in camel case")
    func functionNames() {
        #expect(
            NamedCheck.common.map(\.functionName) == ["residentId", "icd10", "icd9cm3", "icdoMorphology", "postcode"])
    }
}
