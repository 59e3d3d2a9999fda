import Accounts
import Audit
import Database
import Foundation
@testable import HTTPServer
import Portal
import SurveillanceKit
import Synchronization
import TestKit
import Testing

@testable import CoreRuntime

@Suite("Accounts, tokens and waits from the command line")
struct DoorTests {
    private static let password = "pear-sock-7 蓝"
    private static let account = Account(
        name: "shili", displayName: "信息科", role: .institution, institution: TestPlatform.institution.code)

    private func signIn(_ platform: Platform, _ password: String, from address: String) async throws -> Bool {
        let answer = try await platform.portalServices.signIn("shili", password: password, from: address)
        if case .accepted = answer { return true }
        return false
    }

    @Test(
        "a stranger's wrong passwords leave the hospital alone, are seen after a restart, and lifted beside the running server"
    )
    func locks() async throws {
        let test = try TestPlatform()
        let desk = try Desk(
            Configuration(dataFolder: test.folder, programsFolder: TestPlatform.programs), operatorName: "operator")
        try await test.platform.accounts.create(
            Self.account, password: Self.password, by: Author(name: "operator", origin: "command line"),
            at: Instant(seconds: 1))
        for _ in 0..<6 { _ = try await signIn(test.platform, "wrong", from: "198.51.100.1") }
        // As if he had gone on for a while.
        try await test.platform.data.database.write { try $0.execute("UPDATE sign_in_lock SET failures = 10") }
        #expect(try await signIn(test.platform, Self.password, from: "192.0.2.7"))
        #expect(try await !signIn(test.platform, Self.password, from: "198.51.100.1"))
        try await test.restart()
        #expect(try await !signIn(test.platform, Self.password, from: "198.51.100.1"))
        #expect(try await signIn(test.platform, Self.password, from: "192.0.2.7"))
        let locks = try await desk.lockList()
        #expect(
            locks.map(\.address) == ["198.51.100.1"] && locks[0].account == "shili" && locks[0].remainingSeconds > 0)
        #expect(try await desk.unlock("shili") == 1)
        #expect(try await signIn(test.platform, Self.password, from: "198.51.100.1"))
        #expect(try await desk.lockList().isEmpty)
        #expect(try await test.audit().contains("operator account.unlock shili"))
    }

    @Test("tokens are listed with their states, expire, and are revoked by their id")
    func tokens() async throws {
        let test = try TestPlatform()
        let desk = try test.desk()
        try await test.platform.accounts.create(
            Self.account, password: Self.password, by: Author(name: "operator", origin: "command line"),
            at: Instant(seconds: 1))
        let lasting = try await desk.createToken(for: "shili", label: "HIS")
        _ = try await desk.createToken(for: "shili", label: "old", expiresAt: desk.now.advanced(bySeconds: -1))
        #expect(try await test.platform.tokens.account(for: lasting, at: desk.now)?.name == "shili")
        let listed = try await desk.tokenList(of: "shili")
        #expect(
            Dictionary(uniqueKeysWithValues: listed.map { ($0.token.label, $0.state) }) == [
                "HIS": .active, "old": .expired,
            ])
        try await desk.revokeToken(try #require(listed.first { $0.token.label == "HIS" }).token.id)
        #expect(try await test.platform.tokens.account(for: lasting, at: desk.now) == nil)
        await #expect(throws: AccountError.self) { _ = try await desk.tokenList(of: "nobody") }
    }

    @Test("a password that is the hospital's name is refused, whoever sets it")
    func hospitalName() async throws {
        let test = try TestPlatform()
        let file = test.folder.appendingPathComponent("institutions.json")
        try """
        [ { "code": "\(TestPlatform.institution.code)", "name": { "zh": "示例市第一人民医院", "en": "First People's Hospital of Shili" },
            "level": "三级", "region": "110105" } ]
        """.write(to: file, atomically: true, encoding: .utf8)
        let desk = try Desk(
            Configuration(dataFolder: test.folder, programsFolder: TestPlatform.programs, institutionsFile: file),
            operatorName: "operator")
        for password in ["示例市第一人民医院2026", "Shili-Hospital1"] {
            await #expect(throws: AccountError.passwordGuessable(.name)) {
                try await desk.create(Self.account, password: password)
            }
        }
        try await desk.create(Self.account, password: Self.password)
        await #expect(throws: AccountError.passwordGuessable(.name)) {
            try await desk.setPassword("第一人民医院2026", of: "shili")
        }
    }

    @Test("a sign-in form holds for the browser it was shown in, and for no other server's start")
    func forms() throws {
        let test = try TestPlatform()
        let services = test.platform.portalServices
        let token = try services.formToken(for: "one")
        #expect(
            try services.formToken(for: "one") == token && services.formToken(for: "two") != token && token.count == 64)
        let other = try TestPlatform()
        #expect(try other.platform.portalServices.formToken(for: "one") != token)
    }

    @Test("what the server failed at is one line with id, route and kind; what went well, or was refused, is none")
    func failureLines() {
        var record = RequestRecord(
            id: "a-1", method: "GET", pattern: "/api/v1/submissions/{id}/findings", status: 500, bytesReceived: 0,
            duration: .zero, remoteAddress: "192.0.2.1", isComplete: true)
        #expect(record.failureLine == nil)
        record.failure = "Intake.IntakeError.damaged"
        #expect(
            record.failureLine?.en
                == "request a-1: GET /api/v1/submissions/{id}/findings answered 500: Intake.IntakeError.damaged")
        record.method = "欧阳"
        record.pattern = nil
        record.status = 200
        record.isComplete = false
        #expect(
            record.failureLine?.en
                == "request a-1: another method no route answered 200, broken off: Intake.IntakeError.damaged")
    }

    @Test("an answer of 500 from the running server stands in the log under the id that the caller got")
    func logged() async throws {
        let lines = Mutex<[String]>([])
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-test-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var configuration = Configuration(dataFolder: folder, programsFolder: TestPlatform.programs)
        configuration.reserveBytes = 1 << 20
        let platform = try Platform(configuration, institutions: [TestPlatform.institution]) { line in
            lines.withLock { $0.append(line.en) }
        }
        let server = try PlatformServer(platform, port: 0)
        let address = try await server.start()
        // A table that is gone, as of a damaged database.
        try await platform.data.database.write { try $0.execute("ALTER TABLE submission RENAME TO gone") }
        let answer = try await Self.get("/metrics", port: try #require(address.port))
        await server.stop()
        #expect(answer.hasPrefix("HTTP/1.1 500 "))
        let id = try #require(answer.firstMatch(of: /X-Request-Id: (\S+)/)?.1)
        #expect(answer.contains("\"requestId\":\"\(id)\""))
        let line = try #require(lines.withLock { $0.first { $0.contains(id) } })
        #expect(line.contains("GET /metrics answered 500: Database.DatabaseError"))
    }

    /// The whole answer, read on a thread of its own.
    private static func get(_ path: String, port: Int) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                guard let descriptor = connectedSocket(toPort: port, from: "127.0.0.1") else {
                    return continuation.resume(throwing: CocoaError(.fileReadUnknown))
                }
                defer { close(descriptor) }
                let request = Array("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8)
                send(descriptor, request, request.count, Int32(MSG_NOSIGNAL))
                var answer: [UInt8] = []
                var piece = [UInt8](repeating: 0, count: 65_536)
                while case let count = recv(descriptor, &piece, piece.count, 0), count > 0 { answer += piece[..<count] }
                continuation.resume(returning: String(decoding: answer, as: UTF8.self))
            }
        }
    }
}
