import Foundation
import Testing

/// The pages lead where they say, and nowhere that only one machine has.
@Suite struct LinkTests {
    @Test(
        "every link between pages leads to a file, and to a heading where it names one",
        arguments: try Repository.pages())
    func links(page: String) throws {
        let text = try Repository.text(page)
        let folder = Repository.root.appendingPathComponent(page).deletingLastPathComponent()
        for match in withoutCode(text).matches(of: /\]\(([^)\s]+)\)/) {
            let target = String(match.1)
            guard !target.contains("://"), !target.hasPrefix("mailto:") else { continue }
            let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let url =
                parts[0].isEmpty
                ? Repository.root.appendingPathComponent(page) : folder.appendingPathComponent(parts[0])
            #expect(FileManager.default.fileExists(atPath: url.path), "\(page): \(target)")
            if parts.count == 2, let linked = try? String(contentsOf: url, encoding: .utf8) {
                #expect(anchors(of: linked).contains(parts[1]), "\(page): no heading \(target)")
            }
        }
    }

    @Test("no page, script or sample names a folder of one machine")
    func machinePaths() throws {
        let others = [
            "scripts/setup", "scripts/run", "scripts/test", "Config/vedette.json", "Config/institutions.json",
        ]
        for path in try Repository.pages() + others {
            for match in try Repository.text(path).matches(of: #/(^|[\s`"'(=])/(work|root|home|opt|tmp)/[a-z]\S*/#) {
                Issue.record("\(path): \(match.0)")
            }
        }
    }

    /// The anchors that GitHub gives to headings.
    private func anchors(of text: String) -> [String] {
        withoutCode(text).split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
            line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
                .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
                .replacingOccurrences(of: " ", with: "-")
        }
    }

    private func withoutCode(_ text: String) -> String {
        text.replacing(/(?s)```.*?```/, with: "")
    }
}
