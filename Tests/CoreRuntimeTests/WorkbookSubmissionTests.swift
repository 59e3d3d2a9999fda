import CheckKit
import Foundation
import Intake
import SurveillanceKit
import Testing

@testable import Accounts
@testable import CoreRuntime
@testable import Portal

@Suite("A submission of workbooks")
struct WorkbookSubmissionTests {
    private func tables(_ ending: String) throws -> [(name: String, bytes: [UInt8])] {
        try ["fever", "drug", "lab", "examine"].map { type in
            let name = "\(type)_20261108.\(ending)"
            return (name, Array(try Data(contentsOf: Repository.file("Tests/Workbooks/reports/\(name)"))))
        }
    }

    /// What a submission comes to: its counts, the line list with it, and the rejected rows of its visits.
    private func outcome(
        _ bytes: [UInt8], named name: String, at test: TestPlatform
    ) async throws -> (Submission, [String], [UInt8]) {
        let id = try await test.send(bytes, named: name).submission.id
        try await test.processAll()
        let submission = try #require(try await test.find(id))
        let account = Account(
            name: "data-manager", displayName: "", role: .institution, institution: submission.institution)
        let answer = try await test.platform.corrections(
            CorrectionsRequest(
                submission: submission, file: try #require(submission.files.first { $0.fileType == "fever" }),
                language: .zh, account: account, address: "127.0.0.1"))
        var form: [UInt8] = []
        if case .rows(_, let file) = answer { while let piece = try file.next() { form += piece } }
        return (submission, try await test.lineList(), form)
    }

    @Test("is stored as the same tables in CSV are, and its rejected rows come back the same", arguments: ["xlsx"])
    func sameAsCSV(_ ending: String) async throws {
        let test = try TestPlatform()
        let csv = try await outcome(StoredZip.bytes(tables("csv")), named: "package.zip", at: test)
        let sheets = try await outcome(StoredZip.bytes(tables(ending)), named: "package.zip", at: test)
        #expect(sheets.0.state == .partlyAccepted)
        #expect(sheets.0.files.map(\.accepted) == csv.0.files.map(\.accepted))
        // Sent again as workbooks, every record is known and none is changed.
        #expect(!sheets.1.isEmpty && sheets.1 == csv.1)
        #expect(!sheets.2.isEmpty && sheets.2 == csv.2)
    }

    @Test("may be one workbook alone, under its own name")
    func alone() async throws {
        let bytes = try tables("xlsx")[0].bytes
        let (submission, stored, form) = try await outcome(bytes, named: "fever_20261108.xlsx", at: TestPlatform())
        #expect(submission.fileName == "fever_20261108.xlsx")
        #expect(submission.files.map(\.rows) == [120] && !stored.isEmpty && !form.isEmpty)
        let names = NeutralNames(submission)
        #expect(names.apply(to: submission).fileName.hasSuffix(".xlsx"))
    }
}
