import Seeding
import Testing
import TestKit

@testable import Tabular

@Suite("The charset of one line")
struct LineCharsetTests {
    private static func charset(_ bytes: [UInt8]) -> (certain: Charset?, mayBeUTF8: Bool) {
        bytes.withUnsafeBytes { (LineCharset.certain(of: $0), LineCharset.mayBeUTF8($0)) }
    }

    /// GB18030, written by hand: 示例市第一人民医院, and 示 alone, which may be a character of UTF-8 too.
    private static let hospital: [UInt8] = [
        0xCA, 0xBE, 0xC0, 0xFD, 0xCA, 0xD0, 0xB5, 0xDA, 0xD2, 0xBB, 0xC8, 0xCB, 0xC3, 0xF1, 0xD2, 0xBD, 0xD4, 0xBA,
    ]

    @Test("GB18030 that begins like UTF-8 is seen not to be it")
    func gb18030() {
        let found = Self.charset(Array("450100001,".utf8) + Self.hospital + Array(",39.5\n".utf8))
        #expect(found.certain == .gb18030 && !found.mayBeUTF8)
        #expect(Self.charset(Array(Self.hospital.prefix(2))).mayBeUTF8)
        #expect(!Self.charset(Array("450100001,39.5\n".utf8)).mayBeUTF8)
    }

    @Test("whatever is certainly UTF-8 may be UTF-8", arguments: 0..<8)
    func certain(seed: UInt64) {
        var random = Randomness(seed: seed)
        let pieces: [[UInt8]] =
            ["发热", "，", "é", "\u{1F600}", "a,b", "咳嗽2天"].map { Array($0.utf8) } + [
                Self.hospital, [0xE5], [0xE5, 0x8F], [0x80], [0xFF], [0xF4, 0x90, 0x80, 0x80], [0xC1, 0x80],
            ]
        var counts = (certain: 0, may: 0)
        for _ in 0..<2_000 {
            let line = (0..<random.below(7)).flatMap { _ in
                random.pick(random.oneIn(2) ? Array(pieces.prefix(6)) : pieces)
            }
            let found = Self.charset(line)
            if found.certain == .utf8 {
                counts.certain += 1
                #expect(found.mayBeUTF8, "\(line)")
            }
            if found.mayBeUTF8 { counts.may += 1 }
        }
        #expect(counts.certain > 100 && counts.may > counts.certain)
    }
}
