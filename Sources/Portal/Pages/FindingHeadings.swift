import SurveillanceKit

/// What listings of findings call their columns, on a wide page above them and on a phone beside each cell.
struct FindingHeadings {
    let place, field, severity, message, value, expected: String

    init(_ reader: Reader) {
        place = reader.say("位置", "Place")
        field = reader.say("字段", "Field")
        severity = reader.say("级别", "Severity")
        message = reader.say("问题", "What is wrong")
        value = reader.say("当前值", "Sent")
        expected = reader.say("应为", "Expected")
    }
}

/// Findings as pages show them, with the way to what the program says of their fields.
struct FindingWords {
    var programs: [Program]

    /// The field's code, which leads to its definition, with its title below.
    func field(_ finding: Finding, _ reader: Reader) -> HTML {
        HTML(joining: [
            code(of: finding), finding.title.map { span(.class("hint"), text: reader.say($0)) } ?? .empty,
        ])
    }

    /// The field's code alone.
    func code(of finding: Finding) -> HTML {
        guard let name = finding.field else { return .empty }
        guard let (program, type) = definition(of: finding), type.fields.contains(where: { $0.name == name }) else {
            return Portal.code(text: name)
        }
        return a(.href(SitePath("programs", program.id, type.id).at(name))) { Portal.code(text: name) }
    }

    /// The masked value with what it probably should be below.
    func value(_ finding: Finding, _ reader: Reader) -> HTML {
        HTML(joining: [
            finding.value.map { Portal.code(text: $0) } ?? .empty,
            finding.suggestion.map {
                span(.class("hint"), text: reader.say("可能是：", "Probably: ") + $0)
            } ?? .empty,
        ])
    }

    /// What was expected, and the list of codes that it may be.
    func expected(_ finding: Finding, _ reader: Reader) -> HTML {
        guard let expected = finding.expected else { return .empty }
        var parts = [HTML(text: reader.say(expected))]
        if let list = codeList(finding) {
            parts += [HTML(text: " "), list]
        }
        return HTML(joining: parts)
    }

    private func codeList(_ finding: Finding) -> HTML? {
        guard finding.code == .constraintError, finding.rule == nil, let (program, type) = definition(of: finding),
            let list = type.fields.first(where: { $0.name == finding.field })?.codeList
        else { return nil }
        return a(.href(SitePath("programs", program.id, "codelists", list.id)), text: list.id)
    }

    private func definition(of finding: Finding) -> (Program, FileType)? {
        guard let program = programs.first(where: { $0.id == finding.program }),
            let type = finding.fileType.flatMap(program.fileType)
        else { return nil }
        return (program, type)
    }
}
