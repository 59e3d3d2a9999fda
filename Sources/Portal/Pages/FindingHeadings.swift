import SurveillanceKit

/// What both listings of findings call their columns, on a wide page above them and on a phone beside each cell.
struct FindingHeadings {
    let field, severity, message, value: String

    init(_ reader: Reader) {
        field = reader.say("字段", "Field")
        severity = reader.say("级别", "Severity")
        message = reader.say("问题", "What is wrong")
        value = reader.say("当前值", "Value")
    }
}

extension Finding {
    /// The field's code with its title below.
    func fieldShown(_ reader: Reader) -> HTML {
        var parts: [HTML] = []
        if let field { parts.append(Portal.code(text: field)) }
        if let title { parts.append(span(.class("hint"), text: reader.say(title))) }
        return HTML(joining: parts)
    }

    /// The message with what was expected below.
    func messageShown(_ reader: Reader) -> HTML {
        var parts = [HTML(text: reader.say(message))]
        if let expected {
            parts.append(span(.class("hint"), text: reader.say("应为：", "Expected: ") + reader.say(expected)))
        }
        return HTML(joining: parts)
    }

    /// The masked value with what it probably should be below.
    func valueShown(_ reader: Reader) -> HTML {
        var parts: [HTML] = []
        if let value { parts.append(Portal.code(text: value)) }
        if let suggestion {
            parts.append(span(.class("hint"), text: reader.say("可能是：", "Probably: ") + suggestion))
        }
        return HTML(joining: parts)
    }
}
