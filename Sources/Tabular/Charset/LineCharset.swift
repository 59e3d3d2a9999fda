/// Tells the charset of one line from that of its file: files that two programs have written in turn hold lines of both.
///
/// Only what is beyond doubt is told apart. UTF-8 read as GB18030 hardly ever gives the two thousand signs of daily use (GB2312), and
/// GB18030 is hardly ever valid UTF-8 with several characters of three bytes.
enum LineCharset {
    /// The line's own charset, UTF-8 or GB18030, or nil where either may be meant.
    static func certain(of line: UnsafeRawBufferPointer) -> Charset? {
        let utf8 = utf8Tally(line)
        guard utf8.long > 0 || utf8.faults > 0 else { return nil }
        let gb = gb18030Tally(line)
        if utf8.faults == 0 {
            return gb.faults > 0 || (utf8.long > 1 && gb.daily * 2 < gb.pairs) ? .utf8 : nil
        }
        // A character of UTF-8 that was cut in its middle is one fault amid good ones.
        return gb.faults == 0 && gb.pairs > 1 && utf8.faults > utf8.long * 2 + utf8.pairs
            && gb.daily * 5 >= gb.pairs * 4
            ? .gb18030 : nil
    }

    /// Whether a line may be UTF-8 amid GB18030: it holds characters outside ASCII, all of them valid. Asked of every line: in GB18030 one of
    /// the first few characters is not.
    static func mayBeUTF8(_ line: UnsafeRawBufferPointer) -> Bool {
        var at = 0
        var holdsAny = false
        while true {
            at += ASCIIRun.length(of: UnsafeRawBufferPointer(rebasing: line[at...]))
            guard at < line.count else { return holdsAny }
            while at < line.count, line[at] >= 0x80 {
                guard let length = wholeCharacter(line, at) else { return false }
                holdsAny = true
                at += length
            }
        }
    }

    /// How many bytes the character has that begins at a lead; nil where it is not whole.
    @inline(__always)
    private static func wholeCharacter(_ line: UnsafeRawBufferPointer, _ at: Int) -> Int? {
        let lead = line[at]
        guard (0xC2...0xF4).contains(lead) else { return nil }
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        guard at + length <= line.count else { return nil }
        for place in at + 1..<at + length where line[place] & 0xC0 != 0x80 { return nil }
        return length
    }

    private static func utf8Tally(_ line: UnsafeRawBufferPointer) -> (long: Int, pairs: Int, faults: Int) {
        var long = 0
        var pairs = 0
        var faults = 0
        var at = 0
        while at < line.count {
            let lead = line[at]
            guard lead >= 0x80 else {
                at += 1
                continue
            }
            if let length = wholeCharacter(line, at) {
                if length > 2 { long += 1 } else { pairs += 1 }
                at += length
            } else {
                faults += 1
                at += 1
            }
        }
        return (long, pairs, faults)
    }

    /// Source: GB 18030-2005, 6; GB 2312-80 has leads A1 to F7 and trails A1 to FE.
    private static func gb18030Tally(_ line: UnsafeRawBufferPointer) -> (pairs: Int, daily: Int, faults: Int) {
        var pairs = 0
        var daily = 0
        var faults = 0
        var at = 0
        while at < line.count {
            let lead = line[at]
            guard lead >= 0x80 else {
                at += 1
                continue
            }
            let trail = at + 1 < line.count ? line[at + 1] : 0
            if lead == 0x80 || lead == 0xFF {
                faults += 1
                at += 1
            } else if (0x40...0xFE).contains(trail), trail != 0x7F {
                pairs += 1
                if (0xA1...0xF7).contains(lead), trail >= 0xA1 { daily += 1 }
                at += 2
            } else if (0x30...0x39).contains(trail), at + 3 < line.count, line[at + 2] > 0x80,
                (0x30...0x39).contains(line[at + 3])
            {
                at += 4
            } else {
                faults += 1
                at += 1
            }
        }
        return (pairs, daily, faults)
    }
}
