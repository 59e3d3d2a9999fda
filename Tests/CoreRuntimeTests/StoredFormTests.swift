import Foundation
import Intake
import SurveillanceKit
import Testing

@testable import CoreRuntime

/// What lies in data folders as earlier versions wrote it.
@Suite("What was stored before is read")
struct StoredFormTests {
    @Test("the outcome of a submission whose log was not told before the program was replaced")
    func outcome() throws {
        let stored = """
            {"changedTypes":["influenza/flu"],"files":[{"accepted":2,"errors":1,"fileType":"flu","name":"flu_1.csv",\
            "program":"influenza","rejected":1,"rows":3,"warnings":4},\
            {"accepted":0,"errors":0,"name":"说明.docx","rejected":0,"rows":0,"warnings":1}],\
            "met":["01J9Z3N8Q4V6W2X5Y7A0B10001"],"missing":[18446744073709551615],\
            "records":{"added":1,"changed":1,"unchanged":0},"state":"partly-accepted",\
            "waiting":[{"fileType":"drug","parents":["fever"],"program":"fever-clinic","rows":1,"until":1795132800123}]}
            """
        let outcome = try JSONDecoder().decode(Outcome.self, from: Data(stored.utf8))
        #expect(
            outcome.files == [
                FileReport(
                    name: "flu_1.csv", program: "influenza", fileType: "flu", rows: 3, accepted: 2, rejected: 1,
                    errors: 1, warnings: 4),
                FileReport(name: "说明.docx", warnings: 1),
            ])
        #expect(outcome.state == .partlyAccepted && outcome.missing == [.max])
        #expect(outcome.records == .init(added: 1, changed: 1))
        #expect(outcome.waiting.map(\.until) == [Instant(milliseconds: 1_795_132_800_123)])
        #expect(outcome.met.map(\.description) == ["01J9Z3N8Q4V6W2X5Y7A0B10001"])
        let again = try JSONDecoder().decode(Outcome.self, from: JSONEncoder().encode(outcome))
        #expect(again.files == outcome.files && again.waiting == outcome.waiting)
    }

    @Test("where an upload came from, as it stands sealed behind its bytes")
    func origin() throws {
        let stored = #"{"account":"demo","fileName":"flu.csv","institution":"A","receivedAt":1795132800123}"#
        let origin = UploadOrigin(
            institution: "A", account: "demo", fileName: "flu.csv",
            receivedAt: Instant(milliseconds: 1_795_132_800_123))
        #expect(try JSONDecoder().decode(UploadOrigin.self, from: Data(stored.utf8)) == origin)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(origin), as: UTF8.self) == stored)
    }
}
