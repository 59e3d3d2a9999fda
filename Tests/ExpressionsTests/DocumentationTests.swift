import Expressions
import Foundation
import SurveillanceKit
import Testing

@Suite("docs/expressions.md")
struct DocumentationTests {
    /// The fields its examples name.
    private static let environment = ExpressionEnvironment(
        fields: [
            ("P5", .string), ("P6", .date), ("P7", .integer), ("P8", .string), ("P11", .string), ("P13", .string),
            ("P22", .datetime), ("P25", .datetime), ("P321", .string), ("P324", .string), ("P327", .string),
            ("P752", .number), ("P753", .number), ("P782", .number), ("P7503", .string), ("P8001", .string),
            ("P8003", .string), ("P8508", .string), ("P8509", .datetime),
        ],
        checks: [NamedCheck("resident-id") { _ in true }, NamedCheck("icd10") { _ in true }])

    private static let page = try? String(
        contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/expressions.md"),
        encoding: .utf8)

    /// The lines of the fenced blocks of one kind.
    private static func blocks(_ kind: String) -> [String] {
        var lines: [String] = []
        var isInside = false
        for line in (page ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```\(kind)"
            } else if isInside {
                lines.append(String(line))
            }
        }
        return lines
    }

    /// The right-hand cells of the table of examples.
    private static var examples: [String] {
        (page ?? "").split(separator: "\n").filter { $0.hasSuffix("` |") }.compactMap { line in
            line.firstRange(of: " | `").map { String(line[$0.upperBound...].dropLast(3)).replacing("\\|", with: "|") }
        }.filter { $0.contains("P") }
    }

    @Test("shows expressions that load")
    func loads() throws {
        let sources = DocumentationTests.blocks("cel") + DocumentationTests.examples
        #expect(sources.count >= 14)
        for source in sources { _ = try CompiledExpression(source, in: DocumentationTests.environment) }
    }

    @Test("shows refusals that happen")
    func refuses() {
        let sources = DocumentationTests.blocks("cel-refused")
        #expect(sources.count >= 9)
        for source in sources {
            #expect(throws: ExpressionError.self, "\(source)") {
                try CompiledExpression(source, in: DocumentationTests.environment)
            }
        }
    }

    @Test("names every function")
    func functions() throws {
        let page = try #require(DocumentationTests.page)
        for name in ExpressionEnvironment.standardFunctions { #expect(page.contains("\(name)"), "\(name)") }
    }
}
