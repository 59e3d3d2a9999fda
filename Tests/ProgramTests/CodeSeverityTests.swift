import CheckKit
import ProgramFiles
import SurveillanceKit
import Testing
import Validation

@Suite("How severe it is that a code is not in the institution's own table")
struct CodeSeverityTests {
    /// A table in use in June 2026: A1 is called "1", A2 stands for no national code.
    private struct Book: CodeBook {
        var dictionaries: Set<String> = ["icd"]
        private static let june = 20_605...20_634

        func hasTable(of dictionary: String) -> Bool { dictionaries.contains(dictionary) }

        func look(up code: UnsafeBufferPointer<UInt8>, in dictionary: String, on day: Int) -> CodeAnswer {
            guard Book.june.contains(day) else { return .noTable }
            return switch String(decoding: code, as: UTF8.self) {
            case "A1": .known
            case "A2": .notNational
            default: .unknown
            }
        }

        func national(of code: UnsafeBufferPointer<UInt8>, in dictionary: String, on day: Int) -> [UInt8]? { nil }

        func names(
            of code: UnsafeBufferPointer<UInt8>, in dictionary: String, on day: Int,
            include text: UnsafeBufferPointer<UInt8>
        ) -> Bool { text.elementsEqual("1".utf8) }
    }

    private static let kinds = ["code-not-in-local-table", "code-name-mismatch", "code-not-national"]

    private static func program(severity: String, uses: Bool = true, eventDate: Bool = true) throws -> MarkedProgram {
        let used = uses ? #""uses": [{ "file": "mpox", "code": "CASE", "name": "SEX" }], "# : ""
        var program = try MarkedProgram(
            (
                "program.json", #""timeZone""#,
                #""dictionaries": [{ "id": "icd", "title": { "zh": "诊断", "en": "Diagnoses" }, \#(used)"severity": \#(severity) }], "timeZone""#
            ))
        if eventDate {
            try program.change(
                "files/mpox.json", #""primaryKey": ["CASE"],"#, #""primaryKey": ["CASE"], "eventDate": "SEEN","#)
        }
        return program
    }

    @Test("is what the program says, and a warning where it does not", arguments: kinds.indices)
    func declared(kind: Int) throws {
        for (severity, rejected) in [("warning", 0), ("error", 1)] {
            let program = try Self.program(severity: "{ \"\(Self.kinds[kind])\": \"\(severity)\" }")
            var found: [String] = []
            var rejectedRows = 0
            for row in ["A1,2", "A2,1", "A3,1", "A1,1"] {
                let csv = "CASE,SEX,ONSET,SEEN\n\(row),2026-06-01,2026-06-02\n"
                let examined = try Examined(
                    [("mpox_1.csv", Array(csv.utf8))], by: try program.registry(), codes: Book())
                found += examined.findings.map { "\(row) \($0.code.rawValue) \($0.severity.rawValue)" }
                rejectedRows += examined.reports.reduce(0) { $0 + $1.rejected }
                #expect(examined.reports.allSatisfy { $0.notes.isEmpty })
            }
            func word(_ other: Int) -> String { other == kind ? severity : "warning" }
            #expect(
                found == [
                    "A1,2 code-name-mismatch \(word(1))", "A2,1 code-not-national \(word(2))",
                    "A3,1 code-not-in-local-table \(word(0))",
                ])
            #expect(rejectedRows == rejected)
        }
    }

    @Test("is not asked on a day without a table, which is a warning, nor without any table, which is one note")
    func withoutTable() throws {
        let program = try Self.program(severity: #"{ "code-not-in-local-table": "error" }"#)
        func examined(_ day: String, _ book: (any CodeBook)?) throws -> Examined {
            let csv = "CASE,SEX,ONSET,SEEN\nA3,1,2026-06-01,\(day)\nA4,1,2026-06-01,\(day)\n"
            return try Examined([("mpox_1.csv", Array(csv.utf8))], by: try program.registry(), codes: book)
        }
        let later = try examined("2026-07-15", Book())
        #expect(later.findings.map(\.severity) == [.warning] && later.reports[0].accepted == 2)
        #expect(later.reports[0].notes.isEmpty)

        let none = try examined("2026-06-15", Book(dictionaries: []))
        #expect(none.findings.isEmpty && none.reports[0].accepted == 2 && none.reports[0].warnings == 0)
        let note = try #require(none.reports[0].notes.first)
        #expect(none.reports[0].notes.count == 1 && note.code == .noCodeTable && note.dictionaries == ["icd"])
        #expect(note.message.zh.contains("诊断") && note.message.en.contains("/api/v1/dictionaries/icd"))

        // Offline nobody knows which tables there are.
        #expect(try examined("2026-06-15", nil).reports[0].notes.isEmpty)
    }

    @Test(
        "is refused with its place where it is no severity, of no such finding, or of no use",
        arguments: [
            (#"{ "code-not-national": ❶"fatal" }"#, "'code-not-national' is 'fatal'; it must be one of warning, error"),
            (#"{ ❶"type-error": "error" }"#, "unknown property 'type-error'; known are code-not-in-local-table"),
            ("❶{}", "'severity' is empty"),
            (#"❶"error""#, "an object { … }"),
        ])
    func refused(severity: String, words: String) throws { try Self.program(severity: severity).expect(words) }

    @Test("is refused without a field that is checked, or a day by which it is")
    func useless() throws {
        let severity = #"{ "code-name-mismatch": "error" }"#
        let idle = try Self.program(severity: "❶" + severity, uses: false)
        try idle.expect("does nothing without 'uses'")
        let mistakes = try Self.program(severity: severity, eventDate: false).mistakes()
        #expect(mistakes.count == 1 && mistakes[0].message.en.contains("mpox has no 'eventDate'"), "\(mistakes)")
        #expect(mistakes[0].line != nil)
    }
}
