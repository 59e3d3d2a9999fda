import SurveillanceKit
import Testing

@Suite("Resident ID numbers")
struct ResidentIDTests {
    private func isValid(_ number: String) -> Bool { ResidentID.isValid(Array(number.utf8).span) }

    @Test(
        "a right number passes: check character, small x, first generation",
        arguments: ["11010519491231002X", "11010519491231002x", "110105198008017528", "110105491231002"])
    func passes(number: String) { #expect(isValid(number)) }

    @Test(
        "a wrong check character, an impossible day or another length fails",
        arguments: [
            "110105199001011234", "110105199002301234", "11010519491231002", "110105194912310020", "-", "",
            "11010549123100A", "110105491331002", "１１０１０５",
        ])
    func fails(number: String) { #expect(!isValid(number)) }
}
