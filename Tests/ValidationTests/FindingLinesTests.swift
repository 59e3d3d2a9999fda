import CheckKit
import SurveillanceKit
import Testing

@Suite("Findings as lines of JSON")
struct FindingLinesTests {
    /// Rows enough for many pages: values that repeat, that do not, that need escapes, that are too long to be remembered, and keys that
    /// come twice, whose findings speak of a number of their own.
    private static let table: String = {
        var text = "K,A,N\n"
        for row in 0..<4_000 {
            let note = row % 2 == 0 ? "\"quoted \"\" \\ \(row)\"" : String(repeating: "长", count: 20 + row % 50)
            let number = row % 3 == 0 ? "x" : row % 3 == 1 ? "no \(row)" : "1"
            text += "\(row % 7 == 0 ? "K1" : "\(row)"),\(note),\(number)\n"
        }
        return text
    }()

    @Test("are those that each finding makes of itself")
    func sameAsOneByOne() throws {
        let examined = try Clinic.examine([("person_1.csv", Array(Self.table.utf8))])
        var oneByOne: [UInt8] = []
        for finding in examined.findings { finding.appendJSONLine(to: &oneByOne) }
        #expect(examined.findings.count > 7_000)
        #expect(examined.findings.contains { $0.code == .primaryKey })
        #expect(examined.jsonLines == oneByOne)
    }
}
