import Accounts
import Database
import Foundation
import HTTPServer
import Intake
import SurveillanceKit
import Testing

@testable import CoreRuntime
@testable import Portal

@Suite("A database that fails under a running server")
struct DatabaseFaultTests {
    /// A platform whose database lies in its file alone, as after a quiet night.
    private func running() async throws -> TestPlatform {
        let test = try TestPlatform()
        _ = try await test.send(try TestPlatform.package("FeverClinic", "faults"))
        try await test.processAll()
        try await test.restart()
        return test
    }

    private func expectStopped(_ test: TestPlatform, saying words: String) async throws {
        let reason = try #require(await test.platform.portalServices.unreadiness())
        #expect(reason.en.contains(words) && reason.zh.contains("备份"))
        let error = try await #require(throws: IntakeError.self) {
            try await test.send(try TestPlatform.package("FeverClinic", "clean"))
        }
        guard case .databaseUnusable(let text) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(text.contains(words))
        // Tables that are sent together are refused as early.
        let form = UploadAnnouncement(
            account: "data-manager", institution: TestPlatform.institution.code, fileName: "form")
        #expect(throws: IntakeError.self) {
            try ReceivingPackage(form, maximumBytes: 1 << 20, at: test.platform)
        }
        // What is shown to a sender is 503, and so is what others ask.
        #expect(StorageFault.readable(DatabaseError.corrupt(path: "x", detail: "y")) is IntakeError)
    }

    /// Every page but the first, through a program of its own: a file closed here would give up the locks that this process holds on it.
    private func damagePages(_ test: TestPlatform) throws {
        let path = test.folder.appendingPathComponent("vedette.sqlite").path
        let size = SQLiteDatabase.size(path)
        let command = Process()
        command.executableURL = URL(fileURLWithPath: "/bin/sh")
        command.arguments = [
            "-c",
            "for p in $(seq 4096 4096 \(size - 1)); do printf '\\377' | dd of=\(path) bs=1 seek=$p conv=notrunc status=none; done",
        ]
        try command.run()
        command.waitUntilExit()
    }

    @Test("damaged pages: not ready, nothing is acknowledged any more, and the next start is refused with what to do")
    func damagedPages() async throws {
        let test = try await running()
        try damagePages(test)
        try await expectStopped(test, saying: "damaged")
    }

    @Test("what pages and the API ask of a damaged database is answered with 503, never with a bare error")
    func askedWhileDamaged() async throws {
        let test = try await running()
        let submission = try #require(try await test.platform.data.log.list(scope: .nation, limit: 1).first)
        let file = try #require(submission.files.first { $0.rejected > 0 })
        try damagePages(test)
        let services = test.platform.portalServices
        let account = Account(name: "data-manager", displayName: "上报专员", role: .institution, institution: "A")
        func expectUnavailable(_ what: String, _ body: () async throws -> Void) async {
            let error = await #expect(throws: Problem.self, "\(what)") { try await body() }
            #expect(error?.status == .serviceUnavailable, "\(what): \(String(describing: error))")
        }
        await expectUnavailable("submission") { _ = try await services.submission(submission.id, in: .nation) }
        await expectUnavailable("counts") { _ = try await services.counts(in: .nation) }
        await expectUnavailable("receipt") { _ = try await services.receipt(of: submission) }
        await expectUnavailable("receipts' head") { _ = try await services.receiptHead() }
        await expectUnavailable("note") {
            try await services.note(.findingsDownloaded, of: submission.id, by: account, from: "192.0.2.1")
        }
        await expectUnavailable("corrections") {
            _ = try await services.corrections(
                CorrectionsRequest(
                    submission: submission, file: file, language: .zh, account: account, address: "192.0.2.1"))
        }
        await expectUnavailable("session") { _ = try await services.session("x") }
        await expectUnavailable("sign-out") { try await services.signOut("x", from: "192.0.2.1") }
        // What needs no database is read as before.
        let lines = try services.findings(of: submission)
        #expect(try lines.next() != nil)
    }

    @Test(
        "a file that is removed or replaced: not ready, and nothing is acknowledged",
        arguments: ["vedette.sqlite", "vedette.sqlite-wal"], [true, false])
    func vanished(name: String, isReplaced: Bool) async throws {
        let test = try await running()
        let file = test.folder.appendingPathComponent(name)
        if isReplaced {
            let copy = test.folder.appendingPathComponent("copy")
            try FileManager.default.copyItem(at: file, to: copy)
            #expect(rename(copy.path, file.path) == 0)
        } else {
            try FileManager.default.removeItem(at: file)
        }
        try await expectStopped(test, saying: "removed or replaced")
        // Putting it back does not make it trustworthy: only a new start looks at everything.
        #expect(await test.platform.portalServices.unreadiness() != nil)
    }

    @Test("a folder that is gone makes the server not ready", arguments: FolderIdentity.folders)
    func lostFolder(name: String) async throws {
        let test = try await running()
        try FileManager.default.removeItem(at: test.folder.appendingPathComponent(name))
        #expect(try #require(await test.platform.portalServices.unreadiness()).en.contains(name))
    }
}
