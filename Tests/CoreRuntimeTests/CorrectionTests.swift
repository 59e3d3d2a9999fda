import CheckKit
import Checking
import Database
import Foundation
import Intake
import PlainTables
import ProgramFiles
import SurveillanceKit
import Tabular
import Testing
import Validation

@testable import Accounts
@testable import CoreRuntime
@testable import Portal

@Suite("The correction form")
struct CorrectionTests {
    /// A table as texts, as it is read and written anew.
    struct Table {
        var rows: [[String]]

        init(_ bytes: [UInt8]) {
            let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
            rows = PlainCSV.rows(content).map { $0.cells.map { String(decoding: $0.text, as: UTF8.self) } }
        }

        var bytes: [UInt8] {
            let lines = rows.map { row in
                row.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",") + "\r\n"
            }
            return Array(lines.joined().utf8)
        }

        /// The column of a field.
        func column(_ field: String) -> Int { rows[0].firstIndex(of: field) ?? 0 }
    }

    private static let added = ["vedette_row", "vedette_cells", "vedette_findings"]

    static func files(_ package: [UInt8]) throws -> [(name: String, bytes: [UInt8])] {
        try UploadedPackage(name: "package.zip", source: BytesSource(package)).files.map { file in
            var source = try file.open()
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
                if count == 0 { return (file.name, bytes) }
                bytes += buffer[..<count]
            }
        }
    }

    private static func form(_ file: FileReport, of submission: Submission, at test: TestPlatform) async throws
        -> (name: String, bytes: [UInt8])?
    {
        let account = Account(
            name: "data-manager", displayName: "", role: .institution, institution: submission.institution)
        let answer = try await test.platform.corrections(
            CorrectionsRequest(
                submission: submission, file: file, language: .zh, account: account, address: "127.0.0.1"))
        guard case .rows(let name, let file) = answer else { return nil }
        var bytes: [UInt8] = []
        while let piece = try file.next() { bytes += piece }
        return (name, bytes)
    }

    /// A clean package, the same with faults in cells and a row that stands twice, and what its rows should be.
    static func packages() throws -> (clean: [UInt8], faulty: [UInt8], tables: [String: Table]) {
        let clean = try TestPlatform.package("FeverClinic", "clean")
        let files = try files(clean)
        var tables: [String: Table] = [:]
        var faulty: [(name: String, bytes: [UInt8])] = []
        for file in files {
            let table = Table(file.bytes)
            let type = String(file.name.prefix { $0 != "_" })
            tables[type] = table
            var changed = table
            if type == "fever" {
                changed.rows[2][table.column("P5")] = "7"
                changed.rows[2][table.column("P4")] = "=cmd|' /C calc'!A0, \"quoted\"\r\nand a line"
                changed.rows[7][table.column("P6")] = "1990-02-30"
                changed.rows[7][table.column("P7525")] = "-5"
                changed.rows.append(table.rows[4])
            } else if type == "lab" {
                changed.rows[9][table.column("P7610")] = "yesterday"
            }
            faulty.append((file.name, changed.bytes))
        }
        return (clean, StoredZip.bytes(faulty), tables)
    }

    @Test("rejected rows downloaded, mended and uploaded as they are make the line list of the clean package")
    func roundTrip() async throws {
        let (clean, faulty, tables) = try Self.packages()
        let test = try TestPlatform()
        let id = try await test.send(faulty).submission.id
        try await test.processAll()
        let submission = try #require(try await test.find(id))
        #expect(submission.state == .partlyAccepted)
        let stored = try await test.lineList().count

        var mended: [(name: String, bytes: [UInt8])] = []
        for file in submission.files where file.rejected > 0 {
            let form = try #require(try await Self.form(file, of: submission, at: test))
            let type = try #require(file.fileType)
            let original = try #require(tables[type])
            #expect(form.name == "\(type)_corrections_\(id).csv")
            #expect(form.bytes.starts(with: [0xEF, 0xBB, 0xBF]))
            var table = Table(form.bytes)
            let note = try #require(table.rows.first)
            #expect(note[0].hasPrefix("[vedette] ") && note.suffix(3) == CorrectionNote.probes[...])
            #expect(table.rows[1] == Self.added + original.rows[0])
            #expect(table.rows.count == file.rejected + 2)
            table.rows = try table.rows.enumerated().compactMap { index, row in
                guard index > 1 else { return row }
                let number = try #require(Int(row[0]))
                #expect(!row[2].isEmpty)
                // The row that stood twice is taken out; of the others every wrong cell is put right.
                guard number <= original.rows.count else { return nil }
                return row.prefix(3) + original.rows[number - 1]
            }
            mended.append((form.name, table.bytes))
        }
        #expect(mended.count > 2)

        let again = try await test.send(StoredZip.bytes(mended)).submission.id
        try await test.processAll()
        let outcome = try #require(try await test.find(again))
        #expect(outcome.state == .accepted)
        #expect(outcome.rows == submission.rejected - 1)
        let findings = try test.platform.data.findings.read(outcome)
        while let finding = try findings.nextLine().flatMap({ FindingLine($0)?.finding }) {
            #expect(
                finding.row ?? 0 > 1, "a header with the added columns is as good as without: \(finding.message.en)")
        }
        let before = try await test.lineList()
        #expect(before.count > stored)
        // Rows that come again unchanged leave the line list as it is: it is the clean package's.
        let whole = try await test.send(clean, named: "clean.zip").submission.id
        try await test.processAll()
        #expect(try await test.find(whole)?.state == .accepted)
        #expect(try await test.lineList() == before)
    }

    /// All forms of a submission, as they lie in its bundle.
    private static func bundle(
        _ submission: Submission, at test: TestPlatform
    ) async throws -> [(name: String, bytes: [UInt8])] {
        let account = Account(
            name: "data-manager", displayName: "", role: .institution, institution: submission.institution)
        let answer = try await test.platform.correctionBundle(
            of: submission, as: .zip, in: .zh, by: account, from: "127.0.0.1")
        guard case .rows(let name, let file) = answer else { return [] }
        #expect(name == "corrections_\(submission.id).zip")
        var bytes: [UInt8] = []
        while let piece = try file.next() { bytes += piece }
        return try files(bytes)
    }

    @Test("all forms come as one zip; corrected in parts, the first submission is done when nothing of it is open")
    func bundled() async throws {
        let (_, faulty, tables) = try Self.packages()
        let test = try TestPlatform()
        func send(_ files: [(name: String, bytes: [UInt8])]) async throws -> Submission {
            let id = try await test.send(StoredZip.bytes(files)).submission.id
            try await test.processAll()
            return try #require(try await test.find(id))
        }
        let id = try await test.send(faulty).submission.id
        try await test.processAll()
        let submission = try #require(try await test.find(id))
        let forms = try await Self.bundle(submission, at: test)
        for (file, form) in zip(submission.files.filter { $0.rejected > 0 }, forms) {
            let alone = try #require(try await Self.form(file, of: submission, at: test))
            #expect(alone.name == form.name && alone.bytes == form.bytes)
        }
        #expect(forms.count > 2 && submission.repairedBy == nil)
        let mended = try forms.map { form in
            let original = try #require(tables[String(form.name.prefix { $0 != "_" })])
            var table = Table(form.bytes)
            table.rows = table.rows.enumerated().compactMap { index, row in
                guard index > 1, let number = Int(row[0]) else { return row }
                return number <= original.rows.count ? row.prefix(3) + original.rows[number - 1] : nil
            }
            return (name: form.name, bytes: table.bytes)
        }

        // As it came, it corrects nothing, but is known to belong to the first.
        let unmended = try await send(forms)
        #expect(unmended.rejected > 0 && unmended.repairs == id)
        #expect(try await test.find(id)?.repairedBy == nil)
        // A form alone, under the name that a browser gives a second download.
        let lab = try #require(mended.first { $0.name.hasPrefix("lab_") })
        let last = lab.name.replacing(".csv", with: " (1).csv")
        let part = try await send([(last, lab.bytes)])
        #expect(part.repairs == id)
        #expect(try await test.find(id)?.repairedBy == nil, "other files are open")
        let whole = try await send(mended)
        #expect(whole.state == .accepted && whole.repairs == id)
        #expect(try await test.find(id)?.repairedBy == whole.id)
        // Taken back, it corrects nothing any more.
        let data = test.platform.data
        _ = try data.database.writeBlocking { transaction in
            try data.log.withdraw(whole.id, reason: "错报", at: Instant(milliseconds: 1), in: transaction)
        }
        #expect(try await test.find(id)?.repairedBy == nil)
    }

    @Test("what is still wrong in a bundle is corrected in the bundle's own, and then both are done")
    func twice() async throws {
        let (_, faulty, tables) = try Self.packages()
        let test = try TestPlatform()
        /// Sends the forms of a submission, corrected but for a row; `right` has what each row of its files should be.
        func mended(
            _ submission: Submission, _ right: [String: Table], except kept: Int? = nil
        ) async throws -> (Submission, [String: Table]) {
            var all: [String: Table] = [:]
            let forms = try await Self.bundle(submission, at: test).map { form in
                let type = String(form.name.prefix { $0 != "_" })
                let original = try #require(right[type])
                var table = Table(form.bytes)
                table.rows = table.rows.enumerated().compactMap { index, row in
                    guard index > 1, let number = Int(row[0]) else { return row }
                    guard number <= original.rows.count else { return nil }
                    return row.prefix(3) + original.rows[number - 1].suffix(row.count - 3)
                }
                all[type] = table
                if let kept, type == "fever" { table.rows[kept] = Table(form.bytes).rows[kept] }
                return (name: form.name, bytes: table.bytes)
            }
            let id = try await test.send(StoredZip.bytes(forms)).submission.id
            try await test.processAll()
            return (try #require(try await test.find(id)), all)
        }
        let id = try await test.send(faulty).submission.id
        try await test.processAll()
        let first = try #require(try await test.find(id))
        let (second, right) = try await mended(first, tables, except: 2)
        #expect(second.state == .partlyAccepted && second.repairs == id)
        #expect(try await test.find(id)?.repairedBy == nil)
        let (third, _) = try await mended(second, right)
        #expect(third.state == .accepted && third.repairs == second.id)
        #expect(try await test.find(second.id)?.repairedBy == third.id)
        #expect(try await test.find(id)?.repairedBy == third.id)
    }

    @Test("a form that a spreadsheet has opened by itself and saved has that one finding, whatever else became of it")
    func rewrittenForm() async throws {
        let (_, faulty, _) = try Self.packages()
        let test = try TestPlatform()
        let id = try await test.send(faulty).submission.id
        try await test.processAll()
        let forms = try await Self.bundle(try #require(try await test.find(id)), at: test)
        for (probe, saved) in [
            ("001", "1"), ("2026-01-05 08:05:00", "2026/1/5 8:05"), ("123456789012345678", "1.23457E+17"),
        ] {
            let rewritten = forms.map { form in
                let text = String(decoding: form.bytes, as: UTF8.self).replacing(",\(probe)", with: ",\(saved)")
                return (name: form.name, bytes: Array(text.utf8))
            }
            let again = try await test.send(StoredZip.bytes(rewritten)).submission.id
            try await test.processAll()
            let outcome = try #require(try await test.find(again))
            #expect(outcome.state == .rejected && outcome.errors == forms.count && outcome.warnings == 0)
            for file in outcome.files {
                #expect(try Self.errors(outcome, file.name, test).map(\.code) == [.rewrittenFile])
            }
            // One thing to do on the page, for all files.
            let causes = try SubmissionCauses(test.platform.portalServices.findings(of: outcome))
            #expect(causes.errors.map(\.finding.code) == [.rewrittenFile])
            #expect(causes.rewrittenForms == forms.map(\.name).sorted())
        }
    }

    @Test(
        "cells come as they were sent: a minus, quotes and line ends; what a spreadsheet would run has an apostrophe before it"
    )
    func cells() async throws {
        let (_, faulty, tables) = try Self.packages()
        let test = try TestPlatform()
        let id = try await test.send(faulty).submission.id
        try await test.processAll()
        let submission = try #require(try await test.find(id))
        let file = try #require(submission.files.first { $0.fileType == "fever" })
        let form = Table(try #require(try await Self.form(file, of: submission, at: test)).bytes)
        let fever = try #require(tables["fever"])
        let row = try #require(form.rows.first { $0[0] == "3" })
        #expect(row[3 + fever.column("P4")] == "'=cmd|' /C calc'!A0, \"quoted\"\r\nand a line")
        // The wrong cell is named, with its column in the form.
        #expect(row[2].contains("P5 性别：") && row[1].contains("P5(\(ColumnLetters.of(3 + fever.column("P5"))))"))
        let minus = try #require(form.rows.first { $0[0] == "8" })
        #expect(minus[3 + fever.column("P7525")] == "-5")
        #expect(try await test.audit().last == "data-manager corrections.download \(id)")
    }

    @Test("a form uploaded unmended is rejected for the same things", arguments: ["Influenza", "FeverClinic"])
    func unmended(program: String) async throws {
        let test = try TestPlatform()
        let id = try await test.send(try TestPlatform.package(program, "faults")).submission.id
        try await test.processAll()
        let submission = try #require(try await test.find(id))
        for file in submission.files where file.rejected > 0 {
            let form = try #require(try await Self.form(file, of: submission, at: test))
            let errors = try Self.errors(submission, file.name, test)
            // What only its package could show, the row's place among others, does not come again.
            guard errors.allSatisfy({ $0.code != .foreignKey && $0.code != .primaryKey }) else { continue }
            let again = try await test.send(form.bytes, named: form.name).submission.id
            try await test.processAll()
            let outcome = try #require(try await test.find(again))
            #expect(outcome.state == .rejected)
            let found = try Self.errors(outcome, form.name, test)
            #expect(found.map { "\($0.field ?? "") \($0.code)" } == errors.map { "\($0.field ?? "") \($0.code)" })
            // An added column of an added column would be one too many.
            let second = try #require(try await Self.form(outcome.files[0], of: outcome, at: test))
            #expect(Table(second.bytes).rows.prefix(2) == Table(form.bytes).rows.prefix(2))
        }
    }

    private static func errors(_ submission: Submission, _ file: String, _ test: TestPlatform) throws -> [Finding] {
        let reader = try test.platform.data.findings.read(submission)
        var findings: [Finding] = []
        while let finding = try reader.nextLine().flatMap({ FindingLine($0)?.finding }) {
            if finding.file == file, finding.severity == .error { findings.append(finding) }
        }
        return findings
    }

    /// The form of a file held in memory, with findings as they are said.
    private func form(_ csv: String, _ findings: [Finding], takesAll: Bool = false) throws -> String {
        var lines = findings.map { finding -> ArraySlice<UInt8> in
            var line: [UInt8] = []
            finding.appendJSONLine(to: &line)
            return line.dropLast()
        }[...]
        let form = try CorrectionForm.table(
            TableReader(BytesSource(Array(csv.utf8)), findsHeader: true), file: "flu_1.csv", fields: [],
            takesAll: takesAll,
            language: .en,
            findings: { lines.popFirst() })
        var bytes: [UInt8] = []
        let file = try #require(try EnabledPlugins().file(of: form, format: "csv", in: .en))
        while let piece = try file.next() { bytes += piece }
        let text = String(decoding: bytes.dropFirst(3), as: UTF8.self)
        let end = try #require(text.firstRange(of: "\r\n"))
        #expect(text.hasPrefix("\"[vedette] Do not open this file by a double click."))
        return String(text[end.upperBound...])
    }

    private func finding(_ row: Int?, _ severity: Severity = .error, file: String = "flu_1.csv") -> Finding {
        Finding(
            file: file, row: row, severity: severity, code: .typeError,
            message: BilingualText(zh: "错", en: "wrong \"\(row ?? 0)\""))
    }

    @Test("a guarded cell is what it was when the form comes back, and has one apostrophe in the form of the form")
    func guardedCells() throws {
        let cells = ["=1+1", "'=1+1", "''@x", " +86-10", "\t-1+2", "-5", "-", "+1.5", "'x", "＝A1", "@SUM(A1,\"b\")"]
        let lines = cells.map { "\"" + $0.replacing("\"", with: "\"\"") + "\",1" }
        let csv = (["P5,P7525"] + lines).joined(separator: "\r\n") + "\r\n"
        let found = (0..<cells.count).map { finding(2 + $0) }
        let first = Table(Array(try form(csv, found).utf8))
        let shown = first.rows.dropFirst().map { $0[3] }
        #expect(
            shown == [
                "'=1+1", "''=1+1", "'''@x", "' +86-10", "'\t-1+2", "-5", "-", "+1.5", "'x", "'＝A1", "'@SUM(A1,\"b\")",
            ])
        let second = Table(Array(try form(String(decoding: first.bytes, as: UTF8.self), found).utf8))
        #expect(second.rows.dropFirst().map { $0[3] } == shown)

        // As the form is read: the sender's own cells again. A file that is no form keeps its apostrophes.
        func values(_ header: [String], _ rows: [[String]]) throws -> [String] {
            var table = first
            table.rows = [header] + rows
            let examined = try Examined([("fever_1.csv", table.bytes)], by: Repository.registry.get())
            return examined.findings.filter { $0.field == "P7501" && $0.row != nil }.map { $0.value ?? "" }
        }
        let sent = try values(["P7501"], cells.map { [$0] })
        // All but the lone minus, which stands for "not known" there, are no code of the list.
        #expect(Set(sent).count == cells.count - 1 && sent.prefix(3) == ["=1+1", "'=1+1", "''@x"])
        #expect(try values(["P7501", "vedette_row"], shown.map { [$0, "2"] }) == sent)
        #expect(try values(["P7501"], shown.map { [$0] }) != sent)
    }

    @Test("rows that stand, rows of other files and remarks on the header stay out")
    func onlyRejected() throws {
        let findings = [
            finding(1), finding(3, file: "lab_1.csv"), finding(2, .warning), finding(3), finding(3, .warning),
            finding(2, .warning),
            finding(nil),
        ]
        #expect(
            try form("A,B\n1,2\n3,4\n5,6\n", findings)
                == "vedette_row,vedette_cells,vedette_findings,A,B\r\n3,,\"row: wrong \"\"3\"\"; row (warning): wrong \"\"3\"\"\",3,4\r\n"
        )
        #expect(
            try form("A,B\n1,2\n\n5,6\n", [finding(nil)], takesAll: true)
                == "vedette_row,vedette_cells,vedette_findings,A,B\r\n2,,\"\",1,2\r\n4,,\"\",5,6\r\n")
    }

    @Test("what is said stands in its column, whatever the row is like")
    func oddRows() throws {
        let csv = "A,\" b \",\n1\n1,2,3,4\n\"x\"y,a\"b\n 1 ,,,\n"
        let said = (2...5).map { "\($0),,\"row: wrong \"\"\($0)\"\"\"" }
        #expect(
            try form(csv, (2...5).map { finding($0) })
                == """
                vedette_row,vedette_cells,vedette_findings,A," b "\r
                \(said[0]),1,\r
                \(said[1]),1,2,4\r
                \(said[2]),"\""x""y","a""b"\r
                \(said[3]), 1 ,\r\n
                """)
    }

    @Test("the columns of an earlier form are made anew")
    func secondTime() throws {
        #expect(
            try form("A,Vedette_Row,vedette_findings,B\n1,7,old,2\n", [finding(2)])
                == "vedette_row,vedette_cells,vedette_findings,A,B\r\n2,,\"row: wrong \"\"2\"\"\",1,2\r\n")
    }

    @Test("a row with more findings than a spreadsheet's cell holds says how many are left out")
    func manyFindings() throws {
        let text = try form("A\n1\n", (0..<5000).map { _ in finding(2) })
        #expect(try #require(Table(Array(text.utf8)).rows.last?[2]).utf16.count < 32_767)
        #expect(text.hasSuffix(" more\",1\r\n"))
    }

    @Test(
        "a program that refuses a file for its share of rejected rows takes nothing of it, and gives all its rows back")
    func refusedShare() async throws {
        let (_, faulty, tables) = try Self.packages()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-share-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in ["Common", "FeverClinic"] {
            try FileManager.default.copyItem(
                at: TestPlatform.programs.appendingPathComponent(name), to: folder.appendingPathComponent(name))
        }
        let schema = folder.appendingPathComponent("FeverClinic/files/fever.json")
        let text = try String(contentsOf: schema, encoding: .utf8)
        try text.replacing(
            "\"name\": \"fever\",", with: "\"name\": \"fever\", \"maximumRejectedShare\": 0.01,", maxReplacements: 1
        )
        .write(to: schema, atomically: true, encoding: .utf8)
        let test = try TestPlatform(adjust: { $0.programsFolder = folder })
        let id = try await test.send(faulty).submission.id
        try await test.processAll()
        let submission = try #require(try await test.find(id))
        let fever = try #require(submission.files.first { $0.fileType == "fever" })
        #expect(fever.accepted == 0 && fever.rejected == fever.rows && fever.rows > 100)
        let whole = try Self.errors(submission, fever.name, test).filter { $0.row == nil }
        #expect(whole.map(\.code) == [.constraintError])
        #expect(whole.first?.message.en.hasPrefix("more than 1 %") == true)
        // Every child is held for its parent, and nothing is stored.
        #expect(submission.accepted == 0 && submission.state == .rejected)
        #expect(try await test.lineList().isEmpty)

        let form = try #require(try await Self.form(fever, of: submission, at: test))
        var table = Table(form.bytes)
        let original = try #require(tables["fever"])
        #expect(table.rows.count == fever.rows + 2)
        table.rows = table.rows.enumerated().compactMap { index, row in
            guard index > 1 else { return row }
            return index <= original.rows.count ? row.prefix(3) + original.rows[index - 1] : nil
        }
        let again = try await test.send(table.bytes, named: form.name).submission.id
        try await test.processAll()
        #expect(try await test.find(again)?.state == .accepted)
        #expect(try await test.lineList().count == original.rows.count - 1)
    }
}
