import CheckKit
import AllPrograms
import Database
import Foundation
import Intake
import PlainTables
import ProgramFiles
import SurveillanceKit
import Tabular
import Testing
import Validation

@testable import CoreRuntime

/// The tables of a program's clean sample package, to be changed and sent.
struct ProgramTables {
    struct Table {
        let fileType: String
        let header: [String]
        var rows: [[String]]

        func column(_ field: String) -> Int? { header.firstIndex(of: field) }

        /// As CSV, every cell in quotes.
        var bytes: [UInt8] {
            Array(
                ([header] + rows).map { row in
                    row.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",") + "\r\n"
                }.joined().utf8)
        }
    }

    var tables: [Table] = []

    /// - Parameter folder: the program's: `Influenza`.
    init(_ folder: String) throws {
        let package = try TestPlatform.package(folder, "clean")
        for file in try UploadedPackage(name: "package.zip", source: BytesSource(package)).files {
            var source = try file.open()
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while case let count = try buffer.withUnsafeMutableBytes({ try source.read(into: $0) }), count > 0 {
                bytes += buffer[..<count]
            }
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
            var rows = PlainCSV.rows(bytes).map { $0.cells.map { String(decoding: $0.text, as: UTF8.self) } }
            let header = rows.removeFirst()
            tables.append(
                Table(
                    fileType: String(file.name.prefix { $0 != "_" }), header: header, rows: rows.filter { $0.count > 1 }
                ))
        }
    }

    subscript(fileType: String) -> Table? {
        get { tables.first { $0.fileType == fileType } }
        set {
            guard let index = tables.firstIndex(where: { $0.fileType == fileType }), let newValue else { return }
            tables[index] = newValue
        }
    }

    var package: [UInt8] { StoredZip.bytes(tables.map { ("\($0.fileType)_1.csv", $0.bytes) }) }
}

/// A file type of the real programs.
struct ProgramFile: Sendable, CustomTestStringConvertible {
    let folder: String
    let program: Program
    let fileType: FileType

    var testDescription: String { fileType.id }
    var table: String { "\(program.id.replacing("-", with: "_"))_\(fileType.id)" }

    static let all: [ProgramFile] = {
        guard let registry = try? ProgramRegistry(folder: TestPlatform.programs) else { return [] }
        return registry.programs.map(\.program).flatMap { program in
            program.fileTypes.map { type in
                ProgramFile(
                    folder: program.id == "influenza" ? "Influenza" : "FeverClinic", program: program, fileType: type)
            }
        }
    }()
}

extension TestPlatform {
    /// Sends bytes, has them processed, and answers what became of them.
    func submit(_ bytes: [UInt8], named name: String = "package.zip") async throws -> Submission? {
        try await submit(bytes, named: name, from: TestPlatform.institution.code)
    }

    func submit(_ bytes: [UInt8], named name: String, from institution: String) async throws -> Submission? {
        let id = try await send(bytes, named: name, from: institution).submission.id
        try await processAll()
        return try await find(id)
    }

    /// The stored records of a table, by the row of the file that wrote them last; `submission` narrows to what one upload wrote.
    func records(_ table: String, submission: SubmissionID? = nil) async throws -> [Int: [String: SQLValue]] {
        try await platform.data.records.read { connection in
            var records: [Int: [String: SQLValue]] = [:]
            let brought: Int64? = try submission.flatMap { id in
                try connection.first("SELECT number FROM record_submission WHERE id = ?", [.text(id.description)])
            }
            try connection.forEachRow("SELECT * FROM \"\(table)\"") { row in
                let record = Dictionary(uniqueKeysWithValues: zip(row.columnNames, row.values))
                guard case .integer(let number)? = record["_row"] else { return }
                if submission != nil, record["_submission"] != SQLValue(brought) { return }
                records[Int(number)] = record
            }
            return records
        }
    }
}
