import CheckKit
import SurveillanceKit
import Testing
import Validation

@Suite("Two files of one type in a package")
struct RivalTests {
    private static let one = "NO,TIME,X\nA,2026-11-06 08:01:02,1\nB,2026-11-06 08:01:02,2\nC,2026-11-06 08:01:02,3\n"

    private func examine(_ files: [(String, String)]) throws -> Examined {
        try Clinic.examine(files.map { ($0.0, Array($0.1.utf8)) })
    }

    @Test(
        "the same key with other content is an error in both, each naming the other's file and row; neither row is taken"
    )
    func differ() throws {
        let other = "NO,TIME,X\nD,2026-11-06 08:01:02,1\nB,2026/11/6 8:01:02,9\n"
        let examined = try examine([("parent_a.csv", Self.one), ("parent_b.csv", other)])
        #expect(examined.reports.map(\.accepted) == [2, 1] && examined.reports.map(\.rejected) == [1, 1])
        let told = examined.findings.map { "\($0.file) \($0.row ?? 0) \($0.code.rawValue) \($0.message.en.prefix(40))" }
        #expect(
            told == [
                "parent_a.csv 3 primary-key the same key as row 3 of parent_b.csv, w",
                "parent_b.csv 3 primary-key the same key as row 3 of parent_a.csv, w",
            ])
    }

    @Test("the same row in both is a warning and is taken: written otherwise, it is the same too")
    func same() throws {
        let other = "X,NO,TIME\n\" 2 \",B,2026/11/6 8:01:02\n"
        let examined = try examine([("parent_a.csv", Self.one), ("sub/parent_b.csv", other)])
        #expect(examined.reports.map(\.accepted) == [3, 1] && examined.reports.map(\.errors) == [0, 0])
        #expect(examined.reports.map(\.warnings) == [1, 1])
    }

    @Test("files that share no key, and one file alone, are told nothing")
    func apart() throws {
        let other = "NO,TIME,X\nA,2026-11-06 08:01:03,1\na,2026-11-06 08:01:02,1\n"
        #expect(try examine([("parent_a.csv", Self.one), ("parent_b.csv", other)]).findings.isEmpty)
        #expect(try examine([("parent_a.csv", Self.one)]).findings.isEmpty)
    }

    @Test("a row that stands takes no harm from a rejected one of the same key in another file")
    func besideRejected() throws {
        let broken = "NO,TIME,X\nB,2026-11-06 08:01:02,x\n"
        let examined = try examine([("parent_a.csv", broken), ("parent_b.csv", Self.one)])
        #expect(examined.reports.map(\.accepted) == [0, 3])
    }

    @Test("a key that stands twice in its own file is told by that; three files are compared with each other")
    func more() throws {
        let twice = "NO,TIME,X\nB,2026-11-06 08:01:02,7\nB,2026-11-06 08:01:02,8\n"
        let examined = try examine([
            ("parent_a.csv", Self.one), ("parent_b.csv", twice),
            ("parent_c.csv", "NO,TIME,X\nC,2026-11-06 08:01:02,4\n"),
        ])
        #expect(examined.reports.map(\.rejected) == [2, 2, 1])
    }

    @Test("the children of a row that is taken from neither are held")
    func children() throws {
        let other = "NO,TIME,X\nB,2026-11-06 08:01:02,9\n"
        let child = "NO,TIME,LINE\nB,2026-11-06 08:01:02,1\nA,2026-11-06 08:01:02,2\n"
        let examined = try examine([("parent_a.csv", Self.one), ("parent_b.csv", other), ("child_1.csv", child)])
        #expect(examined.reports.last?.accepted == 1)
    }
}
