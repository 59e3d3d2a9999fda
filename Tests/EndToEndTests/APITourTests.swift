import Foundation
import Testing

/// The tour of `docs/api.md`, run line by line as it stands there.
@Suite("The tour of the API", .enabled(if: hasTools, "curl or python3 is missing"))
struct APITourTests {
    /// The first block of a language below the heading.
    private static func block(_ language: String) throws -> String {
        let page = try String(contentsOf: Repository.root.appendingPathComponent("docs/api.md"), encoding: .utf8)
        let tour = page.components(separatedBy: "\n## ").first { $0.hasPrefix("A tour\n") } ?? ""
        let rest = try #require(tour.components(separatedBy: "```\(language)\n").dropFirst().first)
        return rest.components(separatedBy: "```")[0]
    }

    private func run(_ command: [String], _ server: ServerProcess, _ token: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = server.folder
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["VEDETTE_SERVER": server.address.absoluteString, "VEDETTE_TOKEN": token]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        return text
    }

    @Test("checks, sends, waits for the outcome, reads findings and pages through the list")
    func tour() throws {
        let server = try ServerProcess()
        try server.start()
        let made = try Vedette.run(
            ["account", "token", "hospital-a", "--label", "tour", "--config", server.configuration.path])
        let token = String(try #require(made.output.firstMatch(of: /vedette_\S+/)).0)
        try Repository.package("FeverClinic", "clean").write(to: server.folder.appendingPathComponent("package.zip"))

        let curl = try run(["bash", "-euc", try Self.block("sh")], server, token)
        #expect(curl.contains("\"findingsTotal\":0") && curl.contains("\"alreadyReceived\":false"))
        #expect(curl.contains("\"total\":1,\"next\":null"))

        let script = server.folder.appendingPathComponent("tour.py")
        try Self.block("python").write(to: script, atomically: true, encoding: .utf8)
        let python = try run(["python3", script.path], server, token)
        // The same key as above: the same submission.
        #expect(python.hasPrefix("accepted 571 of 571 rows\n"), "\(python)")
        #expect(python.hasSuffix("1 of 1 submissions\n"), "\(python)")
    }
}

private let hasTools = ["curl", "python3"].allSatisfy { tool in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)") }
}
