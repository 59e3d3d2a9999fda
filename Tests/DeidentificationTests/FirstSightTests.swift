import Seeding
import TestKit
import Testing

@testable import Deidentification

@Suite("A text that is passed at first sight") struct FirstSightTests {
    /// What texts are put together from: what the rules cut, what only resembles it, and what stands between.
    private static let pieces = [
        "王小明", "李", "欧阳娜娜", "阿依古丽·买买提", "Li Na", "LI-NA", "name", "patient name", "contact", "患者", "联系人", "姓名", "父亲",
        "医生",
        "王医生", "女士", "电话", "tel", ":", "=", "：", "＝", "(", ")", " ", "　", "-", "·", "•", "‐", "，", "138", "00138000",
        "13800138000",
        "１３８", "4711", "M2026", "Ｍ２０２６", "发热3天", "咳嗽", "WBC", "38.5℃", "高血压", "\u{a0}", "𠮷", "é", "x", "7", "住",
        "某市某路25号",
    ]
    private static let identifiers = [
        "王小明", "阿依古丽·买买提", "Li Na", "M2026", "4711", "某市某路25号", "Éva", "𠮷田", "13800138000",
    ]

    /// A row with so many identifiers, drawn at random.
    private static func row(_ count: Int, _ random: inout Randomness) -> RowIdentifiers {
        var row = RowIdentifiers()
        for _ in 0..<count { Array(random.pick(identifiers).utf8).withUnsafeBufferPointer { row.add($0) } }
        return row
    }

    @Test("has nothing that the rules would cut: 60,000 texts drawn at random", arguments: 1...3)
    func drawn(seed: UInt64) {
        var random = Randomness(seed: seed)
        var freeText = FreeText()
        var passed = 0
        for _ in 0..<20_000 {
            let row = Self.row(random.below(3), &random)
            let text = Array((0..<1 + random.below(5)).map { _ in random.pick(Self.pieces) }.joined().utf8)
            guard !text.withUnsafeBufferPointer({ FreeText.mayHold($0, row) }) else { continue }
            passed += 1
            for suspicion in [PersonalNumber.Suspicion.anyLong, .shape] {
                var output: [UInt8] = []
                let cut = text.withUnsafeBufferPointer {
                    freeText.search($0, identifiers: row, suspicion, into: &output)
                }
                #expect(!cut && output == text, "\(String(decoding: text, as: UTF8.self))")
            }
        }
        // Some are passed, or the shortcut is none.
        #expect(passed > 1000)
    }

    @Test("a text that comes again and was harmless is cut where another row's names stand in it", arguments: 1...2)
    func again(seed: UInt64) {
        var random = Randomness(seed: seed)
        var remembering = FreeText()
        var cuts = 0
        for _ in 0..<3_000 {
            let text = Array((0..<1 + random.below(5)).map { _ in random.pick(Self.pieces) }.joined().utf8)
            for _ in 0..<4 {
                let row = Self.row(random.below(2), &random)
                text.withUnsafeBufferPointer { text in
                    var (output, plain): ([UInt8], [UInt8]) = ([], [])
                    let isCut = remembering.scrub(text, field: 1, identifiers: row, .shape, into: &output)
                    var fresh = FreeText()
                    let wanted = fresh.scrub(text, identifiers: row, .shape, into: &plain)
                    #expect(isCut == wanted && output == plain)
                    if isCut { cuts += 1 }
                }
            }
        }
        #expect(cuts > 500)
    }

    @Test(
        "a name in letters is cut behind an equals sign as behind a colon",
        arguments: ["patient name=Li Na", "patient name: Li Na", "name = Li Na"])
    func equals(text: String) {
        var output: [UInt8] = []
        var freeText = FreeText()
        let cut = Array(text.utf8).withUnsafeBufferPointer {
            freeText.scrub($0, identifiers: RowIdentifiers(), .anyLong, into: &output)
        }
        #expect(cut && !String(decoding: output, as: UTF8.self).contains("Li"))
    }
}
