/// Tells UTF-8 from GB18030 by a window that begins with the first byte outside ASCII.
///
/// Bytes that are valid UTF-8 are hardly ever Chinese in GB18030 by chance, and the other way round GB18030 takes
/// almost any pair of bytes: so UTF-8 is believed first, even with a few broken bytes in it.
enum CharsetDetector {
    /// How much is judged, at most; enough for hundreds of rows.
    static let windowLength = 256 << 10

    /// - Parameters:
    ///   - isComplete: whether the text ends with the window, so that an unfinished character is a fault.
    ///   - previous: the byte before the window, which is ASCII.
    ///   - isMarkedUTF8: whether the text begins with UTF-8's mark: only lines that are GB18030 beyond doubt speak against it.
    static func charset(
        of window: UnsafeRawBufferPointer, isComplete: Bool, previous: UInt8? = nil, isMarkedUTF8: Bool = false
    ) -> Charset {
        let utf8 = tally(.utf8, window, isComplete: isComplete, previous: previous)
        if utf8.faults == 0, isMarkedUTF8 || !utf8.isChineseByChance { return .utf8 }
        if isMarkedUTF8 {
            let (utf8Lines, gb18030Lines) = certainLines(window)
            return gb18030Lines > utf8Lines ? .gb18030 : .utf8
        }
        let gb18030 = tally(.gb18030, window, isComplete: isComplete)
        if utf8.faults == 0 { return gb18030.faults == 0 ? .gb18030 : .utf8 }
        if utf8.longSequences > 0 {
            // Where lines of both stand in one file, it is what most of them are.
            let lines = certainLines(window)
            if lines.utf8 > 0, lines.gb18030 > 0 { return lines.gb18030 > lines.utf8 ? .gb18030 : .utf8 }
        }
        if gb18030.faults == 0 {
            return utf8.faults * 4 <= utf8.longSequences ? .utf8 : .gb18030
        }
        return utf8.faults <= gb18030.faults ? .utf8 : .gb18030
    }

    /// How many lines are of either charset beyond doubt.
    private static func certainLines(_ window: UnsafeRawBufferPointer) -> (utf8: Int, gb18030: Int) {
        var lines = (utf8: 0, gb18030: 0)
        for line in window.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            switch LineCharset.certain(of: UnsafeRawBufferPointer(rebasing: line)) {
            case .utf8?: lines.utf8 += 1
            case .gb18030?: lines.gb18030 += 1
            default: break
            }
        }
        return lines
    }

    private struct Tally {
        var faults = 0
        /// Characters of three or four bytes, as Chinese has in UTF-8.
        var longSequences = 0
        /// Characters of two bytes that a report may hold alone: no-break blanks, soft hyphens, °, ±, ², ³, µ, ·, ×, ÷, a few Greek letters, and what else of Latin-1 is
        /// no sign of GB2312 or touches a letter or digit, as in `José` and `10½`.
        var symbols = 0
        var otherPairs = 0

        /// Whether all there is are characters of two bytes that no report holds alone: the single 女 of a GB18030 file
        /// is Ů in UTF-8.
        var isChineseByChance: Bool { longSequences == 0 && otherPairs > 0 }

        /// - Parameter previous: the byte before the text.
        mutating func count(_ text: UnsafeRawBufferPointer, previous: UInt8?) {
            for index in text.indices where text[index] >= 0xC2 {
                guard text[index] < 0xE0 else {
                    longSequences += 1
                    continue
                }
                switch (text[index], text[index + 1]) {
                case (0xC2, 0xAD), (0xC2, 0xB0...0xB3), (0xC2, 0xB5), (0xC2, 0xB7), (0xC3, 0x97), (0xC3, 0xB7),
                    (0xCE, 0xB1...0xB3), (0xCE, 0xBC):
                    symbols += 1
                case (0xC2...0xC3, 0x80...0xA0): symbols += 1
                case (0xC2...0xC3, _) where Tally.touchesLetterOrDigit(text, index, previous): symbols += 1
                default: otherPairs += 1
                }
            }
        }

        /// Whether a letter or digit of ASCII stands right before or behind the pair, and nothing else outside ASCII. Chinese comes in runs,
        /// or alone in its cell.
        private static func touchesLetterOrDigit(
            _ text: UnsafeRawBufferPointer, _ index: Int, _ previous: UInt8?
        ) -> Bool {
            let before = index > 0 ? text[index - 1] : previous ?? 0
            let behind = index + 2 < text.count ? text[index + 2] : 0
            func isPlain(_ byte: UInt8) -> Bool {
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) && byte < 0x80
            }
            return before < 0x80 && behind < 0x80 && (isPlain(before) || isPlain(behind))
        }
    }

    private static func tally(
        _ charset: Charset, _ window: UnsafeRawBufferPointer, isComplete: Bool, previous: UInt8? = nil
    ) -> Tally {
        withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 16) { scratch in
            var tally = Tally()
            var rest = window[...]
            while true {
                let step = DecodingStep.decode(
                    charset, UnsafeRawBufferPointer(rebasing: rest), into: scratch, isLast: isComplete)
                tally.count(
                    UnsafeRawBufferPointer(rebasing: scratch[..<step.produced]),
                    previous: rest.startIndex == window.startIndex ? previous : nil)
                rest = rest.dropFirst(step.consumed)
                switch step.stop {
                case .needsInput: return tally
                case .needsRoom: continue
                case .fault(let length):
                    tally.faults += 1
                    rest = rest.dropFirst(length)
                }
            }
        }
    }
}
