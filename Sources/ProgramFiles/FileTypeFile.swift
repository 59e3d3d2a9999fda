import Foundation
import JSON
import SurveillanceKit
import Validation

/// Reads one file type, `files/<type>.json`: a Frictionless Table Schema with the few properties that the standard lacks.
struct FileTypeFile {
    private let source: SourceFile
    private let codeLists: CodeListFolder
    private let id: String

    /// What could be read of a file type, and what was wrong with it.
    struct Answer: Sendable {
        /// Nil where the file is not there or is no JSON object.
        var fileType: FileType?
        /// Fields of which the type is not known, and whether there are any without a name: what follows from these is not told.
        var untypedFields: [String] = []
        var hasNamelessField = false
        var mistakes: [ProgramMistake] = []
        /// The document, for the places of what is found later.
        var document: JSONDocument?
        var shown: String
    }

    init(_ url: URL, shownAs file: String, id: String, codeLists: CodeListFolder) {
        source = SourceFile(url, shownAs: file)
        self.codeLists = codeLists
        self.id = id
    }

    func read() -> Answer {
        var answer = Answer(document: source.document, shown: source.shown)
        answer.fileType = source.object().map { fileType($0, &answer) }
        answer.mistakes = source.mistakes
        return answer
    }

    private func fileType(_ object: ObjectReader, _ answer: inout Answer) -> FileType {
        object.allow([
            "$schema", "name", "title", "description", "en", "institutionField", "institutionNameField",
            "eventDate", "missingValues", "primaryKey", "foreignKeys", "fields", "rules", "maximumRejectedShare",
            "groups",
        ])
        _ = object.string("$schema", isNeeded: false)
        if let name = object.string("name"), name != id {
            object.fault("name", "'name' 应为 '\(id)'，与文件名一致", "'name' must be '\(id)', as the file is called")
        }
        let readers = object.objects("fields", isNeeded: true)
        let postcodes = checkedPostcodes(object)
        let fields = readers.compactMap { reader in
            reader.map { FieldReader($0, codeLists: codeLists, postcodes: postcodes).field() }
        }
        answer.untypedFields = fields.filter { !$0.hasType }.map(\.field.name)
        answer.hasNamelessField = fields.count < readers.count || fields.contains { $0.field.name.isEmpty }
        refuseRepeatedFields(readers.compactMap(\.self))
        let rules = RulesReader(object)
        var fileType = FileType(
            id: id, title: TwinText.title(of: object, isProse: true) ?? BilingualText(zh: id, en: id),
            description: TwinText.description(of: object), fields: fields.map(\.field).filter { !$0.name.isEmpty },
            primaryKey: object.strings("primaryKey", isNeeded: true, like: .field), foreignKeys: rules.foreignKeys,
            rules: rules.rules, institutionField: object.string("institutionField", like: .field, isNeeded: false),
            institutionNameField: object.string("institutionNameField", like: .field, isNeeded: false),
            eventDate: object.string("eventDate", like: .field, isNeeded: false),
            maximumRejectedShare: share(object), missingValues: missingValues(object))
        let groups = groups(object)
        fileType.groups = groups.map(\.group)
        if !answer.hasNamelessField {
            judgeNames(fileType, object)
            judgeOrder(groups, fileType)
        }
        return fileType
    }

    private func groups(_ object: ObjectReader) -> [(group: FieldGroup, reader: ObjectReader)] {
        guard object.has("groups") else { return [] }
        return object.objects("groups").compactMap(\.self).compactMap { reader in
            reader.allow(["title", "en", "from"])
            let title = TwinText.title(of: reader, isProse: true)
            guard let title, let first = reader.string("from", like: .field) else { return nil }
            return (FieldGroup(title: title, first: first), reader)
        }
    }

    /// Every group begins at a field of the file, behind the group before.
    private func judgeOrder(_ groups: [(group: FieldGroup, reader: ObjectReader)], _ fileType: FileType) {
        var last = -1
        for (group, reader) in groups {
            guard let index = fileType.fieldIndex(group.first) else {
                reader.fault(
                    "from", "'from' 中的 '\(group.first)' 不是本文件的字段", "no field '\(group.first)' of this file, for 'from'")
                continue
            }
            if index <= last {
                reader.fault(
                    "from", "分组应按字段的顺序，'\(group.first)' 不在上一组之后",
                    "groups stand in the order of the fields; '\(group.first)' is not behind the group before")
            }
            last = max(last, index)
        }
    }

    /// Words for nothing beyond those that every program knows. The empty text is always one.
    private func missingValues(_ object: ObjectReader) -> [String] {
        guard object.has("missingValues") else { return [] }
        let words = object.strings("missingValues", mayBeEmpty: true).filter { !$0.isEmpty }
        if words.contains("-") {
            object.fault(
                "missingValues", "'missingValues' 不能有 '-'，它表示“不详”；“-”请用字段的 'placeholder'",
                "'missingValues' cannot hold '-', which says 'not known'; say '-' with a field's 'placeholder'")
        } else if let word = words.first(where: { word in
            word.unicodeScalars.count == 1 || word.first?.isWhitespace == true || word.last?.isWhitespace == true
        }) {
            object.fault(
                "missingValues", "'missingValues' 中的 '\(word)' 应至少有两个字符，前后没有空格",
                "'\(word)' of 'missingValues' must have two characters or more and no blanks round it")
        }
        return words
    }

    private func share(_ object: ObjectReader) -> Double? {
        guard let share = object.number("maximumRejectedShare") else { return nil }
        if !(0...1).contains(share) {
            object.fault(
                "maximumRejectedShare", "'maximumRejectedShare' 应在 0 与 1 之间",
                "'maximumRejectedShare' must be from 0 to 1")
        }
        return share
    }

    /// The fields that a rule checks with `postcode`.
    private func checkedPostcodes(_ object: ObjectReader) -> Set<String> {
        guard case .array(let rules)? = object.value("rules")?.content else { return [] }
        var fields: Set<String> = []
        for rule in rules {
            guard case .string("postcode")? = rule["check"]?.content, case .string(let field)? = rule["field"]?.content
            else { continue }
            fields.insert(field)
        }
        return fields
    }

    /// Columns are matched, and tables made, without regard to case.
    private func refuseRepeatedFields(_ readers: [ObjectReader]) {
        var seen: Set<String> = []
        for reader in readers {
            guard case .string(let name)? = reader.value("name")?.content, !seen.insert(name.lowercased()).inserted
            else { continue }
            reader.fault("name", "字段 '\(name)' 出现两次（不分大小写）", "field '\(name)' stands twice, upper or lower case aside")
        }
    }

    /// Notes what the key and the institution's fields name and what is no field that can serve so.
    private func judgeNames(_ fileType: FileType, _ object: ObjectReader) {
        func field(_ name: String, _ property: String) -> Field? {
            if let field = fileType.fields.first(where: { $0.name == name }) { return field }
            object.fault(
                property, "'\(property)' 中的 '\(name)' 不是本文件的字段", "no field '\(name)' of this file, for '\(property)'")
            return nil
        }
        let key = fileType.primaryKey.compactMap { field($0, "primaryKey") }
        for field in key {
            if field.deidentify != .keep, field.deidentify != .pseudonym {
                object.fault(
                    "primaryKey", "主键字段 \(field.name) 的处理是 '\(field.deidentify.rawValue)'，记录将无法再找到；应为 keep 或 pseudonym",
                    "key field \(field.name) is '\(field.deidentify.rawValue)', so no record could be found again; it must be keep or pseudonym"
                )
            }
            if !field.placeholders.isEmpty {
                object.fault(
                    "primaryKey", "主键字段 \(field.name) 不能有 'placeholder'：同样的占位会使不同记录互相覆盖",
                    "key field \(field.name) can have no 'placeholder': records that hold it would replace each other")
            }
        }
        if key.count == fileType.primaryKey.count, !key.isEmpty,
            !key.contains(where: { $0.constraints.isRequired && !$0.warnings.contains(.required) })
        {
            object.fault(
                "primaryKey", "主键中至少一个字段应为必填（\"required\": true）", "at least one field of the key must be required")
        }
        if let name = fileType.eventDate, let found = field(name, "eventDate"), let fault = found.notADay {
            object.fault("eventDate", "'eventDate' 的字段 \(name) \(fault.zh)", "field \(name) of 'eventDate' \(fault.en)")
        }
        for (property, name) in [
            ("institutionField", fileType.institutionField), ("institutionNameField", fileType.institutionNameField),
        ] {
            guard let name, let found = field(name, property), found.type != .string else { continue }
            object.fault(
                property, "'\(property)' 的字段 \(name) 应为 string", "field \(name) of '\(property)' must be a string")
        }
    }
}

extension Field {
    /// Why a field cannot say to which day a record belongs; nil where it can.
    var notADay: BilingualText? {
        if type != .date && type != .datetime {
            return BilingualText(zh: "应为 date 或 datetime", en: "must be a date or datetime")
        }
        guard deidentify != .keep else { return nil }
        return BilingualText(
            zh: "的处理是 '\(deidentify.rawValue)'，日期不会保留；应为 keep",
            en: "is '\(deidentify.rawValue)', so its day is not kept; it must be keep")
    }
}
