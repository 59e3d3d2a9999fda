/// Writes JSON where findings come by the hundred thousand and an encoder would be the slowest part.
public enum JSONText {
    /// Appends a string with its quotes; control characters, quotes and backslashes escaped (RFC 8259, 7).
    public static func append(_ text: some Sequence<UInt8>, to output: inout [UInt8]) {
        output.append(0x22)
        for byte in text {
            switch byte {
            case 0x22, 0x5C:
                output.append(0x5C)
                output.append(byte)
            case 0x0A: output += [0x5C, 0x6E]
            case 0x0D: output += [0x5C, 0x72]
            case 0x09: output += [0x5C, 0x74]
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                output += [0x5C, 0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: output.append(byte)
            }
        }
        output.append(0x22)
    }

    public static func append(_ text: String, to output: inout [UInt8]) { append(text.utf8, to: &output) }

    /// Appends a member of an object that has members already: a comma, the name, the value.
    public static func append(field name: StaticString, _ value: String, to output: inout [UInt8]) {
        begin(name, &output)
        append(value, to: &output)
    }

    public static func append(field name: StaticString, _ value: Int, to output: inout [UInt8]) {
        begin(name, &output)
        appendNumber(value, to: &output)
    }

    public static func append(field name: StaticString, _ value: BilingualText, to output: inout [UInt8]) {
        begin(name, &output)
        output += Array("{\"zh\":".utf8)
        append(value.zh, to: &output)
        output += Array(",\"en\":".utf8)
        append(value.en, to: &output)
        output.append(0x7D)
    }

    private static func begin(_ name: StaticString, _ output: inout [UInt8]) {
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
