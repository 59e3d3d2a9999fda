import CheckKit
import ProgramFiles
import SurveillanceKit
import Testing
import Validation

@Suite("Schemas keep to the field tables")
struct FieldTableTests {
    /// Columns whose blank cells only warn: what only the newer front-page standard asks for, ages, and what real exporters leave empty.
    private static let warned: [String: Set<String>] = [
        "flu": ["P7"], "hda": ["P7"], "hdr": ["P7"], "fever": ["P11", "P8", "P7"],
        "hqms": [
            "P6", "P7", "P9", "P11", "P12", "P13", "P14", "P15", "P16", "P17", "P18", "P19", "P20", "P21", "P24",
            "P171",
            "P231", "P261", "P438", "P751", "P801", "P802", "P803", "P805", "P830",
        ],
    ]
    /// Classifications in the tables' column of lists: checked by their syntax, for no list holds every hospital's extension.
    private static let classifications: Set<String> = ["ICD-10", "ICD-9-CM-3", "ICD-O-3 morphology"]

    @Test("influenza's files name the institution by P900 where they have it")
    func institutions() throws {
        for type in try #require(try Repository.registry.get().program("influenza")).program.fileTypes {
            #expect(type.institutionField == (type.fieldIndex("P900") == nil ? nil : "P900"), "\(type.id)")
            #expect(type.institutionNameField == nil)
        }
    }

    private func fileType(_ table: FieldTable) throws -> FileType {
        let program = try #require(try Repository.registry.get().program(table.program))
        return try #require(program.fileType(table.fileType)?.fileType)
    }

    @Test("there is a table for each of the ten file types")
    func complete() throws {
        let types = try Repository.registry.get().programs.flatMap { $0.program.fileTypes.map(\.id) }
        #expect(FieldTable.all.count == 10)
        #expect(Set(FieldTable.all.map(\.fileType)).isSubset(of: types))
    }

    @Test("no column is lost, renamed or moved", arguments: FieldTable.all)
    func columns(table: FieldTable) throws {
        let fields = try fileType(table).fields
        #expect(fields.map(\.name) == table.columns.map(\.code))
        for (field, column) in zip(fields, table.columns) {
            #expect(field.title == BilingualText(zh: column.zh, en: column.en), "\(column.code)")
        }
    }

    @Test("texts are as long as the tables allow", arguments: FieldTable.all)
    func lengths(table: FieldTable) throws {
        for (field, column) in zip(try fileType(table).fields, table.columns) where field.type == .string {
            #expect(field.constraints.maximumLength == column.maximumLength, "\(column.code)")
        }
    }

    @Test("what the tables require is required, and nothing else", arguments: FieldTable.all)
    func required(table: FieldTable) throws {
        for (field, column) in zip(try fileType(table).fields, table.columns) {
            let isRequired = field.constraints.isRequired && !field.warnings.contains(.required)
            let isWarned = FieldTableTests.warned[table.fileType]?.contains(column.code) ?? false
            #expect(isRequired == (column.required == "yes" && !isWarned), "\(column.code): \(column.required)")
        }
    }

    @Test("a blank cell of a required column is an error but for the columns that only warn", arguments: FieldTable.all)
    func warnings(table: FieldTable) throws {
        let warned = try fileType(table).fields.filter { $0.constraints.isRequired && $0.warnings.contains(.required) }
        #expect(Set(warned.map(\.name)) == FieldTableTests.warned[table.fileType] ?? [])
    }

    @Test("the code lists that the tables name are the fields'", arguments: FieldTable.all)
    func codeLists(table: FieldTable) throws {
        for (field, column) in zip(try fileType(table).fields, table.columns)
        where !column.codeList.isEmpty && !FieldTableTests.classifications.contains(column.codeList) {
            #expect(field.codeList?.id == column.codeList, "\(column.code)")
        }
    }
}
