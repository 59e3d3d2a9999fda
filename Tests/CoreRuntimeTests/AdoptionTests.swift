import Accounts
import Audit
import Database
import Foundation
import Intake
import ShangMi
import SurveillanceKit
import Synchronization
import Testing

@testable import CoreRuntime

@Suite("Taking in again what the log does not know")
struct AdoptionTests {
    private static func open(_ copy: FolderCopy, adopts: Bool, said: Said = Said()) async throws -> Platform {
        var configuration = Configuration(dataFolder: copy.root, programsFolder: TestPlatform.programs)
        configuration.reserveBytes = 1 << 20
        for _ in 0..<10_000 {
            // A thread that has just ended may still hold the folder for a moment.
            do {
                return try Platform(
                    configuration, institutions: [TestPlatform.institution], adopts: adopts, report: { said.add($0.en) }
                )
            } catch IntakeError.inUse { await Task.yield() }
        }
        throw IntakeError.inUse(path: copy.root.path)
    }

    private func audit(_ platform: Platform) async throws -> [String] {
        try await AuditTrail(database: platform.data.database).records(limit: 1000).map(\.entry.action)
    }

    @Test(
        "an older database is refused; with --adopt its missing uploads are received again and no receipt number comes twice"
    )
    func olderDatabase() async throws {
        let copy = try await FolderCopy()
        try copy.write(try Data(contentsOf: FolderTemplate.older(copy.template)), to: "vedette.sqlite")
        await #expect(throws: DataFolderError.self) { try await Self.open(copy, adopts: false) }
        let said = Said()
        let platform = try await Self.open(copy, adopts: true, said: said)
        try await platform.workers.drain()
        let submissions = try await platform.data.log.list(scope: .nation, limit: 9)
        #expect(submissions.map(\.state) == [.accepted, .partlyAccepted])
        #expect(submissions.first?.fileName == "later.zip" && submissions.first?.account == "data-manager")
        // Receipts 3 and 4 were given out by the database that is gone.
        let numbers = try await platform.data.database.read { connection in
            try connection.rows("SELECT number FROM receipt ORDER BY number").map { try $0[0] as Int }
        }
        #expect(numbers == [1, 2, 5, 6])
        let check = try await platform.data.database.read { try platform.data.receipts.verify(in: $0) }
        guard case .whole(6, _) = check else {
            Issue.record("\(check)")
            return
        }
        let actions = try await audit(platform)
        #expect(actions.contains("data-folder.adopt") && actions.contains("submission.adopt"))
        #expect(said.text.contains("1 upload was taken in again as received"))
        await platform.stop()
        #expect(try platform.data.spool.idsApart().isEmpty)
    }

    @Test(
        "without a database every upload is received again, under the hospital that sent it", arguments: [true, false])
    func lostDatabase(isEmpty: Bool) async throws {
        let copy = try await FolderCopy()
        if isEmpty { try copy.write(Data(), to: "vedette.sqlite") } else { try copy.remove("vedette.sqlite") }
        await #expect(throws: DataFolderError.self) { try await Self.open(copy, adopts: false) }
        let platform = try await Self.open(copy, adopts: true)
        try await platform.workers.drain()
        let submissions = try await platform.data.log.list(scope: .nation, limit: 9)
        #expect(Set(submissions.map(\.fileName)) == ["package.zip", "later.zip"])
        #expect(submissions.allSatisfy { $0.institution == TestPlatform.institution.code && $0.state.isFinal })
        await platform.stop()
    }

    @Test(
        "without the line list, or with an older one, what is kept is stored again; later nothing is missing",
        arguments: ["missing", "empty", "older"])
    func lostRecords(how: String) async throws {
        let copy = try await FolderCopy()
        let file = "records.sqlite"
        let whole = try records(copy)
        #expect(whole > 300)
        switch how {
        case "missing": try copy.remove(file)
        case "empty": try copy.write(Data(), to: file)
        default: try copy.write(try Data(contentsOf: FolderTemplate.older(copy.template, file)), to: file)
        }
        let error = await #expect(throws: DataFolderError.self) { try await Self.open(copy, adopts: false) }
        #expect(error?.message.en.contains("checked and stored again") == true)
        let said = Said()
        do {
            let platform = try await Self.open(copy, adopts: true, said: said)
            #expect(said.text.contains("2 submissions whose bytes are kept are checked and stored again"))
            try await platform.workers.drain()
            #expect(try await audit(platform).contains("data-folder.adopt"))
            await platform.stop()
        }
        #expect(try records(copy) == whole)
        // The next start finds nothing to complain of.
        await (try await Self.open(copy, adopts: false)).stop()
    }

    private func records(_ copy: FolderCopy) throws -> Int {
        let database = try SQLiteDatabase(path: copy.path("records.sqlite").path)
        return try database.readBlocking { connection in
            try ["fever", "lab", "drug", "examine"].reduce(0) { count, type in
                count + (try connection.first("SELECT count(*) FROM fever_clinic_\(type)") ?? 0)
            }
        }
    }

    @Test("uploads of which nobody knows who sent them stay, and so does what does not open")
    func nameless() async throws {
        let copy = try await FolderCopy()
        let said = Said()
        do {
            let platform = try await Self.open(copy, adopts: false)
            let file = try platform.data.spool.begin(SubmissionID(at: Instant(milliseconds: 5), random: .strong))
            try [UInt8](repeating: 1, count: 9).withUnsafeBytes { try file.write($0) }
            _ = try file.finishBlocking()
            await platform.stop()
        }
        let broken = SubmissionID(at: Instant(milliseconds: 6), random: .strong)
        try copy.write(Data("no sealed file".utf8), to: "spool/\(broken)")
        let platform = try await Self.open(copy, adopts: true, said: said)
        #expect(try platform.data.spool.idsApart().count == 2)
        #expect(said.text.contains("1 upload stays in spool/set-apart"))
        #expect(said.text.contains("upload \(broken) does not open and stays"))
        #expect(platform.notices().contains { $0.en.contains("2 uploads in spool/set-apart") })
        await platform.stop()
    }

    @Test("an upload that was durable and not recorded is kept by the next start, and taken in on demand")
    func unrecorded() async throws {
        let copy = try await FolderCopy()
        let id = SubmissionID(at: Instant(milliseconds: 7), random: .strong)
        do {
            let platform = try await Self.open(copy, adopts: false)
            let file = try platform.data.spool.begin(id)
            try (try TestPlatform.package("FeverClinic", "clean") + [0]).withUnsafeBytes { try file.write($0) }
            _ = try file.finishBlocking(
                UploadOrigin(
                    institution: TestPlatform.institution.code, account: "data-manager", fileName: "x.zip",
                    receivedAt: Instant(milliseconds: 1_800_000_000_000)))
            await platform.stop()
        }
        do {
            let platform = try await Self.open(copy, adopts: false)
            #expect(try platform.data.spool.idsApart() == [id])
            await platform.stop()
        }
        let platform = try await Self.open(copy, adopts: true)
        #expect(
            try await platform.data.log.find(id, scope: .nation)?.receivedAt == Instant(milliseconds: 1_800_000_000_000)
        )
        await platform.stop()
    }

    @Test(
        "findings that are gone are made anew, and an upload that is gone is said to be",
        arguments: ["findings", "spool"])
    func lostFiles(folder: String) async throws {
        let copy = try await FolderCopy()
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: copy.path(folder).path).first { $0.count > 20 })
        try copy.remove("\(folder)/\(name)")
        let platform = try await Self.open(copy, adopts: true)
        try await platform.workers.drain()
        let id = try #require(SubmissionID(String(name.prefix(26))))
        let submission = try #require(try await platform.data.log.find(id, scope: .nation))
        if folder == "findings" {
            _ = try platform.data.findings.read(submission)
        } else {
            #expect(!submission.isKept)
        }
        await platform.stop()
    }
}

/// What was reported to the operator.
final class Said: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    var text: String { lines.withLock { $0.joined(separator: "\n") } }
}
