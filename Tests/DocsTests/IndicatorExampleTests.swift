import AllPrograms
import Foundation
import ProgramFiles
import SurveillanceKit
import Testing
import Validation

/// The example of docs/indicators.md, cut out of the page and put over that of docs/programs.md.
@Suite struct IndicatorExampleTests {
    @Test("the example's indicators load with the example program")
    func example() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let pages = try ["docs/programs.md", "docs/indicators.md"].map { Page(try Repository.text($0)) }
        try Page.write(pages, to: folder)
        let registry = try ProgramRegistry(folder: folder.appendingPathComponent("Surveillance"))
        let program = try #require(registry.program("hand-foot-mouth")?.program)
        #expect(
            program.indicators.map(\.id) == ["cases", "severe-share", "ev-a71-positivity", "onset-to-visit-median"])
        #expect(program.indicators.map(\.kind) == [.count, .share, .share, .percentile(50)])
        #expect(program.concepts.map(\.id) == ["convulsion"])
    }
}
