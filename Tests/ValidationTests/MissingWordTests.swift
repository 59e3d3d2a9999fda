import CheckKit
import SurveillanceKit
import Testing

@testable import Validation

@Suite("Words for nothing")
struct MissingWordTests {
    static let words = [
        "NULL", "null", "Null", "(null)", "<NULL>", "[NULL]", "{null}", "'NULL'", "\\N", "nan", "NaN", "NAN", "None",
        "none",
        "undefined", "NaT", "<nil>", "N/A", "n/a", "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!",
        "#NULL!",
        "#SPILL!", "#######", "Err:502", "Invalid date", "Invalid Date", "NaN-NaN-NaN", "NaN-NaN-NaN NaN:NaN:NaN",
        "[object Object]", "DBNull", "<NA>", "(空)",
    ]

    @Test("in a required field are an error that says how to say 'not known', where it may be said", arguments: words)
    func required(word: String) throws {
        let found = try examine(["NAME": word]).findings
        #expect(found.map(\.code) == [.constraintError] && found.map(\.field) == ["NAME"], "\(found)")
        #expect(found.first?.value == word)
        #expect(found.first?.message.en.contains("'-'") == true && found.first?.message.zh.contains("“-”") == true)
    }

    @Test("in a key are an error, and '-' is not spoken of", arguments: ["NULL", "(null)", "#N/A", "None", "'null'"])
    func key(word: String) throws {
        let found = try examine(["NO": word]).findings
        #expect(found.map(\.code) == [.constraintError] && found.map(\.field) == ["NO"], "\(found)")
        #expect(found.first?.severity == .error && found.first?.message.en.contains("'-'") == false)
    }

    @Test("in an optional text are read as empty, with one warning for the file", arguments: words)
    func optional(word: String) throws {
        guard word.count <= 5 else { return }
        #expect(try Clinic.findings(["NOTE": word]) == ["-: constraint-error warning"])
    }

    @Test(
        "in optional dates, numbers, codes and truth values, too",
        arguments: ["BORN", "FEE", "COUNT", "SEEN", "DEPT", "SIGNS", "ONSET", "IDNO", "WARD"],
        ["NULL", "#N/A", "nan", "\\N"])
    func others(field: String, word: String) throws {
        #expect(try Clinic.findings([field: word]) == ["-: constraint-error warning"])
    }

    @Test("of many rows are one warning that counts and names words and columns")
    func once() throws {
        var csv = "K,A,N\n"
        for row in 0..<300 { csv += "K\(row),\(row % 2 == 0 ? "NULL" : "x"),\(row % 3 == 0 ? "#N/A" : "1")\n" }
        let examined = try Clinic.examine([("person_1.csv", Array(csv.utf8))])
        #expect(examined.findings.count == 1 && examined.checkedRows == 300)
        let message = try #require(examined.findings.first).message
        for part in ["250", "#N/A、NULL", "A（称呼）150", "N（数）100"] { #expect(message.zh.contains(part), "\(message.zh)") }
        #expect(message.en.contains("A (a) 150") && message.en.contains("N (n) 100"), "\(message.en)")
    }

    @Test(
        "are words only as a whole: real names, tests and sentences stay",
        arguments: [
            "Nan", "Nat", "NAT", "NA", "Na", "Nulls", "NULL值", "nullx", "无", "Ning", "N/A1", "(无)", "#1", "#12", "#1#",
            "null.",
            "NOTE", "Nil-x", "nil", "INR", "In", "Una", "(+)", "<5", "[+]", "\\",
        ])
    func nearMisses(text: String) throws {
        #expect(try Clinic.findings(["NOTE": text]) == [])
    }

    @Test("are nothing in numbers where they may be something in texts")
    func sodium() throws {
        #expect(try Clinic.findings(["FEE": "NA"]) == ["-: constraint-error warning"])
        #expect(try Clinic.findings(["NOTE": "NA"]) == [])
    }

    @Test("a value of the field's own list is no such word")
    func ownList() throws {
        let words = MissingWords(own: ["不详", "未提供"])
        func has(_ text: String) -> Bool {
            Array(text.utf8).withUnsafeBufferPointer { words.contains($0, isText: true) }
        }
        #expect(has("不详") && has("未提供") && has("NULL"))
        #expect(!has("病情不详") && !has("不"))
    }

    @Test("decide rules as an empty cell does")
    func rules() throws {
        #expect(
            try Clinic.findings(["LEVEL": "NULL"]) == ["-: constraint-error warning", "LEVEL: grade-needs-level"])
        #expect(try Clinic.findings(["GRADE": "NULL", "LEVEL": ""]) == ["-: constraint-error warning"])
    }

    @Test("where a missing value only warns, the word only warns")
    func warning() throws {
        #expect(try Clinic.findings(["AGE": "NULL"]) == ["AGE: constraint-error warning"])
    }

    private func examine(_ cells: [String: String]) throws -> (findings: [Finding], rows: Int) {
        let header = Clinic.visit.map(\.field).joined(separator: ",")
        let row = Clinic.visit.map { cells[$0.field] ?? $0.text }.joined(separator: ",")
        let examined = try Clinic.examine([("visit_1.csv", Array((header + "\n" + row).utf8))])
        return (examined.findings, examined.checkedRows)
    }
}
