import Database
import Foundation
import Intake
import ShangMi
import SurveillanceKit
import StoreKit
import Testing

@Suite("Receipts, on every store", .everyStore)
struct ReceiptTests {
    let fixture: Fixture
    let log: SubmissionLog
    let book: ReceiptBook
    let key: SM2PrivateKey

    init() throws {
        fixture = try Fixture()
        log = try fixture.log()
        key = try SM2PrivateKey(from: .strong)
        book = ReceiptBook(seal: log.seal, signer: key)
    }

    /// Records and issues the receipt of arrival, processes and issues the receipt of the result.
    private func submit(_ number: Int64) throws -> [SignedReceipt] {
        try log.database.writeBlocking { transaction in
            let submission = try log.record(
                arrival(number, fileName: "\"flu\"_门诊\n\(number).csv", bytes: "\(number)"), in: transaction
            ).submission
            try book.issue(for: submission, at: .milliseconds(1_700_000_000_123), in: transaction)
        }
        return try log.database.writeBlocking { transaction in
            let claimed = try #require(try log.claimNext(at: .milliseconds(0), in: transaction))
            let file = FileReport(
                name: "flu_1.csv", program: "influenza", fileType: "flu", rows: 10, accepted: 9, rejected: 1, errors: 2,
                warnings: 3)
            let finished = try log.finish(
                claimed.id, attempt: 1, files: [file], state: .partlyAccepted, at: .milliseconds(2000), in: transaction)
            try book.issue(
                for: finished, programs: [.init(id: "influenza", version: "2026.1")],
                at: .milliseconds(1_700_000_001_000),
                in: transaction)
            return try book.receipts(of: claimed.id, in: transaction)
        }
    }

    private func check() throws -> ReceiptBook.Check {
        try log.database.readBlocking { try book.verify(in: $0) }
    }

    @Test("one for the arrival and one for the result, each telling all of it")
    func content() throws {
        let receipts = try submit(1)
        #expect(receipts.map(\.receipt.state) == [.received, .partlyAccepted])
        let json = String(decoding: receipts[1].json, as: UTF8.self)
        #expect(
            json.hasPrefix(
                """
                {"fileName":"\\"flu\\"_门诊\\n1.csv","files":[{"accepted":9,"errors":2,"fileType":"flu","name":"flu_1.csv",\
                "program":"influenza","rejected":1,"rows":10,"warnings":3}],"format":"vedette-receipt-1","institution":"A",\
                "issuedAt":"2023-11-14T22:13:21.000Z","key":"\(SignedReceipt.keyID(key.publicKey))","number":2,"previous":"\(receipts[0].digest)",\
                "programs":[{"id":"influenza","schema":null,"version":"2026.1"}],"receivedAt":"1970-01-01T00:00:01.001Z","signature":"
                """))
        #expect(receipts[0].receipt.issuedAt == .milliseconds(1_700_000_000_123))
    }

    @Test("can be checked without the server, however the file was laid out")
    func offline() throws {
        let receipt = try submit(1)[1]
        try SignedReceipt(parsing: receipt.json).verify(key.publicKey)
        let object = try JSONSerialization.jsonObject(with: Data(receipt.json))
        let pretty = try JSONSerialization.data(withJSONObject: object, options: .prettyPrinted)
        try SignedReceipt(parsing: Array(pretty)).verify(key.publicKey)
    }

    @Test(
        "that were altered anywhere are found out",
        arguments: [
            ("\"accepted\":9", "\"accepted\":10"), ("partly-accepted", "accepted"), ("\"size\":1", "\"size\":2"),
            ("\"number\":2", "\"number\":3"), ("门诊", "住院"), ("{\"fileName\"", "{\"extra\":true,\"fileName\""),
        ])
    func altered(change: (from: String, to: String)) throws {
        let json = String(decoding: try submit(1)[1].json, as: UTF8.self)
        #expect(json.contains(change.from))
        let altered = Array(json.replacingOccurrences(of: change.from, with: change.to).utf8)
        #expect(throws: ReceiptError.wrongSignature) { try SignedReceipt(parsing: altered).verify(key.publicKey) }
    }

    @Test("of another server, and what is no receipt, are told apart")
    func otherKey() throws {
        let receipt = try submit(1)[0]
        let other = try SM2PrivateKey(from: .strong).publicKey
        let error = ReceiptError.otherKey(
            found: SignedReceipt.keyID(key.publicKey), expected: SignedReceipt.keyID(other))
        #expect(throws: error) { try receipt.verify(other) }
        for text in ["", "{}", "[1]", "{\"signature\":\"00\"}", "{\"format\":\"vedette-receipt-1\"}"] {
            #expect(throws: ReceiptError.malformed) { try SignedReceipt(parsing: Array(text.utf8)) }
        }
    }

    @Test("form a chain whose head stands for all")
    func chain() throws {
        #expect(try check() == .whole(count: 0, head: String(repeating: "0", count: 64)))
        var last: SignedReceipt?
        for number in 1...4 { last = try submit(Int64(number)).last }
        let head = try #require(last).digest
        #expect(try check() == .whole(count: 8, head: head))
        #expect(try log.database.readBlocking { try book.head(in: $0).digest } == head)
    }

    @Test(
        "that were removed, exchanged or altered in the log break the chain at their place",
        arguments: [
            ("DELETE FROM receipt WHERE number = 3", 3),
            ("UPDATE receipt SET body = (SELECT body FROM receipt WHERE number = 1) WHERE number = 2", 2),
            ("UPDATE receipt SET signature = (SELECT signature FROM receipt WHERE number = 1) WHERE number = 4", 4),
            ("UPDATE receipt SET digest = (SELECT digest FROM receipt WHERE number = 1) WHERE number = 2", 2),
        ])
    func broken(change: (sql: String, number: Int)) async throws {
        for number in 1...3 { _ = try submit(Int64(number)) }
        try await book.signPending(in: log.database)
        try await log.database.write { try $0.execute(change.sql) }
        guard case .broken(let number, _) = try check() else {
            Issue.record("the chain counts as whole")
            return
        }
        #expect(number == change.number)
    }

    @Test("rewritten by somebody with the database but not the key are found out")
    func rewritten() async throws {
        _ = try submit(1)
        try await book.signPending(in: log.database)
        let forger = ReceiptBook(seal: log.seal, signer: try SM2PrivateKey(from: .strong))
        try await log.database.write { [log] transaction in
            try transaction.execute("DELETE FROM receipt WHERE number = 2")
            let submission = try #require(try log.find(id(1), scope: .nation, in: transaction))
            try forger.issue(for: submission, at: .milliseconds(0), in: transaction)
        }
        try await forger.signPending(in: log.database)
        #expect(try check() == .broken(number: 2, reason: "an unknown key signed it"))
    }

    @Test("issued anew with the right key do not pass: the next one names what it followed")
    func reissued() async throws {
        for number in 1...2 { _ = try submit(Int64(number)) }
        try await book.signPending(in: log.database)
        try await log.database.write { [log] transaction in
            try transaction.execute("CREATE TABLE later AS SELECT * FROM receipt WHERE number > 2")
            try transaction.execute("DELETE FROM receipt WHERE number >= 2")
            let submission = try #require(try log.find(id(1), scope: .nation, in: transaction))
            let again = try book.issue(for: submission, at: .milliseconds(0), in: transaction)
            #expect(again.number == 2)
            try transaction.execute("INSERT INTO receipt SELECT * FROM later")
        }
        try await book.signPending(in: log.database)
        #expect(try check() == .broken(number: 3, reason: "it does not follow the receipt before it"))
    }

    @Test("are signed after the transaction, once, and verify all the same when asked for before")
    func signing() async throws {
        let early = try submit(1)
        try early[0].verify(key.publicKey)
        #expect(try await book.signPending(in: log.database) == 2)
        #expect(try await book.signPending(in: log.database) == 0)
        let stored = try await log.database.read { try book.receipts(of: id(1), in: $0) }
        let again = try await log.database.read { try book.receipts(of: id(1), in: $0) }
        #expect(stored == again && stored.map(\.receipt) == early.map(\.receipt))
        try stored[1].verify(key.publicKey)
    }

    @Test("name no file in the database's files in clear")
    func sealed() throws {
        _ = try submit(1)
        #expect(try fixture.files(holding: "门诊").isEmpty)
    }
}
