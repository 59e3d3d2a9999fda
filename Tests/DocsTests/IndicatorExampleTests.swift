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
        for page in ["docs/programs.md", "docs/indicators.md"] {
            for (path, text) in Page(try Repository.text(page)).files {
                let url = folder.appendingPathComponent(path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try text.write(to: url, atomically: true, encoding: .utf8)
            }
        }
        try FileManager.default.copyItem(
            at: Repository.root.appendingPathComponent("Surveillance/Common"),
            to: folder.appendingPathComponent("Surveillance/Common"))
        let registry = try ProgramRegistry(folder: folder.appendingPathComponent("Surveillance"))
        let program = try #require(registry.program("hand-foot-mouth")?.program)
        #expect(
            program.indicators.map(\.id) == ["cases", "severe-share", "ev-a71-positivity", "onset-to-visit-median"])
        #expect(program.indicators.map(\.kind) == [.count, .share, .share, .percentile(50)])
        #expect(program.concepts.map(\.id) == ["convulsion"])
    }
}
