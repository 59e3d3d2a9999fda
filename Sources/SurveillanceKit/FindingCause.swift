/// What makes findings one thing to mend: the same file, rule or code, field and value.
///
/// The value counts only where it is what is wrong: a rule over several fields is one cause whatever they hold. Children held for one
/// rejected parent have one cause, that parent. Told by a hash, so that an address can name a cause without quoting a cell.
public struct FindingCause: Hashable, Sendable {
    public let bits: UInt64

    /// Sixteen hexadecimal digits.
    public init?(_ text: String) {
        guard text.utf8.count == 16, let bits = UInt64(text, radix: 16) else { return nil }
        self.bits = bits
    }

    public var text: String {
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private init(bits: UInt64) { self.bits = bits }

    /// A finding's cause, and the broader one that leaves out its value or its parent.
    public static func of(_ line: FindingLine) -> (exact: FindingCause, broad: FindingCause) {
        var bits: UInt64 = 0xcbf2_9ce4_8422_2325
        for member in [FindingLine.Member.file, .code, .field, .rule, .severity] { combine(line[member], into: &bits) }
        let broad = FindingCause(bits: bits)
        guard let special = special(of: line) else { return (broad, broad) }
        combine(special, into: &bits)
        return (FindingCause(bits: bits), broad)
    }

    private static func special(of line: FindingLine) -> ArraySlice<UInt8>? {
        if line[.rule] != nil { return nil }
        // The message says which parent was rejected, by its row; or what the header lacks.
        if line[.row] == nil || line[.code]?.elementsEqual("\"foreign-key\"".utf8) == true { return line[.message] }
        return line[.value]
    }

    /// FNV-1a, 64 bits.
    private static func combine(_ bytes: ArraySlice<UInt8>?, into bits: inout UInt64) {
        for byte in bytes ?? [] { bits = (bits ^ UInt64(byte)) &* 0x100_0000_01b3 }
        // No JSON value holds this byte, so what follows cannot be taken for a part of it.
        bits = (bits ^ 0xFF) &* 0x100_0000_01b3
    }
}
