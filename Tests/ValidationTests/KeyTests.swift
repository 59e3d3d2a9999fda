import CheckKit
import SurveillanceKit
import Testing
import Validation

@Suite("Keys and parents")
struct KeyTests {
    private let parents = MarkedCSV("NO,TIME,X\nA,2026-11-06 08:01:02,1\nB,2026-11-06 08:01:02,❶x\n")

    private func findings(
        _ files: [(String, MarkedCSV)], stored: Bool? = nil
    ) throws -> [String] {
        let examined = try Clinic.examine(
            files.map { ($0.0, $0.1.bytes) },
            stored: stored.map { answer in { @Sendable _ in answer ? StoredParent() : nil } })
        return examined.findings.filter { $0.file.hasPrefix("child") }.map(Place.text).sorted()
    }

    @Test("the same key twice is an error on the later row, each time")
    func duplicate() throws {
        let csv = MarkedCSV(
            "NO,TIME,X\nA,2026-11-06 08:01:02,1\nA,2026-11-06 08:01:03,1\n❶A,2026-11-06 08:01:02,2\n❷A,2026-11-06 08:01:02,3\n"
        )
        let examined = try Clinic.examine([("parent_1.csv", csv.bytes)])
        #expect(examined.places == csv.expecting("❶ primary-key", "❷ primary-key"))
        #expect(examined.findings.allSatisfy { $0.message.en == "the same key as row 2" })
    }

    @Test(
        "keys are compared by value: the same moment written otherwise is the same key",
        arguments: [
            "2026/11/6 8:01:02", "2026-11-06 08:01:02", " 2026-11-6 8:1:2 ", "\"2026/11/06 08:01:02\"",
        ])
    func byValue(moment: String) throws {
        let csv = MarkedCSV("NO,TIME,X\n A ,2026-11-06 08:01:02,1\n❶\"A\",\(moment),2\n")
        #expect(try Clinic.check(csv, as: "parent_1.csv") == csv.expecting("❶ primary-key"))
    }

    @Test("other letters are another key, in case too; so is another part's end")
    func notTheSame() throws {
        #expect(try Clinic.check(MarkedCSV("K,A,N\na,甲,1\nA,甲,1\n01,甲,1\n1,甲,1\n"), as: "person_1.csv") == [])
    }

    @Test("a row whose key is blank or unreadable has no key, and that is its one finding")
    func unreadableKey() throws {
        let csv = MarkedCSV("NO,TIME,X\nA,❶x,1\nA,❷x,1\n❸,2026-11-06 08:01:02,1\n❹,2026-11-06 08:01:02,1\n")
        #expect(
            try Clinic.check(csv, as: "parent_1.csv")
                == csv.expecting("❶ type-error", "❷ type-error", "❸ constraint-error", "❹ constraint-error"))
    }

    @Test(
        "`-` in a key whose rule refuses it is that one finding: two rows with it are not the same, and no parent is looked for"
    )
    func unknownKey() throws {
        let csv = MarkedCSV("CODE,K,N\n❶-,1,1\n❷-,1,2\nA,-,1\n❸A,-,2\n-1,1,1\n❹-1,1,2\n")
        #expect(
            try Clinic.check(csv, as: "number_1.csv")
                == csv.expecting(
                    "❶ code-known", "❷ code-known", "❸ primary-key", "❹ primary-key"))
        let links = MarkedCSV("CODE,LINE\n❶-,1\n❷B,2\nA,3\n")
        #expect(
            try Clinic.examine([("number_1.csv", Array("CODE,K,N\nA,1,1\n".utf8)), ("piece_1.csv", links.bytes)]).places
                == links.expecting("❶ code-known", "❷ foreign-key warning"))
    }

    @Test("a child finds its parent in the package, whichever file comes first and however the moment is written")
    func parentInPackage() throws {
        let child = MarkedCSV("NO,TIME,LINE\nA,2026/11/6 8:01:02,1\n")
        #expect(try findings([("child_1.csv", child), ("parent_1.csv", parents)]) == [])
        #expect(try findings([("parent_1.csv", parents), ("child_1.csv", child)]) == [])
    }

    @Test("a child of a rejected parent is held for that one cause, which names the row")
    func rejectedParent() throws {
        let child = MarkedCSV("NO,TIME,LINE\nA,2026-11-06 08:01:02,1\n❶B,2026-11-06 08:01:02,1\n")
        #expect(try findings([("child_1.csv", child), ("parent_1.csv", parents)]) == child.expecting("❶ foreign-key"))
        #expect(
            try findings([("child_1.csv", child), ("parent_1.csv", parents)], stored: true)
                == child.expecting("❶ foreign-key"))
        let examined = try Clinic.examine([("parent_1.csv", parents.bytes), ("child_1.csv", child.bytes)])
        let message = try #require(examined.findings.last?.message)
        #expect(message.en.hasPrefix("row 3 of parent (parents), ") && message.zh.contains("parent（病例）记录（第 3 行）"))
        // The other file type that it might belong to is not spoken of.
        #expect(!message.en.contains("stay") && !message.zh.contains("住院"))
    }

    @Test(
        "a right row with the key of a rejected one is its duplicate and no parent: none of five children is accepted")
    func duplicateOfRejectedParent() throws {
        let visits = MarkedCSV("NO,TIME,X\nB,2026-11-06 08:01:02,❶x\n❷B,2026-11-06 08:01:02,1\n")
        let children = MarkedCSV(
            "NO,TIME,LINE\n"
                + (1...5).map { "\(["❶", "❷", "❸", "❹", "❺"][$0 - 1])B,2026-11-06 08:01:02,\($0)\n" }.joined())
        let examined = try Clinic.examine([("parent_1.csv", visits.bytes), ("child_1.csv", children.bytes)])
        #expect(examined.places(in: "parent_1.csv") == visits.expecting("❶ type-error", "❷ primary-key"))
        #expect(
            examined.places(in: "child_1.csv")
                == children.expecting(
                    "❶ foreign-key", "❷ foreign-key", "❸ foreign-key", "❹ foreign-key", "❺ foreign-key"))
        #expect(examined.reports.map(\.accepted) == [0, 0] && examined.checkedRows == 0)
    }

    @Test("a parent that is nowhere is an error, one that is stored is none, and offline it is a warning")
    func absentParent() throws {
        let child = MarkedCSV("NO,TIME,LINE\n❶C,2026-11-06 08:01:02,1\n")
        #expect(
            try findings([("child_1.csv", child), ("parent_1.csv", parents)])
                == child.expecting("❶ foreign-key warning"))
        #expect(try findings([("child_1.csv", child)]) == child.expecting("❶ foreign-key warning"))
        #expect(try findings([("child_1.csv", child)], stored: false) == child.expecting("❶ foreign-key"))
        #expect(try findings([("child_1.csv", child)], stored: true) == [])
    }

    @Test("either parent is enough")
    func alternative() throws {
        let stay = MarkedCSV("SID,SNO,SIN,X\n1,C,2026-11-06 08:01:02,1\n2,B,2026-11-06 08:01:02,1\n")
        let child = MarkedCSV(
            "NO,TIME,LINE\nC,2026-11-06 08:01:02,1\nB,2026-11-06 08:01:02,1\n❶D,2026-11-06 08:01:02,1\n")
        let files = [("child_1.csv", child), ("parent_1.csv", parents), ("stay_1.csv", stay)]
        #expect(try findings(files) == child.expecting("❶ foreign-key warning"))
    }

    @Test("where parents need not be unique, one that stands is enough beside a rejected one")
    func standingBesideRejected() throws {
        let stay = MarkedCSV(
            "SID,SNO,SIN,X\n1,C,2026-11-06 08:01:02,x\n2,C,2026-11-06 08:01:02,1\n3,D,2026-11-06 08:01:02,1\n4,D,2026-11-06 08:01:02,x\n"
        )
        let child = MarkedCSV("NO,TIME,LINE\nC,2026-11-06 08:01:02,1\nD,2026-11-06 08:01:02,1\n")
        #expect(try findings([("child_1.csv", child), ("stay_1.csv", stay)]) == [])
    }

    @Test("parents may come in two files of one type; one refused file's rows are parents of nobody")
    func twoParentFiles() throws {
        let more = MarkedCSV("NO,TIME,X\nB,2026-11-06 08:01:02,1\n")
        let child = MarkedCSV("NO,TIME,LINE\nB,2026-11-06 08:01:02,1\n")
        #expect(try findings([("child_1.csv", child), ("parent_1.csv", parents), ("parent_2.csv", more)]) == [])
        let refused = MarkedCSV("NO,TIME\nB,2026-11-06 08:01:02\n" + String(repeating: "x", count: 2_000_000))
        let held = MarkedCSV("NO,TIME,LINE\n❶B,2026-11-06 08:01:02,1\n")
        #expect(try findings([("child_1.csv", held), ("parent_2.csv", refused)]) == held.expecting("❶ foreign-key"))
    }

    @Test("a link of which a part is blank or unreadable is not looked up: the cell has its own finding")
    func brokenLink() throws {
        let child = MarkedCSV("NO,TIME,LINE\nA,❶2026-11-06,1\n❷,2026-11-06 08:01:02,1\n")
        #expect(
            try findings([("child_1.csv", child), ("parent_1.csv", parents)])
                == child.expecting("❶ type-error", "❷ constraint-error"))
    }

    @Test("a row whose link cannot be read is not told that another link leads nowhere")
    func unreadableAmongAlternatives() throws {
        let either = MarkedCSV("A,B,TIME,LINE\n❶x,1,2026-11-06 08:01:02,1\n1,❷1,2026-11-06 08:01:02,2\n")
        #expect(
            try findings([("child2_1.csv", either)])
                == either.expecting("❶ type-error", "❷ foreign-key warning").map {
                    $0.replacing(" B B:", with: " A A:")
                })
    }

    @Test("the store is asked by field and value, for rejected rows too: all that is wrong is told at once")
    func askedStore() throws {
        let asked = Asked()
        _ = try Clinic.examine(
            [("child_1.csv", Array("NO,TIME,LINE\nA,2026/11/6 8:01:02,1\nB,2026-11-06 08:01:02,x\n".utf8))],
            stored: { key in
                asked.note("\(key.fileType) \(key.fields) \(key.values)")
                return StoredParent()
            })
        #expect(
            asked.keys
                == ["A", "B"].map {
                    "parent [\"NO\", \"TIME\"] [Validation.ParentKey.Value.text(\"\($0)\"), Validation.ParentKey.Value.bits(1793952062)]"
                })
    }
}

/// What the store was asked for. Unchecked: one thread asks.
private final class Asked: @unchecked Sendable {
    private(set) var keys: [String] = []
    func note(_ key: String) { keys.append(key) }
}
