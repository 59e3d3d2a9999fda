import JSON

extension Finding {
    /// Appends the finding as one line of JSON, as its `Codable` form reads it; what is nil is left out.
    ///
    /// A file in which every cell is wrong has millions of findings: this costs a tenth of what an encoder does.
    public func appendJSONLine(to output: inout [UInt8]) {
        output += "{\"file\":".utf8
        JSONText.append(file, to: &output)
        if let program { JSONText.append(field: "program", program, to: &output) }
        if let fileType { JSONText.append(field: "fileType", fileType, to: &output) }
        if let row { JSONText.append(field: "row", row, to: &output) }
        if let line { JSONText.append(field: "line", line, to: &output) }
        if let column { JSONText.append(field: "column", column, to: &output) }
        if let field { JSONText.append(field: "field", field, to: &output) }
        if let title { JSONText.append(field: "title", title, to: &output) }
        JSONText.append(field: "severity", severity.rawValue, to: &output)
        JSONText.append(field: "code", code.rawValue, to: &output)
        if let rule { JSONText.append(field: "rule", rule, to: &output) }
        if let expected { JSONText.append(field: "expected", expected, to: &output) }
        if let value { JSONText.append(field: "value", value, to: &output) }
        if let suggestion { JSONText.append(field: "suggestion", suggestion, to: &output) }
        JSONText.append(field: "message", message, to: &output)
        output += "}\n".utf8
    }
}
