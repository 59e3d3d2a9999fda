import Database
import ShangMi
import Testing

@testable import Accounts

@Suite("Programs that send name and password")
struct BasicTests {
    let right = BasicCredentials(name: "Hospital-A", password: House.password)

    /// Spoils the stored hash without changing its version: from then on only what was verified before is accepted.
    func spoilHash(_ house: House) throws {
        try house.database.writeBlocking { try $0.execute("UPDATE account SET password = 'spoilt'") }
    }

    @Test("are known again without a hash for some minutes, and not longer")
    func remembered() async throws {
        let house = try await House()
        let authenticator = try house.authenticator(verifiedSeconds: 300)
        #expect(
            try await authenticator.authenticate(right, from: "192.0.2.1", at: .seconds(1000))
                == .accepted(House.hospital))
        try spoilHash(house)
        #expect(
            try await authenticator.authenticate(right, from: "192.0.2.1", at: .seconds(1299))
                == .accepted(House.hospital))
        #expect(try await authenticator.authenticate(right, from: "192.0.2.1", at: .seconds(1300)) == .refused)
    }

    @Test("are known again by the very same name and password alone")
    func exact() async throws {
        let house = try await House()
        let authenticator = try house.authenticator()
        #expect(
            try await authenticator.authenticate(right, from: "192.0.2.1", at: .seconds(1000))
                == .accepted(House.hospital))
        try spoilHash(house)
        for (name, password) in [("Hospital-A", House.password + " "), ("Hospital-A" + House.password, "")] {
            let other = BasicCredentials(name: name, password: password)
            #expect(try await authenticator.authenticate(other, from: "192.0.2.1", at: .seconds(1001)) == .refused)
        }
    }

    @Test("are not known again once the password was changed or the account disabled")
    func changed() async throws {
        let house = try await House()
        let authenticator = try house.authenticator()
        #expect(
            try await authenticator.authenticate(right, from: "192.0.2.1", at: .seconds(1000))
                == .accepted(House.hospital))
        try await house.accounts.setDisabled(true, of: "hospital-a", by: House.admin, at: .seconds(1001))
        #expect(try await authenticator.authenticate(right, from: "192.0.2.1", at: .seconds(1002)) == .refused)
        try await house.accounts.setDisabled(false, of: "hospital-a", by: House.admin, at: .seconds(1003))
        #expect(
            try await authenticator.authenticate(right, from: "192.0.2.1", at: .seconds(1004))
                == .accepted(House.hospital))
        try await house.accounts.setPassword("another-one-1", of: "hospital-a", by: House.admin, at: .seconds(1005))
        #expect(try await authenticator.authenticate(right, from: "192.0.2.1", at: .seconds(1006)) == .refused)
    }

    @Test("stay known while others' guesses lock the account")
    func lockedByOthers() async throws {
        let house = try await House()
        let authenticator = try house.authenticator(ThrottlePolicy(freeFailures: 0, lockingFailures: 1, atOnce: 1))
        #expect(
            try await authenticator.authenticate(right, from: "192.0.2.1", at: .seconds(1000))
                == .accepted(House.hospital))
        let guess = BasicCredentials(name: "hospital-a", password: "guess")
        #expect(try await authenticator.authenticate(guess, from: "198.51.100.1", at: .seconds(1000)) == .refused)
        #expect(
            try await authenticator.authenticate(guess, from: "198.51.100.1", at: .seconds(1000))
                == .wait(until: .seconds(1900)))
        #expect(
            try await authenticator.authenticate(right, from: "192.0.2.1", at: .seconds(1001))
                == .accepted(House.hospital))
    }

    @Test("that come together wait for one hash, and a crowd of them is not taken for guessing")
    func together() async throws {
        let house = try await House()
        let authenticator = try house.authenticator(
            ThrottlePolicy(freeFailures: 0, lockingFailures: 1, atOnce: 1, atOncePerAddress: 1))
        let outcomes = try await withThrowingTaskGroup(of: SignInOutcome.self) { group in
            for _ in 0..<50 {
                group.addTask { try await authenticator.authenticate(right, from: "192.0.2.1", at: .seconds(1000)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes == [SignInOutcome](repeating: .accepted(House.hospital), count: 50))
    }

    @Test("send a header that is read as the standard says")
    func header() {
        // RFC 7617, 2 and 2.1
        let example = BasicCredentials(authorization: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
        #expect(example == BasicCredentials(name: "Aladdin", password: "open sesame"))
        let utf8 = BasicCredentials(authorization: "basic  dGVzdDoxMjPCow==")
        #expect(utf8 == BasicCredentials(name: "test", password: "123£"))
        let colons = BasicCredentials(authorization: "Basic YTpiOmM=")
        #expect(colons == BasicCredentials(name: "a", password: "b:c"))
        for wrong in ["", "Basic", "Basic ", "Basic ****", "Basic YWJj", "Bearer YTpi", "Basic /zo=", "YTpi"] {
            #expect(BasicCredentials(authorization: wrong) == nil, "\(wrong)")
        }
    }

    @Test("never print their password")
    func masked() {
        var text = "\(right) \(String(reflecting: right))"
        dump(right, to: &text)
        #expect(!text.contains("sock"))
    }
}
