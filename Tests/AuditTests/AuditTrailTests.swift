import Database
import ShangMi
import SurveillanceKit
import StoreKit
import Testing

@testable import Audit

@Suite("The audit trail, on every store", .everyStore)
struct AuditTrailTests {
    let database: any SQLDatabase
    let audit: AuditTrail

    init() throws {
        database = try TestStore.database()
        try database.migrate([Migration(id: "audit-1", statements: [AuditTrail.table])])
        audit = AuditTrail(database: database)
    }

    func fill(_ count: Int = 5) async throws {
        for number in 1...count {
            let author = Author(name: "审核员", origin: "192.0.2.\(number)")
            try await audit.append(
                AuditEntry(
                    author: author, action: "submission.retry", subject: "S\(number)",
                    at: Instant(seconds: Int64(1000 + number)),
                    detail: ["reason": "重试 \"\(number)\"\n", "n": "\(number)"]))
        }
    }

    @Test("holds as long as nobody touches it")
    func intact() async throws {
        #expect(try await audit.verify() == .intact(.init(sequence: 0, hash: .zero)))
        try await fill()
        let head = try await audit.head()
        #expect(head.sequence == 5)
        #expect(try await audit.verify() == .intact(head))
        #expect(try await audit.verify(noted: head) == .intact(head))
        #expect(try await audit.records(before: 3, limit: 9).map(\.entry.subject) == ["S2", "S1"])
        #expect(try await audit.records(limit: 1).first?.entry.detail == ["reason": "重试 \"5\"\n", "n": "5"])
    }

    @Test(
        "shows the first entry that was changed, whatever was changed",
        arguments: [
            "UPDATE audit SET who = 'x' WHERE sequence = 3", "UPDATE audit SET at = at + 1 WHERE sequence = 3",
            "UPDATE audit SET origin = '' WHERE sequence = 3", "UPDATE audit SET action = 'x' WHERE sequence = 3",
            "UPDATE audit SET subject = 'S4' WHERE sequence = 3", "UPDATE audit SET detail = '{}' WHERE sequence = 3",
            "UPDATE audit SET detail = replace(detail, ':', ': ') WHERE sequence = 3",
            "UPDATE audit SET detail = 'no JSON' WHERE sequence = 3", "UPDATE audit SET hash = 'x' WHERE sequence = 3",
            "UPDATE audit SET hash = (SELECT hash FROM audit WHERE sequence = 2) WHERE sequence >= 3",
        ])
    func changed(sql: String) async throws {
        try await fill()
        try database.writeBlocking { try $0.execute(sql) }
        #expect(try await audit.verify() == .altered(sequence: 3))
    }

    @Test("shows an entry that was taken out, moved or put in")
    func order() async throws {
        try await fill()
        try database.writeBlocking { try $0.execute("DELETE FROM audit WHERE sequence = 2") }
        #expect(try await audit.verify() == .missing(sequence: 2))
        try database.writeBlocking { try $0.execute("UPDATE audit SET sequence = sequence - 1 WHERE sequence > 2") }
        #expect(try await audit.verify() == .altered(sequence: 2))
        try database.writeBlocking { try $0.execute("DELETE FROM audit WHERE sequence = 1") }
        #expect(try await audit.verify() == .missing(sequence: 1))
    }

    @Test("shows an entry whose hash was made to fit, at the next one")
    func refitted() async throws {
        try await fill()
        let records = try await audit.records().sorted { $0.sequence < $1.sequence }
        var forged = records[2].entry
        forged.subject = "S9"
        let hash = forged.hash(sequence: 3, after: records[1].hash)
        try database.writeBlocking {
            try $0.execute("UPDATE audit SET subject = 'S9', hash = ? WHERE sequence = 3", [.text(hash.hex)])
        }
        #expect(try await audit.verify() == .altered(sequence: 4))
    }

    @Test("shows an end that was cut off or rewritten when a head was noted elsewhere")
    func noted() async throws {
        try await fill()
        let noted = try await audit.head()
        try database.writeBlocking { try $0.execute("DELETE FROM audit WHERE sequence > 3") }
        #expect(try await audit.verify() == .intact(audit.head()))
        #expect(try await audit.verify(noted: noted) == .missing(sequence: 4))
        try await fill(2)
        #expect(try await audit.verify(noted: noted) == .altered(sequence: 5))
    }

    @Test("takes part in the transaction that did the thing")
    func transaction() async throws {
        struct Undone: Error {}
        let entry = AuditEntry(author: .platform, action: "x", subject: "y", at: Instant(seconds: 1))
        await #expect(throws: Undone.self) {
            try await database.write { transaction in
                try AuditTrail.append(entry, in: transaction)
                throw Undone()
            }
        }
        #expect(try await audit.head().sequence == 0)
    }

    @Test("hashes a text that other tools can make: keys in order, no blanks, UTF-8 as it is")
    func canonical() {
        let entry = AuditEntry(
            author: Author(name: "王\"\\", origin: "::1"), action: "a\u{1}\t", subject: "", at: Instant(seconds: -5),
            detail: ["b": "2", "a": "1", "é": "/"])
        #expect(
            entry.canonical(sequence: 7)
                == #"{"action":"a\u0001\t","at":-5,"detail":{"a":"1","b":"2","é":"/"},"from":"::1","sequence":7,"subject":"","who":"王\"\\"}"#
        )
    }
}
