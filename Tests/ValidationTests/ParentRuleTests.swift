import CheckKit
import ProgramFiles
import SurveillanceKit
import Testing
import Validation

@Suite("Rules about a row's parent")
struct ParentRuleTests {
    static let registry = Result { try TemporaryPrograms(files).registry() }

    private static func field(_ name: String, _ type: String, _ rest: String = "") -> String {
        """
        { "name": "\(name)", "title": "\(name)", "en": { "title": "\(name)" }, "type": "\(type)", \(rest)
          "sensitivity": "none", "deidentify": "keep" }
        """
    }

    private static let required = "\"constraints\": { \"required\": true },"
    private static let link = [field("NO", "string", required), field("DAY", "date", "\"format\": \"%Y-%m-%d\",")]
    private static let name = field("NAME", "string", "\"placeholder\": \"-\",")

    private static func rule(_ id: String, _ rest: String) -> String {
        "{ \"id\": \"\(id)\", \(rest)\(rest.contains("severity") ? "" : ", \"severity\": \"error\""), \"message\": { \"zh\": \"不符\", \"en\": \"they disagree\" } }"
    }

    private static let files = [
        "Ward/program.json": """
        { "id": "ward", "version": "1.0.0", "effectiveFrom": "2026-01-01", "title": { "zh": "病区", "en": "Ward" },
          "timeZone": "Asia/Shanghai", "files": ["note", "line", "stay", "visit"] }
        """,
        "Ward/codelists/codelists.json":
            "[ { \"id\": \"WAY\", \"title\": { \"zh\": \"离院\", \"en\": \"Way\" }, \"severity\": \"error\" } ]",
        "Ward/codelists/WAY.csv": "code,zh,en,source,confidence\n1,回家,home,x,high\n5,死亡,died,x,high\n",
        "Ward/files/stay.json": """
        { "name": "stay", "title": "住院", "en": { "title": "Stays" }, "primaryKey": ["ID"],
          "fields": [ \((link + [field("ID", "integer", required), name, field("WAY", "string", "\"codeList\": \"WAY\","),
            field("COUNT", "number")]).joined(separator: ",")) ] }
        """,
        "Ward/files/visit.json": """
        { "name": "visit", "title": "就诊", "en": { "title": "Visits" }, "primaryKey": ["NO", "DAY"],
          "fields": [ \((link + [name]).joined(separator: ",")) ] }
        """,
        "Ward/files/note.json": """
        { "name": "note", "title": "小结", "en": { "title": "Notes" }, "primaryKey": ["N"],
          "foreignKeys": [ { "fields": ["NO", "DAY"], "reference": { "resource": "stay", "fields": ["NO", "DAY"] },
            "requires": [
              \(rule("same-name", "\"field\": \"NAME\", \"parentField\": \"NAME\", \"severity\": \"warning\"")),
              \(rule("same-count", "\"field\": \"COUNT\", \"parentField\": \"COUNT\"")),
              \(rule("not-dead", "\"field\": \"NO\", \"parentField\": \"WAY\", \"notIn\": [\"5\"]")) ],
            "alternatives": [ { "fields": ["NO", "DAY"], "reference": { "resource": "visit", "fields": ["NO", "DAY"] },
              "requires": [ \(rule("name-of-visit", "\"field\": \"NAME\", \"parentField\": \"NAME\"")) ] } ] } ],
          "fields": [ \((link + [field("N", "integer", required), name, field("COUNT", "number")]).joined(separator: ",")) ] }
        """,
        "Ward/files/line.json": """
        { "name": "line", "title": "明细", "en": { "title": "Lines" }, "primaryKey": ["L"],
          "foreignKeys": [ { "fields": ["N"], "reference": { "resource": "note", "fields": ["N"] } } ],
          "fields": [ \([field("L", "integer", required), field("N", "integer", required)].joined(separator: ",")) ] }
        """,
    ]

    private func examine(
        _ files: [(String, [UInt8])], threads: Int = 1
    ) throws -> Examined {
        try Examined(
            files.map { (name: $0.0, bytes: $0.1) }, by: try ParentRuleTests.registry.get(), threads: threads)
    }

    /// The findings of the notes' rows, for any order of the files.
    private func notes(_ stays: String, _ notes: MarkedCSV, _ more: (String, String)...) throws -> [String] {
        let files =
            [("note_1.csv", notes.bytes), ("stay_1.csv", Array(stays.utf8))] + more.map { ($0.0, Array($0.1.utf8)) }
        func places(_ files: [(String, [UInt8])]) throws -> [String] {
            try examine(files).places(in: "note_1.csv").filter { $0.hasPrefix("row") }
        }
        let found = try places(files)
        #expect(try places(files.reversed()) == found)
        return found
    }

    @Test("values are compared as values: blanks round them and the way a number or day is written do not count")
    func byValue() throws {
        let stays = "ID,NO,DAY,NAME,COUNT,WAY\n1,A,2026-11-05,示例甲,1.50,1\n2,B,2026-11-05,示例甲,2,1\n"
        let csv = MarkedCSV(
            """
            N,NO,DAY,NAME,COUNT
            1,A,2026/11/5,\t示例甲 ,1.5
            2,A,2026-11-05,❶示例乙,❷1.51
            3,B,2026-11-05,❸示例 甲,2.0
            4,"B",2026-11-05,"示例甲",2
            """)
        #expect(
            try notes(stays, csv) == csv.expecting("❶ same-name warning", "❷ same-count", "❸ same-name warning"))
    }

    @Test("a parent of a code that is not to have such children is told at the link, and its absence is not")
    func codes() throws {
        let stays = "ID,NO,DAY,NAME,WAY\n1,A,2026-11-05,甲,5\n2,B,2026-11-05,甲,1\n3,C,2026-11-05,甲,\n"
        let csv = MarkedCSV("N,NO,DAY,NAME\n1,❶A,2026-11-05,甲\n2,B,2026-11-05,甲\n3,C,2026-11-05,甲\n")
        #expect(try notes(stays, csv) == csv.expecting("❶ not-dead"))
    }

    @Test("what is blank, a placeholder, unreadable or without a column on either side cannot be decided")
    func undecided() throws {
        let stays = "ID,NO,DAY,NAME,COUNT\n1,A,2026-11-05,-,\n2,B,2026-11-05,甲,1\n3,C,2026-11-05,,1\n"
        let csv = MarkedCSV(
            "N,NO,DAY,NAME,COUNT\n1,A,2026-11-05,乙,1\n2,B,2026-11-05,-,❶x\n3,C,2026-11-05,乙,\n4,B,2026-11-05,,1\n")
        #expect(try notes(stays, csv) == csv.expecting("❶ type-error"))
        let narrow = MarkedCSV("N,NO,DAY\n1,B,2026-11-05\n")
        #expect(try notes(stays, narrow) == [])
        let bare = MarkedCSV("N,NO,DAY,NAME,COUNT\n1,B,2026-11-05,乙,2\n")
        #expect(try notes("ID,NO,DAY\n2,B,2026-11-05\n", bare) == [])
    }

    @Test("a parent that is rejected or nowhere is not compared with")
    func withoutParent() throws {
        let stays = "ID,NO,DAY,NAME,WAY\nx,A,2026-11-05,甲,5\n"
        let csv = MarkedCSV("N,NO,DAY,NAME\n1,❶A,2026-11-05,乙\n2,❷B,2026-11-05,乙\n")
        #expect(try notes(stays, csv) == csv.expecting("❶ foreign-key", "❷ foreign-key warning"))
    }

    @Test("of parents that stand twice, those that agree are compared with, those that do not are not")
    func severalParents() throws {
        let stays =
            "ID,NO,DAY,NAME,WAY\n1,A,2026-11-05,甲,5\n2,A,2026-11-05,乙,5\nx,B,2026-11-05,甲,5\n3,B,2026-11-05,丙,1\n"
        let csv = MarkedCSV("N,NO,DAY,NAME\n1,❶A,2026-11-05,丁\n2,B,2026-11-05,❷甲\n3,B,2026-11-05,丙\n")
        #expect(try notes(stays, csv) == csv.expecting("❶ not-dead", "❷ same-name warning"))
        // In a second file, too.
        let more = "ID,NO,DAY,NAME,WAY\n9,B,2026-11-05,甲,5\n"
        let again = MarkedCSV("N,NO,DAY,NAME\n1,❶A,2026-11-05,丁\n2,B,2026-11-05,丁\n")
        #expect(try notes(stays, again, ("stay_2.csv", more)) == again.expecting("❶ not-dead"))
    }

    @Test("the row that a repeated key leaves standing is compared with")
    func repeatedKey() throws {
        let visits = "NO,DAY,NAME\nV,2026-11-05,甲\nV,2026-11-05,乙\n"
        let csv = MarkedCSV("N,NO,DAY,NAME\n1,V,2026-11-05,甲\n2,V,2026-11-05,❶乙\n")
        #expect(
            try notes("ID,NO,DAY\n1,A,2026-11-05\n", csv, ("visit_1.csv", visits)) == csv.expecting("❶ name-of-visit"))
    }

    @Test("a broken rule that is an error rejects the row, and its children are held for that")
    func rejects() throws {
        let stays = Array("ID,NO,DAY,NAME,WAY\n1,A,2026-11-05,甲,5\n2,B,2026-11-05,甲,1\n".utf8)
        let notes = Array("N,NO,DAY,NAME\n1,A,2026-11-05,甲\n2,B,2026-11-05,乙\n".utf8)
        let lines = MarkedCSV("L,N\n1,❶1\n2,2\n")
        let examined = try examine([("line_1.csv", lines.bytes), ("note_1.csv", notes), ("stay_1.csv", stays)])
        #expect(examined.places(in: "line_1.csv") == lines.expecting("❶ foreign-key"))
        #expect(examined.reports.map(\.accepted) == [1, 1, 2])
    }

    @Test("many rows are judged alike by any number of threads, in GB18030 too")
    func threads() throws {
        var (stays, notes) = ("ID,NO,DAY,NAME,WAY\n", "N,NO,DAY,NAME\n")
        var expected: [String] = []
        for row in 0..<30_000 {
            stays += "\(row),C\(row),2026-11-05,甲\(row % 7),\(row % 5 == 0 ? 5 : 1)\n"
            notes += "\(row),C\(row),2026-11-05,甲\(row % 11 == 0 ? "x" : "\(row % 7)")\n"
            if row % 5 == 0 { expected.append("row \(row + 2) B NO: not-dead") }
            if row % 11 == 0 { expected.append("row \(row + 2) D NAME: same-name warning") }
        }
        expected.sort()
        for threads in [1, 2, 4] {
            let utf8 = [("note_1.csv", Array(notes.utf8)), ("stay_1.csv", Array(stays.utf8))]
            #expect(try examine(utf8, threads: threads).places.filter { $0.hasPrefix("row") } == expected)
            let gb = [("note_1.csv", gb18030(notes)), ("stay_1.csv", gb18030(stays))]
            #expect(try examine(gb, threads: threads).places.filter { $0.hasPrefix("row") } == expected)
        }
    }

    private func gb18030(_ text: String) -> [UInt8] {
        // The one character beyond ASCII, in its two bytes.
        text.utf8.reduce(into: (bytes: [UInt8](), skip: 0)) { result, byte in
            if result.skip > 0 {
                result.skip -= 1
            } else if byte == 0xE7 {
                result.bytes += [0xBC, 0xD7]
                result.skip = 2
            } else {
                result.bytes.append(byte)
            }
        }.bytes
    }
}
