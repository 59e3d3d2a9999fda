import ShangMi
import SurveillanceKit
import Testing

@testable import Deidentification
@testable import Validation

@Suite("What a row is known by")
struct RowHashesTests {
    private static let key = SymmetricKey(bytes: [UInt8](repeating: 7, count: 32))

    private static func type() throws -> CompiledFileType {
        func field(_ name: String, _ type: FieldType) -> Field {
            Field(
                name: name, title: BilingualText(zh: name, en: name), type: type,
                constraints: Constraints(isRequired: name == "K"), sensitivity: .quasi, deidentify: .keep)
        }
        let fields = [field("K", .string), field("T", .string), field("D", .date)]
        let program = Program(
            id: "p", title: BilingualText(zh: "甲", en: "p"), version: "1.0.0", effectiveFrom: "2026-01-01",
            timeZone: "UTC",
            fileTypes: [FileType(id: "t", title: BilingualText(zh: "甲", en: "t"), fields: fields, primaryKey: ["K"])])
        return try #require(try CompiledProgram(program, checks: []).fileType("t"))
    }

    /// The identity of a row whose bytes are given, after something of it was changed.
    private static func identity(
        _ row: [String: String] = ["K": "1", "T": "x", "D": "2026-01-01"],
        change: (inout CheckedBatch) -> Void = { _ in }
    ) throws -> RowIdentity {
        let type = try type()
        var batch = Rows.batch([row], type)
        batch.columns = [0, 1, 2]
        change(&batch)
        return try RowHashes(type, institution: "450100001", key: key).identities(of: batch)[0]
    }

    @Test("content is another where any byte is, the key only where a cell of it is")
    func bytes() throws {
        let row = try Self.identity()
        #expect(row == (try Self.identity()))
        for (field, value) in [("T", "y"), ("T", "xx"), ("D", "2026-01-02")] {
            let other = try Self.identity(["K": "1", "T": "x", "D": "2026-01-01"].merging([field: value]) { $1 })
            #expect(other.content != row.content && other.key == row.key)
        }
        let other = try Self.identity(["K": "2", "T": "x", "D": "2026-01-01"])
        #expect(other.content != row.content && other.key != row.key)
    }

    @Test("the same bytes in other columns are another content")
    func columns() throws {
        let row = try Self.identity()
        #expect(row.content != (try Self.identity { $0.columns = [0, 2, 1] }).content)
        #expect(row.content != (try Self.identity { $0.columns = [0, -1, 1] }).content)
        #expect(row.content != (try Self.identity { $0.rows[0].firstColumn = 1 }).content)
        #expect(row.key == (try Self.identity { $0.columns = [0, 2, 1] }).key)
    }

    @Test("what was made of the same bytes counts: a value, a text read otherwise, a word for nothing")
    func readings() throws {
        let row = try Self.identity()
        #expect(row.content != (try Self.identity { $0.cells[2].bits = 86_400 }).content)
        #expect(row.content != (try Self.identity { $0.cells[1].isPlaceholder = true }).content)
        let repaired = try Self.identity {
            $0.cells[1].textStart = UInt32($0.text.count)
            $0.text += "z".utf8
        }
        #expect(row.content != repaired.content)
    }

    @Test("fits into six bytes and is never 0")
    func size() throws {
        for number in 0..<200 {
            let content = try Self.identity(["K": "\(number)"]).content
            #expect(content != 0 && content.magnitude <= 1 << 47)
        }
    }
}
