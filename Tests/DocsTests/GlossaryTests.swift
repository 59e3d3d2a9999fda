import Foundation
import Testing

@Suite struct GlossaryTests {
    /// The words that are not used, each with the one that is.
    private static func refused() throws -> [(word: String, instead: String)] {
        try Repository.text("docs/glossary.md").split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
            .flatMap { line -> [(String, String)] in
                let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                return cells[4].components(separatedBy: "、").map { ($0, cells[0]) }
            }
    }

    /// Lines of the repository's files in which one of some words stands.
    private static func lines(with words: [String], in paths: [String], named patterns: [String]) throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.currentDirectoryURL = Repository.root
        process.arguments =
            ["grep", "-rnF", "--exclude-dir=Cases"] + patterns.map { "--include=\($0)" } + words.flatMap { ["-e", $0] }
            + paths
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").map(String.init)
    }

    @Test("one word for one thing: what people read has none of the words that the glossary refuses")
    func words() throws {
        let refused = try Self.refused()
        #expect(refused.count > 20)
        let found = try Self.lines(
            with: refused.map(\.word),
            in: [
                "Sources", "Plugins", "Surveillance", "docs/hospitals.md", "docs/findings.md", "docs/README.zh.md",
            ], named: ["*.swift", "*.json", "*.md"])
        for line in found where !line.hasPrefix("Surveillance/") || !line.contains("README.md") {
            let words = refused.filter { line.contains($0.word) }.map { "“\($0.word)”, instead of “\($0.instead)”" }
            Issue.record("\(line): \(words.joined(separator: "; "))")
        }
        // The search finds what is there.
        #expect(try !Self.lines(with: ["达标"], in: ["Sources/Portal"], named: ["*.swift"]).isEmpty)
    }

    @Test("no page of a hospital says that the makers of a program are not sure of its codes")
    func noDoubts() throws {
        let found = try Self.lines(
            with: ["未公布", "不确定", "存疑", "not published", "uncertain", "not certain"],
            in: ["Surveillance/Influenza/files", "Surveillance/FeverClinic/files", "Sources/Portal/Pages"],
            named: ["*.json", "*.swift"])
        #expect(found.isEmpty, "\(found)")
    }
}
