import SurveillanceKit

extension Finding {
    /// Appends the finding as one line of JSON, as its `Codable` form reads it; what is nil is left out.
    ///
    /// A file in which every cell is wrong has millions of findings: this costs a tenth of what an encoder does.
    public func appendJSONLine(to bytes: inout [UInt8]) {
        bytes += "{\"file\":".utf8
        JSONText.append(file, to: &bytes)
        Self.append("program", program, to: &bytes)
        Self.append("fileType", fileType, to: &bytes)
        Self.append("row", row, to: &bytes)
        Self.append("line", line, to: &bytes)
        Self.append("column", column, to: &bytes)
        Self.append("field", field, to: &bytes)
        Self.append("title", title, to: &bytes)
        Self.append("severity", severity.rawValue, to: &bytes)
        Self.append("code", code.rawValue, to: &bytes)
        Self.append("rule", rule, to: &bytes)
        Self.append("value", value, to: &bytes)
        Self.append("expected", expected, to: &bytes)
        Self.append("message", message, to: &bytes)
        bytes += "}\n".utf8
    }

    private static func append(_ key: StaticString, to bytes: inout [UInt8]) {
        bytes += ",\"".utf8
        key.withUTF8Buffer { bytes += $0 }
        bytes += "\":".utf8
    }

    private static func append(_ key: StaticString, _ text: String?, to bytes: inout [UInt8]) {
        guard let text else { return }
        append(key, to: &bytes)
        JSONText.append(text, to: &bytes)
    }

    private static func append(_ key: StaticString, _ number: Int?, to bytes: inout [UInt8]) {
        guard let number else { return }
        append(key, to: &bytes)
        bytes += String(number).utf8
    }

    private static func append(_ key: StaticString, _ text: BilingualText?, to bytes: inout [UInt8]) {
        guard let text else { return }
        append(key, to: &bytes)
        bytes += "{\"zh\":".utf8
        JSONText.append(text.zh, to: &bytes)
        bytes += ",\"en\":".utf8
        JSONText.append(text.en, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
    }
}
