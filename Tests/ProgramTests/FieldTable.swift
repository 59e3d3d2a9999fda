import CheckKit
import Foundation
import SurveillanceKit
import Tabular
import Testing

/// The columns of a file type as the sources give them: `FieldTables/<program>/<type>.csv`.
struct FieldTable: CustomTestStringConvertible {
    let program: String
    let fileType: String
    let columns: [Column]

    struct Column {
        var code: String
        var zh: String
        var en: String
        var maximumLength: Int?
        /// `yes`, `no`, `unknown` or `conditional:…`.
        var required: String
        var codeList: String
    }

    var testDescription: String { "\(program)/\(fileType)" }

    static let folder = Repository.file("Tests/ProgramTests/FieldTables")

    static let all: [FieldTable] = {
        let programs = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return programs.sorted().flatMap { program in
            let path = folder.appendingPathComponent(program).path
            let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            return files.sorted().filter { $0.hasSuffix(".csv") }.compactMap { file in
                try? FieldTable(program, String(file.dropLast(4)))
            }
        }
    }()

    private init(_ program: String, _ fileType: String) throws {
        self.program = program
        self.fileType = fileType
        let data = try Data(contentsOf: FieldTable.folder.appendingPathComponent("\(program)/\(fileType).csv"))
        let rows = try SmallTable.cells(BytesSource(Array(data)))
        columns = rows.dropFirst().map { cells in
            let row = Dictionary(zip(rows[0], cells), uniquingKeysWith: { first, _ in first })
            return Column(
                code: row["code"] ?? "", zh: row["name_zh"] ?? "", en: row["name_en"] ?? "",
                maximumLength: Int(row["max_length"] ?? ""), required: row["required"] ?? "",
                codeList: row["code_list"] ?? "")
        }
    }
}
