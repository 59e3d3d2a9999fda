/// Finds a person's name in free text by the word beside it: `联系人：王小明`, `父亲王强`, `李医生`, `patient name: Li Na`.
///
/// It needs nothing of the row, so that a name is found whose field says `-`. What announces a label (`姓名：`) may be followed by any
/// name; what is an everyday word (`患者`, `父亲`) by a frequent surname and one or two characters. Words that begin like a name (`高血压`,
/// `严重`) stay. A name that no such word stands beside is not found.
final class PersonWords: Sendable {
    static let shared = PersonWords()

    private struct Word: Sendable {
        var characters: [UInt32]
        var isLabel: Bool
    }

    /// By their first character; longer ones first.
    private let words: [UInt32: [Word]]
    /// The first characters of words, so that most places of a text are passed over at once.
    private let beginnings: [Bool]
    private let plain: Set<UInt32>
    private let ambiguous: Set<UInt32>
    private let compound: Set<UInt64>
    private let notNames: Set<UInt64>
    private let stops: Set<UInt32>
    private let titles: [[UInt32]]
    private let fillers: [[UInt32]]
    private let latin: [[UInt8]]

    private static let labels = [
        "姓名", "联系人", "监护人", "送检人", "采样人", "报告人", "审核人", "检验人", "操作人", "申请人", "操作员", "检验员", "采样员", "签名", "签字", "送检医生",
        "送检医师",
        "申请医生", "申请医师", "报告医生", "报告医师", "审核医生", "审核医师", "检验医师", "检验者", "审核者", "采样者", "报告者", "接诊医生", "接诊医师", "主治医师",
        "主管医生", "主管医师",
        "经治医师", "责任护士", "紧急联系", "联系方式", "电话", "手机", "家长", "家属", "陪同人", "陪护人", "陪诊人", "代诉人", "曾用名",
    ]
    private static let relations = [
        "患者", "患儿", "患童", "病人", "病员", "父亲", "母亲", "爸爸", "妈妈", "其父", "其母", "之父", "之母", "其子", "其女", "其夫", "其妻", "爷爷",
        "奶奶", "外公", "外婆", "姥姥", "姥爷", "祖父",
        "祖母", "丈夫", "妻子", "老公", "老婆", "儿子", "女儿", "哥哥", "姐姐", "弟弟", "妹妹", "孙子", "孙女", "外孙", "配偶", "亲属", "亲戚", "同事",
        "同学", "朋友", "邻居", "室友", "班主任", "保姆", "陪人",
        "医生", "医师", "大夫", "护士", "主任", "技师", "药师",
    ]
    /// They stand behind a name.
    private static let behind = [
        "女士", "先生", "医生", "医师", "大夫", "护士", "主任", "老师", "阿姨", "同学", "小朋友", "之父", "之母", "之子", "之女",
    ]
    /// A name does not go on with them.
    private static let stopping =
        "的诉述陪来代电女男已有无因说称等在将与和及给到就以否患接签同是为曾发咳未不病住家系手，。、；：！？岁年月日时前后今昨自也均能可查测送报审检申采医护主之者该此其至从被把对向于并但告问答讲道"
    private static let noNames = [
        "不详", "未知", "不明", "暂无", "没有", "本人", "父母", "同上", "拒绝", "否认", "未提供", "未填", "无", "见", "空", "自己", "待", "略", "匿名",
        "未留", "保密",
    ]
    /// Words before `name` that say whose it is: a test's, a drug's.
    private static let things = [
        "item", "test", "drug", "generic", "trade", "file", "brand", "product", "method", "specimen", "sample",
        "report", "hospital", "unit", "field", "column", "user",
    ]

    private init() {
        func characters(_ text: String) -> [UInt32] { text.unicodeScalars.map(Self.packed) }
        var words: [UInt32: [Word]] = [:]
        for (list, isLabel) in [(Self.labels, true), (Self.relations, false)] {
            for text in list {
                let word = Word(characters: characters(text), isLabel: isLabel)
                words[word.characters[0], default: []].append(word)
            }
        }
        self.words = words.mapValues { $0.sorted { $0.characters.count > $1.characters.count } }
        plain = Set(characters(Surnames.plain))
        ambiguous = Set(characters(Surnames.ambiguous))
        func pairs(_ texts: some Sequence<String>) -> Set<UInt64> {
            Set(texts.map(characters).filter { $0.count == 2 }.map { Self.pair($0[0], $0[1]) })
        }
        compound = pairs(Surnames.compound)
        notNames = pairs(Surnames.words)
        stops = Set(characters(Self.stopping))
        titles = Self.behind.map(characters)
        fillers = Self.noNames.map(characters)
        latin = [
            "patient name", "full name", "contact name", "contact person", "next of kin", "patient", "contact", "name",
        ].map {
            Array($0.utf8)
        }
        var beginnings = [Bool](repeating: false, count: 4096)
        for character in Array(words.keys) + Array(plain) + Surnames.compound.map({ characters($0)[0] }) {
            beginnings[Self.place(character)] = true
        }
        self.beginnings = beginnings
    }

    /// Three bytes of UTF-8 in one number; nothing else has a value above 0xE00000.
    private static func packed(_ scalar: Unicode.Scalar) -> UInt32 {
        String(Character(scalar)).utf8.reduce(0) { $0 << 8 | UInt32($1) }
    }
    private static func pair(_ one: UInt32, _ other: UInt32) -> UInt64 { UInt64(one) << 32 | UInt64(other) }
    private static func place(_ character: UInt32) -> Int { Int(truncatingIfNeeded: (character &* 0x9E37_79B1) >> 20) }

    /// Whether a word, or a name, begins with a character of three bytes.
    @inline(__always)
    func mayBegin(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        beginnings[PersonWords.place(UInt32(first) << 16 | UInt32(second) << 8 | UInt32(third))]
    }

    /// Whether a byte may stand between a word in letters and the name that it announces.
    @inline(__always)
    static func isMark(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ":") || byte == UInt8(ascii: "=") }

    /// Whether a text may hold such a word: it has characters of three bytes, or a mark behind letters.
    static func mayOccur(in text: FoldedText.View) -> Bool { text.bytes.contains { $0 >= 0xE4 || isMark($0) } }

    /// The name that a word at `index` announces, or that begins at `index` before a title.
    ///
    /// - Parameter isCode: the text may be a code or an institution's name, of which `张医生诊所` is one.
    func name(in text: FoldedText.View, at index: Int, isCode: Bool) -> Range<Int>? {
        let byte = text.bytes[index]
        if byte &- 0x61 < 26 { return latinName(in: text, at: index) }
        guard byte >= 0xE4, byte <= 0xE9, let first = character(text, index), beginnings[Self.place(first)] else {
            return nil
        }
        if let list = words[first] {
            for word in list {
                guard let end = self.end(of: word.characters, in: text, at: index) else { continue }
                if let name = announced(in: text, at: end, isLabel: word.isLabel) { return name }
            }
        }
        return isCode ? nil : titled(in: text, at: index, first)
    }

    // MARK: Behind a word

    private func announced(in text: FoldedText.View, at start: Int, isLabel: Bool) -> Range<Int>? {
        var index = start
        var hasMark = false
        var gaps = 0
        // `姓名：`, `联系人（父亲）`, `姓名为`: what stands between.
        while index < text.count {
            let byte = text.bytes[index]
            if byte == FoldedText.gap, gaps < 3 {
                gaps += 1
                index += 1
            } else if !hasMark, byte == UInt8(ascii: "("),
                let close = text.bytes[index...].prefix(20).firstIndex(of: UInt8(ascii: ")"))
            {
                if let end = endOfName(in: text, at: index + 1, allowsAmbiguous: false) { return index + 1..<end }
                index = close + 1
            } else if !hasMark, Self.isMark(byte) {
                hasMark = true
                index += 1
            } else if !hasMark, isLabel, let next = character(text, index),
                next == Self.packed("为") || next == Self.packed("是") || next == Self.packed("叫")
            {
                hasMark = true
                index += 3
            } else {
                break
            }
        }
        guard index < text.count else { return nil }
        if fillers.contains(where: { end(of: $0, in: text, at: index) != nil }) { return nil }
        if let end = endOfName(in: text, at: index, allowsAmbiguous: isLabel && hasMark) { return index..<end }
        guard isLabel, hasMark else { return nil }
        return anyName(in: text, at: index)
    }

    /// A surname and one or two characters, also with a blank between them.
    private func endOfName(in text: FoldedText.View, at start: Int, allowsAmbiguous: Bool) -> Int? {
        guard let first = character(text, start) else { return nil }
        var index = start + 3
        var given = 0
        let second = nextCharacter(text, index)
        if let second, compound.contains(Self.pair(first, second.character)) {
            index = second.end
        } else {
            guard plain.contains(first) || (allowsAmbiguous && ambiguous.contains(first)) else { return nil }
            if let second, notNames.contains(Self.pair(first, second.character)) { return nil }
        }
        var isSpaced = false
        while given < 2, let next = nextCharacter(text, index) {
            let hasGap = next.end - index > 3
            if given == 0 { isSpaced = hasGap } else if hasGap != isSpaced { break }
            if stops.contains(next.character) { break }
            // A word that begins here ends the name: `王强电话`.
            if given == 1,
                words[next.character]?.contains(where: { end(of: $0.characters, in: text, at: next.end - 3) != nil })
                    == true
            {
                break
            }
            index = next.end
            given += 1
        }
        return given > 0 ? index : nil
    }

    /// Behind a label's colon: a name of any people, `阿依古丽·买买提`, or in letters.
    private func anyName(in text: FoldedText.View, at start: Int) -> Range<Int>? {
        var index = start
        var count = 0
        while index < text.count, count < 15 {
            if let next = character(text, index) {
                if stops.contains(next) { break }
                if words[next]?.contains(where: { end(of: $0.characters, in: text, at: index) != nil }) == true {
                    break
                }
                index += 3
                count += 1
            } else if text.bytes[index] == FoldedText.gap, count >= 2, let next = character(text, index + 1),
                let after = character(text, index + 4), !stops.contains(next), !stops.contains(after)
            {
                index += 1
            } else {
                break
            }
        }
        if count >= 2 { return start..<index }
        return count == 0 ? lettered(in: text, at: start) : nil
    }

    // MARK: Before a title

    /// `王医生`, `李小红女士`.
    private func titled(in text: FoldedText.View, at start: Int, _ first: UInt32) -> Range<Int>? {
        let second = character(text, start + 3)
        let isCompound = second.map { compound.contains(Self.pair(first, $0)) } == true
        guard isCompound || plain.contains(first) else { return nil }
        if let second, !isCompound, notNames.contains(Self.pair(first, second)) { return nil }
        // `主任医生`, `主管护士`, `责任护士`.
        if start >= 3, let before = character(text, start - 3), before == Self.packed("主") || before == Self.packed("责")
        {
            return nil
        }
        let surname = start + (isCompound ? 6 : 3)
        for given in 0...2 {
            let end = surname + 3 * given
            guard given == 0 || character(text, end - 3).map({ !stops.contains($0) }) == true else { return nil }
            if titles.contains(where: { self.end(of: $0, in: text, at: end) != nil }) { return start..<end }
        }
        return nil
    }

    // MARK: Letters

    /// `name: Li Na`, but not `item name: WBC`.
    private func latinName(in text: FoldedText.View, at index: Int) -> Range<Int>? {
        let byte = text.bytes[index]
        guard
            byte == UInt8(ascii: "n") || byte == UInt8(ascii: "p") || byte == UInt8(ascii: "c")
                || byte == UInt8(ascii: "f"),
            index == 0 || text.bytes[index - 1] &- 0x61 >= 26
        else { return nil }
        guard let word = latin.first(where: { text.bytes[index...].starts(with: $0) }) else { return nil }
        var end = index + word.count
        if end < text.count, text.bytes[end] == FoldedText.gap { end += 1 }
        guard end < text.count, Self.isMark(text.bytes[end]) else { return nil }
        if index > 1, text.bytes[index - 1] == FoldedText.gap {
            let before = text.bytes[..<(index - 1)].reversed().prefix { $0 &- 0x61 < 26 }.reversed()
            if Self.things.contains(where: { $0.utf8.elementsEqual(before) }) { return nil }
        }
        end += 1
        while end < text.count, text.bytes[end] == FoldedText.gap { end += 1 }
        guard end < text.count else { return nil }
        if fillers.contains(where: { self.end(of: $0, in: text, at: end) != nil }) { return nil }
        if let name = endOfName(in: text, at: end, allowsAmbiguous: true) { return end..<name }
        return anyName(in: text, at: end)
    }

    /// Up to three words of letters.
    private func lettered(in text: FoldedText.View, at start: Int) -> Range<Int>? {
        var end = start
        var words = 0
        var index = start
        while words < 3, index < text.count {
            let word = text.bytes[index...].prefix {
                $0 &- 0x61 < 26 || $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: ".")
            }
            guard word.count >= (words == 0 ? 2 : 1), ![UInt8]("male".utf8).elementsEqual(word),
                ![UInt8]("female".utf8).elementsEqual(word),
                ![UInt8]("none".utf8).elementsEqual(word), ![UInt8]("unknown".utf8).elementsEqual(word)
            else { break }
            end = index + word.count
            words += 1
            index = end
            guard index < text.count, text.bytes[index] == FoldedText.gap else { break }
            index += 1
        }
        return end > start ? start..<end : nil
    }

    // MARK: Characters

    /// The character of three bytes at an index that lies in CJK's range.
    private func character(_ text: FoldedText.View, _ index: Int) -> UInt32? {
        guard index >= 0, index + 2 < text.count, (0xE3...0xE9).contains(text.bytes[index]),
            text.bytes[index + 1] >= 0x80
        else { return nil }
        let character =
            UInt32(text.bytes[index]) << 16 | UInt32(text.bytes[index + 1]) << 8 | UInt32(text.bytes[index + 2])
        // U+3400 and above: below are marks, `。`.
        return character >= 0xE3_9080 ? character : nil
    }

    /// The next character, which may stand behind one blank or dot, and its end.
    private func nextCharacter(_ text: FoldedText.View, _ index: Int) -> (character: UInt32, end: Int)? {
        if let next = character(text, index) { return (next, index + 3) }
        guard index < text.count, text.bytes[index] == FoldedText.gap, let next = character(text, index + 1) else {
            return nil
        }
        return (next, index + 4)
    }

    private func end(of word: [UInt32], in text: FoldedText.View, at index: Int) -> Int? {
        var index = index
        for wanted in word {
            guard character(text, index) == wanted else { return nil }
            index += 3
        }
        return index
    }
}
