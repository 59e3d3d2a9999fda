/// What makes findings one thing to mend: the same file, field, and rule or kind of fault, whatever the cells hold.
///
/// A whole column in another form is one cause. The row that a repeated key or a rejected parent stands in does not tell causes apart.
/// Told by a hash, so that an address can name a cause without quoting a cell.
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

    /// The cause of a finding.
    public init(of line: FindingLine) {
        var bits: UInt64 = 0xcbf2_9ce4_8422_2325
        for member in [FindingLine.Member.file, .code, .field, .rule, .severity] {
            FindingCause.combine(line[member], into: &bits)
        }
        // One code has several faults, which the message tells apart: what is missing, what is too long.
        if line[.rule] == nil {
            FindingCause.combine(line[.message], passingOverDigits: line.isOfRow, into: &bits)
        }
        self.bits = bits
    }

    /// FNV-1a, 64 bits.
    private static func combine(
        _ bytes: ArraySlice<UInt8>?, passingOverDigits: Bool = false, into bits: inout UInt64
    ) {
        for byte in bytes ?? [] where !passingOverDigits || !isDigit(byte) {
            bits = (bits ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        // No JSON value holds this byte, so what follows cannot be taken for a part of it.
        bits = (bits ^ 0xFF) &* 0x100_0000_01b3
    }

    @inline(__always)
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}

extension FindingLine {
    /// Whether it is about a row: a number in its message may be another row's. What is said of a header names columns.
    fileprivate var isOfRow: Bool { self[.row] != nil && self[.code]?.suffix(7).elementsEqual("-label\"".utf8) != true }
}
