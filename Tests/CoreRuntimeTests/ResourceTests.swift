import CheckKit
import Foundation
import ProgramFiles
import ShangMi
import SurveillanceKit
import Tabular
import Testing
import Validation

@testable import CoreRuntime
@testable import HTTPServer

@Suite("The resource centre")
struct ResourceTests {
    /// The addresses that a page of resources links to.
    private static func links(_ page: String) -> [String] {
        page.matches(of: /href="(\/(?:programs|dictionaries|resources)\/[^"#]+)"/).map {
            String($0.1).replacing("&amp;", with: "&")
        }
    }

    private static func bytes(_ walk: ScopeWalk, _ target: String) async throws -> (Int, [UInt8]) {
        let path = String(target.split(separator: "?")[0])
        let parts = path.split(separator: "/").map { Percent.decode($0.utf8) ?? String($0) }
        let fitting = walk.router.routes.filter { route in
            let pattern = route.pattern.split(separator: "/")
            return route.method == .get && pattern.count == parts.count
                && Swift.zip(pattern, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        // The one that says the most.
        let route = fitting.min { $0.pattern.count { $0 == "{" } < $1.pattern.count { $0 == "{" } }
        guard let route else { return (404, []) }
        let response = await walk.ask(.sender, route, at: target)
        guard case .stream(let next) = response.body else {
            if case .bytes(let bytes) = response.body { return (response.status.code, bytes) }
            return (response.status.code, [])
        }
        var all: [UInt8] = []
        while let piece = try await next() { all += piece }
        return (response.status.code, all)
    }

    @Test("links to everything singly, and each of it is there")
    func singly() async throws {
        let walk = try await ScopeWalk()
        for language in ["zh", "en"] {
            let page = try await walk.ask(.sender, .get, "/resources", at: "/resources?lang=\(language)")
            #expect(page.status == 200)
            let links = Set(Self.links(page.text))
            #expect(links.count > 60)
            for link in links where language == "zh" {
                let (status, bytes) = try await Self.bytes(walk, link)
                #expect(status == 200 && !bytes.isEmpty, "\(link)")
            }
        }
    }

    @Test(
        "gives it as one zip of the version in force: templates that pass their own check, and a sample that does",
        arguments: ["influenza", "fever-clinic"])
    func together(program: String) async throws {
        let walk = try await ScopeWalk()
        let (status, bytes) = try await Self.bytes(walk, "/resources/\(program)/all.zip?lang=zh")
        #expect(status == 200)
        // The sample is a zip of its own, which no package may hold.
        let files = try UploadedPackage(name: "all.zip", source: BytesSource(bytes)).files.filter { $0.fault == nil }
            .map { file in
                var source = try file.open()
                var content = [UInt8](repeating: 0, count: 1 << 20)
                let count = try content.withUnsafeMutableBytes { try source.read(into: $0) }
                return (name: file.name, bytes: Array(content.prefix(count)))
            }
        let registry = try Repository.registry.get()
        let own = try #require(registry.programs.first { $0.program.id == program }).program
        let readme = String(decoding: try #require(files.first { $0.name == "README.txt" }).bytes, as: UTF8.self)
        #expect(readme.contains(own.version) && readme.contains("\(own.effectiveFrom)"))
        for type in own.fileTypes {
            let template = try #require(files.first { $0.name == "templates/\(type.id)_template.csv" })
            #expect(CorrectionTests.Table(template.bytes).rows == [type.fields.map(\.name)])
            let names = [
                "templates/\(type.id)_template.xlsx", "standard/\(type.id)-fields.csv", "standard/\(type.id)-rules.csv",
            ]
            #expect(names.allSatisfy { name in files.contains { $0.name == name && !$0.bytes.isEmpty } }, "\(type.id)")
        }
        #expect(
            own.dictionaries.allSatisfy { entry in files.contains { $0.name == "codes/\(entry.id)_template.xlsx" } })
        #expect(
            files.contains { $0.name.hasPrefix("codelists/") } && files.contains { $0.name == "guides/hospitals.md" })
        for (name, title) in [("agent.zh.md", "# 前置机使用手册"), ("agent.md", "# The agent")] {
            let guide = try #require(files.first { $0.name == "guides/\(name)" })
            #expect(guide.bytes.starts(with: title.utf8))
        }
        let standard = try #require(files.first { $0.name == "standard/\(program)-interface-standard.pdf" })
        #expect(standard.bytes.starts(with: "%PDF-".utf8))
        let (_, sample) = try await Self.bytes(walk, "/programs/\(program)/example.zip")
        #expect(bytes.firstRange(of: sample) != nil)
        let examined = try Examined([("example.zip", sample)], by: registry)
        #expect(examined.reports.allSatisfy { $0.rejected == 0 && $0.errors == 0 } && !examined.reports.isEmpty)
    }

    @Test("hands out the reference clients, singly and in the zip, each with the SM3 that the page shows")
    func clients() async throws {
        let walk = try await ScopeWalk()
        let page = try await walk.ask(.sender, .get, "/resources", at: "/resources").text
        let (_, zip) = try await Self.bytes(walk, "/resources/fever-clinic/all.zip")
        let packed = try UploadedPackage(name: "all.zip", source: BytesSource(zip)).files.map(\.name)
        for name in ["send.sh", "send.py", "send.ps1"] {
            let (status, bytes) = try await Self.bytes(walk, "/resources/clients/\(name)")
            let file = Array(try Data(contentsOf: Repository.root.appendingPathComponent("docs/clients/\(name)")))
            #expect(status == 200 && bytes == file)
            #expect(page.contains("/resources/clients/\(name)\"") && page.contains("\(SM3.digest(bytes))"), "\(name)")
            #expect(packed.contains("clients/\(name)"))
        }
        #expect(page.contains("本服务器未提供前置机程序") && !page.contains("/resources/agent/"))
    }

    @Test("hands out the agent as it lies there, whole and in ranges, and a new one without a restart")
    func agent() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("agent-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let walk = try await ScopeWalk(adjust: { $0.agentFile = file })
        let pattern = "/resources/agent/vedette-agent"
        let route = try #require(walk.router.routes.first { $0.pattern == pattern })
        func page() async throws -> String { try await walk.ask(.sender, .get, "/resources", at: "/resources").text }
        func ask(_ range: String? = nil, tag: String? = nil) async throws -> (Int, Headers, [UInt8]) {
            guard case .none(let handler) = route.body else { return (0, Headers(), []) }
            var headers = Headers()
            headers.append("Cookie", "vedette_session=\(walk.token(of: .sender) ?? "")")
            if let range { headers.append("Range", range) }
            if let tag { headers.append("If-Range", tag) }
            var head = RequestHead(method: .get, headers: headers, remoteAddress: "192.0.2.1", contentLength: 0)
            head.path = pattern
            let response = try await handler(Request(head: head))
            var bytes: [UInt8] = []
            if case .stream(let next) = response.body { while let piece = try await next() { bytes += piece } }
            return (response.status.code, response.headers, bytes)
        }
        await #expect(throws: Problem.self) { _ = try await ask() }

        for (seed, count) in [(1, 700_001), (2, 3)] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 31 + seed) }
            try Data(bytes).write(to: file)
            let sm3 = "\(SM3.digest(bytes))"
            let shown = try await page()
            #expect(shown.contains(sm3) && shown.contains("href=\"\(pattern)\"") && !shown.contains("本服务器未提供前置机程序"))
            let (status, headers, whole) = try await ask()
            #expect(status == 200 && whole == bytes && headers["ETag"] == "\"\(sm3)\"")
            #expect(headers["Content-Disposition"] == "attachment; filename=\"vedette-agent\"")
            let part = try await ask("bytes=\(count / 3)-\(count - 2)", tag: "\"\(sm3)\"")
            #expect(part.0 == 206 && part.2 == Array(bytes[(count / 3)...(count - 2)]))
            #expect(part.1["Content-Range"] == "bytes \(count / 3)-\(count - 2)/\(count)")
            #expect(try await ask("bytes=\(count)-").0 == 416)
            // A part of an earlier agent is no part of this one.
            #expect(try await ask("bytes=0-1", tag: "\"earlier\"").2 == bytes)
        }
        #expect(try await page().contains("需要与本服务器相同的系统库"))
        // Neither a folder nor an empty file is an agent.
        try Data().write(to: file)
        #expect(try await page().contains("本服务器未提供前置机程序"))
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
        await #expect(throws: Problem.self) { _ = try await ask() }
    }

    @Test("says of an agent that it needs no other software only where that is so")
    func isStatic() {
        // A head as a linker writes it, with two program headers of these types.
        func program(_ types: UInt8..., machine: UInt8 = 62) -> [UInt8] {
            var head = [0x7F, 0x45, 0x4C, 0x46, 2, 1] + [UInt8](repeating: 0, count: 58)
            (head[18], head[32], head[54], head[56]) = (machine, 64, 56, UInt8(types.count))
            return head + types.flatMap { [$0] + [UInt8](repeating: 0, count: 55) }
        }
        #expect(AgentExecutable.isStatic(program(1, 1)))
        #expect(!AgentExecutable.isStatic(program(1, 3)))
        #expect(!AgentExecutable.isStatic(program(1, machine: 183)))
        #expect(!AgentExecutable.isStatic(Array(program(1, 1).prefix(100))))
        for bytes in [[], Array("#!/bin/sh\n".utf8), program()] { #expect(!AgentExecutable.isStatic(bytes)) }
    }

    @Test(
        "shows the interface standard: every field with what it may hold, every rule with its message, every code",
        arguments: ["zh", "en"])
    func standard(language: String) async throws {
        let walk = try await ScopeWalk()
        let program = try #require(walk.test.platform.registry.programs.first { $0.program.id == "fever-clinic" })
            .program
        let page = try await walk.ask(
            .sender, .get, "/resources/{program}/standard", at: "/resources/fever-clinic/standard?lang=\(language)")
        #expect(page.status == 200)
        let spoken: Language = language == "zh" ? .zh : .en
        func escaped(_ text: String) -> String {
            text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing(
                "\"", with: "&quot;"
            )
            .replacing("'", with: "&#39;")
        }
        for type in program.fileTypes {
            for field in type.fields { #expect(page.text.contains(">\(field.name)<"), "\(field.name)") }
            for rule in type.rules {
                let first = rule.message[spoken].split(separator: " ").first.map(String.init) ?? ""
                #expect(page.text.contains(">\(rule.id)<") && page.text.contains(escaped(first)), "\(rule.id)")
            }
            for entry in type.fields.compactMap(\.codeList).filter(\.isKnown).flatMap(\.entries) {
                #expect(page.text.contains(escaped(entry.meaning[spoken])), "\(entry.code)")
            }
        }
        let (status, pdf) = try await Self.bytes(walk, "/resources/fever-clinic/standard.pdf?lang=\(language)")
        #expect(status == 200 && pdf.starts(with: "%PDF-".utf8) && pdf.count < 3_000_000)
    }
}
