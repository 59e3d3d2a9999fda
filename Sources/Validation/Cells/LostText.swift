import Tabular

/// Text whose characters an earlier step of the export has lost, as far as that is beyond doubt.
enum LostText {
    static func isLost(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count >= 2 else { return false }
        var marks = 0
        var isASCII = true
        var mayBeLatin = false
        for index in text.indices {
            let byte = text[index]
            if byte == 0x3F { marks += 1 }
            guard byte >= 0x80 else { continue }
            isASCII = false
            switch byte {
            case 0xC3, 0xE7, 0xE9, 0xEF:
                if signs.contains(where: { starts(text, index, $0) }) { return true }
                if byte == 0xC3 { mayBeLatin = true }
            default: break
            }
        }
        return isASCII ? marks > 1 && isOfMarks(text) : mayBeLatin && isLatin(text) || GarbledText.stands(in: text)
    }

    /// Each begins with C3, E7, E9 or EF: U+FFFD; 锟斤拷, which is U+FFFD twice in UTF-8 read as GBK; 烫烫烫, memory that was never filled; `ï»¿`, UTF-8's mark read as Latin-1.
    private static let signs: [[UInt8]] = ["\u{FFFD}", "锟斤", "烫烫烫", "ï»¿"].map { Array($0.utf8) }

    private static func starts(_ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ sign: [UInt8]) -> Bool {
        guard text.count - index >= sign.count, text[index] == sign[0] else { return false }
        return (1..<sign.count).allSatisfy { text[index + $0] == sign[$0] }
    }

    /// Question marks in place of Chinese: before other text, or four and more. A doctor's `COVID-19??` is none, and where Chinese stands
    /// beside them (`肺炎???`) it was not lost.
    private static func isOfMarks(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var run = 0
        for index in text.indices {
            if text[index] == 0x3F {
                run += 1
                if run >= 4 || (run >= 2 && run == index + 1) { return true }
            } else {
                if run >= 2 { return true }
                run = 0
            }
        }
        return false
    }

    /// UTF-8 that was read as Latin-1 or Windows-1252 and written again: `å\u{8F}‘ç\u{83}\u{AD}` for 发热.
    private static func isLatin(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var bytes: [UInt8] = []
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            guard let byte = latinByte(scalar.value) else {
                if holdsChinese(bytes) { return true }
                bytes = []
                continue
            }
            bytes.append(byte)
        }
        return holdsChinese(bytes)
    }

    private static func holdsChinese(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 3 else { return false }
        return (0..<bytes.count - 2).contains {
            (0xE4...0xE9).contains(bytes[$0]) && bytes[$0 + 1] & 0xC0 == 0x80 && bytes[$0 + 2] & 0xC0 == 0x80
        }
    }

    /// The byte that is read as a character: Latin-1's own, or one of the 27 that Windows-1252 has between 80 and 9F.
    private static func latinByte(_ scalar: UInt32) -> UInt8? {
        if scalar >= 0x80, scalar <= 0xFF { return UInt8(scalar) }
        return windows1252.firstIndex(of: scalar).map { UInt8(0x80 + $0) }
    }

    /// Source: WHATWG Encoding, index windows-1252.
    private static let windows1252: [UInt32] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
        0x017D,
        0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153,
        0x9D,
        0x017E, 0x0178,
    ]
}
