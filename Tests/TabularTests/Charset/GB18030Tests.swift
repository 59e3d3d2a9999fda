import Glibc
import Testing

@testable import Tabular

@Suite("GB18030")
struct GB18030Tests {
    @Test(
        "gives the characters that the standard gives",
        arguments: [
            ([0xC1, 0xF7, 0xB8, 0xD0], "流感"), ([0xCB, 0xDE, 0x32], "宿2"), ([0xA2, 0xE3], "€"), ([0xA9, 0x96], "〇"),
            ([0x81, 0x40], "丂"), ([0xA8, 0xBF], "ǹ"), ([0x81, 0x30, 0x81, 0x30], "\u{80}"),
            ([0x81, 0x39, 0xEE, 0x39], "㐀"), ([0x84, 0x31, 0xA4, 0x39], "\u{FFFF}"),
            ([0x90, 0x30, 0x81, 0x30], "\u{10000}"), ([0x95, 0x32, 0x82, 0x36], "𠀀"),
            ([0xE3, 0x32, 0x9A, 0x35], "\u{10FFFF}"),
        ] as [([UInt8], String)])
    func knownCharacters(bytes: [UInt8], text: String) throws {
        #expect(try Decoded(bytes).string == text)
        #expect(GB18030.string(from: bytes) == text)
    }

    @Test("ends where Unicode does: behind the last character no code is one, nor is a gap's")
    func end() throws {
        #expect(GB18030.string(from: [0xE3, 0x32, 0x9A, 0x35]) == "\u{10FFFF}")
        for code: [UInt8] in [
            [0xE3, 0x32, 0x9A, 0x36], [0xE3, 0x32, 0x9A, 0x37], [0xE3, 0x32, 0x9B, 0x30], [0x8F, 0x39, 0xFE, 0x39],
        ] {
            #expect(GB18030.string(from: code) == nil, "\(code)")
        }
        #expect(GB18030.string(from: [0x90, 0x30, 0x81, 0x30]) == "\u{10000}")
    }

    @Test("decodes every two-byte code as the C library does")
    func allPairs() throws {
        var codes: [[UInt8]] = []
        for lead in UInt8(0x81)...0xFE {
            for trail in UInt8(0x40)...0xFE where trail != 0x7F { codes.append([lead, trail]) }
        }
        #expect(codes.count == 23_940)
        let mismatches = codes.filter { GB18030.string(from: $0) != iconvString($0) }
        #expect(mismatches.isEmpty)
        #expect(codes.count { GB18030.string(from: $0) != nil } > 23_900)
    }

    @Test("decodes four-byte codes as the C library does: all below U+10000, and every 997th above")
    func quads() {
        let indices = Array(0..<39_420) + Array(stride(from: 39_420, to: 126 * 10 * 126 * 10, by: 997))
        let mismatches = indices.filter { index in
            let code = [
                UInt8(0x81 + index / 12_600), UInt8(0x30 + index / 1_260 % 10), UInt8(0x81 + index / 10 % 126),
                UInt8(0x30 + index % 10),
            ]
            return GB18030.string(from: code) != iconvString(code)
        }
        #expect(mismatches.isEmpty)
    }

    @Test(
        "replaces what is no character and leaves commas, quotes and digits after it alone",
        arguments: [
            ([0xC1, 0x2C, 0x31], "\u{FFFD},1", [0]), ([0x41, 0xC1, 0x22, 0x42], "A\u{FFFD}\"B", [1]),
            ([0x80, 0x41], "\u{FFFD}A", [0]), ([0xFF, 0x41], "\u{FFFD}A", [0]), ([0xC1, 0xFF, 0x41], "\u{FFFD}A", [0]),
            ([0xC1, 0xF7, 0xB8], "流\u{FFFD}", [2]), ([0x81, 0x30, 0x41], "\u{FFFD}0A", [0]),
            ([0x81, 0x30, 0x81, 0x41], "\u{FFFD}0丄", [0]), ([0x81, 0x30], "\u{FFFD}0", [0]),
            ([0xC1, 0x7F], "\u{FFFD}\u{7F}", [0]), ([0xFE, 0x39, 0xFE, 0x39], "\u{FFFD}", [0]),
            ([0xC1, 0x0D, 0x0A], "\u{FFFD}\r\n", [0]),
        ] as [([UInt8], String, [Int])])
    func faults(bytes: [UInt8], text: String, offsets: [Int]) throws {
        // Enough Chinese around it that the charset is beyond doubt.
        let certain: [UInt8] = Array(repeating: [0xC1, 0xF7, 0xB8, 0xD0, 0x2C], count: 20).flatMap { $0 }
        let decoded = try Decoded(certain + bytes)
        #expect(decoded.charset == .gb18030)
        #expect(
            decoded.string.unicodeScalars.elementsEqual((String(repeating: "流感,", count: 20) + text).unicodeScalars))
        #expect(decoded.faults.map(\.inputOffset) == offsets.map { $0 + 100 })
    }
}

/// One code as the C library converts it.
private func iconvString(_ code: [UInt8]) -> String? {
    let converter = iconv_open("UTF-8", "GB18030")
    defer { iconv_close(converter) }
    var input = code.map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: 8)
    var left = input.count
    var room = output.count
    let isConverted = input.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
            var source = input.baseAddress
            var target = output.baseAddress
            return iconv(converter, &source, &left, &target, &room) != -1 && left == 0
        }
    }
    guard isConverted else { return nil }
    return String(decoding: output.dropLast(room).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
