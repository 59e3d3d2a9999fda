import Intake
import ShangMi
import Testing

@Suite("The id of a submission")
struct SubmissionIDTests {
    @Test("has 26 characters, sorts by time and does not repeat itself")
    func order() {
        let ids = (0..<1000).map { SubmissionID(at: .milliseconds(1_700_000_000_000 + Int64($0 / 2)), random: .strong) }
        #expect(Set(ids).count == 1000)
        #expect(ids.allSatisfy { $0.description.count == 26 })
        for index in stride(from: 0, to: 998, by: 2) { #expect(ids[index] < ids[index + 2]) }
        #expect(SubmissionID(at: .milliseconds(1_469_918_176_385), random: .strong).description.hasPrefix("01ARYZ6S41"))
    }

    @Test(
        "is nothing else, least of all a path",
        arguments: [
            "", "../../etc/passwd", "01ARZ3NDEKTSV4RRFFQ69G5FA/", "01ARZ3NDEKTSV4RRFFQ69G5FAÜ",
            "01arz3ndektsv4rrffq69g5fav",
        ])
    func refused(text: String) { #expect(SubmissionID(text) == nil) }

    @Test("is read back from its text")
    func parsing() { #expect(SubmissionID("01ARZ3NDEKTSV4RRFFQ69G5FAV")?.description == "01ARZ3NDEKTSV4RRFFQ69G5FAV") }
}
