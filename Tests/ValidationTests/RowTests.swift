import CheckKit
import SurveillanceKit
import Testing
import Validation

@Suite("Rows")
struct RowTests {
    private func expect(_ text: String, _ expectations: String..., sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        let csv = MarkedCSV(text)
        let expected = expectations.flatMap { csv.expecting($0) }.sorted()
        #expect(try Clinic.check(csv, as: "person_1.csv") == expected, sourceLocation: sourceLocation)
    }

    @Test("that lack their last commas, as spreadsheets leave them out sixteen rows at a time, are complete")
    func leftOut() throws {
        try expect("K,A,N\n1,甲,5\n" + (2...40).map { "\($0),乙\n" }.joined())
        try expect("K,A,N\n" + (2...16).map { "\($0),乙,5\n" }.joined() + "17,丙\n")
        try expect("K,A,N\n1\n2\n3\nlong-key\n5\n", "row 5 A K: constraint-error")
    }

    @Test("that end early alone stand with one warning a file if nothing else is wrong, and give one finding if it is")
    func short() throws {
        try expect("K,A,N\n1,甲\n2,乙,6\n", "row 2: missing-cell warning")
        try expect("K,A,N\n1,甲\n2,乙,6\n3\n4,丁,6\n", "row 2: missing-cell warning")
        try expect("K,A,N\nlong-key\n2,乙,6\n", "row 2 B A: missing-cell")
        try expect("K,A,N,own\n1,甲,5\n", "row 1 D -: extra-label warning")
    }

    @Test("that go on give one finding, at the first cell too many")
    func long() throws {
        try expect("K,A,N\n1,甲,乙,5\n2,乙,6\n", "row 2 D -: extra-cell")
        try expect("K,A,N\n1,甲,x,,5\n", "row 2 E -: extra-cell")
    }

    @Test("may end with a comma too many, or several")
    func trailingComma() throws {
        try expect("K,A,N\n1,甲,5,\n2,乙,6,,\n3,丙,7, \"\" \n")
        try expect("K,A,N\n1,甲,❶x,\n", "❶ type-error")
    }

    @Test("shifted by a comma inside a cell are that one finding, even where only an empty cell stands out")
    func shifted() throws {
        try expect("K,A,N\n1,甲,5\nlong-key,六个汉字还要多,,\n2,乙,6\n", "row 3 D -: extra-cell")
        // Where every row ends with a comma too many, a row with two faults has two findings.
        try expect("K,A,N\n1,甲,5,\n❶long-key,❷六个汉字还要多,,\n2,乙,6,\n", "❶ constraint-error", "❷ constraint-error")
        try expect("K,A,N\n1,甲,5,\nlong-key,六个汉字还要多,7,,\n2,乙,6,\n", "row 3 D -: extra-cell")
        // What is missing counts as what is wrong does; one fault alone is that fault.
        try expect("K,A,N\n1,甲,5\n,六个汉字还要多,,\n2,乙,6\n", "row 3 D -: extra-cell")
        try expect("K,A,N\n1,甲,5\n❶,乙,,\n2,乙,6\n", "❶ constraint-error")
    }

    @Test("that lost a comma in a file whose rows end with one too many are that one finding")
    func shiftedBack() throws {
        try expect("K,A,N\n1,甲,5,\nlong-key,六个汉字还要多,\n2,乙,6,\n", "row 3 C N: missing-cell")
        try expect("K,A,N\n1,甲,5,\n❶long-key,乙,6\n2,乙,6,\n", "❶ constraint-error")
        try expect("K,A,N\n1,甲,5\n❶long-key,❷六个汉字还要多,6\n2,乙,6\n", "❶ constraint-error", "❷ constraint-error")
    }

    @Test("without anything in them are passed over: amid others with one warning, at the end without")
    func blank() throws {
        try expect("K,A,N\n1,甲,5\n\n2,乙,6\n,,\n   \n3,丙,❶x\n\n\n", "row 3: blank-row warning", "❶ type-error")
        try expect("K,A,N\n1,甲,5\n\n,,\n\r\n")
    }

    @Test("count as a spreadsheet counts, whatever stands in the cells; lines as an editor counts")
    func positions() throws {
        let examined = try Clinic.examine([("person_1.csv", Array("K,A,N\r\n1,\"甲\r\n乙\",5\r\n2,丙,x\r\n".utf8))])
        #expect(examined.places == ["row 3 C N: type-error"])
        #expect(examined.findings[0].line == 4)
    }

    @Test("with quotes that do not close, or text behind the closing one, give one finding at that cell")
    func quotes() throws {
        try expect("K,A,N\n1,❶\"甲\"乙,x\n2,乙,6\n", "❶ source-error")
        try expect("K,A,N\n1,❶\"甲,x\n2,乙,6\n3,丙,❷y\n", "❶ source-error", "❷ type-error")
        try expect("K,A,N\n1,❶\"甲,5\n2,\"乙,乙\",6\n3,丙,❷y\n", "❶ source-error", "❷ type-error")
        try expect("K,own,A,N\n1,❶\"甲\"乙,丙,5\n", "row 2 B -: source-error", "row 1 B -: extra-label warning")
        try expect("K,A,N\n1,5\" 甲,5\n")
    }

    @Test("torn by a line end that has no quotes round it give a finding for each piece")
    func strayLineEnd() throws {
        try expect("K,A,N\n1,甲\n乙,5\n2,丙,6\n", "row 2 C N: missing-cell", "row 3 C N: missing-cell")
    }

    @Test("are the rest of the file's business no matter how many are wrong")
    func everyRow() throws {
        let text = "K,A,N\n" + (1...3000).map { "\($0),甲,x\n" }.joined()
        let examined = try Clinic.examine([("person_1.csv", Array(text.utf8))])
        #expect(examined.findings.compactMap(\.row) == Array(2...3001))
        #expect(examined.reports[0].errors == 3000 && examined.reports[0].rejected == 3000)
    }

    @Test("of a file of which too much is wrong are refused together, where its type says so")
    func rejectedShare() throws {
        let half = try Clinic.examine([("strict_1.csv", Array("K,N\n1,x\n2,2\n".utf8))])
        #expect(half.places == ["row 2 B N: type-error"] && half.reports[0].accepted == 1)
        let most = try Clinic.examine([("strict_1.csv", Array("K,N\n1,x\n2,2\n3,y\n".utf8))])
        #expect(most.places == ["file: constraint-error", "row 2 B N: type-error", "row 4 B N: type-error"])
        #expect(most.reports[0].accepted == 0 && most.reports[0].rejected == 3)
    }

    @Test("carry the reporting institution's code; offline the one that most of them have")
    func institution() throws {
        let csv = MarkedCSV(
            "ORG,NO,TIME,NAME,SEX,AGE\n❶H2,1,2026-03-05 08:00:00,示例,1,❹\nH1,2,2026-03-05 08:00:00,示例,1,5\n❷h1,3,2026-03-05 08:00:00,示例,1,5\n❸,4,2026-03-05 08:00:00,示例,1,5\nH1,5,2026-03-05 08:00:00,示例,1,5\n"
        )
        let missing = "file: missing-label warning"
        let offline = csv.expecting(
            "❶ constraint-error", "❷ constraint-error", "❸ constraint-error", "❹ constraint-error warning", missing)
        #expect(try Clinic.check(csv, as: "visit_1.csv") == offline)
        #expect(try Clinic.check(csv, as: "visit_1.csv", institution: "H1") == offline)
        let other = try Clinic.check(csv, as: "visit_1.csv", institution: "H2")
        #expect(other.count { $0.contains("A ORG: constraint-error") } == 4)
    }

    @Test("carry one institution's code throughout the package: offline the one that most rows of all its files have")
    func institutionOfPackage() throws {
        let notices = MarkedCSV("ORG,NO\nH1,1\nH1,2\nH1,3\n")
        let visits = MarkedCSV(
            "ORG,NO,TIME,NAME,SEX,AGE\n❶H2,1,2026-03-05 08:00:00,示例,1,5\nH1,2,2026-03-05 08:00:00,示例,1,5\n")
        let missing = "file: missing-label warning"
        for files in [
            [("visit_1.csv", visits), ("notice_1.csv", notices)], [("notice_1.csv", notices), ("visit_1.csv", visits)],
        ] {
            let together = try Clinic.examine(files.map { ($0.0, $0.1.bytes) })
            #expect(together.places == visits.expecting("❶ constraint-error", missing))
        }
        // Alone, two rows that disagree do not show which is wrong: the first is believed.
        #expect(try Clinic.check(visits, as: "visit_1.csv") == ["row 3 A ORG: constraint-error", missing].sorted())
        let given = try Clinic.examine(
            [("visit_1.csv", visits.bytes), ("notice_1.csv", notices.bytes)], institution: "H2")
        #expect(given.places.count { $0.hasSuffix("A ORG: constraint-error") } == 4)
    }
}
