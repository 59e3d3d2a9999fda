import CheckKit
import Foundation
import Intake
import PluginKit
import ProgramFiles
import SurveillanceKit
import Synchronization
import Tabular
import Testing
import Validation

@testable import Accounts
@testable import CoreRuntime
@testable import Portal

@Suite("The correction form as a workbook")
struct CorrectionWorkbookTests {
    private typealias Table = CorrectionTests.Table

    /// A sheet of a workbook as it is mended: all its rows with their cells, by the file that it is.
    private struct Sheet {
        var name: String
        var rows: [[String]]
    }

    private static func workbook(
        _ submission: Submission, at test: TestPlatform
    ) async throws -> (name: String, bytes: [UInt8]) {
        let account = Account(
            name: "data-manager", displayName: "", role: .institution, institution: submission.institution)
        let answer = try await test.platform.correctionBundle(
            of: submission, as: .xlsx, in: .zh, by: account, from: "127.0.0.1")
        guard case .rows(let name, let file) = answer else {
            Issue.record("\(answer)")
            return ("", [])
        }
        var bytes: [UInt8] = []
        while let piece = try file.next() { bytes += piece }
        return (name, bytes)
    }

    /// The sheets that are files of the package, with the line above each header.
    private static func sheets(_ name: String, _ bytes: [UInt8]) throws -> [Sheet] {
        try UploadedPackage(name: name, source: BytesSource(bytes)).files.map { file in
            var reader = try file.table(labels: [])
            let block = TableReader.makeBlock()
            var rows: [[String]] = []
            while try reader.read(into: block) {
                for index in 0..<block.rowCount {
                    var cursor = block.cursor(ofRow: index)
                    var cells: [String] = []
                    while let cell = cursor.next() {
                        let text = String(decoding: cell.bytes, as: UTF8.self)
                        cells.append(
                            cell.isQuoted ? String(text.dropFirst().dropLast()).replacing("\"\"", with: "\"") : text)
                    }
                    rows.append(cells)
                }
            }
            return Sheet(name: file.name, rows: rows)
        }
    }

    /// The workbook that a person saves: the sheets with the lines above their headers.
    private static func saved(_ sheets: [Sheet], probe: String = "001") throws -> [UInt8] {
        let tables = sheets.map { sheet in
            ExportSheet(name: "\(sheet.name.prefix { $0 != "_" })_corrections") {
                let rest = Mutex(sheet.rows.dropFirst())
                let note = [ExportCell(CorrectionNote.words(ofForm: sheet.name, "…"))]
                return ExportTable(
                    title: BilingualText(zh: "", en: ""),
                    columns: sheet.rows[0].map { ExportColumn(BilingualText(zh: $0, en: $0)) },
                    note: note + Array(repeating: ExportCell(""), count: CorrectionNote.gap) + [ExportCell(probe)]
                ) { rest.withLock { $0.popFirst()?.map { ExportCell($0) } } }
            }
        }
        let file = try #require(try EnabledPlugins().workbook(of: tables, in: .zh))
        var bytes: [UInt8] = []
        while let piece = try file.next() { bytes += piece }
        return bytes
    }

    private static func errors(_ submission: Submission, _ test: TestPlatform) throws -> [Finding] {
        let reader = try test.platform.data.findings.read(submission)
        var findings: [Finding] = []
        while let finding = try reader.nextLine().flatMap({ FindingLine($0)?.finding }) {
            if finding.severity == .error { findings.append(finding) }
        }
        return findings
    }

    /// Puts every row right; of a row that stood twice the second is taken out.
    private static func mended(_ sheets: [Sheet], _ tables: [String: Table]) throws -> [Sheet] {
        try sheets.map { sheet in
            var sheet = sheet
            let original = try #require(tables[String(sheet.name.prefix { $0 != "_" })])
            sheet.rows = sheet.rows.enumerated().compactMap { index, row in
                guard index > 0, let number = Int(row[0]) else { return row }
                return number <= original.rows.count ? row.prefix(3) + original.rows[number - 1] : nil
            }
            return sheet
        }
    }

    @Test("holds the cells of the CSV forms, is mended, sent as it is, and makes the line list of the clean package")
    func roundTrip() async throws {
        let (clean, faulty, tables) = try CorrectionTests.packages()
        let test = try TestPlatform()
        let id = try await test.send(faulty).submission.id
        try await test.processAll()
        let submission = try #require(try await test.find(id))
        let (name, bytes) = try await Self.workbook(submission, at: test)
        #expect(name == "corrections_\(id).xlsx")
        #expect(try await test.audit().last == "data-manager corrections.download \(id)")
        let sheets = try Self.sheets(name, bytes)
        let wrong = submission.files.filter { $0.rejected > 0 }
        #expect(sheets.map(\.name) == wrong.map { "\($0.fileType ?? "")_corrections_\(id).xlsx" })
        #expect(sheets.map(\.rows.count) == wrong.map { $0.rejected + 1 })
        let csv = try await Self.csv(submission, at: test)
        for sheet in sheets {
            let form = try #require(csv[String(sheet.name.prefix { $0 != "_" })])
            #expect(sheet.rows == Array(form.rows.dropFirst()))
        }

        // Sent as it came, it corrects nothing, and is known to belong to the first.
        let unmended = try await test.send(bytes, named: name).submission.id
        try await test.processAll()
        let again = try #require(try await test.find(unmended))
        #expect(again.rejected > 0 && again.repairs == id)
        #expect(again.files.map(\.name) == sheets.map(\.name))

        let mended = try Self.saved(try Self.mended(sheets, tables))
        let last = try await test.send(mended, named: "corrections_\(id) (1).xlsx").submission.id
        try await test.processAll()
        let outcome = try #require(try await test.find(last))
        #expect(outcome.state == .accepted && outcome.repairs == id)
        #expect(outcome.rows == submission.rejected - 1)
        #expect(try await test.find(id)?.repairedBy == last)
        let before = try await test.lineList()
        let whole = try await test.send(clean, named: "clean.zip").submission.id
        try await test.processAll()
        #expect(try await test.find(whole)?.state == .accepted)
        #expect(try await test.lineList() == before)
    }

    /// The CSV forms by their file type.
    private static func csv(_ submission: Submission, at test: TestPlatform) async throws -> [String: Table] {
        let account = Account(
            name: "data-manager", displayName: "", role: .institution, institution: submission.institution)
        let answer = try await test.platform.correctionBundle(
            of: submission, as: .zip, in: .zh, by: account, from: "127.0.0.1")
        guard case .rows(_, let file) = answer else { return [:] }
        var bytes: [UInt8] = []
        while let piece = try file.next() { bytes += piece }
        return Dictionary(
            try CorrectionTests.files(bytes).map { (String($0.name.prefix { $0 != "_" }), Table($0.bytes)) },
            uniquingKeysWith: { first, _ in first })
    }

    @Test("is known by its sheets under any name, in a zip, and of one file in parts; numbers made of texts are told")
    func otherNames() async throws {
        let (_, faulty, tables) = try CorrectionTests.packages()
        let test = try TestPlatform()
        func send(_ bytes: [UInt8], _ name: String) async throws -> Submission {
            let id = try await test.send(bytes, named: name).submission.id
            try await test.processAll()
            return try #require(try await test.find(id))
        }
        let submission = try await send(faulty, "package.zip")
        let (name, bytes) = try await Self.workbook(submission, at: test)
        let sheets = try Self.sheets(name, bytes)
        let right = try Self.mended(sheets, tables)

        let rewritten = try await send(try Self.saved(right, probe: "1"), name)
        #expect(rewritten.state == .rejected && rewritten.errors == sheets.count)
        #expect(try Self.errors(rewritten, test).allSatisfy { $0.code == .rewrittenFile })

        // A sheet copied to correct half of its rows: each has a name of its own.
        let copied = try Self.saved(right + [right[0]])
        let twice = try UploadedPackage(name: name, source: BytesSource(copied)).files.map(\.name)
        #expect(Set(twice).count == right.count + 1)

        let renamed = try await send(try Self.saved(right), "改好了.xlsx")
        #expect(renamed.state == .accepted && renamed.repairs == submission.id)
        let zipped = try await send(StoredZip.bytes([(name, try Self.saved(right))]), "all.zip")
        #expect(zipped.state == .accepted && zipped.files.map(\.name) == sheets.map(\.name))
        // Its own form is a form of the same kind.
        let unmended = try await send(bytes, name)
        let second = try await Self.workbook(unmended, at: test)
        #expect(try Self.sheets(second.name, second.bytes).map { $0.rows[0] } == sheets.map { $0.rows[0] })
    }

    @Test(
        "a workbook with the form's name that cannot be opened is told why; one of other sheets names them as unknown")
    func unreadable() async throws {
        let test = try TestPlatform()
        let encrypted = Array(try Data(contentsOf: Repository.file("Tests/Workbooks/encrypted.xlsx")))
        let other = Array(try Data(contentsOf: Repository.file("Tests/Workbooks/openpyxl.xlsx")))
        for (bytes, code) in [(encrypted, FindingCode.sourceError), (other, .unknownFile)] {
            let id = try await test.send(bytes, named: "corrections_01.xlsx").submission.id
            try await test.processAll()
            let submission = try #require(try await test.find(id))
            #expect(submission.state == .rejected)
            #expect(Set(try Self.errors(submission, test).map(\.code)) == [code])
        }
    }

    @Test("is not offered where the program takes no workbooks, or nothing of the rows fits, and why is said")
    func refused() async throws {
        let test = try TestPlatform()
        let csv = "P5\r\n\"\(String(repeating: "长", count: 40_000))\"\r\n"
        let id = try await test.send(Array(csv.utf8), named: "fever_1.csv").submission.id
        try await test.processAll()
        let submission = try #require(try await test.find(id))
        let account = Account(
            name: "data-manager", displayName: "", role: .institution, institution: submission.institution)
        let answer = try await test.platform.correctionBundle(
            of: submission, as: .xlsx, in: .zh, by: account, from: "127.0.0.1")
        guard case .unfit(let reason) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(reason.zh.contains("32,767") && reason.en.contains("32,767"))
    }
}

@Suite("File templates as workbooks")
struct TemplateWorkbookTests {
    private static func bytes(_ table: ExportTable) throws -> [UInt8] {
        let file = try #require(try EnabledPlugins().file(of: table, format: "xlsx", in: .zh))
        var bytes: [UInt8] = []
        while let piece = try file.next() { bytes += piece }
        return bytes
    }

    @Test(
        "of every file of every program, filled with the sample's rows, are judged as the sample is",
        arguments: ["FeverClinic", "Influenza"])
    func filled(folder: String) throws {
        let registry = try Repository.registry.get()
        let csv = try CorrectionTests.files(try TestPlatform.package(folder, "clean"))
        let programs = registry.programs.map(\.program)
        var filled: [(name: String, bytes: [UInt8])] = []
        for file in csv {
            let id = String(file.name.prefix { $0 != "_" })
            let program = try #require(programs.first { $0.fileType(id) != nil })
            let type = try #require(program.fileType(id))
            var table = Portal.ProgramTables.template(type)
            let sample = CorrectionTests.Table(file.bytes)
            let rest = Mutex(sample.rows.dropFirst())
            table.nextRow = {
                // Under the template's columns, in its order.
                guard let row = rest.withLock({ $0.popFirst() }) else { return nil }
                return type.fields.map { field in
                    sample.rows[0].firstIndex(of: field.name).map { ExportCell($0 < row.count ? row[$0] : "") }
                        ?? ExportCell("")
                }
            }
            filled.append((file.name.replacing(".csv", with: ".xlsx"), try Self.bytes(table)))
        }
        let expected = try Examined(csv, by: registry)
        let found = try Examined(filled, by: registry)
        #expect(found.reports.map(\.accepted) == expected.reports.map(\.accepted))
        #expect(found.reports.map(\.rejected) == expected.reports.map(\.rejected))
        #expect(found.findings.filter { $0.severity == .error }.isEmpty)
        func codes(_ examined: Examined) -> [String] {
            examined.findings.filter { $0.code != .missingLabel }.map { "\($0.field ?? "") \($0.code)" }.sorted()
        }
        #expect(codes(found) == codes(expected))
    }

    @Test("empty ones are judged as the CSV template is, with nothing to say of the hidden codes")
    func empty() throws {
        let registry = try Repository.registry.get()
        for type in registry.programs.flatMap({ $0.program.fileTypes }) {
            let csv = try #require(
                try EnabledPlugins().file(of: Portal.ProgramTables.template(type), format: "csv", in: .zh))
            var text: [UInt8] = []
            while let piece = try csv.next() { text += piece }
            let expected = try Examined([("\(type.id)_template.csv", text)], by: registry)
            let found = try Examined(
                [("\(type.id)_template.xlsx", try Self.bytes(Portal.ProgramTables.template(type)))], by: registry)
            #expect(found.findings.map(\.code) == expected.findings.map(\.code), "\(type.id)")
        }
    }
}
