/// The records of a BIFF8 stream, in memory. Every look at a byte is checked: what lies beyond the end is damage.
///
/// Source: [MS-XLS] 2.1.4 (records), 2.5.294 (XLUnicodeString), 2.5.293 (XLUnicodeRichExtendedString).
struct BIFFStream {
    let bytes: [UInt8]

    struct Record {
        var type: Int
        /// Where its head begins, of four bytes.
        var start: Int
        var data: Range<Int>

        var next: Int { data.upperBound }
    }

    enum Kind {
        static let continued = 0x003C
        static let end = 0x000A
        static let begin = 0x0809
    }

    static let damaged = TableError.workbook(.damaged(part: "Workbook"))

    /// The record whose head begins at an offset; nil at the stream's end, behind which zeros may follow.
    func record(at start: Int) throws(TableError) -> Record? {
        guard start >= 0, start + 4 <= bytes.count else { return nil }
        let end = start + 4 + bytes.uint16(at: start + 2)
        guard end <= bytes.count else { throw BIFFStream.damaged }
        return Record(type: bytes.uint16(at: start), start: start, data: start + 4..<end)
    }

    func uint16(_ record: Record, _ offset: Int) throws(TableError) -> Int {
        guard offset + 2 <= record.data.count else { throw BIFFStream.damaged }
        return bytes.uint16(at: record.data.lowerBound + offset)
    }

    func uint32(_ record: Record, _ offset: Int) throws(TableError) -> Int {
        guard offset + 4 <= record.data.count else { throw BIFFStream.damaged }
        return bytes.uint32(at: record.data.lowerBound + offset)
    }

    func byte(_ record: Record, _ offset: Int) throws(TableError) -> UInt8 {
        guard offset < record.data.count else { throw BIFFStream.damaged }
        return bytes[record.data.lowerBound + offset]
    }

    func number(_ record: Record, _ offset: Int) throws(TableError) -> Double {
        guard offset + 8 <= record.data.count else { throw BIFFStream.damaged }
        return Double(bitPattern: bytes.uint64(at: record.data.lowerBound + offset))
    }

    /// A text that says its length in one byte, such as a sheet's name; empty where it goes beyond its record.
    /// Source: [MS-XLS] 2.5.240 (ShortXLUnicodeString).
    func shortText(_ record: Record, _ offset: Int) throws(TableError) -> String {
        let count = Int(try byte(record, offset))
        let isWide = try byte(record, offset + 1) & 1 != 0
        let start = record.data.lowerBound + offset + 2
        let end = start + count * (isWide ? 2 : 1)
        guard end <= record.data.upperBound else { return "" }
        var text: [UInt8] = []
        var high: UInt16?
        for index in 0..<count {
            let unit = isWide ? UInt16(bytes.uint16(at: start + index * 2)) : UInt16(bytes[start + index])
            UTF16Text.append(unit, &high, to: &text)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A record with those that continue it.
    func parts(of record: Record) throws(TableError) -> BIFFParts {
        var parts = [record.data]
        var next = record.next
        while let more = try self.record(at: next), more.type == Kind.continued {
            parts.append(more.data)
            next = more.next
        }
        return BIFFParts(bytes: bytes, parts: parts)
    }
}

/// Reads a record that goes on in others, in order.
struct BIFFParts {
    private let bytes: [UInt8]
    private let parts: [Range<Int>]
    private var part = 0
    private var at: Int

    init(bytes: [UInt8], parts: [Range<Int>]) {
        self.bytes = bytes
        self.parts = parts
        at = parts.first?.lowerBound ?? 0
    }

    /// Goes on in the next part where this one is over; false at the end of all.
    private mutating func enter() -> Bool {
        while part < parts.count, at >= parts[part].upperBound {
            part += 1
            if part < parts.count { at = parts[part].lowerBound }
        }
        return part < parts.count
    }

    mutating func byte() throws(TableError) -> Int {
        guard enter() else { throw BIFFStream.damaged }
        defer { at += 1 }
        return Int(bytes[at])
    }

    mutating func uint16() throws(TableError) -> Int { try byte() | byte() << 8 }
    mutating func uint32() throws(TableError) -> Int { try uint16() | uint16() << 16 }

    mutating func skip(_ count: Int) throws(TableError) {
        var left = count
        while left > 0 {
            guard enter() else { throw BIFFStream.damaged }
            let step = min(left, parts[part].upperBound - at)
            at += step
            left -= step
        }
    }

    /// Appends a text of the shared ones, with what follows its characters passed over.
    mutating func appendRichText(to text: inout [UInt8]) throws(TableError) {
        let count = try uint16()
        let flags = try byte()
        let runs = flags & 8 != 0 ? try uint16() : 0
        let extra = flags & 4 != 0 ? try uint32() : 0
        try appendCharacters(count, isWide: flags & 1 != 0, to: &text)
        try skip(runs * 4)
        try skip(extra)
    }

    /// Appends a text that says its length in two bytes.
    mutating func appendText(to text: inout [UInt8]) throws(TableError) {
        let count = try uint16()
        let flags = try byte()
        try appendCharacters(count, isWide: flags & 1 != 0, to: &text)
    }

    /// Characters of one byte (Latin-1) or two (UTF-16). A part that begins within them says anew which.
    private mutating func appendCharacters(_ count: Int, isWide: Bool, to text: inout [UInt8]) throws(TableError) {
        var isWide = isWide
        var left = count
        var high: UInt16?
        while left > 0 {
            if part < parts.count, at >= parts[part].upperBound {
                guard enter() else { throw BIFFStream.damaged }
                isWide = try byte() & 1 != 0
                continue
            }
            guard part < parts.count else { throw BIFFStream.damaged }
            let unit = isWide ? UInt16(truncatingIfNeeded: try uint16()) : UInt16(truncatingIfNeeded: try byte())
            left -= 1
            UTF16Text.append(unit, &high, to: &text)
        }
        if high != nil { UTF16Text.appendReplacement(to: &text) }
    }
}

/// UTF-16, unit by unit, as UTF-8.
enum UTF16Text {
    /// - Parameter high: the first half of a pair, kept until its second comes; a half alone becomes U+FFFD.
    static func append(_ unit: UInt16, _ high: inout UInt16?, to text: inout [UInt8]) {
        if unit < 0x80, high == nil {
            text.append(UInt8(unit))
            return
        }
        if let first = high {
            high = nil
            if UTF16.isTrailSurrogate(unit) {
                let value = 0x10000 + (UInt32(first) & 0x3FF) << 10 + UInt32(unit) & 0x3FF
                append(Unicode.Scalar(value), to: &text)
                return
            }
            appendReplacement(to: &text)
        }
        if UTF16.isLeadSurrogate(unit) { high = unit } else { append(Unicode.Scalar(unit), to: &text) }
    }

    static func appendReplacement(to text: inout [UInt8]) { text += [0xEF, 0xBF, 0xBD] }

    private static func append(_ scalar: Unicode.Scalar?, to text: inout [UInt8]) {
        guard let scalar else { return appendReplacement(to: &text) }
        UTF8.encode(scalar).map { text.append(contentsOf: $0) } ?? appendReplacement(to: &text)
    }
}
