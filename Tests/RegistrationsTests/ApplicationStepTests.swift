import Accounts
import Audit
import Database
import StoreKit
import SurveillanceKit
import Testing

@testable import Registrations

@Suite("An approval that is cut off, on every store", .everyStore)
struct ApplicationStepTests {
    /// What lies in the tables that an approval writes.
    private func counts(_ house: House) throws -> [String: Int] {
        try house.database.readBlocking { connection in
            var counts: [String: Int] = [:]
            for table in ["account", "institution_version", "password_link", "notice", "audit"] {
                counts[table] = try connection.first("SELECT count(*) FROM \(table)")
            }
            counts["waiting"] = try connection.first("SELECT count(*) FROM application WHERE state = 'waiting'")
            return counts
        }
    }

    @Test(
        "at any of its steps leaves nothing of itself, and done again does everything once",
        arguments: ["institution_version", "password_link", "notice", "audit"])
    func cutOff(table: String) async throws {
        let house = try House()
        let application = try await house.waiting()
        let before = try counts(house)
        #expect(before["waiting"] == 1 && before["account"] == 0)
        // The step fails as if its storage had gone.
        try await house.database.write { try $0.execute("ALTER TABLE \(table) RENAME TO away") }
        await #expect(throws: (any Error).self) { try await house.approve(application) }
        try await house.database.write { try $0.execute("ALTER TABLE away RENAME TO \(table)") }
        #expect(try counts(house) == before)
        _ = try await house.approve(application)
        let after = try counts(house)
        #expect(after["waiting"] == 0 && after["account"] == 1 && after["institution_version"] == 1)
        #expect(after["password_link"] == 1 && after["notice"] == 1)
        // Two entries: the account's and the approval's.
        #expect(after["audit"] == (before["audit"] ?? 0) + 2)
        // A reviewer who did not see the answer and presses the button again changes nothing.
        await #expect(throws: RegistrationError.changedMeanwhile) { try await house.approve(application) }
        #expect(try counts(house) == after)
    }
}
