import JSON
import SurveillanceKit

/// Reads the rules and links of a file type. Whether their expressions and names hold is told when the program is compiled.
struct RulesReader {
    private(set) var rules: [Rule] = []
    private(set) var foreignKeys: [ForeignKey] = []

    init(_ object: ObjectReader) {
        var ids: Set<String> = []
        foreignKeys = object.objects("foreignKeys", least: 0).map { reader in
            ForeignKey(links: reader.map { links($0, &ids) } ?? [])
        }
        rules = object.objects("rules", least: 0).map { reader in
            reader.flatMap { rule($0, &ids) } ?? RulesReader.unread
        }
    }

    /// Holds the place of a rule that could not be read, so that the others keep their numbers. No program with one is ever run.
    private static let unread = Rule(
        id: "", test: .expression("true"), field: "", severity: .error, code: .ruleError,
        message: BilingualText(zh: "", en: ""))

    private static let unreadParentRule = ParentRule(
        id: "", test: .same, field: "", parentField: "", severity: .error, message: BilingualText(zh: "", en: ""))

    /// The rule's id, which no other rule or link of the file has.
    private func id(_ object: ObjectReader, _ ids: inout Set<String>) -> String? {
        guard let id = object.string("id", like: .rule) else { return nil }
        if !ids.insert(id).inserted {
            object.fault("id", "规则 '\(id)' 出现两次", "rule '\(id)' stands twice")
        }
        return id
    }

    private func named(_ object: ObjectReader) -> ObjectReader {
        var named = object
        if case .string(let id)? = object.value("id")?.content {
            named.subject = BilingualText(zh: "规则 '\(id)'：", en: "rule '\(id)': ")
        }
        return named
    }

    private func rule(_ object: ObjectReader, _ ids: inout Set<String>) -> Rule? {
        let object = named(object)
        object.allow(["id", "expression", "check", "when", "field", "severity", "code", "message", "expected"])
        let id = id(object, &ids)
        let test = test(object)
        let field = object.string("field", like: .field)
        let severity = object.choice("severity", among: Severity.allCases)
        let code = object.choice("code", among: [FindingCode.ruleError, .constraintError], isNeeded: false)
        let message = object.text("message")
        let expected = object.text("expected", isNeeded: false, isProse: false)
        guard let id, let test, let field, let severity, let message else { return nil }
        return Rule(
            id: id, test: test, field: field, severity: severity,
            code: code ?? (object.has("check") ? .constraintError : .ruleError), message: message, expected: expected)
    }

    private func test(_ object: ObjectReader) -> Rule.Test? {
        let expression = object.string("expression", isNeeded: false)
        let check = object.string("check", like: .rule, isNeeded: false)
        let condition = object.string("when", isNeeded: false)
        switch (object.has("expression"), object.has("check")) {
        case (true, true):
            object.fault(
                "check", "'expression' 和 'check' 只能有一个", "a rule has either 'expression' or 'check', not both")
            return nil
        case (false, false):
            object.fault(
                at: object.offset, "缺少 'expression' 或 'check'", "'expression' or 'check' is missing; one is needed")
            return nil
        case (true, false):
            if object.has("when") {
                object.fault("when", "'when' 只与 'check' 同用", "'when' goes with 'check' alone")
                return nil
            }
            return expression.map { .expression($0) }
        case (false, true):
            return object.has("when") && condition == nil ? nil : check.map { .check($0, when: condition) }
        }
    }

    // MARK: Links

    private func links(_ object: ObjectReader, _ ids: inout Set<String>) -> [ForeignKey.Link] {
        object.allow(["fields", "reference", "requires", "alternatives"])
        var links = [link(object, &ids)]
        for alternative in object.objects("alternatives") {
            alternative?.allow(["fields", "reference", "requires"])
            links.append(alternative.flatMap { link($0, &ids) })
        }
        // One that could not be read holds its place, so that the others keep their numbers.
        return links.map { $0 ?? ForeignKey.Link(fields: [], fileType: "", parentFields: []) }
    }

    private func link(_ object: ObjectReader, _ ids: inout Set<String>) -> ForeignKey.Link? {
        let fields = object.strings("fields", isNeeded: true, like: .field)
        let reference = object.object("reference", isNeeded: true)
        reference?.allow(["resource", "fields"])
        let resource = reference?.string("resource")
        let parentFields = reference?.strings("fields", isNeeded: true, like: .field) ?? []
        let rules = object.objects("requires").map { reader in
            reader.flatMap { parentRule($0, &ids) } ?? RulesReader.unreadParentRule
        }
        guard let resource, !fields.isEmpty, !parentFields.isEmpty else { return nil }
        return ForeignKey.Link(
            fields: fields, fileType: resource, parentFields: parentFields, rules: rules)
    }

    private func parentRule(_ object: ObjectReader, _ ids: inout Set<String>) -> ParentRule? {
        let object = named(object)
        object.allow(["id", "field", "parentField", "in", "notIn", "severity", "message", "expected"])
        let id = id(object, &ids)
        let (among, notAmong) = (object.strings("in"), object.strings("notIn"))
        if object.has("in"), object.has("notIn") {
            object.fault("notIn", "'in' 和 'notIn' 只能有一个", "a rule has either 'in' or 'notIn', not both")
        }
        let field = object.string("field", like: .field)
        let parentField = object.string("parentField", like: .field)
        let severity = object.choice("severity", among: Severity.allCases)
        let message = object.text("message")
        let expected = object.text("expected", isNeeded: false, isProse: false)
        guard let id, let field, let parentField, let severity, let message else { return nil }
        return ParentRule(
            id: id, test: !among.isEmpty ? .among(among) : !notAmong.isEmpty ? .notAmong(notAmong) : .same,
            field: field, parentField: parentField, severity: severity, message: message, expected: expected)
    }
}
