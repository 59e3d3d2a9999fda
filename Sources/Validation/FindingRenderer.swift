import SurveillanceKit

/// Turns the raw findings of one file into what people and machines read.
///
/// What a template says at its usual column is rendered once; a finding then costs a few copies.
final class FindingRenderer: Sendable {
    private let file: String
    private let type: CompiledFileType
    private let fieldColumns: [Int32]
    private let templates: [FindingTemplate]
    private let head: [UInt8]
    private let fragments: [Fragment]

    private struct Fragment: Sendable {
        /// From the column to what was expected, and the message with the line's end.
        var middle: [UInt8]
        var message: [UInt8]
        var column: Int32
        var hasNumber: Bool
    }

    init(file: String, type: CompiledFileType, header: HeaderMatch) {
        self.file = file
        self.type = type
        fieldColumns = header.fieldColumns
        templates = type.templates.all + header.findings.map(\.template)
        var head = Array("{\"file\":".utf8)
        JSONText.append(file, to: &head)
        head += Array(",\"program\":".utf8)
        JSONText.append(type.program.id, to: &head)
        head += Array(",\"fileType\":".utf8)
        JSONText.append(type.id, to: &head)
        self.head = head
        fragments = templates.map { template in
            let column = template.field.map { header.fieldColumns[$0] } ?? -1
            return FindingRenderer.fragment(template, column: column, type)
        }
    }

    /// The index of a header finding's template, after those of the file type.
    func headerTemplate(_ index: Int) -> Int { type.templates.all.count + index }

    var blankRowTemplate: Int { type.templates.blankRow }

    func template(_ finding: RawFinding) -> FindingTemplate { templates[Int(finding.template)] }

    func finding(_ raw: RawFinding, text: [UInt8]) -> Finding {
        let template = template(raw)
        let field = template.field.map { type.fileType.fields[$0] }
        let message = template.message.filling(Int(raw.number))
        return Finding(
            file: file, program: type.program.id, fileType: type.id, row: raw.row > 0 ? Int(raw.row) : nil,
            line: raw.row > 0 ? Int(raw.line) : nil, column: raw.column >= 0 ? ColumnLetters.of(Int(raw.column)) : nil,
            field: field?.name, title: field?.title, severity: template.severity, code: template.code,
            rule: template.rule, value: value(raw, field, text), expected: template.expected,
            suggestion: suggestion(raw, template, text), message: message)
    }

    private func value(_ raw: RawFinding, _ field: Field?, _ text: [UInt8]) -> String? {
        guard raw.valueCount > 0, let field else { return nil }
        return Mask.shown(raw.value(in: text), of: field)
    }

    private func suggestion(_ raw: RawFinding, _ template: FindingTemplate, _ text: [UInt8]) -> String? {
        guard raw.valueCount > 0, let index = template.field, template.rule == nil else { return nil }
        return Suggestion.certain(
            for: String(decoding: raw.value(in: text), as: UTF8.self), in: type.fileType.fields[index])
    }

    func appendJSONLine(_ raw: RawFinding, text: [UInt8], to output: inout [UInt8]) {
        var fragment = fragments[Int(raw.template)]
        if fragment.column != raw.column {
            fragment = FindingRenderer.fragment(template(raw), column: raw.column, type)
        }
        output += head
        if raw.row > 0 {
            JSONText.append(field: "row", Int(raw.row), to: &output)
            JSONText.append(field: "line", Int(raw.line), to: &output)
        }
        output += fragment.middle
        if raw.valueCount > 0, let index = template(raw).field {
            let field = type.fileType.fields[index]
            JSONText.append(field: "value", Mask.shown(raw.value(in: text), of: field), to: &output)
            if let suggestion = suggestion(raw, template(raw), text) {
                JSONText.append(field: "suggestion", suggestion, to: &output)
            }
        }
        if fragment.hasNumber {
            JSONText.append(field: "message", template(raw).message.filling(Int(raw.number)), to: &output)
            output += Array("}\n".utf8)
        } else {
            output += fragment.message
        }
    }

    private static func fragment(_ template: FindingTemplate, column: Int32, _ type: CompiledFileType) -> Fragment {
        var middle: [UInt8] = []
        if column >= 0 { JSONText.append(field: "column", ColumnLetters.of(Int(column)), to: &middle) }
        if let index = template.field {
            let field = type.fileType.fields[index]
            JSONText.append(field: "field", field.name, to: &middle)
            JSONText.append(field: "title", field.title, to: &middle)
        }
        JSONText.append(field: "severity", template.severity.rawValue, to: &middle)
        JSONText.append(field: "code", template.code.rawValue, to: &middle)
        if let rule = template.rule { JSONText.append(field: "rule", rule, to: &middle) }
        if let expected = template.expected { JSONText.append(field: "expected", expected, to: &middle) }
        var message: [UInt8] = []
        JSONText.append(field: "message", template.message, to: &message)
        message += Array("}\n".utf8)
        return Fragment(
            middle: middle, message: message, column: column, hasNumber: template.message.en.contains("{}"))
    }
}

extension RawFinding {
    func value(in text: [UInt8]) -> ArraySlice<UInt8> { text[Int(valueStart)..<Int(valueStart) + Int(valueCount)] }
}

extension BilingualText {
    /// The text with `{}` replaced by a number.
    func filling(_ number: Int) -> BilingualText {
        func filled(_ text: String) -> String {
            guard let range = text.firstRange(of: "{}") else { return text }
            return text.replacingCharacters(in: range, with: "\(number)")
        }
        return BilingualText(zh: filled(zh), en: filled(en))
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
