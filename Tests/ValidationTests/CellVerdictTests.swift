import Testing

@Suite("A cell's verdict")
struct CellVerdictTests {
    /// One cell of a row that is otherwise right, and the code of the finding it must give, or nil where it is right too.
    struct Verdict: CustomTestStringConvertible {
        var field: String
        var text: String
        var code: String?

        init(_ field: String, _ text: String, _ code: String? = nil) {
            self.field = field
            self.text = text
            self.code = code
        }

        var testDescription: String { "\(field) '\(text)' \(code ?? "is right")" }
    }

    private func expect(_ verdict: Verdict) throws {
        let expected = verdict.code.map { ["\(verdict.field): \($0)"] } ?? []
        #expect(try Clinic.findings([verdict.field: verdict.text]) == expected)
    }

    @Test("the row the others differ from is right")
    func base() throws { #expect(try Clinic.findings([:]) == []) }

    @Test(
        "required: blank is an error, and a warning where the field says so",
        arguments: [
            Verdict("NO", "", "constraint-error"), Verdict("NO", "   ", "constraint-error"),
            Verdict("NO", "\"\"", "constraint-error"),
            Verdict("NO", "\u{3000}", "constraint-error"), Verdict("TIME", "", "constraint-error"),
            Verdict("AGE", "", "constraint-error warning"), Verdict("NOTE", ""), Verdict("BORN", ""),
            Verdict("FEE", " \t"),
            Verdict("NO", "0"),
        ])
    func required(verdict: Verdict) throws { try expect(verdict) }

    @Test(
        "'-' stands for not known only where the field says so",
        arguments: [
            Verdict("NAME", "-"), Verdict("SEX", "-"), Verdict("SEX", "\" - \""), Verdict("IDNO", "-"),
            Verdict("SEX", "--", "constraint-error"),
            Verdict("SEX", "－", "constraint-error"), Verdict("BORN", "-", "type-error"),
            Verdict("AGE", "-", "type-error"),
            Verdict("FEE", "-", "type-error"), Verdict("DEPT", "-", "constraint-error warning"), Verdict("NO", "-"),
            Verdict("GRADE", "-", "constraint-error"),
        ])
    func placeholder(verdict: Verdict) throws { try expect(verdict) }

    @Test(
        "whole numbers",
        arguments: [
            Verdict("COUNT", "0"), Verdict("COUNT", "+5"), Verdict("COUNT", "-5"), Verdict("COUNT", "007"),
            Verdict("COUNT", " 7 "),
            Verdict("COUNT", "999999999999999999"), Verdict("COUNT", "1.0", "type-error"),
            Verdict("COUNT", "1e5", "type-error"),
            Verdict("COUNT", "1,000", "type-error"), Verdict("COUNT", "１２", "type-error"),
            Verdict("COUNT", "1 2", "type-error"),
            Verdict("COUNT", "+", "type-error"), Verdict("COUNT", "0x10", "type-error"),
            Verdict("COUNT", "一", "type-error"),
            Verdict("COUNT", "99999999999999999999", "type-error"), Verdict("COUNT", "1_000", "type-error"),
            Verdict("AGE", "0"), Verdict("AGE", "150"), Verdict("AGE", "-1", "constraint-error"),
            Verdict("AGE", "151", "constraint-error"),
            Verdict("AGE", "45岁", "type-error"), Verdict("AGE", "1234567890123456789012345", "constraint-error"),
            Verdict("AGE", "-99999999999999999999", "constraint-error"),
            Verdict("AGE", "99999999999999999999岁", "type-error"),
        ])
    func integers(verdict: Verdict) throws { try expect(verdict) }

    @Test(
        "numbers",
        arguments: [
            Verdict("FEE", "0"), Verdict("FEE", "12"), Verdict("FEE", "12."), Verdict("FEE", ".5"),
            Verdict("FEE", "+5"), Verdict("FEE", "1e5"),
            Verdict("FEE", "1.5E+02"), Verdict("FEE", "1.25e-1", "constraint-error"), Verdict("FEE", "1.5e-1"),
            Verdict("FEE", "0.00"),
            Verdict("FEE", "12.500"), Verdict("FEE", "12.50000000000000000000"), Verdict("FEE", "0012.5"),
            Verdict("FEE", "999999.99"),
            Verdict("FEE", "1000000", "constraint-error"), Verdict("FEE", "1e6", "constraint-error"),
            Verdict("FEE", "12.505", "constraint-error"),
            Verdict("FEE", "-0.01", "constraint-error"), Verdict("FEE", "-0"), Verdict("FEE", "1,000", "type-error"),
            Verdict("FEE", "１２", "type-error"), Verdict("FEE", "12元", "type-error"),
            Verdict("FEE", "¥12", "type-error"),
            Verdict("FEE", ".", "type-error"), Verdict("FEE", "e5", "type-error"), Verdict("FEE", "1e", "type-error"),
            Verdict("FEE", "1.2.3", "type-error"),
            Verdict("FEE", "Infinity", "type-error"),
            Verdict("FEE", "1e999", "type-error"), Verdict("FEE", "0e999"), Verdict("FEE", "--1", "type-error"),
            Verdict("FEE", "1-", "type-error"),
        ])
    func numbers(verdict: Verdict) throws { try expect(verdict) }

    @Test(
        "days",
        arguments: [
            Verdict("BORN", "2026-03-05"), Verdict("BORN", "2026/3/5"), Verdict("BORN", "2026-3-5"),
            Verdict("BORN", "2026/03/05"),
            Verdict("BORN", "2026-03-05 00:00:00"), Verdict("BORN", "2026/3/5 0:00:00"),
            Verdict("BORN", "2026/3/5 0:00"),
            Verdict("BORN", "2026-03-05 00:00"), Verdict("BORN", "2026-03-05T00:00:00"),
            Verdict("BORN", "2026-03-05 00:00:00.000"), Verdict("BORN", "2026-03-05T00:00:00+08:00"),
            Verdict("BORN", "2026-03-05T00:00:00Z", "type-error"), Verdict("BORN", "2026-03-05 08:00", "type-error"),
            Verdict("BORN", "2024-02-29"),
            Verdict("BORN", "2000-02-29"),
            Verdict("BORN", "2026-02-29", "type-error"), Verdict("BORN", "1900-02-29", "type-error"),
            Verdict("BORN", "2026-04-31", "type-error"),
            Verdict("BORN", "2026-13-01", "type-error"), Verdict("BORN", "2026-00-10", "type-error"),
            Verdict("BORN", "2026-01-00", "type-error"),
            Verdict("BORN", "2026-03-05 08:00:00", "type-error"), Verdict("BORN", "2026-03/05", "type-error"),
            Verdict("BORN", "26-03-05", "type-error"),
            Verdict("BORN", "20260305", "type-error"), Verdict("BORN", "2026.3.5", "type-error"),
            Verdict("BORN", "2026年3月5日", "type-error"),
            Verdict("BORN", "5/3/2026", "type-error"), Verdict("BORN", "0000-01-01", "constraint-error warning"),
            Verdict("BORN", "2026-03-05x", "type-error"),
            Verdict("BORN", "２０２６-03-05", "type-error"), Verdict("BORN", "2026-003-05", "type-error"),
            Verdict("BORN", "2026-3-", "type-error"),
        ])
    func days(verdict: Verdict) throws { try expect(verdict) }

    @Test(
        "moments",
        arguments: [
            Verdict("TIME", "2026-03-05 08:01:02"), Verdict("TIME", "2026/3/5 8:01:02"),
            Verdict("TIME", "2026-3-5 8:1:2"),
            Verdict("TIME", "2026-03-05  08:01:02"), Verdict("TIME", "2026-03-05 23:59:59"),
            Verdict("TIME", "2026-03-05 00:00:00"),
            Verdict("TIME", "2026-03-05 24:00:00", "type-error"), Verdict("TIME", "2026-03-05 08:60:00", "type-error"),
            Verdict("TIME", "2026-03-05 08:01:60", "type-error"), Verdict("TIME", "2026-03-05", "type-error"),
            Verdict("TIME", "2026-03-05 08:01", "type-error"), Verdict("TIME", "2026-03-05T08:01:02"),
            Verdict("TIME", "2026-03-05 08:01:02.0"), Verdict("TIME", "2026-03-05 08:01:02.0000000"),
            Verdict("TIME", "2026-03-05\u{A0}08:01:02"), Verdict("TIME", "2026-03-05\u{3000}08:01:02"),
            Verdict("TIME", "2026-03-05T08:01:02+08:00"), Verdict("TIME", "2026-03-05T08:01:02+0800"),
            Verdict("TIME", "2026-03-05T08:01:02Z", "type-error"),
            Verdict("TIME", "2026-03-05 08:01:02+09:00", "type-error"),
            Verdict("TIME", "2026-03-05 08:01:02.", "type-error"), Verdict("TIME", "2026-03-05 08", "type-error"),
            Verdict("ONSET", "2026/3/1 0:00"), Verdict("ONSET", "2026-03-01 00:00:00.0"),
            Verdict("TIME", "2026-02-30 08:01:02", "type-error"),
            Verdict("TIME", "2026-03-05 08:01:02.5", "type-error"),
            Verdict("ONSET", "2026-03-01"), Verdict("ONSET", "2026/3/1"), Verdict("ONSET", "2026-03-01 08:00:00"),
            Verdict("ONSET", "2026-03", "type-error"), Verdict("ONSET", "2026-03-32", "type-error"),
        ])
    func moments(verdict: Verdict) throws { try expect(verdict) }

    @Test(
        "codes; a list that is not known has no wrong code",
        arguments: [
            Verdict("SEX", "2"), Verdict("SEX", "\t2 "), Verdict("SEX", "3", "constraint-error"),
            Verdict("SEX", "01", "constraint-error"),
            Verdict("SEX", "男", "constraint-error"), Verdict("SEX", "1,2", "constraint-error"), Verdict("DEPT", "04"),
            Verdict("DEPT", "99", "constraint-error warning"), Verdict("PAPER", "whatever"), Verdict("SIGNS", "1,2"),
            Verdict("SIGNS", "1；2", "constraint-error"),
            Verdict("SIGNS", "1，2"), Verdict("SIGNS", "1;3", "constraint-error"), Verdict("SIGNS", "1;;2;"),
            Verdict("SIGNS", " 1 ; 2 "),
            Verdict("SIGNS", "100000001"), Verdict("WARD", "1"), Verdict("WARD", "701"),
            Verdict("WARD", "999", "constraint-error"), Verdict("SIGNS", "100000002", "constraint-error"),
            Verdict("SIGNS", "100000001;100000001;100000001"),
        ])
    func codes(verdict: Verdict) throws { try expect(verdict) }

    @Test(
        "lengths count characters",
        arguments: [
            Verdict("NOTE", "12345"), Verdict("NOTE", "123456", "constraint-error"), Verdict("NOTE", "一二三四五"),
            Verdict("NOTE", "一二三四五六", "constraint-error"),
            Verdict("NOTE", "𠮷𠮷𠮷𠮷𠮷"), Verdict("NOTE", "  12345  "), Verdict("NAME", "甲", "constraint-error"),
            Verdict("NAME", "甲乙"),
        ])
    func lengths(verdict: Verdict) throws { try expect(verdict) }

    @Test(
        "patterns, lists of values, truth values",
        arguments: [
            Verdict("GRADE", "A0"), Verdict("GRADE", "D0", "constraint-error"),
            Verdict("GRADE", "A00", "constraint-error"), Verdict("GRADE", "xA0", "constraint-error"),
            Verdict("LEVEL", "low"), Verdict("LEVEL", "Low", "constraint-error"), Verdict("SEEN", "1"),
            Verdict("SEEN", "FALSE"), Verdict("SEEN", "是", "type-error"),
        ])
    func others(verdict: Verdict) throws { try expect(verdict) }

    @Test(
        "resident IDs, where the document is one",
        arguments: [
            Verdict("IDNO", "110105198005060010"), Verdict("IDNO", "11010519491231002X"),
            Verdict("IDNO", "11010519491231002x"),
            Verdict("IDNO", "110105800506001"), Verdict("IDNO", "110105198005060011", "resident-id"),
            Verdict("IDNO", "11010519800230001X", "resident-id"),
            Verdict("IDNO", "1101051980050600100", "resident-id"), Verdict("IDNO", "11010519800506001", "resident-id"),
            Verdict("IDNO", "1101058005060", "resident-id"), Verdict("IDNO", "E12345678", "resident-id"),
            Verdict("IDNO", ""),
        ])
    func residentIDs(verdict: Verdict) throws { try expect(verdict) }

    @Test("another document's number is nobody's business")
    func otherDocument() throws { #expect(try Clinic.findings(["PAPER": "02", "IDNO": "E12345678"]) == []) }

    @Test("a rule is not tried on a cell that did not parse: one mistake gives one finding")
    func oneMistake() throws {
        #expect(try Clinic.findings(["ONSET": "2026-03-09"]) == ["ONSET: onset-first"])
        #expect(try Clinic.findings(["ONSET": "2026-03-09", "TIME": "2026-03-05 25:00:00"]) == ["TIME: type-error"])
        #expect(try Clinic.findings(["ONSET": "2026-03-05 08:01:02"]) == [])
        #expect(try Clinic.findings(["ONSET": "2026-03-05 08:01:03"]) == ["ONSET: onset-first"])
    }

    @Test("a value that another one makes necessary")
    func conditional() throws {
        #expect(try Clinic.findings(["LEVEL": ""]) == ["LEVEL: grade-needs-level"])
        #expect(try Clinic.findings(["LEVEL": "", "GRADE": ""]) == [])
    }

    @Test("all that is wrong with a row is told at once")
    func several() throws {
        #expect(
            try Clinic.findings(["NO": "", "SEX": "9", "AGE": "x", "LEVEL": "", "FEE": "-1"]) == [
                "AGE: type-error", "FEE: constraint-error", "LEVEL: grade-needs-level", "NO: constraint-error",
                "SEX: constraint-error",
            ])
    }
}
