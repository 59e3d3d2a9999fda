import CheckKit
import ProgramFiles
import SurveillanceKit
import Testing
import Timeliness
import Validation

@Suite("What an event calls for")
struct AfterEventTests {
    @Test("a death's documents are due at the end of the seventh day after its archiving, since the rule began")
    func deathAttachments() throws {
        let programs = try Repository.registry.get().programs.map(\.program)
        let influenza = try #require(programs.first { $0.id == "influenza" })
        let duties = try ProgramDuties(influenza, calendar: .none)
        let hospital = Institution(
            code: "A3", name: BilingualText(zh: "甲院", en: "A"), level: .tertiary, region: "110105", hasFeverClinic: true
        )
        func due(_ name: String, _ day: String) throws -> String? {
            duties.due(afterEvent: name, on: try #require(CivilDate(day)), for: hospital).map { duties.zone.text($0) }
        }
        #expect(try due("death-attachments", "2026-01-01") == "2026-01-08T23:59:59.999+08:00")
        #expect(try due("death-attachments", "2026-02-25") == "2026-03-04T23:59:59.999+08:00")
        #expect(try due("death-attachments", "2025-12-31") == nil)
        #expect(try due("no-such-event", "2026-02-25") == nil)
    }
}
