import CoreRuntime
import Foundation
import ProgramFiles
import SurveillanceKit
import Testing

@testable import Portal
@testable import vedette

/// What the platform can say or be told stands in the reference pages.
@Suite struct ReferenceTests {
    @Test("docs/commands.md shows every command's --help as it is printed")
    func commands() throws {
        let path = "docs/commands.md"
        var page = try Repository.text(path)
        let written = page
        let helps =
            [("vedette", CommandLineTool.help(in: .en, width: 120))]
            + CommandLineTool.commands.map { ("vedette \($0.name)", $0.manual.help(in: .en, width: 120)) }
        for (name, help) in helps {
            guard let heading = page.range(of: "\n## \(name)\n"),
                let open = page.range(of: "```text\n", range: heading.upperBound..<page.endIndex),
                let close = page.range(of: "\n```\n", range: open.upperBound..<page.endIndex)
            else {
                Issue.record("\(path) has no section '## \(name)' with a block of text")
                continue
            }
            let shown = page[open.upperBound..<close.lowerBound]
            #expect(shown == help, "\(name) --help; RECORD=1 scripts/test writes it anew")
            page.replaceSubrange(open.upperBound..<close.lowerBound, with: help)
        }
        if ProcessInfo.processInfo.environment["RECORD"] == "1", page != written {
            try page.write(to: Repository.root.appendingPathComponent(path), atomically: true, encoding: .utf8)
        }
    }

    @Test("docs/commands.md speaks of no command that there is not")
    func noOtherCommands() throws {
        let names = Set(CommandLineTool.commands.map { $0.name } + ["help"])
        for path in [
            "docs/commands.md", "README.md", "docs/README.zh.md", "docs/hospitals.md", "docs/api.md",
            "docs/configuration.md",
        ] {
            for match in try Repository.text(path).matches(of: /vedette ([a-z]+(?:-[a-z]+)*)/) {
                #expect(names.contains(String(match.1)), "\(path): \(match.0)")
            }
        }
    }

    @Test("docs/findings.md explains every finding code", arguments: FindingCode.allCases)
    func findingCodes(code: FindingCode) throws {
        try expect("docs/findings.md", says: "\n### `\(code.rawValue)`")
    }

    @Test("docs/configuration.md and Config/vedette.json have every key of the configuration")
    func configurationKeys() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("vedette.json")
        // The refusal of an unknown key names those there are.
        func known(_ text: String) throws -> [String] {
            try Data(text.utf8).write(to: file)
            let error = try #require(throws: (any Error).self) { try Configuration(contentsOf: file) }
            return try #require("\(error)".firstMatch(of: /known are (.*)$/)).1.split(separator: ", ").map(String.init)
        }
        let keys = try known("{ \"no-such-key\": 1 }")
        #expect(keys.contains("listen"))
        for key in keys {
            try expect("docs/configuration.md", says: "| `\(key)` |")
            try expect("Config/vedette.json", says: "\"\(key)\":")
        }
        for section in ["tls", "notices", "archive", "table", "server"] {
            for key in try known("{ \"\(section)\": { \"no-such-key\": 1 } }") {
                try expect("docs/configuration.md", says: "| `\(section).\(key)` |")
                try expect("Config/vedette.json", says: "\"\(key)\":")
            }
        }
    }

    @Test("Config/ can be loaded as it is, with the defaults, and registers nobody")
    func samples() throws {
        let configuration = try Configuration(contentsOf: Repository.root.appendingPathComponent("Config/vedette.json"))
        let standard = Configuration(dataFolder: configuration.dataFolder, programsFolder: configuration.programsFolder)
        #expect(configuration.host == standard.host && configuration.port == standard.port)
        #expect(configuration.workers == standard.workers && configuration.maximumTries == standard.maximumTries)
        #expect(configuration.maximumUploadBytes == standard.maximumUploadBytes)
        #expect(configuration.reserveBytes == standard.reserveBytes)
        #expect(configuration.uploadsPerInstitution == standard.uploadsPerInstitution && configuration.tls == nil)
        #expect(configuration.archive == standard.archive && configuration.table == standard.table)
        #expect("\(configuration.server)" == "\(standard.server)")
        #expect(configuration.programsFolder.path == Repository.root.appendingPathComponent("Surveillance").path)
        #expect(configuration.dataFolder.path == Repository.root.appendingPathComponent("data").path)

        #expect(try InstitutionsFile.read(Repository.root.appendingPathComponent("Config/institutions.json")).isEmpty)
    }

    @Test("the commented institution of Config/institutions.json is one when its comment signs are taken away")
    func institutionSample() throws {
        let lines = try Repository.text("Config/institutions.json").split(separator: "\n")
        let body = lines.drop { !$0.hasPrefix("[") }.map { $0.hasPrefix("    //") ? $0.dropFirst(6) : $0 }.joined(
            separator: "\n")
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("institutions-\(UUID()).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(body.utf8).write(to: file)
        let listed = try InstitutionsFile.read(file)
        #expect(listed.count == 1)
        #expect(listed.first?.hasFeverClinic == true)
    }
}

/// What the server answers stands in docs/api.md.
@Suite struct APITests {
    @Test("docs/api.md has every address that the API describes, with its method")
    func routes() throws {
        let description = try JSONSerialization.jsonObject(with: Data("\(openAPIText)".utf8)) as? [String: Any]
        let paths = try #require(description?["paths"] as? [String: [String: Any]])
        #expect(paths.count > 5)
        for (path, methods) in paths {
            for method in methods.keys { try expect("docs/api.md", says: "\(method.uppercased()) \(path)") }
        }
    }

    @Test("docs/api.md has every kind of problem that the sources name")
    func problems() throws {
        var kinds: Set<String> = []
        for folder in ["Sources/Portal", "Sources/HTTPServer"] {
            let files = FileManager.default.enumerator(atPath: Repository.root.appendingPathComponent(folder).path)
            for case let file as String in files ?? .init() where file.hasSuffix(".swift") {
                let text = try Repository.text("\(folder)/\(file)")
                for match in text.matches(of: /"([a-z]+(?:-[a-z]+)*)",\s*status: \./) { kinds.insert(String(match.1)) }
            }
        }
        #expect(kinds.count > 15)
        for kind in kinds.sorted() { try expect("docs/api.md", says: "`\(kind)`") }
    }
}
