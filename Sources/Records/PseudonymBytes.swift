public import Database

/// A pseudonym as the line list keeps it where a column of texts takes bytes, too: the 16 bytes that its 32 hexadecimal digits stand for.
///
/// Records of influenza are 8 % smaller so. A column may hold both forms: what was written before, or came of another engine, is text.
public enum PseudonymBytes {
    static let count = 16

    /// The bytes of a pseudonym, the first one in the highest place of `high`; nil where the text is no such.
    static func bytes(of text: UnsafeBufferPointer<UInt8>) -> (high: UInt64, low: UInt64)? {
        guard text.count == 2 * count else { return nil }
        var halves: (high: UInt64, low: UInt64) = (0, 0)
        for place in 0..<count {
            guard let high = value(text[place]), let low = value(text[place + count]) else { return nil }
            halves.high = halves.high &<< 4 | high
            halves.low = halves.low &<< 4 | low
        }
        return halves
    }

    /// Calls a function with the bytes of a pseudonym; with nil where the text is no such.
    static func with<T>(
        _ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>?) throws -> T
    ) rethrows -> T {
        guard let halves = bytes(of: text) else { return try body(nil) }
        return try withUnsafeBytes(of: (halves.high.bigEndian, halves.low.bigEndian)) { bytes in
            try bytes.withMemoryRebound(to: UInt8.self) { try body($0) }
        }
    }

    /// Whether what is stored, in either form, is a text.
    static func isSame(_ stored: UnsafeBufferPointer<UInt8>, as text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard stored.count == count else { return stored.elementsEqual(text) }
        return with(text) { packed in stored.elementsEqual(packed ?? text) }
    }

    /// A text as its bytes where it is a pseudonym; any other value as it is.
    static func packed(_ value: SQLValue) -> SQLValue {
        guard case .text(var text) = value else { return value }
        return text.withUTF8 { with($0) { packed in packed.map { .blob(Array($0)) } ?? value } }
    }

    /// The pseudonym that bytes stand for; nil where they are not as many.
    static func text(of bytes: some Collection<UInt8>) -> [UInt8]? {
        guard bytes.count == count else { return nil }
        return bytes.flatMap { [digit($0 &>> 4), digit($0 & 15)] }
    }

    /// Calls a function with the text that stands in a column with pseudonyms, in whichever form it was written.
    public static func withText(
        _ select: any Statement, at column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        guard case .blob(let bytes) = select.value(at: column), let text = text(of: bytes) else {
            return select.withBytes(at: column, body)
        }
        text.withUnsafeBufferPointer(body)
    }

    /// Lower-case digits alone: an upper-case one would not come back as it was.
    @inline(__always)
    private static func value(_ digit: UInt8) -> UInt64? {
        switch digit {
        case 0x30...0x39: UInt64(digit &- 0x30)
        case 0x61...0x66: UInt64(digit &- 0x57)
        default: nil
        }
    }

    @inline(__always)
    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 &+ value : 0x57 &+ value }
}
