import CheckKit
import Foundation
import ProgramFiles
import SurveillanceKit
import Testing
import Validation

@Suite("The schemas of Config/ and the reader agree")
struct ConfigSchemaTests {
    private static let deadlines = #"""
        { "program": "fever-clinic", "setOn": "2026-03-01", "reason": { "zh": "试点", "en": "a trial" },
          "deadlines": [{ "kind": "daily", "from": "2026-02-01", "covers": { "days": 7 }, "due": [{ "by": "18:00" }], "retroactive": true }],
          "scope": { "rules": [{ "from": "2026-03-02", "institutions": "level == '三级'" }],
            "exemptions": [{ "institution": "H1", "from": "2026-03-14", "until": "2026-03-16", "reason": { "zh": "停诊", "en": "closed" } }] } }
        """#
    private static let calendar = #"""
        { "id": "test", "title": { "zh": "测试", "en": "Test" }, "years": [{ "year": 2026, "source": "a notice",
          "holidays": ["2026-10-01/2026-10-07"], "workdays": ["2026-10-10"] }] }
        """#

    private func reads(_ text: String, _ name: String) throws -> Bool {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("config-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: folder.appendingPathComponent("a.json"))
        let programs = try Repository.registry.get().programs.map(\.program)
        do {
            if name == "deadlines" {
                _ = try OverridesFolder.read(folder, programs: programs)
            } else {
                _ = try CalendarFolder.read(folder)
            }
            return true
        } catch { return false }
    }

    private func accepts(_ text: String, _ name: String) throws -> Bool {
        // Of what a file of settings may have beyond JSON, only comments in lines of their own stand here.
        let lines = text.split(separator: "\n").filter { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("//") }
        return try SchemaCheck(name).accepts(
            JSONSerialization.jsonObject(with: Data(lines.joined(separator: "\n").utf8)))
    }

    @Test("what is right is taken by both", arguments: ["deadlines", "calendar"])
    func right(name: String) throws {
        let text = name == "deadlines" ? Self.deadlines : Self.calendar
        #expect(try reads(text, name) && accepts(text, name))
    }

    @Test("the calendar of the deployment keeps the schema")
    func china() throws {
        let text = try String(contentsOf: Repository.file("Config/calendar/china.json"), encoding: .utf8)
        #expect(try accepts(text, "calendar"))
    }

    @Test(
        "what is wrong is refused by both",
        arguments: [
            (#""program""#, #""programme""#), (#""setOn": "2026-03-01", "#, ""), ("2026-03-01", "1 March"),
            (#", "en": "a trial""#, ""), (#""daily""#, #""hourly""#), (#""days": 7"#, #""days": 0"#),
            (#""retroactive": true"#, #""retroactive": "yes""#), (#", "until": "2026-03-16""#, ""),
            (#""institutions""#, #""who""#),
        ])
    func wrongDeadlines(part: String, other: String) throws {
        let text = Self.deadlines.replacing(part, with: other, maxReplacements: 1)
        #expect(try !reads(text, "deadlines") && !accepts(text, "deadlines"), "\(text)")
    }

    @Test(
        "a calendar that is wrong is refused by both",
        arguments: [
            (#""year": 2026, "#, ""), (#""source": "a notice","#, ""), ("2026-10-10", "10 October"),
            (#""workdays": ["2026-10-10"]"#, #""workdays": "2026-10-10""#), (#""years""#, #""year""#),
        ])
    func wrongCalendar(part: String, other: String) throws {
        let text = Self.calendar.replacing(part, with: other, maxReplacements: 1)
        #expect(try !reads(text, "calendar") && !accepts(text, "calendar"), "\(text)")
    }
}
