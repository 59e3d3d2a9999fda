import Database
import Foundation
import HTTPServer
import Intake
import Testing

@testable import CoreRuntime

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
        let form = Receiving.Announced(
            account: "data-manager", institution: TestPlatform.institution.code, fileName: "form")
        #expect(throws: IntakeError.self) {
            try ReceivingPackage(form, maximumBytes: 1 << 20, at: test.platform)
        }
        // What is shown to a sender is 503, and so is what others ask.
        #expect(StorageFault.readable(DatabaseError.corrupt(path: "x", detail: "y")) is IntakeError)
    }

    @Test("damaged pages: not ready, nothing is acknowledged any more, and the next start is refused with what to do")
    func damagedPages() async throws {
        let test = try await running()
        let path = test.folder.appendingPathComponent("vedette.sqlite").path
        // Through a program of its own: a file closed here would give up the locks that this process holds on it.
        let size = SQLiteDatabase.size(path)
        let command = Process()
        command.executableURL = URL(fileURLWithPath: "/bin/sh")
        command.arguments = [
            "-c",
            "for p in $(seq 4096 4096 \(size - 1)); do printf '\\377' | dd of=\(path) bs=1 seek=$p conv=notrunc status=none; done",
        ]
        try command.run()
        command.waitUntilExit()
        try await expectStopped(test, saying: "damaged")
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
