import Foundation
import Testing

@Suite("The exit status of vedette check")
struct CheckStatusTests {
    /// The status of checking one file of a name and content.
    private func status(of name: String, _ content: Data) throws -> Int32 {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("check-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent(name)
        try content.write(to: file)
        return try Vedette.run(["check", file.path]).status
    }

    @Test(
        "is 0 without errors, warnings or none, and 1 with errors", arguments: ["Influenza", "FeverClinic"],
        ["text", "json"])
    func ran(program: String, format: String) throws {
        let clean = try Vedette.run(["check", "--format", format, Repository.packagePath(program, "clean")])
        #expect(clean.status == 0, "\(clean.output) \(clean.errors)")
        let faults = try Vedette.run(["check", "--format", format, Repository.packagePath(program, "faults")])
        #expect(faults.status == 1 && !faults.output.isEmpty)
        // One package with errors among others without.
        let both = try Vedette.run([
            "check", "--format", format, Repository.packagePath(program, "faults"),
            Repository.packagePath(program, "clean"),
        ])
        #expect(both.status == 1)
    }

    @Test("is 0 where all that was found is a warning: a child without its parent, offline; and 1 with one error more")
    func warnings() throws {
        var doses = try SampleTable("FeverClinic", "drug")
        #expect(try status(of: "drug_1.csv", doses.csv) == 0)
        let time = try #require(doses.column("P7506"))
        doses.rows[0][time] = "2026-13-40 00:00:00"
        #expect(try status(of: "drug_1.csv", doses.csv) == 1)
    }

    @Test("is 1 for what is no archive although its name says so")
    func noArchive() throws { #expect(try status(of: "report.zip", Data("no archive".utf8)) == 1) }

    @Test(
        "is 2 where it could not run, and says why on standard error",
        arguments: [
            [], ["/no/such/file.csv"], ["--format", "xml", "."], ["--no-such-option", "."],
            ["--program", "no-such-program", "."], ["--programs", "/no/such/folder", "."], ["--threads", "x", "."],
        ])
    func couldNotRun(words: [String]) throws {
        let result = try Vedette.run(["check"] + words)
        #expect(result.status == 2 && !result.errors.isEmpty && result.output.isEmpty, "\(result)")
    }
}
