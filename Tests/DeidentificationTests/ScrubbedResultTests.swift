import Testing

@testable import Deidentification

@Suite("What scrubbing leaves of the texts that indicators read") struct ScrubbedResultTests {
    private func scrubbed(_ text: String) -> String {
        var row = RowIdentifiers()
        for identifier in ["欧阳小明", "13800138000", "M2026118"] {
            Array(identifier.utf8).withUnsafeBufferPointer { row.add($0) }
        }
        var freeText = FreeText()
        var output: [UInt8] = []
        _ = Array(text.utf8).withUnsafeBufferPointer {
            freeText.scrub($0, identifiers: row, .anyLong, into: &output)
        }
        return String(decoding: output, as: UTF8.self)
    }

    @Test(
        "a short result or a diagnosis stays as it is",
        arguments: [
            "阳性", "阴性", "弱阳性(+)", "阳性（＋＋）", "未检出", "甲型流感病毒抗原阳性", "POSITIVE", "Not detected", "±", "1:160 阳性",
            "Ct 28.14 阳性",
            "流行性感冒", "甲流？", "急性上呼吸道感染|流感嗜血杆菌感染", "J10.1 流感伴其他呼吸道表现", "支气管肺炎，肺炎支原体感染",
        ])
    func kept(text: String) { #expect(scrubbed(text) == text) }

    @Test("a name or number beside it is taken out, and the result stays")
    func besideName() {
        #expect(scrubbed("欧阳小明 甲流阳性") == "*** 甲流阳性")
        #expect(scrubbed("阳性，已电话通知13800138000") == "阳性，已电话通知***")
    }
}
