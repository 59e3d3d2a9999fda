/// UTF-8 that a program took for GBK and wrote again as UTF-8: `鍙戠儹` for 发热.
///
/// Only what is beyond doubt is told: the characters, written as GBK, are the UTF-8 of two or more Chinese characters of daily use
/// (GB2312). Where fewer than three come out, one of those read must be none of daily use. Words and names of rare characters pass.
public enum GarbledText {
    /// Whether a text begins so, or goes on so behind ASCII.
    public static func stands(in text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.indices.contains {
            text[$0] >= 0xE2 && ($0 == 0 || text[$0 - 1] < 0x80) && GarbledBeginnings.hold(text, $0)
                && GBKCodes.shared?.isGarbled(text, $0) == true
        }
    }

    /// Whether any cell of several may be such a text, or UTF-8 that was read as Latin-1, or hold 烫.
    static func mayStand(in text: UnsafeBufferPointer<UInt8>) -> Bool {
        var isBehindASCII = true
        for (index, byte) in text.enumerated() {
            if byte < 0x80 {
                isBehindASCII = true
                continue
            }
            if isBehindASCII, GarbledBeginnings.hold(text, index), GBKCodes.shared?.isGarbled(text, index) == true {
                return true
            }
            isBehindASCII = false
            // ä to é, by which UTF-8 of Chinese begins in Latin-1, and ï, by which its mark does; 烫.
            if byte == 0xC3, index + 1 < text.count,
                (0xA4...0xA9).contains(text[index + 1]) || text[index + 1] == 0xAF
            {
                return true
            }
            if byte == 0xE7, index + 2 < text.count, text[index + 1] == 0x83, text[index + 2] == 0xAB { return true }
        }
        return false
    }
}

/// The codes of two bytes that GBK has for characters of three bytes in UTF-8.
private struct GBKCodes: Sendable {
    /// By scalar below U+10000; 0 where there is none.
    private let codes: [UInt16]

    static let shared = GBKCodes()

    private init?() {
        guard let pairs = GB18030.shared?.pairs else { return nil }
        var codes = [UInt16](repeating: 0, count: 1 << 16)
        for (code, bytes) in pairs.enumerated() where bytes != 0 {
            guard let scalar = GBKCodes.scalar(bytes), scalar >= 0x80 else { continue }
            codes[scalar] = UInt16(code)
        }
        self.codes = codes
    }

    /// Of at most three bytes of UTF-8, the first of them lowest.
    private static func scalar(_ bytes: UInt32) -> Int? {
        let (first, second, third) = (Int(bytes & 0xFF), Int(bytes >> 8 & 0x3F), Int(bytes >> 16 & 0x3F))
        if first < 0x80 { return first }
        if first < 0xE0 { return (first & 0x1F) << 6 | second }
        return first < 0xF0 ? (first & 0x0F) << 12 | second << 6 | third : nil
    }

    /// Runs between which one or two question marks stand for bytes that GBK could not read are taken together.
    @inline(never)
    func isGarbled(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
        var found = Reading()
        var at = start
        while true {
            let end = text[at...].firstIndex { $0 < 0x80 } ?? text.endIndex
            for part in String(decoding: text[at..<end], as: UTF8.self).unicodeScalars.split(separator: "\u{FFFD}") {
                // Windows reads the single byte 80 as a euro sign.
                guard
                    let reading = reading(part, euro: [0x80], isFirst: found.parts == 0)
                        ?? reading(part, euro: [0xA2, 0xE3], isFirst: found.parts == 0)
                else { return found.isCertain }
                found.add(reading)
            }
            at = end
            while at < text.endIndex, at - end < 2, text[at] == 0x3F { at += 1 }
            guard at > end, at < text.endIndex, text[at] >= 0x80, found.parts > 0 else { return found.isCertain }
        }
    }

    /// What comes out of characters that are written as GBK and read as UTF-8.
    private struct Reading {
        var parts = 0
        /// Chinese characters of daily use.
        var chinese = 0
        /// One of the characters read is none of daily use.
        var holdsRare = false

        var isCertain: Bool { chinese > 2 || (chinese == 2 && holdsRare) }

        mutating func add(_ other: Reading) {
            parts += 1
            chinese += other.chinese
            holdsRare = holdsRare || other.holdsRare
        }
    }

    /// - Parameter isFirst: nothing was lost before it, so that it begins with a whole character.
    private func reading(_ scalars: Substring.UnicodeScalarView, euro: [UInt8], isFirst: Bool) -> Reading? {
        var bytes: [UInt8] = []
        var reading = Reading()
        for scalar in scalars {
            if scalar == "\u{20AC}" {
                bytes += euro
                continue
            }
            guard scalar.value < 0x10000, codes[Int(scalar.value)] != 0 else { return nil }
            let code = codes[Int(scalar.value)]
            if !GBKCodes.isDaily(code) { reading.holdsRare = true }
            bytes += [UInt8(code >> 8), UInt8(code & 0xFF)]
        }
        let lost = isFirst ? 0 : bytes.prefix(2).prefix { $0 & 0xC0 == 0x80 }.count
        guard let read = GBKCodes.wholeText(bytes.dropFirst(lost)) else { return nil }
        for scalar in read.unicodeScalars {
            switch scalar.value {
            case 0x40...0x7E, 0x2010...0x22FF, 0x3000...0x301F, 0xFF01...0xFF5E: continue
            case 0x4E00...0x9FFF where GBKCodes.isDaily(codes[Int(scalar.value)]): reading.chinese += 1
            default: return nil
            }
        }
        return reading
    }

    /// The text of UTF-8, without a character of which only the beginning is left at the end. Nil where anything else is no UTF-8.
    private static func wholeText(_ bytes: ArraySlice<UInt8>) -> String? {
        for left in 0...2 where left <= bytes.count {
            guard let text = String(validating: bytes.dropLast(left), as: UTF8.self) else { continue }
            return left == 0 || bytes[bytes.endIndex - left] >= 0xE0 ? text : nil
        }
        return nil
    }

    /// Source: GB 2312-80 has leads A1 to F7 and trails A1 to FE.
    private static func isDaily(_ code: UInt16) -> Bool { (0xA1...0xF7).contains(code >> 8) && code & 0xFF >= 0xA1 }
}
