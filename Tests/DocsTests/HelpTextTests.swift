import Foundation
import Testing

@testable import Portal

@Suite struct HelpTextTests {
    @Test("the help shows its documents as they stand in docs/; RECORD=1 writes it anew")
    func texts() throws {
        let path = "Sources/Portal/Help/HelpTexts.swift"
        let pages = [
            ("guideHelpText", guideHelpText, "hospitals.md"), ("findingsHelpText", findingsHelpText, "findings.md"),
            ("agentGuideZHHelpText", agentGuideZHHelpText, "agent.zh.md"),
            ("agentGuideHelpText", agentGuideHelpText, "agent.md"),
        ]
        var written =
            "// Written by RECORD=1 from docs/, with whose pages a test compares it: the server shows them without the folder.\n"
        for (name, text, file) in pages {
            let page = try Repository.text("docs/\(file)").trimmingCharacters(in: .newlines)
            #expect("\(text)" == page, "\(file): RECORD=1 writes \(path) anew")
            let lines = page.components(separatedBy: "\n").map { $0.isEmpty ? "" : "    \($0)" }
            written +=
                "\n/// `docs/\(file)`.\nlet \(name): StaticString = ##\"\"\"\n\(lines.joined(separator: "\n"))\n    \"\"\"##\n"
        }
        guard ProcessInfo.processInfo.environment["RECORD"] == "1" else { return }
        try written.write(to: Repository.root.appendingPathComponent(path), atomically: true, encoding: .utf8)
    }
}
