import Testing

@testable import Tabular

@Suite("The charset of a text")
struct CharsetDetectionTests {
    private static let manyRows = String(repeating: "4401,2026-11-08 08:01:02,-,,1\r\n", count: 20_000)

    /// GB18030 bytes of texts that the tests need.
    private static let influenza: [UInt8] = [0xC1, 0xF7, 0xB8, 0xD0]
    private static let female: [UInt8] = [0xC5, 0xAE]

    @Test(
        "is what the mark says",
        arguments: [
            ([0xEF, 0xBB, 0xBF] + Array("P5,流".utf8), .utf8, "P5,流"),
            ([0xFF, 0xFE, 0x50, 0x00, 0x41, 0x6D], .utf16LittleEndian, "P流"),
            ([0xFE, 0xFF, 0x00, 0x50, 0x6D, 0x41], .utf16BigEndian, "P流"),
            ([0x84, 0x31, 0x95, 0x33, 0x50, 0xC1, 0xF7], .gb18030, "P流"),
            ([0xEF, 0xBB, 0xBF], .utf8, ""), ([0xFF, 0xFE], .utf16LittleEndian, ""),
        ] as [([UInt8], Charset, String)])
    func marks(bytes: [UInt8], charset: Charset, text: String) throws {
        for chunk in 1...8 {
            let decoded = try Decoded(bytes, input: chunk)
            #expect(decoded.charset == charset)
            #expect(decoded.string == text)
            #expect(decoded.faults.isEmpty)
        }
    }

    @Test("is open while there is nothing outside ASCII", arguments: ["", "P", "P900,P5\r\n1,2\r\n"])
    func ascii(text: String) throws {
        let decoded = try Decoded(Array(text.utf8))
        #expect(decoded.charset == nil)
        #expect(decoded.string == text)
    }

    @Test("is told right when Chinese comes only after thousands of rows")
    func late() throws {
        let head = Array(Self.manyRows.utf8)
        let gb18030 = try Decoded(head + Self.influenza + [0x0D, 0x0A])
        #expect(gb18030.charset == .gb18030)
        #expect(gb18030.string == Self.manyRows + "流感\r\n")
        let utf8 = try Decoded(head + Array("流感\r\n".utf8))
        #expect(utf8.charset == .utf8)
        #expect(utf8.string == Self.manyRows + "流感\r\n")
    }

    @Test("stays what it was found to be: what comes later is replaced where it does not fit")
    func laterFaults() throws {
        let bytes = Array("流感\r\n".utf8) + Array(Self.manyRows.utf8) + Array("流,".utf8) + Self.influenza + [0x0D, 0x0A]
        let decoded = try Decoded(bytes)
        #expect(decoded.charset == .utf8)
        let end = bytes.count - 6
        // C1 and F7 are no lead bytes of UTF-8, and B8 and D0 no character either.
        #expect(decoded.faults.map(\.inputOffset) == [end, end + 1, end + 2, end + 3])
        #expect(decoded.faults.map(\.outputOffset) == [end, end + 3, end + 6, end + 9])
        #expect(decoded.oddLines.isEmpty)
    }

    @Test("is that of most lines, and a line that is beyond doubt of the other is read as that", arguments: 1...8)
    func mixed(chunk: Int) throws {
        let (utf8, gb) = (Array("8,流感\r\n".utf8), Array("8,".utf8) + Self.influenza + [0x0D, 0x0A])
        let text = "8,流感\r\n"
        for (bytes, charset, odd) in [
            (utf8 + utf8 + gb, Charset.utf8, [2 * text.utf8.count]),
            (gb + gb + utf8, .gb18030, [2 * text.utf8.count]),
            (utf8 + gb + utf8, .utf8, [text.utf8.count]), (utf8 + gb + gb, .gb18030, [2]),
        ] {
            let decoded = try Decoded(bytes, input: chunk)
            #expect(decoded.string == text + text + text)
            #expect(decoded.charset == charset && decoded.oddLines == odd && decoded.faults.isEmpty)
        }
    }

    @Test("is GB18030 behind the mark of UTF-8 where the text shows it, and UTF-8 where it may be either")
    func wrongMark() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let gb = try Decoded(mark + Array("P5\r\n".utf8) + Self.influenza)
        #expect(gb.charset == .gb18030 && gb.string == "P5\r\n流感" && gb.hasWrongMark)
        let utf8 = try Decoded(mark + Array("P5\r\n".utf8) + Self.female)
        #expect(utf8.charset == .utf8 && utf8.string == "P5\r\nŮ" && !utf8.hasWrongMark)
    }

    @Test("is UTF-16 where every other byte is zero, mark or not", arguments: 1...8)
    func unmarkedUTF16(chunk: Int) throws {
        let text = "P900,P5,P4\r\n4401,1,流感\r\n"
        let units = Array(text.utf16)
        let little = try Decoded(units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, input: chunk)
        #expect(little.charset == .utf16LittleEndian && little.string == text)
        let big = try Decoded(units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }, input: chunk)
        #expect(big.charset == .utf16BigEndian && big.string == text)
        #expect(try Decoded(Array("P900\0,P5\0\r\n1\0,2\r\n".utf8)).charset == nil)
    }

    @Test(
        "is UTF-8 with a few broken bytes rather than GB18030",
        arguments: ["流感,\u{0},发热", "张三,李四,王五,赵六,\u{0}", "男,女,男,女,男,\u{0}", "流感门诊,\u{0}"])
    func brokenUTF8(text: String) throws {
        let bytes = text.utf8.map { $0 == 0 ? 0xFF : $0 }
        let decoded = try Decoded(bytes)
        #expect(decoded.charset == .utf8)
        #expect(decoded.faults.count == 1)
    }

    @Test("is GB18030 with a few broken bytes rather than UTF-8")
    func brokenGB18030() throws {
        let bytes = Self.influenza + [0x2C, 0xFF, 0x2C] + Self.influenza + [0x2C, 0xB8, 0x2C] + Self.influenza
        let decoded = try Decoded(bytes)
        #expect(decoded.charset == .gb18030)
        #expect(decoded.string == "流感,\u{FFFD},流感,\u{FFFD},流感")
    }

    @Test("takes a broken byte for four good characters of UTF-8, and no more, where all may be GB18030 as well")
    func threshold() throws {
        // 锟 lead and trail: each pair is none of UTF-8, and a character of GB18030.
        func text(_ good: Int, _ broken: Int) -> [UInt8] {
            (0..<good).flatMap { _ in Array("流流,".utf8) } + (0..<broken).flatMap { _ in [0xC1, 0xF7, 0x2C] as [UInt8] }
        }
        // A pair is two faults; two characters of UTF-8 are three of GB18030.
        #expect(try Decoded(text(4, 1)).charset == .utf8)
        #expect(try Decoded(text(3, 1)).charset == .gb18030)
        #expect(try Decoded(text(8, 2)).charset == .utf8)
        #expect(try Decoded(text(7, 2)).charset == .gb18030)
    }

    @Test("is UTF-16 where a quarter of the bytes are zeros of one side, in eight bytes at least")
    func utf16Threshold() throws {
        func charset(_ bytes: [UInt8]) throws -> Charset? { try Decoded(bytes + [0x0D, 0]).charset }
        let chinese: [UInt8] = [0x41, 0x6D]
        let plain: [UInt8] = [0x31, 0]
        // With the line end that follows: 4 zeros of 16 bytes, 3 of 14.
        #expect(try charset(plain + plain + plain + chinese + chinese + chinese + chinese) == .utf16LittleEndian)
        #expect(try charset(plain + plain + chinese + chinese + chinese + chinese + chinese) != .utf16LittleEndian)
        #expect(try charset(plain + plain + plain) == .utf16LittleEndian)
        #expect(try charset(plain + plain) == nil)
    }

    @Test("is GB18030 where its only characters would be letters like Ů in UTF-8")
    func female() throws {
        let decoded = try Decoded(Array("P5\r\n".utf8) + Self.female + Array("\r\n".utf8))
        #expect(decoded.charset == .gb18030)
        #expect(decoded.string == "P5\r\n女\r\n")
    }

    @Test(
        "is UTF-8 where its only characters are signs that laboratories use",
        arguments: [
            "37.5°C", "12 µg", "±2", "μmol", "10×5±2", "2½", "José", "n°1", "Müller,Ménière", "\u{A0}", "1\u{A0}",
            "\u{A0}M001,\u{A0}\u{A0}",
            "\u{AD}", "in\u{AD}fluenza,\u{AD}", "\u{A0}\u{AD}", "1,\u{A0},2,-\u{AD}-",
        ])
    func signs(text: String) throws {
        let decoded = try Decoded(Array(text.utf8))
        #expect(decoded.charset == .utf8)
        #expect(decoded.string == text)
    }

    @Test("has a name for people", arguments: Charset.allCases)
    func title(charset: Charset) {
        #expect(charset.title.contains(charset == .gb18030 ? "GB" : "UTF-"))
    }
}
