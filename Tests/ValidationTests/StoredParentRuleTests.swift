import CoreRuntime
import ProgramFiles
import SurveillanceKit
import Synchronization
import TestKit
import Testing
import Validation

@Suite("Rules about a parent that only the store has")
struct StoredParentRuleTests {
    /// A store of stays and visits that notes what it is asked.
    private final class Store: Sendable {
        private let asked = Mutex<[String]>([])
        private let answer: @Sendable (ParentKey) -> StoredParent?

        init(_ answer: @escaping @Sendable (ParentKey) -> StoredParent?) { self.answer = answer }

        func find(_ key: ParentKey) -> StoredParent? {
            func text(_ value: ParentKey.Value) -> String {
                switch value {
                case .text(let text): text
                case .bits(let bits): "\(bits)"
                }
            }
            let questions = key.questions.map { "\($0.field) \($0.values.map(text).joined(separator: "/"))" }
            asked.withLock {
                $0.append(
                    ([key.fileType, key.values.first.map(text) ?? ""] + questions).joined(separator: " | "))
            }
            return answer(key)
        }

        var questions: [String] { asked.withLock { $0 } }
    }

    private func examine(_ files: [(String, [UInt8])], _ store: Store, threads: Int = 1) throws -> Examined {
        try Examined(
            files.map { (name: $0.0, bytes: $0.1) }, by: try ParentRuleTests.registry.get(), threads: threads,
            findParent: { store.find($0) })
    }

    private func notes(_ csv: MarkedCSV, _ store: Store) throws -> [String] {
        try examine([("note_1.csv", csv.bytes)], store).places.filter { $0.hasPrefix("row") }
    }

    @Test("are broken or kept as the store answers; what it cannot tell breaks nothing")
    func answers() throws {
        let csv = MarkedCSV(
            """
            N,NO,DAY,NAME,COUNT
            1,A,2026-11-05,❶甲,❷1
            2,❸B,2026-11-05,甲,1
            3,C,2026-11-05,甲,1
            4,D,2026-11-05,甲,❹1
            5,❺E,2026-11-05,甲,1
            """)
        let store = Store { key in
            guard key.fileType == "stay", case .text(let number) = key.values[0] else { return nil }
            let answers: [String: [Bool?]] = [
                "A": [false, false, false], "B": [true, true, true], "C": [nil, nil, nil], "D": [nil, false, nil],
            ]
            return answers[number].map { StoredParent(answers: $0) }
        }
        #expect(
            try notes(csv, store)
                == csv.expecting(
                    "❶ same-name warning", "❷ same-count", "❸ not-dead", "❹ same-count", "❺ foreign-key"))
    }

    @Test("ask with the look-up itself, once for a link: by value, and for what the row holds a value against")
    func questions() throws {
        let csv = MarkedCSV(
            "N,NO,DAY,NAME,COUNT\n1,A,2026/11/5, 甲 ,1.50\n2,B,2026-11-05,-,❶x\n3,C,2026-11-05,,\nx,D,2026-11-05,乙,2\n")
        let store = Store { $0.fileType == "stay" ? StoredParent() : nil }
        _ = try examine([("note_1.csv", csv.bytes)], store)
        let (one, two) = (1.5.bitPattern, 2.0.bitPattern)
        #expect(
            store.questions == [
                "stay | A | NAME 甲 | COUNT \(one) | WAY 5", "visit | A | NAME 甲",
                "stay | B | WAY 5", "stay | C | WAY 5",
                "stay | D | NAME 乙 | COUNT \(two) | WAY 5", "visit | D | NAME 乙",
            ])
    }

    @Test("ask nothing where the parent stands in the package, and nothing more where it was rejected there")
    func packageFirst() throws {
        let stays = Array("ID,NO,DAY,NAME,WAY\n1,A,2026-11-05,甲,1\nx,B,2026-11-05,甲,1\n".utf8)
        let csv = MarkedCSV("N,NO,DAY,NAME\n1,A,2026-11-05,甲\n2,A,2026-11-05,❶乙\n3,❷B,2026-11-05,丙\n")
        let store = Store { _ in StoredParent(answers: [false, true, true]) }
        let found = try examine([("note_1.csv", csv.bytes), ("stay_1.csv", stays)], store).places(in: "note_1.csv")
        #expect(found.filter { $0.hasPrefix("row") } == csv.expecting("❶ same-name warning", "❷ foreign-key"))
        #expect(store.questions == [])
    }

    @Test("either parent is tried, also where the other has been found")
    func alternatives() throws {
        let csv = MarkedCSV("N,NO,DAY,NAME\n1,A,2026-11-05,❶甲\n2,B,2026-11-05,❷甲\n")
        let store = Store { key in
            guard case .text(let number) = key.values[0] else { return nil }
            if key.fileType == "visit" { return StoredParent(answers: [false]) }
            return number == "B" ? nil : StoredParent(answers: [true, false])
        }
        #expect(try notes(csv, store) == csv.expecting("❶ name-of-visit", "❷ name-of-visit"))
    }

    @Test("reject the row where they are errors, and its children with it")
    func rejects() throws {
        let notes = Array("N,NO,DAY,NAME\n1,A,2026-11-05,甲\n2,B,2026-11-05,甲\n".utf8)
        let lines = MarkedCSV("L,N\n1,❶1\n2,2\n")
        let store = Store { key in
            guard key.fileType == "stay", case .text(let number) = key.values[0] else { return nil }
            return StoredParent(answers: [true, number == "A"])
        }
        for threads in [1, 3] {
            let examined = try examine([("line_1.csv", lines.bytes), ("note_1.csv", notes)], store, threads: threads)
            #expect(examined.places(in: "line_1.csv") == lines.expecting("❶ foreign-key"))
            #expect(examined.reports.map(\.accepted) == [1, 1])
            #expect(examined.checkedRows == 2)
        }
    }
}
