import Audit
import Database
import ShangMi
import StoreKit
import SurveillanceKit
import Testing

@testable import Accounts

@Suite("Sessions, on every store", .everyStore)
struct SessionTests {
    @Test("are found by their token alone and carry the account")
    func find() async throws {
        let house = try await House()
        let (token, session) = try await house.sessions.begin(
            for: House.hospital, from: "192.0.2.1", at: .seconds(1000))
        #expect(token.utf8.count == 43 && session.endsAt == .seconds(1000 + 1800))
        let found = try #require(try await house.sessions.find(token, at: .seconds(1001)))
        #expect(found.account == House.hospital && found.formToken == session.formToken)
        for wrong in ["", "x", token + "x", String(token.dropLast()), String(repeating: "a", count: 5000)] {
            #expect(try await house.sessions.find(wrong, at: .seconds(1001)) == nil)
        }
    }

    @Test("end when unused, last while used, and end for good at their greatest age")
    func ends() async throws {
        let house = try await House()
        let sessions = SessionStore(
            database: house.database, random: .strong, policy: SessionPolicy(idleSeconds: 100, maximumSeconds: 250))
        let idle = try await sessions.begin(for: House.hospital, from: "192.0.2.1", at: .seconds(1000)).token
        #expect(try await sessions.find(idle, at: .seconds(1099)) != nil)
        let unused = try await sessions.begin(for: House.hospital, from: "192.0.2.1", at: .seconds(1000)).token
        #expect(try await sessions.find(unused, at: .seconds(1100)) == nil)
        #expect(try await sessions.find(idle, at: .seconds(1190))?.endsAt == .seconds(1250))
        #expect(try await sessions.find(idle, at: .seconds(1249)) != nil)
        #expect(try await sessions.find(idle, at: .seconds(1250)) == nil)
    }

    @Test("that have ended are put away")
    func cleared() async throws {
        let house = try await House()
        for now in [Instant.seconds(1000), .seconds(1001), .seconds(1002)] {
            _ = try await house.sessions.begin(for: House.hospital, from: "192.0.2.1", at: now)
        }
        #expect(try house.count("session") == 3)
        _ = try await house.sessions.begin(for: House.hospital, from: "192.0.2.1", at: .seconds(100_000))
        #expect(try house.count("session") == 1)
    }

    @Test("end on signing out, that one alone")
    func signOut() async throws {
        let house = try await House()
        let first = try await house.sessions.begin(for: House.hospital, from: "192.0.2.1", at: .seconds(1000)).token
        let second = try await house.sessions.begin(for: House.hospital, from: "192.0.2.1", at: .seconds(1000)).token
        try await house.sessions.end(first, from: "192.0.2.1", at: .seconds(1001))
        try await house.sessions.end(first, from: "192.0.2.1", at: .seconds(1002))
        try await house.sessions.end("never given", from: "192.0.2.1", at: .seconds(1002))
        #expect(try await house.sessions.find(first, at: .seconds(1003)) == nil)
        #expect(try await house.sessions.find(second, at: .seconds(1003)) != nil)
        let actions = try await house.audit.records().map(\.entry.action)
        #expect(actions == ["sign-out", "sign-in", "sign-in", "account.create"])
    }

    @Test("all end with a new password and with the account")
    func revoked() async throws {
        let house = try await House()
        let first = try await house.sessions.begin(for: House.hospital, from: "192.0.2.1", at: .seconds(1000)).token
        try await house.accounts.setPassword("another-one-1", of: "HOSPITAL-A", by: House.admin, at: .seconds(1001))
        #expect(try await house.sessions.find(first, at: .seconds(1002)) == nil)
        let second = try await house.sessions.begin(for: House.hospital, from: "192.0.2.1", at: .seconds(1003)).token
        try await house.accounts.setDisabled(true, of: "hospital-a", by: House.admin, at: .seconds(1004))
        try await house.accounts.setDisabled(false, of: "hospital-a", by: House.admin, at: .seconds(1005))
        #expect(try await house.sessions.find(second, at: .seconds(1006)) == nil)
    }

    @Test("accept forms of their own pages and of no other session's")
    func forms() async throws {
        let house = try await House()
        let (token, first) = try await house.sessions.begin(for: House.hospital, from: "192.0.2.1", at: .seconds(1000))
        let second = try await house.sessions.begin(for: House.hospital, from: "192.0.2.1", at: .seconds(1000)).session
        #expect(first.accepts(formToken: first.formToken))
        for wrong in ["", second.formToken, token, first.formToken + "x", String(first.formToken.dropLast())] {
            #expect(!first.accepts(formToken: wrong))
        }
    }
}

@Suite("API tokens, on every store", .everyStore)
struct ApiTokenTests {
    @Test("stand for their account until they are revoked")
    func lifecycle() async throws {
        let house = try await House()
        let (secret, token) = try await house.tokens.create(
            for: "hospital-a", label: "HIS 接口", by: House.admin, at: .seconds(1000))
        #expect(secret.hasPrefix("vedette_") && token.account == "Hospital-A")
        #expect(try await house.tokens.account(for: secret, at: .seconds(1001)) == House.hospital)
        for wrong in ["", "vedette_", secret + "x", String(secret.dropFirst(8)), token.id] {
            #expect(try await house.tokens.account(for: wrong, at: .seconds(1001)) == nil)
        }
        try await house.tokens.revoke(token.id, by: House.admin, at: .seconds(2000))
        try await house.tokens.revoke(token.id, by: House.admin, at: .seconds(3000))
        #expect(try await house.tokens.account(for: secret, at: .seconds(2001)) == nil)
        var expected = token
        expected.revokedAt = .seconds(2000)
        expected.usedAt = .seconds(1001)
        #expect(try await house.tokens.list(of: "HOSPITAL-A") == [expected])
        let actions = try await house.audit.records().map(\.entry.action)
        #expect(actions == ["token.revoke", "token.create", "account.create"])
    }

    @Test("end at their time, and with their account")
    func ends() async throws {
        let house = try await House()
        let short = try await house.tokens.create(
            for: "hospital-a", label: "x", expiresAt: .seconds(1500), by: House.admin, at: .seconds(1000))
        #expect(try await house.tokens.account(for: short.secret, at: .seconds(1499)) == House.hospital)
        #expect(try await house.tokens.account(for: short.secret, at: .seconds(1500)) == nil)
        let long = try await house.tokens.create(for: "hospital-a", label: "x", by: House.admin, at: .seconds(1000))
        try await house.accounts.setDisabled(true, of: "hospital-a", by: House.admin, at: .seconds(1001))
        #expect(try await house.tokens.account(for: long.secret, at: .seconds(1002)) == nil)
    }

    @Test("end with a new password where that is asked for, and for good with their account")
    func endTogether() async throws {
        let house = try await House()
        func token() async throws -> String {
            try await house.tokens.create(for: "hospital-a", label: "x", by: House.admin, at: .seconds(1000)).secret
        }
        let kept = try await token()
        try await house.accounts.setPassword("another-one-1", of: "hospital-a", by: House.admin, at: .seconds(1001))
        #expect(try await house.tokens.account(for: kept, at: .seconds(1002)) != nil)
        try await house.accounts.setPassword(
            "another-one-2", of: "hospital-a", revokingTokens: true, by: House.admin, at: .seconds(1003))
        #expect(try await house.tokens.account(for: kept, at: .seconds(1004)) == nil)
        let second = try await token()
        // What enables an account that is enabled takes nothing from it.
        try await house.accounts.setDisabled(false, of: "hospital-a", by: House.admin, at: .seconds(1005))
        #expect(try await house.tokens.account(for: second, at: .seconds(1006)) != nil)
        try await house.accounts.setDisabled(true, of: "hospital-a", by: House.admin, at: .seconds(1007))
        try await house.accounts.setDisabled(false, of: "hospital-a", by: House.admin, at: .seconds(1008))
        #expect(try await house.tokens.account(for: second, at: .seconds(1009)) == nil)
        #expect(try await house.tokens.list(of: "hospital-a").allSatisfy { $0.state(at: .seconds(1009)) == .revoked })
        let entries = try await house.audit.records().map(\.entry)
        #expect(entries.first { $0.action == "account.disable" }?.detail == ["tokens": "1"])
        #expect(entries.first { $0.action == "account.set-password" }?.detail == ["tokens": "1"])
    }

    @Test("that were made before their account was disabled by an earlier version end when it is enabled")
    func earlierVersion() async throws {
        let house = try await House()
        let secret = try await house.tokens.create(for: "hospital-a", label: "x", by: House.admin, at: .seconds(1000))
            .secret
        try house.database.writeBlocking { try $0.execute("UPDATE account SET is_disabled = 1") }
        try await house.accounts.setDisabled(false, of: "hospital-a", by: House.admin, at: .seconds(1001))
        #expect(try await house.tokens.account(for: secret, at: .seconds(1002)) == nil)
    }

    @Test("say to the hour when they were last used, and are written for that once an hour")
    func lastUse() async throws {
        let house = try await House()
        let secret = try await house.tokens.create(for: "hospital-a", label: "x", by: House.admin, at: .seconds(1000))
            .secret
        func used() async throws -> Int64? { try await house.tokens.list(of: "hospital-a")[0].usedAt?.seconds }
        #expect(try await used() == nil)
        for (now, expected) in [(2000, 2000), (5599, 2000), (5600, 5600), (5601, 5600), (100, 100)] as [(Int64, Int64)]
        {
            #expect(try await house.tokens.account(for: secret, at: .seconds(now)) != nil)
            #expect(try await used() == expected)
        }
    }

    @Test("are made for accounts that exist, and revoked where they are")
    func unknown() async throws {
        let house = try await House()
        await #expect(throws: AccountError.unknownAccount("nobody")) {
            _ = try await house.tokens.create(for: "nobody", label: "x", by: House.admin, at: .seconds(1))
        }
        await #expect(throws: AccountError.unknownToken("beef")) {
            try await house.tokens.revoke("beef", by: House.admin, at: .seconds(1))
        }
    }

    @Test("are listed for their owner, who ends one or all others and keeps his own")
    func others() async throws {
        let house = try await House()
        let sessions = SessionStore(database: house.database, random: .strong)
        let now = Instant.seconds(1000)
        var tokens: [String] = []
        for (index, address) in ["192.0.2.1", "192.0.2.2", "192.0.2.3"].enumerated() {
            tokens.append(
                try await sessions.begin(for: House.hospital, from: address, at: now.advanced(bySeconds: Int64(index)))
                    .token)
        }
        let listed = try await sessions.list(of: House.hospital, asking: tokens[0], at: .seconds(1010))
        #expect(
            listed.map(\.address) == ["192.0.2.3", "192.0.2.2", "192.0.2.1"]
                && listed.map(\.isOwn) == [false, false, true])
        #expect(Set(listed.map(\.id)).count == 3)
        func end(_ id: String?) async throws -> Int {
            try await sessions.endOthers(
                id, of: House.hospital, asking: tokens[0], from: "192.0.2.1", at: .seconds(1010))
        }
        #expect(try await end(listed[2].id) == 0)
        #expect(try await end("nonsense") == 0)
        #expect(try await end(listed[0].id) == 1)
        #expect(try await sessions.find(tokens[2], at: .seconds(1010)) == nil)
        #expect(try await sessions.find(tokens[1], at: .seconds(1010)) != nil)
        #expect(try await end(nil) == 1)
        #expect(try await sessions.find(tokens[0], at: .seconds(1010)) != nil)
        #expect(try await sessions.list(of: House.hospital, asking: tokens[0], at: .seconds(1000 + 1801)).isEmpty)
        let ended = try await house.audit.records().map(\.entry).filter { $0.action == "session.end" }
        #expect(ended.map(\.subject) == ["Hospital-A", "Hospital-A"])
    }
}
