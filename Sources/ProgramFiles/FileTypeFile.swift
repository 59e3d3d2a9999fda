import Foundation
import SurveillanceKit
import Validation

/// Reads one file type, `files/<type>.json`: a Frictionless Table Schema with the few properties that the standard lacks.
struct FileTypeFile {
    private let object: JSONObject
    private let codeLists: CodeListFolder
    private let lines: RuleLines

    init(_ url: URL, shownAs file: String, codeLists: CodeListFolder) throws(ProgramError) {
        object = try JSONObject(contentsOf: url, shownAs: file)
        self.codeLists = codeLists
        lines = RuleLines(url, file: file)
    }

    func fileType(expected id: String) throws(ProgramError) -> FileType {
        try object.allow([
            "name", "title", "description", "en", "institutionField", "institutionNameField", "missingValues",
            "primaryKey", "foreignKeys", "fields", "rules", "maximumRejectedShare",
        ])
        guard try object.string("name") == id else {
            throw object.fault("'name' must be '\(id)', as the file is called")
        }
        let missing = try object.strings("missingValues")
        guard missing.isEmpty || missing == [""] else {
            throw object.fault("'missingValues' can only be [\"\"]; say '-' with a field's 'placeholder'")
        }
        let fields = try object.objects("fields").map { field throws(ProgramError) in try self.field(field) }
        guard !fields.isEmpty else { throw object.fault("'fields' is missing or empty") }
        try refuseDuplicates(fields.map { $0.name.lowercased() }, "field")
        let keys = try object.objects("foreignKeys").map { key throws(ProgramError) in try foreignKey(key) }
        let rules = try object.objects("rules").map { rule throws(ProgramError) in try self.rule(rule) }
        try refuseDuplicates(rules.map(\.id) + keys.flatMap(\.links).flatMap(\.rules).map(\.id), "rule")
        let fileType = FileType(
            id: id, title: try title(of: object), description: try description(of: object), fields: fields,
            primaryKey: try object.strings("primaryKey"), foreignKeys: keys, rules: rules,
            institutionField: try object.optionalString("institutionField"),
            institutionNameField: try object.optionalString("institutionNameField"),
            maximumRejectedShare: try object.optionalNumber("maximumRejectedShare"))
        for name in fileType.primaryKey + fileType.institutionFields where fileType.fieldIndex(name) == nil {
            throw object.fault(
                "no field '\(name)'; 'primaryKey', 'institutionField' and 'institutionNameField' name fields of this file"
            )
        }
        return fileType
    }

    private func refuseDuplicates(_ names: [String], _ kind: String) throws(ProgramError) {
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted { throw object.fault("\(kind) '\(name)' stands twice") }
    }

    /// Table Schema wants plain strings; ours are Chinese, with their English twins under `en`.
    private func title(of object: JSONObject) throws(ProgramError) -> BilingualText {
        let zh = try object.string("title")
        return BilingualText(zh: zh, en: try object.object("en")?.optionalString("title") ?? zh)
    }

    private func description(of object: JSONObject) throws(ProgramError) -> BilingualText? {
        guard let zh = try object.optionalString("description") else { return nil }
        return BilingualText(zh: zh, en: try object.object("en")?.optionalString("description") ?? zh)
    }

    private func field(_ object: JSONObject) throws(ProgramError) -> Field {
        try object.allow([
            "name", "title", "description", "en", "type", "format", "constraints", "codeList", "separators",
            "placeholder", "sensitivity", "deidentify", "severity", "decimals", "integerDigits",
        ])
        guard let type = try object.choice("type", FieldType.self) else { throw object.fault("'type' is missing") }
        let format = try object.optionalString("format")
        try refuseUnknownFormat(format, of: type, object)
        guard let deidentify = try object.choice("deidentify", Deidentification.self) else {
            throw object.fault("'deidentify' is missing: say what becomes of the value before it is stored")
        }
        var codeList: CodeList?
        if let id = try object.optionalString("codeList") {
            codeList = try codeLists.list(id)
            if codeList == nil { throw object.fault("no code list '\(id)'; there are \(codeLists.known)") }
        }
        return Field(
            name: try object.string("name"), title: try title(of: object), description: try description(of: object),
            type: type, constraints: try constraints(object), acceptsBareDate: type == .datetime && format == "any",
            codeList: codeList, separators: Array(try object.optionalString("separators") ?? ""),
            placeholders: try object.oneOrMoreStrings("placeholder"),
            sensitivity: try object.choice("sensitivity", Sensitivity.self) ?? .none, deidentify: deidentify,
            warnings: try warnings(object))
    }

    private func refuseUnknownFormat(_ format: String?, of type: FieldType, _ object: JSONObject) throws(ProgramError) {
        let known: [String] =
            switch type {
            case .date: ["default", "%Y-%m-%d"]
            case .datetime: ["%Y-%m-%d %H:%M:%S", "any"]
            default: ["default"]
            }
        if let format, !known.contains(format) {
            throw object.fault(
                "'format' is '\(format)'; for \(type.rawValue) it can be \(known.joined(separator: ", "))")
        }
    }

    private func constraints(_ field: JSONObject) throws(ProgramError) -> Constraints {
        let decimals = try field.optionalInt("decimals")
        let digits = try field.optionalInt("integerDigits")
        guard let object = try field.object("constraints") else {
            return Constraints(maximumDecimals: decimals, maximumIntegerDigits: digits)
        }
        try object.allow(["required", "minLength", "maxLength", "minimum", "maximum", "pattern", "enum"])
        return Constraints(
            isRequired: try object.optionalBool("required") ?? false,
            minimumLength: try object.optionalInt("minLength"), maximumLength: try object.optionalInt("maxLength"),
            minimum: try object.optionalNumber("minimum"), maximum: try object.optionalNumber("maximum"),
            maximumDecimals: decimals, maximumIntegerDigits: digits, pattern: try object.optionalString("pattern"),
            enumeration: try object.strings("enum"))
    }

    private func warnings(_ field: JSONObject) throws(ProgramError) -> Set<ConstraintName> {
        guard let object = try field.object("severity") else { return [] }
        try object.allow(Set(ConstraintName.allCases.map(\.rawValue)))
        var warnings: Set<ConstraintName> = []
        for constraint in ConstraintName.allCases
        where try object.choice(constraint.rawValue, Severity.self) == .warning { warnings.insert(constraint) }
        return warnings
    }

    private func foreignKey(_ object: JSONObject) throws(ProgramError) -> ForeignKey {
        try object.allow(["fields", "reference", "requires", "alternatives"])
        var links = [try link(object)]
        for alternative in try object.objects("alternatives") {
            try alternative.allow(["fields", "reference", "requires"])
            links.append(try link(alternative))
        }
        return ForeignKey(links: links)
    }

    private func link(_ object: JSONObject) throws(ProgramError) -> ForeignKey.Link {
        guard let reference = try object.object("reference") else { throw object.fault("'reference' is missing") }
        try reference.allow(["resource", "fields"])
        return ForeignKey.Link(
            fields: try object.strings("fields"), fileType: try reference.string("resource"),
            parentFields: try reference.strings("fields"),
            rules: try object.objects("requires").map { rule throws(ProgramError) in try parentRule(rule) })
    }

    private func parentRule(_ object: JSONObject) throws(ProgramError) -> ParentRule {
        try object.allow(["id", "field", "parentField", "in", "notIn", "severity", "message", "expected"])
        let id = try object.string("id")
        let (among, notAmong) = (try object.strings("in"), try object.strings("notIn"))
        guard among.isEmpty || notAmong.isEmpty, !object.has("in") || !among.isEmpty,
            !object.has("notIn") || !notAmong.isEmpty
        else {
            throw object.fault("'\(id)' needs a list of codes as 'in', or one as 'notIn', or neither")
        }
        return ParentRule(
            id: id, test: !among.isEmpty ? .among(among) : !notAmong.isEmpty ? .notAmong(notAmong) : .same,
            field: try object.string("field"), parentField: try object.string("parentField"),
            severity: try object.choice("severity", Severity.self) ?? .error, message: try object.text("message"),
            expected: try object.optionalText("expected"), source: lines.source(of: id))
    }

    private func rule(_ object: JSONObject) throws(ProgramError) -> Rule {
        try object.allow(["id", "expression", "check", "when", "field", "severity", "code", "message", "expected"])
        let id = try object.string("id")
        let test: Rule.Test
        if let expression = try object.optionalString("expression"), !object.has("check"), !object.has("when") {
            test = .expression(expression)
        } else if let check = try object.optionalString("check"), !object.has("expression") {
            test = .check(check, when: try object.optionalString("when"))
        } else {
            throw object.fault("rule '\(id)' needs either 'expression', or 'check' with or without 'when'")
        }
        let isCheck = object.has("check")
        return Rule(
            id: id, test: test, field: try object.string("field"),
            severity: try object.choice("severity", Severity.self) ?? .error,
            code: try object.choice("code", FindingCode.self) ?? (isCheck ? .constraintError : .ruleError),
            message: try object.text("message"), expected: try object.optionalText("expected"),
            source: lines.source(of: id))
    }
}

/// Finds the line a rule begins in, for messages to the program's author.
private struct RuleLines {
    private let file: String
    /// For each text in quotes on a line that has an `"id"` the first such line, counted from 1.
    private var lines: [String: Int] = [:]

    init(_ url: URL, file: String) {
        self.file = file
        guard let text = (try? Data(contentsOf: url)).map(Array.init) else { return }
        let id = Array(#""id""#.utf8)
        var line = 1
        var start = 0
        var hasID = false
        for (at, byte) in text.enumerated() {
            if byte == id[0], text[at...].starts(with: id) { hasID = true }
            guard byte == 0x0A else { continue }
            if hasID { note(text[start..<at], line: line) }
            (start, line, hasID) = (at + 1, line + 1, false)
        }
    }

    private mutating func note(_ text: ArraySlice<UInt8>, line: Int) {
        for part in text.split(separator: UInt8(ascii: "\"")) {
            let word = String(decoding: part, as: UTF8.self)
            if lines[word] == nil { lines[word] = line }
        }
    }

    func source(of rule: String) -> String { lines[rule].map { "\(file):\($0)" } ?? file }
}
