import Foundation
import SurveillanceKit
import Testing
import Timeliness

@Suite("Deadlines are judged as the table of cases says")
struct GoldenTests {
    @Test("every line of Golden/cases.csv")
    func cases() throws {
        let golden = try GoldenCases()
        #expect(golden.cases.count >= 400)
        for line in golden.cases {
            let found = try judged(line, golden.book)
            #expect(found.state == line.state, "line \(line.line): \(line.name)")
            #expect(found.dueAt == line.dueAt, "line \(line.line): \(line.name)")
        }
    }

    @Test("the explanation of every line ends in the same verdict, and names where its rule stands")
    func explanations() throws {
        let golden = try GoldenCases()
        for line in golden.cases {
            let duties = try #require(golden.book.program(line.program))
            let institution = try #require(golden.book.institutions.first { $0.code == line.institution })
            let kind = DeadlineRule.Kind(rawValue: line.kind)
            let explained = try duties.explain(
                institution, dueOn: line.dueDay, kind: kind, DutyReceipts(line.received), at: line.askedAt)
            let explanation = try #require(explained.first)
            #expect((explanation.obligation?.state.rawValue ?? "nothing") == line.state, "line \(line.line)")
            #expect(explanation.reasons.last?.kind == .verdict)
            guard line.state != "nothing" else { continue }
            #expect(
                explanation.reasons.contains { $0.kind == .deadline && $0.origin?.place != nil }, "line \(line.line)")
            #expect(explanation.reasons.allSatisfy { !$0.text.zh.isEmpty && !$0.text.en.isEmpty })
        }
    }

    private func judged(_ line: GoldenCases.Case, _ book: DutyBook) throws -> (state: String, dueAt: String) {
        var found: [Obligation] = []
        try book.forEach(
            dueOn: line.dueDay...line.dueDay, at: line.askedAt, isWanted: { $0.code == line.institution },
            receipts: { _, program in program == line.program ? DutyReceipts(line.received) : .none }
        ) { obligation, _ in
            if obligation.program == line.program, obligation.kind.rawValue == line.kind { found.append(obligation) }
        }
        #expect(found.count <= 1)
        guard let obligation = found.first, let zone = book.program(line.program)?.zone else { return ("nothing", "") }
        return (obligation.state.rawValue, zone.text(obligation.dueAt))
    }
}
