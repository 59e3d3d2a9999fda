import Testing

@testable import Tabular

@Suite("Decoding")
struct TextDecoderTests {
    private static let line = "P900,流感门诊,\"é° 𠀀\",2026-11-08 08:01:02,abcdefghijklmnopqrstuvwxyzABCDEFGHIJ,发\r\n"

    /// The line in each charset, with and without broken bytes.
    private static let texts: [(charset: Charset, bytes: [UInt8])] = {
        let utf8 = Array((line + line).utf8)
        let gb18030: [UInt8] =
            Array("P900,".utf8) + [0xC1, 0xF7, 0xB8, 0xD0, 0xC3, 0xC5, 0xD5, 0xEF, 0x2C, 0xA8, 0xA6]
            + [0x95, 0x32, 0x82, 0x36, 0x81, 0x30, 0x81, 0x31] + Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ".utf8)
            + [0xB7, 0xA2, 0x0D, 0x0A]
        let units = Array(line.utf16)
        let little = units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let big = units.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        return [
            (.utf8, utf8), (.utf8, utf8 + [0xE6, 0xB5, 0x2C, 0xFF] + utf8),
            (.utf8, [0xEF, 0xBB, 0xBF] + utf8 + [0xF0]),
            (.gb18030, gb18030),
            (.gb18030, gb18030 + [0xC1, 0x2C, 0xFF, 0x81, 0x30, 0x22] + gb18030 + [0x81, 0x30, 0x81]),
            (.utf16LittleEndian, [0xFF, 0xFE] + little), (.utf16BigEndian, [0xFE, 0xFF] + big),
            (
                .utf16LittleEndian,
                [0xFF, 0xFE] + little + [0x00, 0xDC, 0x41, 0x00, 0x00, 0xD8, 0x42, 0x00] + little + [0x41]
            ),
            (.utf16BigEndian, [0xFE, 0xFF] + big + [0xD8, 0x00]),
        ]
    }()

    @Test("does not depend on how the bytes are cut, coming or going", arguments: 1...64)
    func chunks(size: Int) throws {
        for text in Self.texts {
            let whole = try Decoded(text.bytes)
            #expect(whole.charset == text.charset)
            #expect(String(validating: whole.text, as: UTF8.self) != nil)
            #expect(try Decoded(text.bytes, input: size) == whole)
            #expect(try Decoded(text.bytes, output: size) == whole)
            #expect(try Decoded(text.bytes, input: size, output: 65 - size) == whole)
        }
    }

    @Test("of UTF-8 repairs as Swift does, at every length and with every kind of damage", arguments: 0..<40)
    func utf8(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let parts: [[UInt8]] = [
            Array("流".utf8), Array("a".utf8), Array("é".utf8), Array("𠀀".utf8), Array("0123456789abcdef".utf8),
            [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x9F, 0x92], [0xC0, 0xAF], [0x80],
            [0xE6, 0xB5], [0xFF], [0xC3],
        ]
        for _ in 0..<50 {
            // The mark and enough Chinese keep the charset out of question.
            var bytes: [UInt8] = [0xEF, 0xBB, 0xBF] + Array(String(repeating: "流", count: 60).utf8)
            for _ in 0..<Int.random(in: 0..<40, using: &random) {
                bytes += parts[Int.random(in: parts.indices, using: &random)]
            }
            let decoded = try Decoded(bytes, input: Int.random(in: 1...64, using: &random))
            let expected = String(decoding: bytes.dropFirst(3), as: UTF8.self)
            #expect(decoded.text == Array(expected.utf8))
            #expect(decoded.faults.map(\.outputOffset) == replacements(in: decoded.text))
        }
    }

    @Test("of long UTF-8 text finds each damage, wherever it stands in a block", arguments: 0..<192)
    func blocks(place: Int) throws {
        let damages: [[UInt8]] = [
            [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8], [0xFF], [0xC0, 0x80], [0xC1],
            [0x80],
            [0xE6, 0xB5], [0xE6], [0xC3], [0xF0, 0x9F, 0x92], [0xE6, 0xB5, 0x81, 0x80], [],
            Array("\u{0800}\u{D7FF}𠀀é".utf8),
        ]
        let fillers = ["流", "a", "é", "流a,,感冒é0123456789"]
        for damage in damages {
            for filler in fillers {
                var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
                while bytes.count < place { bytes += Array(filler.utf8) }
                bytes += damage
                for _ in 0..<30 { bytes += Array(filler.utf8) }
                let decoded = try Decoded(bytes)
                #expect(decoded.text == Array(String(decoding: bytes.dropFirst(3), as: UTF8.self).utf8))
                #expect(decoded.faults.map(\.outputOffset) == replacements(in: decoded.text))
            }
        }
    }

    @Test("of UTF-16 repairs as Swift does", arguments: 0..<20)
    func utf16(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let units: [UInt16] = (0..<200).map { _ in
            switch Int.random(in: 0..<8, using: &random) {
            case 0: UInt16.random(in: 0xD800...0xDBFF, using: &random)
            case 1: UInt16.random(in: 0xDC00...0xDFFF, using: &random)
            case 2: UInt16.random(in: 0x80...0xD7FF, using: &random)
            default: UInt16.random(in: 0x20...0x7E, using: &random)
            }
        }
        let expected = Array(String(decoding: units, as: UTF16.self).utf8)
        let little = units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        #expect(try Decoded([0xFF, 0xFE] + little).text == expected)
        let big = units.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        #expect(try Decoded([0xFE, 0xFF] + big, output: 7).text == expected)
    }

    @Test("tells each replacement's place in the file and in the text")
    func places() throws {
        let bytes = [0xEF, 0xBB, 0xBF] + Array("a流".utf8) + [0xFF] + Array("b".utf8) + [0xE6, 0xB5] + Array(",".utf8)
        let decoded = try Decoded(bytes)
        #expect(decoded.string == "a流\u{FFFD}b\u{FFFD},")
        #expect(
            decoded.faults == [
                DecodingFault(inputOffset: 7, outputOffset: 4), DecodingFault(inputOffset: 9, outputOffset: 8),
            ])
    }

    @Test("does not take a U+FFFD that the sender wrote for a fault")
    func writtenReplacement() throws {
        let decoded = try Decoded(Array("流\u{FFFD}感".utf8))
        #expect(decoded.string == "流\u{FFFD}感")
        #expect(decoded.faults.isEmpty)
    }

    @Test("lets zero bytes through for the reader to refuse")
    func zeroBytes() throws {
        let bytes = Array("a\0流\0".utf8)
        #expect(try Decoded(bytes).text == bytes)
        #expect(try Decoded([0xC1, 0xF7, 0x00, 0xB8, 0xD0]).text == Array("流\0感".utf8))
    }

    @Test("keeps count of a file that is broken throughout, in chunks that fit")
    func brokenThroughout() throws {
        let count = 300_000
        var decoder = TextDecoder(BytesSource([UInt8](repeating: 0xFF, count: count)))
        var buffer = [UInt8](repeating: 0, count: 10_000)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try decoder.read(into: $0) }
            #expect(decoder.faults.count <= 3_334)
            if count == 0 { break }
        }
        #expect(decoder.faultCount == count)
    }

    @Test("passes on what fails below it")
    func failure() {
        struct Failing: ByteSource {
            mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
                throw .archive(.wrongChecksum)
            }
        }
        var decoder = TextDecoder(Failing())
        var buffer = [UInt8](repeating: 0, count: 10)
        #expect(throws: SourceError.archive(.wrongChecksum)) {
            try buffer.withUnsafeMutableBytes { try decoder.read(into: $0) }
        }
    }
}

/// Where U+FFFD stands in UTF-8.
private func replacements(in text: [UInt8]) -> [Int] {
    text.indices.filter { text[$0...].starts(with: [0xEF, 0xBF, 0xBD]) }
}
