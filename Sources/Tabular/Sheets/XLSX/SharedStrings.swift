/// The texts that a workbook keeps once for all its cells, one behind the other in memory.
struct SharedStrings {
    private var text: [UInt8] = []
    private var ends: [Int] = []

    init() {}

    /// Reads the part; pronunciations beside a text are no part of it.
    init(_ part: XMLPart) throws(TableError) {
        let (item, run, phonetic) = (try part.intern("si"), try part.intern("t"), try part.intern("rPh"))
        var isInText = false
        var phonetics = 0
        var start = 0
        while true {
            switch try part.next() {
            case .end: return
            case .open:
                if part.element == item {
                    start = text.count
                } else if part.element == phonetic {
                    phonetics += 1
                } else if part.element == run {
                    isInText = true
                }
            case .close:
                if part.element == item {
                    EscapedText.decode(&text, from: start)
                    ends.append(text.count)
                    guard ends.count <= SheetLimits.sharedStrings else {
                        throw .workbook(.tooLarge(maximumBytes: SheetLimits.sharedBytes))
                    }
                } else if part.element == phonetic {
                    phonetics -= 1
                } else if part.element == run {
                    isInText = false
                }
            case .text:
                guard isInText, phonetics == 0 else { continue }
                text.append(contentsOf: part.text)
                guard text.count <= SheetLimits.sharedBytes else {
                    throw .workbook(.tooLarge(maximumBytes: SheetLimits.sharedBytes))
                }
            }
        }
    }

    /// Adds a text: what the body appends.
    mutating func append(_ body: (inout [UInt8]) throws(TableError) -> Void) throws(TableError) {
        try body(&text)
        ends.append(text.count)
        guard text.count <= SheetLimits.sharedBytes else {
            throw .workbook(.tooLarge(maximumBytes: SheetLimits.sharedBytes))
        }
    }

    /// The text of a number that a cell gives; nil where there is none.
    subscript(_ index: Int) -> ArraySlice<UInt8>? {
        guard ends.indices.contains(index) else { return nil }
        return text[(index > 0 ? ends[index - 1] : 0)..<ends[index]]
    }
}

/// `_x000D_`: how workbooks write characters that XML cannot hold. Source: ECMA-376 part 1, 22.9.2.19 (ST_Xstring).
enum EscapedText {
    /// Decodes what stands from an offset on, in place.
    static func decode(_ text: inout [UInt8], from start: Int) {
        guard text.count - start >= 7, let first = text[start...].firstIndex(of: UInt8(ascii: "_")) else { return }
        var at = first
        var end = first
        while at < text.count {
            if let unit = unit(text, at) {
                for byte in String(Character(unit)).utf8 {
                    text[end] = byte
                    end += 1
                }
                at += 7
            } else {
                text[end] = text[at]
                end += 1
                at += 1
            }
        }
        text.removeLast(text.count - end)
    }

    /// The character of `_xHHHH_`; half a surrogate pair stays as it is written.
    private static func unit(_ text: [UInt8], _ at: Int) -> Unicode.Scalar? {
        guard at + 7 <= text.count, text[at] == 0x5F, text[at + 1] == UInt8(ascii: "x"), text[at + 6] == 0x5F else {
            return nil
        }
        var value: UInt32 = 0
        for byte in text[at + 2..<at + 6] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return Unicode.Scalar(value)
    }
}
