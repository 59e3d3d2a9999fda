import Database
import Foundation
import Intake
import ShangMi
import SurveillanceKit
import Tabular
import Testing

@testable import CoreRuntime

@Suite("Tables that are sent together")
struct FormPackageTests {
    private func begin(_ test: TestPlatform, key: String? = nil, maximumBytes: Int = 64 << 20) throws
        -> ReceivingPackage
    {
        let announced = UploadAnnouncement(
            account: "data-manager", institution: TestPlatform.institution.code, fileName: "form",
            expectedBytes: nil, idempotencyKey: key)
        return try ReceivingPackage(announced, maximumBytes: maximumBytes, at: test.platform)
    }

    private func send(_ test: TestPlatform, _ files: [(name: String, bytes: [UInt8])], key: String? = nil) async throws
        -> Recorded
    {
        let package = try begin(test, key: key)
        for file in files {
            try package.begin(file: file.name)
            for start in stride(from: 0, to: file.bytes.count, by: 10_000) {
                try file.bytes[start..<min(start + 10_000, file.bytes.count)].withUnsafeBytes { try package.write($0) }
            }
        }
        return try await package.finish(0)
    }

    private func tables() throws -> [(name: String, bytes: [UInt8])] {
        try ProgramTables("FeverClinic").tables.map { ("\($0.fileType)_1.csv", $0.bytes) }.sorted { $0.name < $1.name }
    }

    @Test(
        "are one package and one submission: children find their parents whatever the order, and the receipt names each file"
    )
    func together() async throws {
        let test = try TestPlatform()
        let files = try tables()
        let recorded = try await send(test, files)
        try await test.processAll()
        let submission = try #require(try await test.find(recorded.submission.id))
        #expect(submission.state == .accepted && submission.files.map(\.name) == files.map(\.name))
        #expect(submission.fileName == "drug_1+examine_1+fever_1+lab_1.zip")
        let contents = files.map { SentFile(name: $0.name, size: $0.bytes.count, sm3: SM3.digest($0.bytes).hex) }
        #expect(submission.contents == contents)
        let data = test.platform.data
        let receipt = try await data.database.read { connection in
            try data.receipts.receipts(of: submission.id, in: connection).last
        }
        #expect(receipt?.receipt.contents == contents)
        #expect(try test.platform.data.spool.ids() == [submission.id], "what was written beside it is gone")
    }

    @Test("a table that comes alone is kept under its own name and digest")
    func alone() async throws {
        let test = try TestPlatform()
        let file = try #require(try tables().first { $0.name == "fever_1.csv" })
        let submission = try await send(test, [file]).submission
        #expect(submission.fileName == "fever_1.csv" && submission.sm3 == SM3.digest(file.bytes).hex)
        #expect(submission.size == file.bytes.count && submission.contents.isEmpty)
        #expect(try test.platform.data.spool.ids() == [submission.id])
    }

    @Test("a document beside them is a note, and costs no row", arguments: [true, false])
    func note(first: Bool) async throws {
        let test = try TestPlatform()
        let document: (name: String, bytes: [UInt8]) = (
            "说明.docx", [0x50, 0x4B, 3, 4] + Array("word/document.xml".utf8)
        )
        let files = try tables()
        let submission = try await send(test, first ? [document] + files : files + [document]).submission
        try await test.processAll()
        let found = try #require(try await test.find(submission.id))
        #expect(found.state == .accepted)
        #expect(found.files.map(\.errors).allSatisfy { $0 == 0 })
        #expect(found.files.first { $0.name == "说明.docx" }?.warnings == 1)
    }

    @Test("two files of one name are both kept, the second under another name")
    func sameName() async throws {
        let test = try TestPlatform()
        let file = try #require(try tables().first { $0.name == "fever_1.csv" })
        let submission = try await send(test, [file, ("FEVER_1.csv", file.bytes)]).submission
        #expect(submission.contents.map(\.name) == ["fever_1.csv", "FEVER_1 (2).csv"])
        try await test.processAll()
        #expect(try await test.find(submission.id)?.state == .accepted)
    }

    @Test("the same files again are the same bytes; a package that is broken off leaves nothing")
    func repeated() async throws {
        let test = try TestPlatform()
        let files = try tables()
        let first = try await send(test, files, key: "k")
        let again = try await send(test, files, key: "k")
        #expect(again != .new(again.submission) && again.submission.id == first.submission.id)
        let half = try begin(test)
        try half.begin(file: "fever_1.csv")
        try Array("P900\r\n".utf8).withUnsafeBytes { try half.write($0) }
        half.abandon()
        #expect(try test.platform.data.spool.ids() == [first.submission.id])
    }

    @Test("one table over the limit ends the upload, and nothing of it is kept")
    func tooLarge() async throws {
        let test = try TestPlatform(adjust: { $0.maximumUploadBytes = 1000 })
        let package = try begin(test)
        try package.begin(file: "fever_1.csv")
        try [UInt8](repeating: 0x41, count: 900).withUnsafeBytes { try package.write($0) }
        try package.begin(file: "drug_1.csv")
        try [UInt8](repeating: 0x41, count: 900).withUnsafeBytes { try package.write($0) }
        #expect(throws: IntakeError.tooLarge(maximumBytes: 1000)) {
            try [UInt8](repeating: 0x41, count: 101).withUnsafeBytes { try package.write($0) }
        }
        package.abandon()
        #expect(try test.platform.data.spool.ids().isEmpty)
    }

    @Test("what the platform packs is read by the strict reader and by any other")
    func archive() throws {
        var writer = StoredArchiveWriter()
        var bytes: [UInt8] = []
        for (name, content) in [("flu_门诊.csv", "a,b\r\n"), ("leer.csv", ""), ("x.csv", "1")] {
            bytes += writer.begin(name)
            let content = Array(content.utf8)
            content.withUnsafeBytes { writer.count($0) }
            bytes += content + writer.end()
        }
        bytes += writer.finish()
        let package = try UploadedPackage(name: "x.zip", source: BytesSource(bytes))
        #expect(package.files.map(\.name) == ["flu_门诊.csv", "leer.csv", "x.csv"])
        #expect(package.files.allSatisfy { $0.fault == nil })
    }
}
