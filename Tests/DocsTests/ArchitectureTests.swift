import Foundation
import Testing

/// The house as docs/architecture.md draws it is the house that Package.swift builds.
@Suite struct ArchitectureTests {
    @Test("the table of targets has every target and its imports, as Package.swift declares them")
    func targets() throws {
        let declared = try declaredTargets()
        #expect(declared.count > 15)
        var shown: [String: [String]] = [:]
        for match in try Repository.text("docs/architecture.md").matches(of: /(?m)^\| `([\w-]+)` \|[^|]*\|([^|]*)\|$/) {
            shown[String(match.1)] = match.2.matches(of: /`(\w+)`/).map { String($0.1) }.sorted()
        }
        for (name, imports) in declared {
            #expect(shown[name] == imports, "docs/architecture.md: \(name) imports \(imports.joined(separator: ", "))")
        }
        for name in shown.keys where declared[name] == nil { Issue.record("docs/architecture.md: no target \(name)") }
    }

    @Test("a target imports only what stands above it in Package.swift")
    func direction() throws {
        var above: Set<String> = []
        for (name, imports) in try targetsInOrder() {
            #expect(above.isSuperset(of: imports), "\(name)")
            above.insert(name)
        }
    }

    /// A test target may need an executable built without importing it.
    @Test("a target declares what it imports and nothing else")
    func declaredIsImported() throws {
        let targets = try allTargets()
        let names = Set(targets.map(\.name))
        for target in targets where !["systemLibrary", "plugin"].contains(target.kind) {
            let imported = try imports(of: target).intersection(names)
            let excused: Set = target.kind == "testTarget" ? ["vedette", "vedette-deliveries"] : []
            #expect(imported.subtracting(target.imports).isEmpty, "\(target.name) imports what it does not declare")
            let unused = Set(target.imports).subtracting(imported).subtracting(excused)
            #expect(unused.isEmpty, "\(target.name) declares what it does not import: \(unused.sorted())")
        }
    }

    @Test("every command of SwiftPM is named by its page, with what it calls, and calls nothing else")
    func commands() throws {
        let page = try Repository.text("Plugins/Build/README.md")
        let manifest = try Repository.text("Package.swift")
        let plugins = try allTargets().filter { $0.kind == "plugin" }
        #expect(manifest.matches(of: #/verb: "/#).count == plugins.count && !plugins.isEmpty)
        for plugin in plugins {
            #expect(plugin.imports == ["vedette"])
            let text = try Repository.text("\(plugin.folder)/\(plugin.name).swift")
            let said = try #require(text.firstMatch(of: #/`swift package ([\w-]+).*`: `vedette program (\w+)/#))
            #expect(text.contains("[\"program\", \"\(said.2)\"] + arguments"))
            #expect(page.contains("`swift package \(said.1)") && page.contains("`vedette program \(said.2)"))
            #expect(manifest.contains("verb: \"\(said.1)\", description: \""))
        }
    }

    @Test("every file that the architecture page names is there")
    func files() throws {
        let text = try Repository.text("docs/architecture.md")
        for match in text.matches(of: #/`((?:Sources|Surveillance|Plugins|Tests|Config|scripts|docs)/[\w/+.-]+)`/#) {
            let path = Repository.root.appendingPathComponent(String(match.1)).path
            #expect(FileManager.default.fileExists(atPath: path), "\(match.1)")
        }
    }

    @Test("every function that the walk names is in its file, and every step names one")
    func walk() throws {
        let text = try Repository.text("docs/architecture.md")
        let start = try #require(text.range(of: "## One walk\n"))
        let end = try #require(text.range(of: "\n## ", range: start.upperBound..<text.endIndex))
        let walk = text[start.upperBound..<end.lowerBound]
        let named = walk.matches(of: #/`(Sources/[\w/+.-]+)`, `(\w+)`/#)
        for match in named {
            #expect(try Repository.text(String(match.1)).contains("func \(match.2)"), "\(match.1): \(match.2)")
        }
        for step in walk.matches(of: /(?m)^\d+\. .*$/) {
            #expect(step.0.contains(/\.swift`, `\w+`/), "\(step.0)")
        }
    }

    private func declaredTargets() throws -> [String: [String]] {
        Dictionary(uniqueKeysWithValues: try targetsInOrder().map { ($0.name, $0.imports) })
    }

    /// Libraries, programs and the executables, without tests; imports sorted.
    private func targetsInOrder() throws -> [(name: String, imports: [String])] {
        try allTargets().filter { $0.kind != "testTarget" && !$0.folder.hasPrefix("Tests/") }
            .map { ($0.name, $0.imports) }
    }

    private struct Target {
        var kind: String
        var name: String
        var imports: [String]
        var folder: String
        var excluded: [String]
    }

    /// Every target of the manifest but the fuzzer's, which is declared apart.
    private func allTargets() throws -> [Target] {
        var manifest = try Repository.text("Package.swift").replacing(/(?m)\/\/.*$/, with: "")
        if let fuzzer = manifest.range(of: "if Context.environment") { manifest.removeSubrange(fuzzer.lowerBound...) }
        let pattern =
            #/\.(systemLibrary|target|executableTarget|testTarget|plugin)\(\s*name: "([\w-]+)"(?:,\s*capability: [\s\S]*?\)\))?(?:,\s*dependencies: \[([^\]]*)\])?(?:,\s*path: "([^"]*)")?(?:,\s*exclude: \[([^\]]*)\])?/#
        return manifest.matches(of: pattern).map { match in
            let kind = String(match.1)
            let name = String(match.2)
            return Target(
                kind: kind, name: name,
                imports: (match.3 ?? "").matches(of: /"(\w+)"/).map { String($0.1) }.sorted(),
                folder: match.4.map { String($0) } ?? (kind == "testTarget" ? "Tests/\(name)" : "Sources/\(name)"),
                excluded: (match.5 ?? "").matches(of: /"([^"]+)"/).map { String($0.1) })
        }
    }

    private func imports(of target: Target) throws -> Set<String> {
        let folder = Repository.root.appendingPathComponent(target.folder)
        var found: Set<String> = []
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            let path = file.path.dropFirst(folder.path.count + 1)
            guard !target.excluded.contains(where: { path.hasPrefix($0 + "/") }) else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            let lines = text.matches(
                of: /(?m)^(?:@\w+ )*(?:public |package |internal |private |fileprivate )?import (\w+)/)
            for line in lines { found.insert(String(line.1)) }
        }
        return found
    }
}
