import Accounts
import Audit
import Database
import Foundation
import Intake
import ShangMi
import SurveillanceKit
import Testing

@testable import CoreRuntime

@Suite("What an operator does from the command line")
struct DeskTests {
    @Test("a new master key: everything kept is still readable, the old key is gone, and the trail says so")
    func rotates() async throws {
        let test = try TestPlatform()
        let id = try await test.send(try TestPlatform.package("Influenza", "faults"), named: "欧阳.zip").submission.id
        try await test.processAll()
        let before = try await test.findingLines(id)
        let keys = test.folder.appendingPathComponent("keys").path
        let oldKey = try String(contentsOfFile: keys + "/0001.key", encoding: .utf8)
        await test.close()

        let (keyID, files) = try test.desk().rotateKey()
        // The upload, its findings and the key of the database's sealed values.
        #expect(files == 3)
        #expect(try FileManager.default.contentsOfDirectory(atPath: keys).sorted() == ["0002.key", "identity"])
        #expect(try String(contentsOfFile: keys + "/0002.key", encoding: .utf8) != oldKey)

        try await test.restart()
        #expect(try await test.findingLines(id) == before)
        #expect(try #require(try await test.find(id)).fileName == "欧阳.zip")
        _ = try await test.platform.retry(id, by: .platform)
        try await test.processAll()
        #expect(try await test.findingLines(id) == before)
        let trail = try await test.audit()
        #expect(trail.contains("operator key.rotated \(keyID)"))
        #expect(trail.contains { $0.hasPrefix("operator key.rotate ") && !$0.contains(keyID) })
    }

    @Test("every change is noted outside of the database, so that a database put back from before it is known as older")
    func notesHighest() async throws {
        let test = try TestPlatform()
        await test.close()
        let desk = try test.desk()
        func heads() throws -> [String: Int64] {
            try desk.database.readBlocking { try KeptDatabase.main.heads(in: $0) }
        }
        func expectNoted(_ what: String, _ change: () async throws -> Void) async throws {
            let before = try heads()
            try await change()
            let after = try heads()
            #expect(after != before, "\(what) stands in no trail")
            let noted = try HighestNumbers(test.folder).read()
            #expect(after.allSatisfy { noted[$0.key] == $0.value }, "\(what): \(after) but \(noted)")
        }
        let account = Account(name: "hunan", displayName: "湖南", role: .provincial, region: Region("43"))
        try await expectNoted("create") { try await desk.create(account, password: "Ruxiang-4417-mulan") }
        try await expectNoted("region") { try await desk.setRegion(try #require(Region("4301")), of: "hunan") }
        try await expectNoted("token") { _ = try await desk.createToken(for: "hunan", label: "x") }
        let token = try #require(try await desk.tokenList(of: "hunan").first).token.id
        try await expectNoted("revoke") { try await desk.revokeToken(token) }
        try await expectNoted("password") {
            try await desk.setPassword("Ruxiang-4418-mulan", of: "hunan", revokingTokens: true)
        }
        try await expectNoted("disable") { try await desk.setDisabled(true, of: "hunan") }
        try await expectNoted("enable") { try await desk.setDisabled(false, of: "hunan") }
        try await desk.database.write {
            try $0.execute(
                """
                INSERT INTO sign_in_lock (account, address, failures, boot, failed_ticks, failed_at)
                VALUES ('hunan', '192.0.2.1', 10, 'x', 0, 1800000000)
                """)
        }
        try await expectNoted("unlock") {
            let count = try await desk.unlock("hunan")
            #expect(count == 1)
        }
        try await expectNoted("clock") {
            let jump = try await desk.confirmClock()
            #expect(jump != nil)
        }
        try await expectNoted("key") { _ = try desk.rotateKey() }
    }

    @Test("the key is not changed under a running server")
    func refusesWhileServing() async throws {
        let test = try TestPlatform()
        let error = try #require(throws: DeskError.self) { try test.desk().rotateKey() }
        #expect("\(error)".contains("stop it first"))
        let keys = try FileManager.default.contentsOfDirectory(
            atPath: test.folder.appendingPathComponent("keys").path)
        #expect(keys.sorted() == ["0001.key", "identity"])
    }

    @Test("a change of keys that was cut off is ended by the next start")
    func endsCutOffChange() async throws {
        let test = try TestPlatform()
        let id = try await test.send(try TestPlatform.package("FeverClinic", "faults")).submission.id
        try await test.processAll()
        await test.close()
        // Cut off after the new key was written, and after one of the files was wrapped anew.
        try SealedFolders(test.folder, random: .strong).keys.addKey()
        try await test.restart()
        #expect(try await test.findingLines(id).isEmpty == false)
        let keys = try FileManager.default.contentsOfDirectory(
            atPath: test.folder.appendingPathComponent("keys").path)
        #expect(keys.sorted() == ["0002.key", "identity"])
        #expect(try await test.audit().contains { $0.hasPrefix("vedette key.rotated ") })
    }

    @Test("where nothing is kept there is nothing to rotate, and no key is made")
    func nothingKept() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-none-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(throws: DeskError.self) {
            try Desk(
                Configuration(dataFolder: folder, programsFolder: TestPlatform.programs), operatorName: "operator")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test(
        "a receipt is verified with the public key alone; one changed digit breaks it, and another's key is told apart")
    func verifiesOffline() async throws {
        let test = try TestPlatform()
        let id = try await test.send(try TestPlatform.package("FeverClinic", "clean")).submission.id
        try await test.processAll()
        let files = try await test.receipts(of: id).map(\.json)
        #expect(files.count == 2)
        let key = try test.desk().receiptKey()
        for text in [key.pem, key.hex, key.hex.uppercased(), key.pem.replacing("\n", with: "\r\n")] {
            let check = try ReceiptCheck(keyText: text)
            let verified = try files.map { try check.verify($0) }
            #expect(verified.map(\.submission) == [id.description, id.description])
            #expect(ReceiptCheck.firstBrokenLink(verified) == nil)
        }
        let check = ReceiptCheck(key)
        let text = String(decoding: files[1], as: UTF8.self)
        let forged = text.replacing("\"state\":\"accepted\"", with: "\"state\":\"rejected\"")
        #expect(forged != text)
        #expect(throws: ReceiptError.wrongSignature) { try check.verify(Array(forged.utf8)) }
        let other = ReceiptCheck(try SM2PrivateKey(from: .strong).publicKey)
        #expect(throws: ReceiptError.self) { try other.verify(files[0]) }
        #expect(throws: ReceiptCheckError.self) { try ReceiptCheck(keyText: "04abcd") }
    }

    @Test("kept receipts of which one was issued anew do not follow one another, and two of one number do not agree")
    func brokenLinks() async throws {
        let test = try TestPlatform()
        let one = try #require(try await test.submit(try TestPlatform.package("Influenza", "clean")))
        let two = try #require(try await test.submit(try TestPlatform.package("FeverClinic", "clean")))
        let kept = try await test.receipts(of: one.id) + test.receipts(of: two.id)
        let book = test.platform.data.receipts
        let key = try test.desk().receiptKey()
        let again = try await test.platform.data.database.write { transaction in
            try transaction.execute("DELETE FROM receipt WHERE number > 1")
            try book.issue(for: one, at: Instant(milliseconds: 0), in: transaction)
            return try #require(try book.receipts(of: one.id, in: transaction).last)
        }
        let check = ReceiptCheck(key)
        let receipts = try kept.map { try check.verify($0.json) }.sorted { $0.number < $1.number }
        let other = try check.verify(again.json)
        #expect(receipts.map(\.number) == [1, 2, 3, 4] && other.number == 2 && other.digest != receipts[1].digest)
        #expect(ReceiptCheck.firstBrokenLink([receipts[0], other, receipts[2], receipts[3]]) == 3)
        #expect(ReceiptCheck.firstBrokenLink(receipts + [other]) == 2)
        // The same receipt twice, and one left out, break nothing.
        #expect(ReceiptCheck.firstBrokenLink(receipts + [receipts[1]]) == nil)
        #expect(ReceiptCheck.firstBrokenLink([receipts[3], other, receipts[0]]) == nil)
    }

    @Test("the chain of receipts is whole beside a running server, holds to a noted head, and shows what was changed")
    func verifiesChain() async throws {
        let test = try TestPlatform()
        for program in ["Influenza", "FeverClinic"] {
            _ = try await test.send(try TestPlatform.package(program, "clean"))
        }
        try await test.processAll()
        guard case .whole(let count, let head) = try await test.desk().verifyReceipts() else {
            Issue.record("the chain is not whole")
            return
        }
        #expect(count == 4)
        let noted = try #require(NotedHead("\(count):\(head)"))
        #expect(try await test.desk().verifyReceipts(noted: noted) == .whole(count: 4, head: head))
        // The last receipt cut off: the data folder knows that there was one, and so does whoever noted the head.
        let desk = try test.desk()
        try await test.platform.data.database.write { try $0.execute("DELETE FROM receipt WHERE number = 4") }
        #expect {
            try test.desk()
        } throws: { error in
            guard case DataFolderError.older(_, 3, 4, "receipts") = error else { return false }
            return true
        }
        guard case .whole = try await desk.verifyReceipts() else {
            Issue.record("a shorter chain is whole in itself")
            return
        }
        #expect(try await desk.verifyReceipts(noted: noted) == .broken(number: 4, reason: "it is missing"))
        try await test.platform.data.database.write { try $0.execute("DELETE FROM receipt WHERE number = 2") }
        guard case .broken(2, _) = try await desk.verifyReceipts() else {
            Issue.record("a receipt is missing and nobody says so")
            return
        }
    }

    @Test("a noted head of the audit trail must still be there")
    func verifiesAudit() async throws {
        let test = try TestPlatform()
        _ = try await test.send(try TestPlatform.package("Influenza", "clean"))
        guard case .intact(let head) = try await test.desk().verifyAudit() else {
            Issue.record("the trail is not whole")
            return
        }
        let noted = try #require(NotedHead("\(head.sequence):\(head.hash.hex)"))
        let desk = try test.desk()
        #expect(try await desk.verifyAudit(noted: noted) == .intact(head))
        try await test.platform.data.database.write { try $0.execute("DELETE FROM audit") }
        #expect(try await desk.verifyAudit(noted: noted) == .missing(sequence: 1))
    }
}

extension TestPlatform {
    func findingLines(_ id: SubmissionID) async throws -> [String] {
        let submission = try #require(try await find(id))
        let reader = try platform.data.findings.read(submission)
        var lines: [String] = []
        while let line = try reader.nextLine() { lines.append(String(decoding: line, as: UTF8.self)) }
        return lines
    }

    func receipts(of id: SubmissionID) async throws -> [SignedReceipt] {
        let book = platform.data.receipts
        return try await platform.data.database.read { try book.receipts(of: id, in: $0) }
    }
}
