/// Texts by which records are told apart and found: keys, links, card and ID numbers, codes.
///
/// Spreadsheets and tools leave marks in them that nobody means: an apostrophe, `="…"`, characters that nobody sees, full width, `.0`.
/// These are taken out wherever nothing is lost by it, so that `'M001`, `M001` and `Ｍ００１` are one key.
enum IdentifierText {
    /// What kind of text a field holds, by which odd bytes are looked for.
    enum Kind: UInt8 {
        /// No identifier.
        case none
        /// A number that is dropped before it is stored: only lost digits matter.
        case number
        /// A code in which a point may stand: an ICD code, a postcode.
        case code
        /// A key, a link or a number that becomes a pseudonym.
        case key
    }

    /// What a fast look for odd bytes needs: bytes from `-` up to `~` are plain; in a key a point is odd.
    struct Test: BitwiseCopyable {
        fileprivate let or: UInt64
        fileprivate let add: UInt64
        let looksForPlus: Bool

        init(_ kind: Kind) {
            looksForPlus = kind == .number
            switch kind {
            // `-` becomes `/`, a point stays below it.
            case .key: (or, add) = (0x0202_0202_0202_0202, 0x5151_5151_5151_5151)
            case .code: (or, add) = (0, 0x5353_5353_5353_5353)
            case .none, .number: (or, add) = (0, 0)
            }
        }
    }

    private static let low7: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let high: UInt64 = 0x8080_8080_8080_8080

    /// Whether nothing in a text of two bytes or more needs a closer look, its first byte apart.
    @inline(__always)
    static func isPlain(_ text: UnsafeBufferPointer<UInt8>, _ test: Test) -> Bool {
        guard let start = text.baseAddress else { return true }
        let count = text.count
        // An exponent has two digits: `6.22E+18`.
        if test.looksForPlus { return count < 5 || start[count &- 3] != UInt8(ascii: "+") }
        @inline(__always)
        func plain(_ word: UInt64) -> UInt64 {
            // Neither below the limit, nor beyond ASCII, nor DEL, the only one that one more makes 0x80.
            (((word | test.or) & low7) &+ test.add) & ~(word | ((word & low7) &+ ones))
        }
        guard count >= 8 else {
            let digits: UInt64 = 0x3030_3030_3030_3030
            return plain(ShortText.word(text) | digits &<< UInt64(truncatingIfNeeded: count &* 8)) & high == high
        }
        var all = plain(ShortText.load(start + (count &- 8)))
        var at = 0
        while at &+ 8 <= count {
            all &= plain(ShortText.load(start + at))
            at &+= 8
        }
        return all & high == high
    }

    /// What stood in a text and was taken out of it.
    struct Artefacts: OptionSet, Hashable {
        let rawValue: UInt8

        static let apostrophe = Artefacts(rawValue: 1)
        static let formula = Artefacts(rawValue: 2)
        static let invisible = Artefacts(rawValue: 4)
        static let fullWidth = Artefacts(rawValue: 8)
        static let pointZero = Artefacts(rawValue: 16)
        /// A blank of another width or a no-break blank became a blank. Nothing is said of it.
        static let blank = Artefacts(rawValue: 32)
    }

    struct Cleaned {
        var text: [UInt8]
        var artefacts: Artefacts = []
    }

    /// What of full width becomes usual.
    enum Narrowing {
        case none
        case lettersAndDigits
        /// Also other marks, where the whole text is ASCII then and holds a letter or digit.
        case all
    }

    /// The text without what nobody sees and without the marks round it; other blanks become blanks.
    static func cleaned(_ text: UnsafeBufferPointer<UInt8>, narrowing: Narrowing) -> Cleaned {
        var scalars: [Unicode.Scalar] = []
        var artefacts: Artefacts = []
        var narrow = false
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            if isInvisible(scalar) {
                artefacts.insert(.invisible)
            } else if isWideBlank(scalar) {
                artefacts.insert(.blank)
                scalars.append(" ")
            } else if narrowing != .none, isFullWidth(scalar), let usual = Unicode.Scalar(scalar.value - 0xFEE0) {
                let isWordCharacter =
                    usual.value < 0x80 && usual.properties.isAlphabetic || (0x30...0x39).contains(usual.value)
                if isWordCharacter { artefacts.insert(.fullWidth) } else { narrow = true }
                scalars.append(isWordCharacter ? usual : scalar)
            } else {
                scalars.append(scalar)
            }
        }
        // Marks are narrowed only with the letters and digits that they stand between: a full-width dash alone stays.
        if narrow, narrowing == .all, artefacts.contains(.fullWidth) || scalars.contains(where: { isASCIIDigit($0) }),
            scalars.allSatisfy({ $0.isASCII || isFullWidth($0) })
        {
            scalars = scalars.map { isFullWidth($0) ? Unicode.Scalar($0.value - 0xFEE0) ?? $0 : $0 }
            artefacts.insert(.fullWidth)
        }
        unwrap(&scalars, &artefacts)
        return Cleaned(text: scalars.flatMap { Array(String($0).utf8) }, artefacts: artefacts)
    }

    /// A code as it is compared: cleaned, where anything is odd about it.
    static func key(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        guard let first = text.first, "'`=\"".utf8.contains(first) || !isPlain(text, Test(.key)) else {
            return Array(text)
        }
        var cleaned = cleaned(text, narrowing: .all)
        return dropPointZero(&cleaned) ? cleaned.text : Array(text)
    }

    /// Takes away blanks, `="…"`, an apostrophe before the text and quotes round it, as often as they stand there.
    private static func unwrap(_ scalars: inout [Unicode.Scalar], _ artefacts: inout Artefacts) {
        while true {
            while scalars.first == " " { scalars.removeFirst() }
            while scalars.last == " " { scalars.removeLast() }
            if scalars.count >= 3, scalars[0] == "=", scalars[1] == "\"", scalars.last == "\"" {
                scalars = Array(scalars[2..<max(2, scalars.count - 1)])
                artefacts.insert(.formula)
            } else if let first = scalars.first, apostrophes.contains(first) {
                scalars.removeFirst()
                if let last = scalars.last, apostrophes.contains(last) { scalars.removeLast() }
                artefacts.insert(.apostrophe)
            } else if scalars.count >= 3, let first = scalars.first, let last = scalars.last,
                first == "\"" && last == "\"" || first == "“" && last == "”"
            {
                scalars = Array(scalars[1..<(scalars.count - 1)])
                artefacts.insert(.apostrophe)
            } else {
                return
            }
        }
    }

    private static let apostrophes: Set<Unicode.Scalar> = ["'", "’", "‘", "＇", "`", "´", "′", "ʹ", "ʼ"]

    /// Control and format characters, among them those that change the direction of writing. Line breaks and TABs are seen.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x08, 0x0B, 0x0C, 0x0E...0x1F, 0x7F...0x9F, 0xAD, 0x34F, 0x61C, 0x180E, 0x200B...0x200F,
            0x2028...0x202E, 0x2060...0x206F,
            0xFE00...0xFE0F, 0xFEFF, 0xFFF9...0xFFFB:
            true
        default: false
        }
    }

    private static func isWideBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    private static func isFullWidth(_ scalar: Unicode.Scalar) -> Bool { (0xFF01...0xFF5E).contains(scalar.value) }
    private static func isASCIIDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

    /// Whether anything in a text may have to be taken out or read otherwise: one look at each byte, for keys with Chinese in them and
    /// codes with a point.
    static func mayHoldArtefacts(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        for (index, byte) in text.enumerated() {
            let next = index + 1 < text.count ? text[index + 1] : 0
            switch byte {
            case 0..<0x20, 0x7F, 0xCC, 0xCD, 0xCA, 0xD8, 0xE1, UInt8(ascii: "+"): return true
            case UInt8(ascii: "."): if text[0] &- 0x30 <= 9 { return true }
            case 0xC2: if next <= 0xA0 || next == 0xAD || next == 0xB4 { return true }
            case 0xE2: if next == 0x80 || next == 0x81 { return true }
            case 0xE3: if next == 0x80 { return true }
            case 0xEF: if next >= 0xB8 { return true }
            default: if index == 0, "'`=\"".utf8.contains(byte) { return true }
            }
        }
        return false
    }

    // MARK: Numbers

    /// Takes `.0` away behind a whole number; false where the number is so long that its last digits are lost.
    ///
    /// A spreadsheet and a `double` keep fifteen digits. Source: IEEE 754, binary64.
    static func dropPointZero(_ cleaned: inout Cleaned) -> Bool {
        guard let point = cleaned.text.firstIndex(of: UInt8(ascii: ".")), point > 0, point < cleaned.text.count - 1,
            cleaned.text[..<point].allSatisfy({ $0 &- 0x30 <= 9 }),
            cleaned.text[(point + 1)...].allSatisfy({ $0 == 0x30 })
        else { return true }
        if point > 15 { return false }
        cleaned.text.removeSubrange(point...)
        cleaned.artefacts.insert(.pointZero)
        return true
    }

    /// `6.22202E+18`: a point before the exponent or a sign in it tells it from a serial number such as `12E4567`.
    static func isScientific(_ text: some BidirectionalCollection<UInt8>) -> Bool {
        var rest = text[...]
        func takeDigits() -> Int {
            let count = rest.prefix { $0 &- 0x30 <= 9 }.count
            rest = rest.dropFirst(count)
            return count
        }
        guard takeDigits() > 0 else { return false }
        var isCertain = false
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard takeDigits() > 0 else { return false }
            isCertain = true
        }
        guard rest.first == UInt8(ascii: "E") || rest.first == UInt8(ascii: "e") else { return false }
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: "+") {
            rest = rest.dropFirst()
            isCertain = true
        }
        return isCertain && (1...3).contains(takeDigits()) && rest.isEmpty
    }
}
