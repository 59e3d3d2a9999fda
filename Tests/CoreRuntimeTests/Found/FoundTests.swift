import Foundation
import TestKit
import Testing

@Suite("Found cases")
struct FoundTests {
    @Test("come out as their expected.txt says, offline and at the server", arguments: FoundCase.names)
    func outcome(name: String) async throws {
        let found = try FoundCase(name)
        let outcome = try await found.outcome()
        if ProcessInfo.processInfo.environment["RECORD"] == "1", outcome != found.expected {
            try outcome.write(to: found.expectedFile, atomically: true, encoding: .utf8)
        }
        #expect(
            Difference(outcome, from: found.expected).isEmpty, "\(name): RECORD=1 writes expected.txt anew; read it")
    }
}

/// Lines that one text has and the other lacks, for a failing test to print.
private struct Difference: CustomStringConvertible {
    let description: String
    var isEmpty: Bool { description.isEmpty }

    init(_ text: String, from expected: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let changes = lines.difference(from: expected.split(separator: "\n", omittingEmptySubsequences: false))
        description = changes.map { change in
            switch change {
            case .insert(_, let line, _): "\n+ \(line)"
            case .remove(_, let line, _): "\n- \(line)"
            }
        }.joined()
    }
}
