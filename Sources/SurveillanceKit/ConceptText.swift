/// The form in which texts of laboratories and pharmacies are compared with a concept's entries.
///
/// Letters are lower case and in half width. Blanks, brackets, `-`, `_` and `/` are left out: `Flu-A`, `ＦＬＵ　Ａ` and `(flu)a` are one text.
/// In a text of signs alone only blanks and brackets are left out, so that `+` and `+/-` stay two results.
enum ConceptText {
    /// Writes a text's form and answers its length, which is never more than the text's.
    static func normalise(_ text: Span<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let (count, hasWords) = write(text, into: output, keepsDashes: false)
        return hasWords ? count : write(text, into: output, keepsDashes: true).count
    }

    static func normalised(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        return [UInt8](unsafeUninitializedCapacity: bytes.count) { output, count in
            count = normalise(bytes.span, into: output)
        }
    }

    private static func write(
        _ text: Span<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>, keepsDashes: Bool
    ) -> (count: Int, hasWords: Bool) {
        var (count, index, hasWords) = (0, 0, false)
        while index < text.count {
            let (byte, length) = folded(text, index)
            switch byte {
            case nil:
                for place in index..<(index + length) {
                    output[count] = text[place]
                    count += 1
                }
                hasWords = true
            case let byte? where isBlank(byte): break
            case let byte? where isDash(byte):
                if keepsDashes {
                    output[count] = byte
                    count += 1
                }
            case let byte?:
                output[count] = byte
                count += 1
                hasWords = hasWords || byte &- 0x30 < 10 || byte &- 0x61 < 26
            }
            index += length
        }
        return (count, hasWords)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")")
    }

    private static func isDash(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "/")
    }

    /// The ASCII character that the one at a place stands for, in lower case, and how many bytes it has; nil for any other character.
    private static func folded(_ text: Span<UInt8>, _ index: Int) -> (byte: UInt8?, length: Int) {
        let first = text[index]
        if first < 0x80 { return (first &- 0x41 < 26 ? first | 0x20 : first, 1) }
        let left = text.count - index
        if first < 0xE0 {
            // U+00A0, a blank.
            if first == 0xC2, left > 1, text[index + 1] == 0xA0 { return (0x20, 2) }
            return (nil, min(2, left))
        }
        guard first < 0xF0, left > 2 else { return (nil, min(first < 0xF0 ? 3 : 4, left)) }
        let scalar = UInt32(first & 0xF) << 12 | UInt32(text[index + 1] & 0x3F) << 6 | UInt32(text[index + 2] & 0x3F)
        switch scalar {
        // ASCII in full width.
        case 0xFF01...0xFF5E:
            let byte = UInt8(scalar - 0xFF01 + 0x21)
            return (byte &- 0x41 < 26 ? byte | 0x20 : byte, 3)
        case 0x2000...0x200B, 0x202F, 0x3000, 0xFEFF: return (0x20, 3)
        // Hyphens, dashes and the minus sign.
        case 0x2010...0x2015, 0x2212: return (UInt8(ascii: "-"), 3)
        default: return (nil, 3)
        }
    }
}
