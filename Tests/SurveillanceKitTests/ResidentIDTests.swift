import SurveillanceKit
import Testing

@Suite("Resident ID numbers")
struct ResidentIDTests {
    private func isValid(_ number: String) -> Bool { ResidentID.isValid(Array(number.utf8).span) }

    @Test(
        "a right number passes: check character, small x, first generation",
        arguments: ["11010519491231002X", "11010519491231002x", "110105198008017528", "110105491231002"])
    func passes(number: String) { #expect(isValid(number)) }

    @Test("of eleven check characters one is right, as GB 11643 weighs the digits", arguments: 0..<100)
    func checkCharacter(sequence: Int) {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let digits = "32050119\(80 + sequence % 20)02\(10 + sequence % 19)\(100 + sequence * 7)"
        let sum = zip(digits, weights).reduce(0) { $0 + ($1.0.wholeNumberValue ?? 0) * $1.1 }
        for character in "0123456789X" {
            #expect(isValid(digits + String(character)) == (character == Array("10X98765432")[sum % 11]))
        }
    }

    @Test(
        "a wrong check character, an impossible day or another length fails",
        arguments: [
            "110105199001011234", "110105199002301234", "11010519491231002", "110105194912310020", "-", "",
            "11010549123100A", "110105491331002", "１１０１０５",
        ])
    func fails(number: String) { #expect(!isValid(number)) }
}
