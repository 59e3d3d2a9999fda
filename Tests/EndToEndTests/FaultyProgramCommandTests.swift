import Foundation
import TestKit
import Testing

@Suite("Commands with a programs' folder that does not hold together")
struct FaultyProgramCommandTests {
    /// The repository's programs, one of them with two mistakes.
    private func programs() throws -> (folder: URL, remove: () -> Void) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let copy = folder.appendingPathComponent("Surveillance")
        try FileManager.default.copyItem(at: TestKit.Repository.programs, to: copy)
        let file = copy.appendingPathComponent("FeverClinic/files/drug.json")
        var text = try String(contentsOf: file, encoding: .utf8)
        text = text.replacing("\"deidentify\": \"drop\"", with: "\"deidentify\": \"keep\"", maxReplacements: 1)
        text = text.replacing("\"primaryKey\": [", with: "\"primaryKeys\": [", maxReplacements: 1)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return (copy, { try? FileManager.default.removeItem(at: folder) })
    }

    @Test(
        "end with status 2 and all mistakes, in the language that is asked for",
        arguments: [
            ["program", "list"], ["program", "show", "influenza"], ["check", "--program", "fever-clinic", "x.csv"],
            ["check", "--program", "influenza", "x.csv"], ["check", "--format", "json", "x.csv"],
        ])
    func refused(words: [String]) throws {
        let (folder, remove) = try programs()
        defer { remove() }
        let english = try Vedette.run(words + ["--programs", folder.path])
        #expect(english.status == 2 && english.output.isEmpty, "\(english)")
        let lines = english.errors.split(separator: "\n")
        #expect(lines.first == "vedette: 3 mistakes; correct them and try again:")
        #expect(lines.dropFirst().allSatisfy { $0.contains(#/^Surveillance/FeverClinic/files/drug\.json:\d+:\d+: /#) })
        #expect(english.errors.contains("unknown property 'primaryKeys'"))
        #expect(english.errors.contains("a string of class 'direct' cannot be 'keep'"))
        let chinese = try Vedette.run(words + ["--programs", folder.path, "--language", "zh"])
        #expect(chinese.status == 2 && chinese.errors.contains("'direct' 类的 string 字段不能用 'keep'"))
    }
}
