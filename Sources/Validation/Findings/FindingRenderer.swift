import SurveillanceKit

/// Turns the raw findings of one file into what people and machines read.
final class FindingRenderer: Sendable {
    let file: String
    let type: CompiledFileType
    /// Those of the header, then those that speak of other files of the package.
    private let own: [FindingTemplate]
    private let headerCount: Int
    /// Nothing of the file can be taken, whatever its rows are like.
    let isFileRejected: Bool
    /// What is registered of the institution, where that is known.
    private let institution: RegisteredInstitution?

    init(
        file: String, type: CompiledFileType, header: HeaderMatch, more: [FindingTemplate] = [],
        institution: RegisteredInstitution? = nil
    ) {
        self.file = file
        self.type = type
        own = header.findings.map(\.template) + more
        headerCount = header.findings.count
        isFileRejected = header.isRejected
        self.institution = institution
    }

    /// The index of a header finding's template, after those of the file type.
    func headerTemplate(_ index: Int) -> Int { type.templates.count + index }

    /// The index of a template that is neither the file type's nor the header's.
    func ownTemplate(_ index: Int) -> Int { type.templates.count + headerCount + index }

    /// How many templates there are, the file's own among them.
    var templateCount: Int { type.templates.count + own.count }

    func template(_ index: Int32) -> FindingTemplate {
        let index = Int(index)
        let count = type.templates.count
        guard index < count else { return own[index - count] }
        let template = type.templates.template(index)
        return institution.map { $0.described(template, index, in: type) } ?? template
    }

    func template(_ finding: RawFinding) -> FindingTemplate { template(finding.template) }

    func isError(_ finding: RawFinding) -> Bool {
        let index = Int(finding.template)
        let count = type.templates.count
        return index < count ? type.templates.isError[index] : own[index - count].severity == .error
    }

    func finding(_ raw: RawFinding, text: [UInt8]) -> Finding {
        let template = template(raw)
        let field = template.field.map { type.fileType.fields[$0] }
        let shown =
            raw.valueCount == 0
            ? (nil, nil)
            : text.withUnsafeBufferPointer { text in
                self.shown(
                    UnsafeBufferPointer(rebasing: text[Int(raw.valueStart)..<Int(raw.valueStart + raw.valueCount)]),
                    template)
            }
        return Finding(
            file: file, program: type.program.id, fileType: type.id, row: raw.row > 0 ? Int(raw.row) : nil,
            line: raw.row > 0 ? Int(raw.line) : nil, column: raw.column >= 0 ? ColumnLetters.of(Int(raw.column)) : nil,
            field: field?.name, title: field?.title, severity: template.severity, code: template.code,
            rule: template.rule, value: shown.0, expected: template.expected, suggestion: shown.1,
            message: template.message.filling(Int(raw.number)))
    }

    /// What may be shown of a value, and what it was most likely meant to be.
    func shown(
        _ value: UnsafeBufferPointer<UInt8>, _ template: FindingTemplate
    ) -> (value: String?, suggestion: String?) {
        guard let index = template.field else { return (nil, nil) }
        if template.isPlainValue { return (String(decoding: value, as: UTF8.self), nil) }
        let field = type.fileType.fields[index]
        let text = String(decoding: value, as: UTF8.self)
        let isHidden = Mask.hides(text, of: field, isInstitution: field.name == type.fileType.institutionField)
        // What is hidden in the finding must not come out in its suggestion.
        let suggestion = template.rule == nil && !isHidden ? Suggestion.certain(for: text, in: field) : nil
        return (Mask.shown(text, isHidden: isHidden), suggestion)
    }
}

extension BilingualText {
    /// The text with `{}` replaced by a number, and each `{row is|rows are}` by what fits one or many.
    func filling(_ number: Int) -> BilingualText {
        func filled(_ text: String) -> String {
            guard let range = text.firstRange(of: "{}") else { return text }
            let numbered = "\(text[..<range.lowerBound])\(number)\(text[range.upperBound...])"
            guard numbered.contains("{") else { return numbered }
            return numbered.replacing(/\{([^{|}]*)\|([^{|}]*)\}/) { number == 1 ? $0.1 : $0.2 }
        }
        return BilingualText(zh: filled(zh), en: filled(en))
    }
}
