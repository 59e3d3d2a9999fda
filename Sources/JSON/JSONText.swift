/// Writes JSON where findings come by the hundred thousand and an encoder would be the slowest part.
public enum JSONText {
    /// Appends a string in quotation marks, with only those characters escaped that must be.
    ///
    /// Source: RFC 8785, 3.2.2.2.
    public static func append(_ text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var start = 0
        for (index, byte) in text.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
            output.append(contentsOf: text[start..<index])
            appendEscaped(byte, to: &output)
            start = index + 1
        }
        output.append(contentsOf: text[start...])
        output.append(UInt8(ascii: "\""))
    }

    public static func append(_ text: String, to output: inout [UInt8]) {
        var text = text
        text.withUTF8 { append($0, to: &output) }
    }

    private static func appendEscaped(_ byte: UInt8, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: output.append(UInt8(ascii: "b"))
        case 0x09: output.append(UInt8(ascii: "t"))
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0C: output.append(UInt8(ascii: "f"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        case 0x22, 0x5C: output.append(byte)
        default:
            output += "u00".utf8
            for digit in [byte >> 4, byte & 15] { output.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
        }
    }

    /// Appends a member of an object that has members already: a comma, the name, the value.
    public static func append(field name: StaticString, _ value: String, to output: inout [UInt8]) {
        begin(field: name, to: &output)
        append(value, to: &output)
    }

    public static func append(field name: StaticString, _ value: Int, to output: inout [UInt8]) {
        begin(field: name, to: &output)
        appendNumber(value, to: &output)
    }

    /// Appends a comma and a member's name; its value comes next.
    public static func begin(field name: StaticString, to output: inout [UInt8]) {
        output.append(0x2C)
        output.append(0x22)
        name.withUTF8Buffer { output.append(contentsOf: $0) }
        output.append(0x22)
        output.append(0x3A)
    }

    private static func appendNumber(_ value: Int, to output: inout [UInt8]) {
        guard value >= 10 else {
            if value < 0 { output += Array(String(value).utf8) } else { output.append(UInt8(0x30 + value)) }
            return
        }
        let start = output.count
        var rest = value
        while rest > 0 {
            output.append(UInt8(0x30 + rest % 10))
            rest /= 10
        }
        output[start...].reverse()
    }
}
