import CheckKit
import Foundation
import Intake
import SurveillanceKit
import Testing

@testable import CoreRuntime

@Suite("A stored parent of another institution")
struct StoredParentScopeTests {
    private static func field(_ name: String) -> String {
        """
        { "name": "\(name)", "title": "\(name)号", "en": { "title": "\(name)" }, "type": "string",
          "constraints": { "required": true }, "sensitivity": "none", "deidentify": "keep" }
        """
    }

    /// Visits and doses that are linked by a number kept in clear: equal at two institutions.
    private static let files = [
        "Dose/program.json": """
        { "id": "dose", "version": "1.0.0", "effectiveFrom": "2026-01-01", "title": { "zh": "用药", "en": "Doses" },
          "timeZone": "Asia/Shanghai", "files": ["visit", "dose"] }
        """,
        "Dose/files/visit.json": """
        { "name": "visit", "title": "就诊", "en": { "title": "Visits" }, "primaryKey": ["V"],
          "fields": [ \(field("V")), \(field("W")) ] }
        """,
        "Dose/files/dose.json": """
        { "name": "dose", "title": "用药", "en": { "title": "Doses" }, "primaryKey": ["D"],
          "foreignKeys": [ { "fields": ["V"], "reference": { "resource": "visit", "fields": ["V"] } } ],
          "fields": [ \(field("D")), \(field("V")) ] }
        """,
    ]

    @Test("is nobody's parent, though its key is the same and kept in clear")
    func otherInstitution() async throws {
        let programs = try TemporaryPrograms(Self.files)
        let test = try TestPlatform(programs: programs.folder)
        let other = "OTHER00000000000000001"
        let visit = try await test.submit(Array("V,W\nV1,1\n".utf8), named: "visit_1.csv")
        #expect(visit?.state == .accepted)
        let dose = Array("D,V\nD1,V1\n".utf8)
        let stranger = try #require(try await test.submit(dose, named: "dose_1.csv", from: other))
        #expect(stranger.state != .accepted && stranger.files.map(\.accepted) == [0])
        #expect(try await test.findingLines(stranger.id).contains { $0.contains("\"code\":\"foreign-key\"") })
        // At its own institution it is.
        #expect(try #require(try await test.submit(dose, named: "dose_1.csv")).state == .accepted)
    }
}
