import Foundation
import ShangMi
import SurveillanceKit
import TestKit
import Testing
import Validation

@testable import Deidentification

@Suite("A row that is known by its cells' hash went through the same rules")
struct RulesTextTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Sources/Deidentification")

    /// The digest of what the files say, without imports, comments, blanks and the digest itself.
    private static func digest() throws -> String {
        var text = ""
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        where name.hasSuffix(".swift") && name != "RulesText.swift" {
            let source = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            text += name
            for line in source.split(separator: "\n")
            where !line.drop(while: { $0 == " " }).hasPrefix("//") && !line.hasPrefix("import ")
                && !line.hasPrefix("public import ")
            {
                text += line.filter { !$0.isWhitespace }
            }
        }
        return String(SM3.digest(Array(text.utf8)).hex.prefix(16))
    }

    @Test("the digest in the hash is that of the rules' own text")
    func rules() throws {
        let digest = try Self.digest()
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            let file = Self.folder.appendingPathComponent("RulesText.swift")
            let text = try String(contentsOf: file, encoding: .utf8)
            try text.replacingOccurrences(of: "digest = \"\(RulesText.digest)\"", with: "digest = \"\(digest)\"")
                .write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(
            RulesText.digest == digest,
            "a rule has changed: run the test once with RECORD=1, so that rows stored before are de-identified anew")
    }

    /// A file type of one visit, its key first or last.
    private static func type(
        keyLast: Bool = false, note: Deidentification = .keep, version: String = "1.0.0"
    ) throws -> CompiledFileType {
        func field(_ name: String, _ deidentify: Deidentification = .keep, isRequired: Bool = false) -> Field {
            Field(
                name: name, title: BilingualText(zh: name, en: name), type: .string,
                constraints: Constraints(isRequired: isRequired), sensitivity: .quasi, deidentify: deidentify)
        }
        let key = [field("B", isRequired: true), field("A")]
        let fields = keyLast ? [field("N", note)] + key.reversed() : key + [field("N", note)]
        let program = Program(
            id: "p", title: BilingualText(zh: "甲", en: "p"), version: version, effectiveFrom: "2026-01-01",
            timeZone: "UTC",
            fileTypes: [
                FileType(id: "t", title: BilingualText(zh: "甲", en: "t"), fields: fields, primaryKey: ["B", "A"])
            ])
        return try #require(try CompiledProgram(program, checks: []).fileType("t"))
    }

    private static let key = SymmetricKey(bytes: [UInt8](repeating: 7, count: 32))

    private static func identity(_ type: CompiledFileType, _ a: String = "1", _ b: String = "2") throws -> RowIdentity {
        try Rows.identity(["A": a, "B": b, "N": "x"], type, key)
    }

    @Test("fields that move in a later version of the program leave a record its key")
    func movedFields() throws {
        let first = try Self.identity(try Self.type())
        let moved = try Self.identity(try Self.type(keyLast: true))
        #expect(first.key == moved.key)
        let other = try Self.identity(try Self.type(), "2", "1")
        #expect(first.key != other.key)
    }

    @Test("what becomes of a field is part of the hash, and so is the program's version")
    func policies() throws {
        let kept = try Self.identity(try Self.type())
        #expect(kept == (try Self.identity(try Self.type())))
        #expect(kept.content != (try Self.identity(try Self.type(note: .scrub))).content)
        #expect(kept.content != (try Self.identity(try Self.type(version: "1.0.1"))).content)
        #expect(kept.key == (try Self.identity(try Self.type(note: .scrub, version: "1.0.1"))).key)
    }
}
