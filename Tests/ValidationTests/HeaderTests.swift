import CheckKit
import SurveillanceKit
import Testing
import Validation

@Suite("A header")
struct HeaderTests {
    private func check(_ text: String) throws -> [String] { try Clinic.check(MarkedCSV(text), as: "person_1.csv") }

    @Test("is matched by name: in any order, in upper or lower case, with blanks, quotes and a mark round it")
    func byName() throws {
        #expect(try check("k,a,n\n1,甲,5\n") == [])
        #expect(try check(" N ,\"K\",\tA\n5,1,甲\n") == [])
        #expect(try check("\u{FEFF}K,A,N\n1,甲,5\n") == [])
        let reordered = MarkedCSV("n,K,a\n❶x,1,甲\n")
        #expect(try Clinic.check(reordered, as: "PERSON_1.CSV") == reordered.expecting("❶ type-error"))
    }

    @Test("may lack optional columns: one warning for all of them")
    func missingOptional() throws { #expect(try check("K\n1\n2\n") == ["file: missing-label warning"]) }

    @Test("must have the required columns: an error for each, and no row stands")
    func missingRequired() throws {
        let examined = try Clinic.examine([("person_1.csv", Array("A,N\n甲,1\n乙,x\n".utf8))])
        #expect(examined.places == ["file: missing-label K", "row 3 B N: type-error"])
        #expect(examined.reports[0].rows == 2 && examined.reports[0].accepted == 0 && examined.checkedRows == 0)
    }

    @Test("may have columns nobody knows: one warning for all of them, and their cells are not looked at")
    func unknown() throws { #expect(try check("K,A,X,N,Y\n1,甲,\"\u{7}\",5,…\n") == ["row 1 C -: extra-label warning"]) }

    @Test("takes back the columns that a download of rejected rows adds, without a word")
    func correctionColumns() throws { #expect(try check("vedette_row,K,A,N,VEDETTE_FINDINGS\n2,1,甲,5,wrong\n") == []) }

    @Test("that names a column twice is an error: which one counts cannot be told")
    func duplicate() throws {
        let csv = MarkedCSV("K,A,N,❶k\n1,甲,5,2\n")
        #expect(
            try Clinic.check(csv, as: "person_1.csv")
                == csv.expecting("❶ duplicate-label").map { $0.replacing(" k:", with: " K:") })
    }

    @Test("may have a column without a name amid others: one warning; at the end it is a comma too many")
    func blankLabel() throws {
        #expect(try check("K,,A,N\n1,x,甲,5\n") == ["row 1 B -: blank-label warning"])
        #expect(try check("K,A,N,\n1,甲,5,\n2,乙,6\n") == [])
    }

    @Test(
        "that is none, or parted by something else, is told once, and not by every row",
        arguments: [
            "1,甲,5\n2,乙,6\n", "K;A;N\n1;甲,乙;5\n2;\"x;6\n", "K\tA\tN\n1\t甲,x,y\t5\n", "编号,称呼,数\n1,甲,5\n",
        ])
    func noHeader(text: String) throws {
        let examined = try Clinic.examine([("person_1.csv", Array(text.utf8))])
        #expect(examined.places == ["file: missing-label"])
        #expect(examined.reports[0].accepted == 0 && examined.reports[0].rejected == examined.reports[0].rows)
    }

    @Test("parted by semicolons or TABs says that commas are wanted", arguments: [";", "\t", "|"])
    func separator(separator: String) throws {
        let text = "K,A,N\n1,x,5\n".replacing(",", with: separator)
        let finding = try Clinic.examine([("person_1.csv", Array(text.utf8))]).findings[0]
        #expect(finding.message.en.contains("parted by commas"))
    }

    @Test("without rows, or no byte at all: one finding each")
    func empty() throws {
        #expect(try check("K,A,N\n") == ["file: empty-file warning"])
        #expect(try check("K,A,N\n,,\n\n") == ["file: empty-file warning"])
        #expect(try check("") == ["file: empty-file"])
        #expect(try check("\u{FEFF}") == ["file: empty-file"])
        #expect(try check("\n\n") == ["file: empty-file"])
        // All rows may stand in a line that does not end.
        #expect(try check("K,A,N") == ["file: empty-file"])
    }

    @Test("may stand below blank lines and lines for programs: rows count as a spreadsheet shows them")
    func below() throws {
        #expect(try check("\n,,\nK,A,N\n1,甲,x\n") == ["row 4 C N: type-error"])
        #expect(try check("sep=,\r\nK,A,N\r\n1,甲,x\r\n") == ["row 1: passed-over warning", "row 3 C N: type-error"])
        #expect(
            try check("#TYPE Selected.X\nK,A,X,N\n1,甲,,5\n") == [
                "row 1: passed-over warning", "row 2 C -: extra-label warning",
            ])
    }

    @Test("of more columns than a table may have is refused")
    func wide() throws {
        let examined = try Clinic.examine([("person_1.csv", Array((String(repeating: "x,", count: 5000) + "\n1").utf8))]
        )
        #expect(examined.places == ["file: source-error"])
    }
}
