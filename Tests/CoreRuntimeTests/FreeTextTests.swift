import Testing

@testable import Deidentification

/// What is taken for the patient's in a text, and what only looks like it.
@Suite("Free text") struct FreeTextTests {
    private func scrubbed(
        _ text: String, _ identifiers: [String] = [], _ suspicion: PersonalNumber.Suspicion = .anyLong
    )
        -> String
    {
        var row = RowIdentifiers()
        for identifier in identifiers { Array(identifier.utf8).withUnsafeBufferPointer { row.add($0) } }
        var output: [UInt8] = []
        var text = text
        var freeText = FreeText()
        _ = text.withUTF8 { freeText.scrub($0, identifiers: row, suspicion, into: &output) }
        return String(decoding: output, as: UTF8.self)
    }

    @Test(
        "the row's own names and numbers are found however they are written",
        arguments: [
            ("王小明", "患者王小明，男", "患者***，男"), ("王小明", "患者 王 小 明 ，男", "患者 *** ，男"), ("王小明", "王　小·明诉", "***诉"),
            ("阿依古丽·买买提", "阿依古丽•买买提入院", "***入院"), ("阿依古丽·买买提", "阿依古丽买买提入院", "***入院"),
            ("阿依古丽·买买提", "阿依古丽入院", "***入院"), ("Li Na", "patient LI-NA, li na", "patient ***, ***"),
            ("Ｌｉ Ｎａ", "lina诉", "***诉"), ("M20261108", "病案号m2026-1108。", "病案号***。"), ("4711", "号4711。", "号***。"),
            ("某市某路25号", "住某市某路 25 号", "住***"),
        ])
    func found(identifier: String, text: String, left: String) { #expect(scrubbed(text, [identifier]) == left) }

    @Test(
        "what only resembles them stays",
        arguments: [
            ("王小明", "王明，小王"), ("Li Na", "Carolina"), ("Li Na", "finals"), ("4711", "47115 和 14711"), ("4711", "47 11"),
            ("不详", "病史不详"), ("学生", "学生，发热3天"), ("12", "12次"), ("王", "王某"),
        ])
    func passed(identifier: String, text: String) { #expect(scrubbed(text, [identifier]) == text) }

    @Test(
        "numbers of what is measured, given and dated stay",
        arguments: [
            "T38.5℃ P120次/分 BP120/80mmHg", "2026-11-03 08:58:57", "2026/11/3至2026/11/8", "2026.11.03 2026.11.05",
            "WBC 12.35×10^9/L",
            "0.25g 3次/日 7天", "白细胞 12 13 14 15 16 17", "100-300", "J11.101x001",
        ])
    func measured(text: String) {
        #expect(scrubbed(text) == text)
        #expect(scrubbed(text, [], .shape) == text)
    }

    @Test("codes and institutions' names pass where text is kept, a person's do not")
    func kept() {
        for code in ["86901234567890", "XJ05AH02001010", "62345678", "H20123456", "1234567890123"] {
            #expect(scrubbed(code, [], .shape) == code)
        }
        #expect(scrubbed("市第一医院", ["市第一医院"], .shape) == "市第一医院")
        #expect(scrubbed("市第一医院", ["市第一医院"]) == "***")
        #expect(scrubbed("联系62345678", [], .shape) == "联系***")
        #expect(scrubbed("王小明", ["王小明"], .shape) == "***")
        #expect(scrubbed("110105198008017528", [], .shape) == "***")
        // No day of birth, no ID.
        #expect(scrubbed("XA110105198013017528", [], .shape) == "XA110105198013017528")
    }

    @Test(
        "the row's own names and numbers in letters are found where text is kept, too",
        arguments: [
            ("Li Na", "patient LI-NA, li na", "patient ***, ***"), ("Ｌｉ Ｎａ", "lina诉", "***诉"),
            ("M20261108", "XM m2026-1108", "XM ***"),
            ("E12345678", "护照e12345678", "护照***"), ("O'Neill", "Mr O'NEILL", "Mr ***"),
            ("Li Na", "Carolina", "Carolina"),
            ("4711", "号4711。", "号4711。"),
        ])
    func keptLatin(identifier: String, text: String, left: String) {
        #expect(scrubbed(text, [identifier], .shape) == left)
    }

    @Test("a number's end does not take its neighbours along")
    func neighbours() {
        #expect(scrubbed("13800007316 3天") == "*** 3天")
        #expect(scrubbed("13800007316 2026-11-03") == "*** 2026-11-03")
        #expect(scrubbed("38 13800007316") == "38 ***")
        #expect(scrubbed("11010519491231002 X，男") == "***，男")
        #expect(scrubbed("11010519491231002xyz") == "***yz")
        #expect(scrubbed("13800007316、13900007317") == "***、***")
        #expect(scrubbed("(010) 62345678转2") == "(***转2")
    }

    @Test("text cut in the middle of a character is passed on as it is")
    func broken() {
        var output: [UInt8] = []
        var freeText = FreeText()
        let bytes: [UInt8] = [0xE7, 0x8E, 0x31, 0xE7]
        _ = bytes.withUnsafeBufferPointer {
            freeText.scrub($0, identifiers: RowIdentifiers(), .anyLong, into: &output)
        }
        #expect(output == bytes)
    }
}
