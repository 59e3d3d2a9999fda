/// Text as it is searched: full-width digits and letters are plain ones, letters are small, and what people write between the parts of
/// a name or number is one mark.
///
/// Every byte knows where it stands in the text as it was sent.
struct FoldedText {
    /// Stands for a blank, a hyphen, a dot between the parts of a name.
    static let gap: UInt8 = 0x20
    private(set) var bytes: [UInt8] = []
    private var places: [Int32] = []
    private var end = 0
    private var digits = 0

    /// The text as loops read it, which count no references by it. Good while `withView` runs.
    struct View {
        let bytes: UnsafeBufferPointer<UInt8>
        fileprivate let places: UnsafeBufferPointer<Int32>
        fileprivate let end: Int
        /// How many digits there are.
        let digits: Int

        var count: Int { bytes.count }

        /// Where in the text as it was sent the byte at `index` stands.
        func place(of index: Int) -> Int { Int(places[index]) }

        /// Where in the text the byte after the one at `index` begins.
        func place(after index: Int) -> Int { index + 1 < places.count ? Int(places[index + 1]) : end }
    }

    func withView<Result>(_ body: (View) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { bytes in
            places.withUnsafeBufferPointer { places in
                body(View(bytes: bytes, places: places, end: end, digits: digits))
            }
        }
    }

    /// Takes another text, in the memory of the last.
    mutating func fold(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        end = text.count
        digits = 0
        bytes.reserveCapacity(text.count)
        places.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let (byte, length) = Self.folded(text, at: index)
            if let byte {
                if byte &- 0x30 <= 9 { digits &+= 1 }
                bytes.append(byte)
                places.append(Int32(truncatingIfNeeded: index))
            } else {
                for place in index..<index &+ length {
                    bytes.append(text[place])
                    places.append(Int32(truncatingIfNeeded: place))
                }
            }
            index &+= length
        }
    }

    /// The plain byte of the character there, nil where it has none, and its length.
    @inline(__always)
    private static func folded(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> (byte: UInt8?, length: Int) {
        let first = text[index]
        if first < 0x80 { return (plain(first), 1) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard index + length <= text.count else { return (nil, text.count - index) }
        let second = text[index + 1]
        // U+00A0, U+00B7
        if length == 2 { return (first == 0xC2 && (second == 0xA0 || second == 0xB7) ? gap : nil, 2) }
        guard length == 3 else { return (nil, length) }
        let third = text[index + 2]
        switch (first, second) {
        // U+FF01 to U+FF5E, the full-width twins of ASCII.
        case (0xEF, 0xBC) where third >= 0x81: return (plain(third - 0x60), 3)
        case (0xEF, 0xBD) where third <= 0x9E: return (plain(third - 0x20), 3)
        // The half-width dot, U+FF65; blanks, hyphens and dashes, U+2000 to U+2015; dots, U+2022 and U+2027; the minus, U+2212; the
        // ideographic blank, U+3000; the katakana dot, U+30FB.
        case (0xEF, 0xBD) where third == 0xA5: return (gap, 3)
        case (0xE2, 0x80) where third <= 0x95 || third == 0xA2 || third == 0xA7: return (gap, 3)
        case (0xE2, 0x88) where third == 0x92: return (gap, 3)
        case (0xE3, 0x80) where third == 0x80: return (gap, 3)
        case (0xE3, 0x83) where third == 0xBB: return (gap, 3)
        default: return (nil, 3)
        }
    }

    private static func plain(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x09, 0x0A, 0x0D, 0x20, 0x2D, 0x5F: gap
        case 0x41...0x5A: byte | 0x20
        default: byte
        }
    }
}
