import Database
import ShangMi
import Testing

@testable import Accounts

@Suite("Signing in")
struct AuthenticatorTests {
    let address = "192.0.2.1"

    @Test("works with the right password and the name in any case")
    func accepted() async throws {
        let house = try await House()
        let authenticator = try house.authenticator()
        for name in ["Hospital-A", "hospital-a"] {
            let outcome = try await authenticator.signIn(name: name, password: House.password, from: address, at: 1)
            #expect(outcome == .accepted(House.hospital))
        }
    }

    @Test("answers a wrong password, an unknown or impossible name and a disabled account alike")
    func refused() async throws {
        let house = try await House()
        let disabled = Account(name: "gone", displayName: "x", role: .platform, isDisabled: true)
        try await house.accounts.create(disabled, password: House.password, by: House.admin, at: 1)
        let authenticator = try house.authenticator()
        for (name, password) in [
            ("hospital-a", "wrong"), ("hospital-a", ""), ("nobody", House.password), ("no body:", House.password),
            ("", ""), ("gone", House.password), ("nobody", "decoy"),
        ] {
            let outcome = try await authenticator.signIn(name: name, password: password, from: address, at: 1)
            #expect(outcome == .refused, "\(name)")
            #expect(outcome.message(at: 1)?.zh == "账号或密码不正确")
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
            _ = try await authenticator.signIn(name: name, password: password, from: address, at: 1)
            #expect(house.accounts.lanes.total == before + 1, "\(name)")
        }
    }

    @Test("never lets in an account whose stored password is no hash")
    func brokenHash() async throws {
        let house = try await House()
        try house.database.writeBlocking { try $0.execute("UPDATE account SET password = ''") }
        let authenticator = try house.authenticator()
        for password in ["", "decoy", House.password] {
            let outcome = try await authenticator.signIn(name: "hospital-a", password: password, from: address, at: 1)
            #expect(outcome == .refused)
        }
    }

    @Test("stores the password anew when the cost was raised, and keeps sessions and tokens")
    func rehash() async throws {
        let house = try await House()
        let token = try await house.sessions.begin(for: House.hospital, from: address, at: 1).token
        let dearer = PasswordHash.Cost(memoryKiB: 128, passes: 1, lanes: 1)
        let accounts = AccountStore(database: house.database, random: .strong, cost: dearer)
        let authenticator = try Authenticator(accounts: accounts)
        for _ in 0..<2 {
            let outcome = try await authenticator.signIn(
                name: "hospital-a", password: House.password, from: address, at: 2)
            #expect(outcome == .accepted(House.hospital))
            let stored = try #require(try await accounts.stored("hospital-a"))
            #expect(stored.password.hasPrefix("$argon2id$v=19$m=128,t=1,p=1$") && stored.passwordVersion == 1)
        }
        #expect(try await house.sessions.find(token, at: 3) != nil)
    }
}

@Suite("Throttling")
struct ThrottlingTests {
    let policy = ThrottlePolicy(
        account: .init(freeFailures: 2, lockingFailures: 5, atOnce: 2),
        address: .init(freeFailures: 6, lockingFailures: 8, atOnce: 5), lockoutSeconds: 100, memorySeconds: 100)

    /// Fails until it has to wait, and says for how long.
    func failures(_ authenticator: Authenticator, name: String, from address: String, at now: Int64) async throws -> (
        heard: Int, until: Int64
    ) {
        for heard in 0..<50 {
            let outcome = try await authenticator.signIn(name: name, password: "wrong", from: address, at: now)
            if case .wait(let until) = outcome { return (heard, until) }
        }
        return (50, 0)
    }

    @Test("makes each further failure wait twice as long, then locks", arguments: ["hospital-a", "nobody", "no:body"])
    func waits(name: String) async throws {
        let house = try await House()
        let authenticator = try house.authenticator(policy)
        var now: Int64 = 1000
        var seen: [Int64] = []
        // Each from another address, so that only the account counts.
        for step in 0..<5 {
            let (_, until) = try await failures(authenticator, name: name, from: "192.0.2.\(step)", at: now)
            seen.append(until - now)
            now = until
        }
        #expect(seen == [1, 2, 100, 1, 2])
        let wait = SignInOutcome.wait(until: 1060)
        #expect(wait.message(at: 1000)?.en == "Too many attempts; try again in 60 seconds.")
    }

    @Test("hears not even the right password while it lasts, and hears it afterwards")
    func lockout() async throws {
        let house = try await House()
        let authenticator = try house.authenticator(policy)
        let (heard, until) = try await failures(authenticator, name: "hospital-a", from: "192.0.2.1", at: 1000)
        #expect(heard == 3 && until == 1001)
        func attempt(at now: Int64) async throws -> SignInOutcome {
            try await authenticator.signIn(name: "Hospital-A", password: House.password, from: "192.0.2.9", at: now)
        }
        #expect(try await attempt(at: 1000) == .wait(until: 1001))
        #expect(try await attempt(at: 1001) == .accepted(House.hospital))
        // The account's failures are forgotten with the right password.
        let again = try await failures(authenticator, name: "hospital-a", from: "192.0.2.2", at: 1002)
        #expect(again.heard == 3)
    }

    @Test("counts an address over all accounts it tries, and success on one does not clear it")
    func addresses() async throws {
        let house = try await House()
        let authenticator = try house.authenticator(policy)
        for number in 0..<7 {
            let name = "guess\(number)"
            _ = try await authenticator.signIn(name: name, password: "wrong", from: "192.0.2.1", at: 1000)
            if number < 6 {
                let own = try await authenticator.signIn(
                    name: "hospital-a", password: House.password, from: "192.0.2.1", at: 1000)
                #expect(own == .accepted(House.hospital))
            }
        }
        let next = try await authenticator.signIn(
            name: "hospital-a", password: House.password, from: "192.0.2.1", at: 1000)
        #expect(next == .wait(until: 1001))
        let elsewhere = try await authenticator.signIn(
            name: "hospital-a", password: House.password, from: "192.0.2.2", at: 1000)
        #expect(elsewhere == .accepted(House.hospital))
    }

    @Test("forgets failures after a while")
    func memory() async throws {
        let house = try await House()
        let authenticator = try house.authenticator(policy)
        for now in [Int64(1000), 1100, 1200] {
            let (heard, _) = try await failures(authenticator, name: "hospital-a", from: "192.0.2.\(now % 7)", at: now)
            #expect(heard == 3)
        }
    }

    @Test("bounds how many guesses can be under way at once")
    func atOnce() {
        let throttle = SignInThrottle(policy: policy)
        #expect(throttle.begin(account: "a", address: "x", at: 10) == nil)
        #expect(throttle.begin(account: "a", address: "y", at: 10) == nil)
        #expect(throttle.begin(account: "a", address: "z", at: 10) == 11)
        #expect(throttle.begin(account: "b", address: "z", at: 10) == nil)
        _ = throttle.end(account: "a", address: "x", .undecided, at: 10)
        #expect(throttle.begin(account: "a", address: "z", at: 10) == nil)
    }

    @Test("writes a lock into the audit trail, with the name only where there is such an account")
    func audit() async throws {
        let house = try await House()
        let authenticator = try house.authenticator(policy)
        for name in ["hospital-a", "my-secret-typed-here"] {
            var now: Int64 = 5000
            for step in 0..<3 {
                now = try await failures(authenticator, name: name, from: "198.51.100.\(step)", at: now).until
            }
        }
        let locks = try await house.audit.records().filter { $0.entry.action == "sign-in.lock" }.map(\.entry)
        #expect(locks.map(\.subject) == ["no such account", "Hospital-A"])
        #expect(locks.allSatisfy { $0.author.origin == "198.51.100.2" })
        #expect(try await house.audit.verify() == .intact(house.audit.head()))
    }
}
