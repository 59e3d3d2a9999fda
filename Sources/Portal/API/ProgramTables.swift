import SurveillanceKit

/// A program's fields and codes as tables to download.
enum ProgramTables {
    /// A file with the header alone, as it is to be sent; a format that has drop-down lists offers the codes.
    static func template(_ type: FileType) -> ExportTable {
        ExportTable(
            title: type.title, columns: type.fields.map { ExportColumn($0) }, nextRow: { nil })
    }

    static func fields(_ type: FileType, in language: Language) -> ExportTable {
        func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
        let rows = type.groupedFields.flatMap { part in
            part.fields.map { field in
                let limits = field.constraints
                let need =
                    !limits.isRequired
                    ? say("否", "no") : field.warnings.contains(.required) ? say("应填", "expected") : say("必填", "yes")
                return [
                    part.group?.title[language] ?? "", field.name, field.title[language], field.type.title[language],
                    need,
                    field.codeList?.id ?? "", limits.maximumLength.map(String.init) ?? "",
                    field.placeholders.joined(separator: " "), field.description?[language] ?? "",
                ]
            }
        }
        return ExportTable(
            title: type.title,
            columns: [
                ("分组", "group"), ("字段", "field"), ("名称", "name"), ("类型", "type"), ("必填", "required"),
                ("代码表", "code list"),
                ("最大长度", "longest"), ("不详时填", "not known"), ("说明", "description"),
            ], rows: rows)
    }

    /// What the rules of a file say, beyond what each field asks for by itself.
    static func rules(_ type: FileType, in language: Language) -> ExportTable {
        let rules =
            type.rules.map { ($0.id, $0.field, $0.severity, $0.message) }
            + type.parentRules.map { ($0.id, $0.field, $0.severity, $0.message) }
        return ExportTable(
            title: type.title, columns: [("规则", "rule"), ("字段", "field"), ("级别", "severity"), ("说明", "message")],
            rows: rules.map { [$0.0, $0.1, $0.2.rawValue, $0.3[language]] })
    }

    static func codes(_ list: CodeList, in language: Language) -> ExportTable {
        ExportTable(
            title: list.title, columns: [("代码", "code"), ("含义", "meaning")],
            rows: list.entries.map { [$0.code, $0.meaning[language]] })
    }
}
