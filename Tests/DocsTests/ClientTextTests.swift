import Foundation
import Testing

@testable import Portal

@Suite("The reference clients")
struct ClientTextTests {
    @Test("the server hands out docs/clients/ byte by byte; RECORD=1 writes what it carries anew")
    func texts() throws {
        let path = "Sources/Portal/Clients/ClientTexts.swift"
        let names = ["send.sh": "shellClientText", "send.py": "pythonClientText", "send.ps1": "powerShellClientText"]
        let folder = Repository.root.appendingPathComponent("docs/clients")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("send.") }
        #expect(Set(files) == Set(names.keys) && ReferenceClient.all.map(\.name) == ["send.sh", "send.py", "send.ps1"])
        var written =
            "// Written by RECORD=1 from docs/clients/, with whose files a test compares it: the server has them without the folder.\n"
        for client in ReferenceClient.all {
            let bytes = Array(try Data(contentsOf: folder.appendingPathComponent(client.name)))
            #expect(client.bytes == bytes, "\(client.name): RECORD=1 writes \(path) anew")
            let text = String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
                .trimmingCharacters(in: CharacterSet(charactersIn: "\u{FEFF}\n"))
            let lines = text.components(separatedBy: "\n").map { $0.isEmpty ? "" : "    \($0)" }
            written +=
                "\n/// `docs/clients/\(client.name)`.\nlet \(names[client.name, default: ""]): StaticString = ##\"\"\"\n\(lines.joined(separator: "\n"))\n    \"\"\"##\n"
        }
        guard ProcessInfo.processInfo.environment["RECORD"] == "1" else { return }
        try written.write(to: Repository.root.appendingPathComponent(path), atomically: true, encoding: .utf8)
    }

    @Test("each is short enough to be read, says how it is used, and never takes a token as a word of its command")
    func plain() {
        for client in ReferenceClient.all {
            let text = String(decoding: client.bytes, as: UTF8.self)
            #expect(text.split(whereSeparator: \.isNewline).count <= 300, "\(client.name)")
            for option in ["--server", "--token-file", "--ca", "--check", "--again", "--out", "--retry-seconds"] {
                #expect(text.contains("\(option) "), "\(client.name): \(option)")
            }
            #expect(text.contains("VEDETTE_TOKEN") && !text.contains("--token "), "\(client.name)")
        }
    }

    @Test(
        "PowerShell 5.1 reads its client as it is meant: a byte-order mark, CRLF, brackets that close, nothing of later versions"
    )
    func powerShell() throws {
        let client = try #require(ReferenceClient.all.first { $0.name == "send.ps1" })
        #expect(client.bytes.starts(with: [0xEF, 0xBB, 0xBF]))
        let text = String(decoding: client.bytes.dropFirst(3), as: UTF8.self)
        #expect(text.utf8.count { $0 == 0x0A } == text.utf8.count { $0 == 0x0D })
        // Without texts and comments, in which a bracket means nothing.
        var code = text.replacing("\r\n", with: "\n").replacing(/@'\n(?:.|\n)*?\n'@/, with: "''")
        // An apostrophe, before it would pass for a quote.
        code.replace(/[a-z]'s\s/, with: "s ")
        code.replace(/'[^'\n]*'/, with: "''")
        for operation in ["&&", "||", "??", "?.", " ? ", "-Parallel", "clean {"] {
            let found = code.split(separator: "\n").filter { !$0.hasPrefix("#") && $0.contains(operation) }
            #expect(found.isEmpty, "\(operation): \(found)")
        }
        for (open, close) in [("{", "}"), ("(", ")")] {
            let lines = code.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined()
            #expect(lines.count { "\($0)" == open } == lines.count { "\($0)" == close }, "\(open)")
        }
    }
}
