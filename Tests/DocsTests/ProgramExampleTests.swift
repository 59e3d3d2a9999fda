import AllPrograms
import Checking
import CoreRuntime
import Foundation
import ProgramFiles
import SurveillanceKit
import Testing
import Validation

/// The example of docs/programs.md, cut out of the page.
@Suite struct ProgramExampleTests {
    private let page: Page

    init() throws { page = Page(try Repository.text("docs/programs.md")) }

    @Test("the example program loads, and finds what the page says it finds")
    func example() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try Page.write([page], to: folder)

        let registry = try ProgramRegistry(folder: folder.appendingPathComponent("Surveillance"))
        #expect(registry.programs.map(\.program.id) == ["hand-foot-mouth"])
        #expect(registry.program("hand-foot-mouth")?.fileType("hfmd") != nil)

        var groups = FindingGroups()
        let check = OfflineCheck(
            registry: registry, institution: nil, now: Instant(milliseconds: 1_793_952_000_000), threads: 1)
        let reports = try check.run([folder.appendingPathComponent("hfmd_20260401.csv")], sink: &groups)
        let report = TextReport(language: .en).text(reports, groups)
        let printed = try #require(page.block(after: "vedette check --language en hfmd_20260401.csv"))
        #expect(report == printed)
    }

    @Test(
        "the page names every property that a program's files can have",
        arguments: ["program", "file-type", "codelists"])
    func properties(schema: String) throws {
        let data = try Data(contentsOf: Repository.root.appendingPathComponent("docs/schemas/\(schema).json"))
        let names = propertyNames(try JSONSerialization.jsonObject(with: data))
        #expect(names.count > 2)
        // What a program says of indicators stands on a page of its own.
        let pages = try page.text + Repository.text("docs/indicators.md")
        for name in names.subtracting(["$schema", "zh", "en"]) {
            #expect(pages.contains("`\(name)`") || pages.contains("\"\(name)\""), "\(name)")
        }
    }

    private func propertyNames(_ value: Any) -> Set<String> {
        switch value {
        case let object as [String: Any]:
            let own = (object["properties"] as? [String: Any]).map { Set($0.keys) } ?? []
            return object.values.reduce(own) { $0.union(propertyNames($1)) }
        case let list as [Any]: return list.reduce([]) { $0.union(propertyNames($1)) }
        default: return []
        }
    }
}
