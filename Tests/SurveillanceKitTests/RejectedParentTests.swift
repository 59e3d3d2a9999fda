import Testing

@testable import SurveillanceKit

@Suite("Rows that wait for a rejected parent")
struct RejectedParentTests {
    private static let title = BilingualText(zh: "病例", en: "Cases of the clinic (all)")

    private func line(_ code: FindingCode, _ message: BilingualText) throws -> FindingLine {
        var bytes: [UInt8] = []
        Finding(file: "pdr_1.csv", row: 3, severity: .error, code: code, message: message)
            .appendJSONLine(to: &bytes)
        return try #require(FindingLine(bytes.dropLast()))
    }

    @Test("are recognised by the words that say it, with the parent's type and row")
    func recognised() throws {
        let said = RejectedParent.message(fileType: "flu", title: Self.title)
        let message = BilingualText(zh: said.zh, en: said.en.replacing("{}", with: "1207"))
        let parent = try #require(RejectedParent(try line(.foreignKey, message)))
        #expect(parent.fileType == "flu" && parent.row == 1207)
    }

    @Test(
        "are told apart from a parent that is nowhere, and from other findings",
        arguments: [
            (FindingCode.foreignKey, "no row of flu (Cases) belongs to this one, neither in this package"),
            (.ruleError, "row 12 of flu (Cases), to which this one belongs, was rejected; correct that row"),
            (.foreignKey, "row x of flu (Cases), to which this one belongs, was rejected; correct that row"),
        ])
    func others(code: FindingCode, english: String) throws {
        #expect(RejectedParent(try line(code, BilingualText(zh: "找不到", en: english))) == nil)
    }
}
