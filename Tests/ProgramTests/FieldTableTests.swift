import SurveillanceKit
import TestKit
import Testing

@Suite("Schemas keep to the field tables")
struct FieldTableTests {
    /// Columns that the tables require and whose blank cells only warn: what the older front-page standard did not ask for, ages, and
    /// what real exporters leave empty.
    private static let warned: [String: Set<String>] = [
        "flu": ["P7"], "hda": ["P7"], "hdr": ["P7"], "fever": ["P11", "P8", "P7"], "examine": ["P7702"],
        "hqms": [
            "P7", "P12", "P11", "P101", "P102", "P9", "P181", "P191", "P20", "P804", "P27", "P8600", "P740", "P51", "P57",
            "P58", "P581", "P60", "P611", "P612", "P613", "P59", "P62", "P63", "P64", "P651", "P652", "P653", "P654", "P655", "P656",
        ],
    ]

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
            #expect(field.constraints.isRequired == (column.required == "yes"), "\(column.code): \(column.required)")
        }
    }

    @Test("a blank cell of a required column is an error but for the columns that only warn", arguments: FieldTable.all)
    func warnings(table: FieldTable) throws {
        let warned = try fileType(table).fields.filter { $0.constraints.isRequired && $0.warnings.contains(.required) }
        #expect(Set(warned.map(\.name)) == FieldTableTests.warned[table.fileType] ?? [])
    }

    @Test("the code lists that the tables name are the fields'", arguments: FieldTable.all)
    func codeLists(table: FieldTable) throws {
        for (field, column) in zip(try fileType(table).fields, table.columns) where !column.codeList.isEmpty {
            #expect(field.codeList?.id == column.codeList, "\(column.code)")
        }
    }
}
