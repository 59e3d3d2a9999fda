import Database
import ShangMi
import SurveillanceKit
import StoreKit
import Testing

@testable import Accounts

@Suite("Signing in, on every store", .everyStore)
struct AuthenticatorTests {
    let address = "192.0.2.1"

    @Test("works with the right password and the name in any case")
    func accepted() async throws {
        let house = try await House()
        let authenticator = try house.authenticator()
        for name in ["Hospital-A", "hospital-a"] {
            let outcome = try await authenticator.signIn(
                name: name, password: House.password, from: address, at: .seconds(1))
            #expect(outcome == .accepted(House.hospital))
        }
    }

    @Test("answers a wrong password, an unknown or impossible name and a disabled account alike")
    func refused() async throws {
        let house = try await House()
        let disabled = Account(name: "gone", displayName: "x", role: .platform, isDisabled: true)
        try await house.accounts.create(disabled, password: House.password, by: House.admin, at: .seconds(1))
        let authenticator = try house.authenticator()
        for (name, password) in [
            ("hospital-a", "wrong"), ("hospital-a", ""), ("nobody", House.password), ("no body:", House.password),
            ("", ""), ("gone", House.password), ("nobody", "decoy"),
        ] {
            let outcome = try await authenticator.signIn(name: name, password: password, from: address, at: .seconds(1))
            #expect(outcome == .refused, "\(name)")
            #expect(outcome.message(at: .seconds(1))?.zh == "账号或密码不正确")
        }
    }

    @Test("spends one hash, of the same cost, on every attempt")
    func sameWork() async throws {
        let house = try await House()
        let authenticator = try house.authenticator()
        #expect(authenticator.decoy.cost == house.accounts.cost)
        for (name, password) in [
            ("hospital-a", "wrong"), ("hospital-a", House.password), ("nobody", "wrong"), ("no body:", "wrong"),
            ("", ""),
        ] {
            let before = house.accounts.lanes.total
            _ = try await authenticator.signIn(name: name, password: password, from: address, at: .seconds(1))
            #expect(house.accounts.lanes.total == before + 1, "\(name)")
        }
    }

    @Test("never lets in an account whose stored password is no hash")
    func brokenHash() async throws {
        let house = try await House()
        try house.database.writeBlocking { try $0.execute("UPDATE account SET password = ''") }
        let authenticator = try house.authenticator()
        for password in ["", "decoy", House.password] {
            let outcome = try await authenticator.signIn(
                name: "hospital-a", password: password, from: address, at: .seconds(1))
            #expect(outcome == .refused)
        }
    }

    @Test("stores the password anew when the cost was raised, and keeps sessions and tokens")
    func rehash() async throws {
        let house = try await House()
        let token = try await house.sessions.begin(for: House.hospital, from: address, at: .seconds(1)).token
        let dearer = PasswordHash.Cost(memoryKiB: 128, passes: 1, lanes: 1)
        let accounts = AccountStore(database: house.database, random: .strong, cost: dearer)
        let authenticator = try Authenticator(accounts: accounts)
        for _ in 0..<2 {
            let outcome = try await authenticator.signIn(
                name: "hospital-a", password: House.password, from: address, at: .seconds(2))
            #expect(outcome == .accepted(House.hospital))
            let stored = try #require(try await accounts.stored("hospital-a"))
            #expect(stored.password.hasPrefix("$argon2id$v=19$m=128,t=1,p=1$") && stored.passwordVersion == 1)
        }
        #expect(try await house.sessions.find(token, at: .seconds(3)) != nil)
    }
}
