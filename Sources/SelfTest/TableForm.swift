import Glibc
public import Seeding

/// How a table is written: what exporters differ in and no finding may depend on.
public struct TableForm: Sendable {
    public enum Encoding: String, CaseIterable, Sendable {
        case utf8
        case utf8WithMark
        case gb18030
        case utf16LittleEndian
        case utf16BigEndian
    }

    public enum Quoting: Sendable {
        case whereNeeded
        case always
        /// Every third cell or so, by its place.
        case sometimes
    }

    public var encoding = Encoding.utf8
    public var lineEnd = "\n"
    public var quoting = Quoting.whereNeeded
    /// A TAB or blanks round every other value.
    public var isPadded = false
    public var hasTrailingComma = false
    public var hasLowerCaseHeader = false
    /// `2026/3/5 8:01:02` in place of `2026-03-05 08:01:02`.
    public var hasSlashedDates = false
    public var endsWithLineEnd = true
    public var endsWithBlankLines = false

    public init() {}

    public init(random: inout SeededGenerator) {
        encoding = random.pick(Encoding.allCases)
        lineEnd = random.pick(["\n", "\r\n", "\r"])
        quoting = random.pick([.whereNeeded, .always, .sometimes])
        isPadded = random.oneIn(3)
        hasTrailingComma = random.oneIn(3)
        hasLowerCaseHeader = random.oneIn(3)
        hasSlashedDates = random.oneIn(3)
        endsWithLineEnd = !random.oneIn(3)
        endsWithBlankLines = random.oneIn(4)
    }

    /// Stands in a cell for bytes that are no character in the table's charset.
    public static let brokenMark: Unicode.Scalar = "\u{F8FF}"

    /// The text's bytes, mark included.
    func bytes(of text: String) -> [UInt8] {
        let pieces = text.unicodeScalars.split(separator: TableForm.brokenMark, omittingEmptySubsequences: false)
        var bytes: [UInt8] = encoding.mark
        for (index, piece) in pieces.enumerated() {
            if index > 0 { bytes += encoding.brokenBytes }
            bytes += encoding.encode(String(String.UnicodeScalarView(piece)))
        }
        return bytes
    }
}

extension TableForm.Encoding {
    fileprivate var mark: [UInt8] {
        switch self {
        case .utf8, .gb18030: []
        case .utf8WithMark: [0xEF, 0xBB, 0xBF]
        case .utf16LittleEndian: [0xFF, 0xFE]
        case .utf16BigEndian: [0xFE, 0xFF]
        }
    }

    /// A byte that begins no character, or half of a surrogate pair.
    fileprivate var brokenBytes: [UInt8] {
        switch self {
        case .utf8, .utf8WithMark, .gb18030: [0xFF]
        case .utf16LittleEndian: [0x00, 0xD8]
        case .utf16BigEndian: [0xD8, 0x00]
        }
    }

    fileprivate func encode(_ text: String) -> [UInt8] {
        switch self {
        case .utf8, .utf8WithMark: Array(text.utf8)
        case .gb18030: TableForm.Encoding.gb18030(text)
        case .utf16LittleEndian: text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        case .utf16BigEndian: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        }
    }

    /// By the C library; GB18030 has a form for every character.
    private static func gb18030(_ text: String) -> [UInt8] {
        guard let converter = iconv_open("GB18030", "UTF-8"), converter != iconv_t(bitPattern: -1) else {
            return Array(text.utf8)
        }
        defer { iconv_close(converter) }
        var input = text.utf8.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: input.count * 2 + 4)
        let capacity = output.count
        var left = capacity
        input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                var from = input.baseAddress
                var to = output.baseAddress
                var unread = input.count
                _ = iconv(converter, &from, &unread, &to, &left)
            }
        }
        return output.prefix(capacity - left).map { UInt8(bitPattern: $0) }
    }
}
