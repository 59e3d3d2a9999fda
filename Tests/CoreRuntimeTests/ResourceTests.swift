import CheckKit
import HTTPServer
import ProgramFiles
import SurveillanceKit
import Tabular
import Testing
import Validation

@testable import CoreRuntime

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
        let standard = try #require(files.first { $0.name == "standard/\(program)-interface-standard.pdf" })
        #expect(standard.bytes.starts(with: "%PDF-".utf8))
        let (_, sample) = try await Self.bytes(walk, "/programs/\(program)/example.zip")
        #expect(bytes.firstRange(of: sample) != nil)
        let examined = try Examined([("example.zip", sample)], by: registry)
        #expect(examined.reports.allSatisfy { $0.rejected == 0 && $0.errors == 0 } && !examined.reports.isEmpty)
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
