import Foundation
import Testing

/// The house as docs/architecture.md draws it is the house that Package.swift builds.
@Suite struct ArchitectureTests {
    @Test("the table of targets has every target and its imports, as Package.swift declares them")
    func targets() throws {
        let declared = try declaredTargets()
        #expect(declared.count > 15)
        var shown: [String: [String]] = [:]
        for match in try Repository.text("docs/architecture.md").matches(of: /(?m)^\| `(\w+)` \|[^|]*\|([^|]*)\|$/) {
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

    @Test("every file that the architecture page names is there")
    func files() throws {
        let text = try Repository.text("docs/architecture.md")
        for match in text.matches(of: #/`((?:Sources|Surveillance|Tests|Config|scripts|docs)/[\w/+.-]+)`/#) {
            let path = Repository.root.appendingPathComponent(String(match.1)).path
            #expect(FileManager.default.fileExists(atPath: path), "\(match.1)")
        }
    }

    private func declaredTargets() throws -> [String: [String]] {
        Dictionary(uniqueKeysWithValues: try targetsInOrder().map { ($0.name, $0.imports) })
    }

    /// Libraries, programs and the executables, without tests; imports sorted.
    private func targetsInOrder() throws -> [(name: String, imports: [String])] {
        let manifest = try Repository.text("Package.swift").replacing(/(?m)\/\/.*$/, with: "")
        let pattern =
            #/\.(systemLibrary|target|executableTarget)\(\s*name: "(\w+)"(?:,\s*dependencies: \[([^\]]*)\])?(?:,\s*path: "([^"]*)")?/#
        return manifest.matches(of: pattern).compactMap { match in
            guard !(match.4?.hasPrefix("Tests/") ?? false) else { return nil }
            let imports = (match.3 ?? "").matches(of: /"(\w+)"/).map { String($0.1) }.sorted()
            return (String(match.2), imports)
        }
    }
}
