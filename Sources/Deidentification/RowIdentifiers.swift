/// What a row itself says of who the patient is, made ready to be found in its texts.
struct RowIdentifiers {
    private struct Entry {
        var bytes: Range<Int>
        var isASCII: Bool
        /// As short as a code or a count, and with digits in it.
        var isShortNumber: Bool
        /// The name of a place where people work, rather than somebody's.
        var isInstitution: Bool
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// The beginnings there are, so that most places of a text are passed over at once.
    private var beginnings = [Bool](repeating: false, count: 1024)
    private var folded = FoldedText()

    /// What is written where nothing is known, or what says no more than a kind.
    private static let fillers = [
        "不详", "未知", "不明", "暂无", "没有", "本人", "父母", "父亲", "母亲", "配偶", "家属", "自费", "其他", "其它", "同上", "拒绝", "匿名", "未提供",
        "农民", "学生", "儿童", "职员", "退休", "无业", "自由职业", "none", "null", "unknown",
    ].map { Array($0.utf8) }
    private static let longestFiller = 12
    private static let institutionEndings = ["院", "所", "中心", "公司"].map { Array($0.utf8) }
    /// As short as a name of two characters, or a number of four digits.
    private static let shortest = 4
    /// Numbers below this length do not tell a person from a code or a count.
    private static let tellingLength = 7

    mutating func removeAll() {
        for entry in entries { beginnings[beginning(at: entry.bytes.lowerBound)] = false }
        bytes.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }

    /// Takes a name, number or address; of a name in parts, `阿依古丽·买买提`, also each part that is long enough to be one.
    mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count >= Self.shortest else { return }
        folded.fold(text)
        let start = bytes.count
        var hasGap = false
        for byte in folded.bytes {
            if byte == FoldedText.gap { hasGap = true } else { bytes.append(byte) }
        }
        let isFiller =
            bytes.count - start <= Self.longestFiller && Self.fillers.contains { $0.elementsEqual(bytes[start...]) }
        guard !isFiller, bytes.count - start >= Self.shortest else {
            bytes.removeSubrange(start...)
            return
        }
        enter(from: start)
        guard hasGap, !entries[entries.count - 1].isASCII else { return }
        for part in folded.bytes.split(separator: FoldedText.gap)
        where part.count >= 9 && part.allSatisfy({ $0 >= 0x80 }) {
            let start = bytes.count
            bytes += part
            enter(from: start)
        }
    }

    private mutating func enter(from start: Int) {
        let text = bytes[start...]
        entries.append(
            Entry(
                bytes: start..<bytes.count, isASCII: text.allSatisfy { $0 < 0x80 },
                isShortNumber: text.count < Self.tellingLength && text.contains { $0 &- 0x30 <= 9 },
                isInstitution: Self.institutionEndings.contains { text.suffix($0.count).elementsEqual($0) }))
        beginnings[beginning(at: start)] = true
    }

    /// Whether an identifier begins with a byte, folded.
    @inline(__always)
    func mayBegin(_ first: UInt8) -> Bool { beginnings[Int(first)] }

    /// Whether one begins with a character of three bytes.
    @inline(__always)
    func mayBegin(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        beginnings[256 + (Int(first) &* 31 ^ Int(second) &* 7 ^ Int(third)) & 511]
    }

    /// Of a Chinese character all three bytes, which always stand together; of anything else the first.
    @inline(__always)
    private static func beginning(of bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let first = Int(bytes[index])
        guard first >= 0xE0, index + 2 < bytes.count else { return first }
        return 256 + (first &* 31 ^ Int(bytes[index + 1]) &* 7 ^ Int(bytes[index + 2])) & 511
    }

    /// Of the identifiers' own bytes.
    private func beginning(at index: Int) -> Int {
        bytes.withUnsafeBufferPointer { RowIdentifiers.beginning(of: $0, at: index) }
    }

    /// Whether an identifier begins at a place of a text, in plain memory.
    struct Beginnings {
        fileprivate let flags: UnsafeBufferPointer<Bool>

        @inline(__always)
        func hold(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
            flags[RowIdentifiers.beginning(of: text, at: index)]
        }
    }

    /// Whether an identifier may begin anywhere in a folded text.
    func mayBegin(in folded: [UInt8]) -> Bool {
        withBeginnings { beginnings in
            folded.withUnsafeBufferPointer { folded in folded.indices.contains { beginnings.hold(folded, $0) } }
        }
    }

    func withBeginnings<Result>(_ body: (Beginnings) -> Result) -> Result {
        beginnings.withUnsafeBufferPointer { body(Beginnings(flags: $0)) }
    }

    /// The end of an identifier that begins at `index` of the text, if one does; blanks and dots within it do not matter.
    ///
    /// - Parameter isCode: the text may be a code or an institution's name, which short numbers and employers are not looked for in.
    func end(in text: FoldedText.View, at index: Int, isCode: Bool) -> Int? {
        var longest: Int?
        for entry in entries {
            if isCode, entry.isInstitution || entry.isShortNumber { continue }
            guard let end = match(entry, in: text, at: index), end > longest ?? 0 else { continue }
            longest = end
        }
        return longest
    }

    private func match(_ entry: Entry, in text: FoldedText.View, at start: Int) -> Int? {
        var index = start
        for wanted in bytes[entry.bytes] {
            var gaps = 0
            while index < text.count, index > start, text.bytes[index] == FoldedText.gap, gaps < 3 {
                index += 1
                gaps += 1
            }
            guard index < text.count, text.bytes[index] == wanted else { return nil }
            index += 1
        }
        guard entry.isASCII else { return index }
        // `lina` is not found in `carolina`, nor 1234 in 51234; a short number is found in one piece alone.
        guard !(entry.isShortNumber && index - start > entry.bytes.count) else { return nil }
        if start > 0, Self.continues(text.bytes[start - 1], bytes[entry.bytes.lowerBound]) { return nil }
        if index < text.count, Self.continues(text.bytes[index], bytes[entry.bytes.upperBound - 1]) { return nil }
        return index
    }

    /// Whether both are digits, or both letters.
    private static func continues(_ neighbour: UInt8, _ own: UInt8) -> Bool {
        (neighbour &- 0x30 <= 9 && own &- 0x30 <= 9) || (neighbour &- 0x61 < 26 && own &- 0x61 < 26)
    }
}
