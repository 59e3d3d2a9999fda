import Audit
import Database
import ShangMi
import StoreKit
import SurveillanceKit
import Testing

@testable import Accounts

@Suite("From the password to the session, on every store", .everyStore)
struct SignInStepsTests {
    private static let own = "river-lamp-9 月"

    private func step(_ house: FactorHouse, _ token: String, at seconds: Int64) async throws -> SignInStep? {
        try await house.steps.find(token, at: .seconds(seconds))?.step
    }

    @Test(
        "an administrator made by command sets a password, then a second factor; from then on each sign-in needs a code"
    )
    func firstAndSecond() async throws {
        let house = try await FactorHouse(mustChange: true)
        let token = try #require(try await house.begin(at: 2000))
        #expect(try await house.house.sessions.find(token, at: .seconds(2000)) == nil)
        var unfinished = try #require(try await house.steps.find(token, at: .seconds(2000)))
        #expect(unfinished.step == .password && unfinished.secret == nil)
        func replace(_ password: String) async throws -> SignInProgress? {
            try await house.steps.replacePassword(
                password, institution: nil, with: token, of: unfinished, from: FactorHouse.address, at: .seconds(2001))
        }
        await #expect(throws: AccountError.passwordUnchanged) { try await replace(House.password) }
        await #expect(throws: AccountError.self) { try await replace("short") }
        guard case .unfinished = try await replace(Self.own) else { throw Unexpected() }
        unfinished = try #require(try await house.steps.find(token, at: .seconds(2002)))
        let secret = try #require(unfinished.secret)
        #expect(unfinished.step == .setUp && secret.count == 20)
        #expect(try await house.steps.find(token, at: .seconds(2003))?.secret == secret)
        func setUp(_ code: String) async throws -> (recoveryCodes: [String], progress: SignInProgress?)? {
            try await house.steps.setUp(
                code, with: token, of: unfinished, from: FactorHouse.address, at: .seconds(2010))
        }
        #expect(try await setUp("no code") == nil)
        let done = try #require(try await setUp(try FactorHouse.code(secret, at: 2010)))
        guard case .signedIn(let session) = done.progress else { throw Unexpected() }
        #expect(done.recoveryCodes.count == 10)
        #expect(try await house.house.sessions.find(session, at: .seconds(2011))?.account == FactorHouse.admin)
        #expect(try await step(house, token, at: 2011) == nil)

        let later = try #require(try await house.begin(at: 5000))
        let next = try #require(try await house.steps.find(later, at: .seconds(5000)))
        #expect(next.step == .code)
        func give(_ code: String) async throws -> (verdict: FactorVerdict, progress: SignInProgress?) {
            try await house.steps.giveCode(code, to: later, of: next, from: FactorHouse.address, at: .seconds(5001))
        }
        #expect(try await give("000000x").verdict == .wrong)
        let right = try await give(try FactorHouse.code(secret, at: 5001))
        guard case .signedIn(let second) = right.progress else { throw Unexpected() }
        #expect(right.verdict == .right && second != later)
        let actions = try await house.house.audit.records().map(\.entry.action)
        #expect(actions.count { $0 == "sign-in.begin" } == 2 && actions.count { $0 == "sign-in" } == 2)
    }

    @Test("a hospital needs the password alone; one whose password another has set replaces it first")
    func hospital() async throws {
        let house = try await FactorHouse()
        #expect(try await house.begin(House.hospital, at: 2000) == nil)
        try await house.house.accounts.setPassword(
            Self.own, of: "Hospital-A", mustChange: true, by: House.admin, at: .seconds(2001))
        let token = try #require(try await house.begin(House.hospital, at: 2002))
        let unfinished = try #require(try await house.steps.find(token, at: .seconds(2002)))
        #expect(unfinished.step == .password)
        let progress = try await house.steps.replacePassword(
            "stone-boat-5 山", institution: nil, with: token, of: unfinished, from: FactorHouse.address,
            at: .seconds(2003))
        guard case .signedIn = progress else { throw Unexpected() }
        #expect(try await house.begin(House.hospital, at: 2004) == nil)
    }

    @Test("ends after a quarter of an hour, with another password, and with the account")
    func ends() async throws {
        let house = try await FactorHouse()
        _ = try await house.enrolled()
        let tokens = try await [house.begin(at: 2000), house.begin(at: 2000)].map { try #require($0) }
        #expect(try await step(house, tokens[0], at: 2899) == .code)
        #expect(try await step(house, tokens[0], at: 2900) == nil)
        try await house.house.accounts.setDisabled(true, of: "admin", by: House.admin, at: .seconds(2100))
        #expect(try await step(house, tokens[0], at: 2100) == nil)
        try await house.house.accounts.setDisabled(false, of: "admin", by: House.admin, at: .seconds(2101))
        #expect(try await step(house, tokens[1], at: 2101) == .code)
        try await house.house.accounts.setPassword(Self.own, of: "admin", by: House.admin, at: .seconds(2102))
        #expect(try await step(house, tokens[1], at: 2102) == nil)
        #expect(try await step(house, "never given", at: 2102) == nil)
    }

    @Test("two browsers that know the first password are shown two secrets")
    func twoBrowsers() async throws {
        let house = try await FactorHouse()
        var secrets = Set<[UInt8]>()
        for _ in 0..<2 {
            let token = try #require(try await house.begin(at: 2000))
            secrets.insert(try #require(try await house.steps.find(token, at: .seconds(2001))?.secret))
        }
        #expect(secrets.count == 2)
    }

    @Test("the last sign-in but one is told, with its address")
    func earlier() async throws {
        let house = try await House()
        #expect(try await house.sessions.earlierSignIn(of: House.hospital) == nil)
        for (address, seconds) in [("192.0.2.1", 2000), ("192.0.2.2", 3000), ("192.0.2.3", 4000)] as [(String, Int64)] {
            _ = try await house.sessions.begin(for: House.hospital, from: address, at: .seconds(seconds))
        }
        let earlier = try #require(try await house.sessions.earlierSignIn(of: House.hospital))
        #expect(earlier.at == .seconds(3000) && earlier.address == "192.0.2.2")
    }

    @Test("a mobile number signs in where one account alone has it, and is unknown otherwise")
    func phone() async throws {
        let house = try await House()
        let authenticator = try house.authenticator()
        func signIn(_ name: String) async throws -> SignInOutcome {
            try await authenticator.signIn(
                name: name, password: House.password, from: "192.0.2.1", at: .seconds(5000))
        }
        try await house.accounts.setContact(
            AccountContact(phone: "138 0000 1111"), of: "Hospital-A", by: House.admin, at: .seconds(2000))
        for typed in ["13800001111", "+86 138-0000-1111", "１３８００００１１１１"] {
            #expect(try await signIn(typed) == .accepted(House.hospital), "\(typed)")
        }
        for typed in ["13800001112", "", "-"] { #expect(try await signIn(typed) == .refused, "\(typed)") }
        let other = Account(name: "Hospital-B", displayName: "第二医院", role: .institution, institution: "H2")
        try await house.accounts.create(other, password: House.password, by: House.admin, at: .seconds(2001))
        try await house.accounts.setContact(
            AccountContact(phone: "+8613800001111"), of: "Hospital-B", by: House.admin, at: .seconds(2002))
        #expect(try await signIn("13800001111") == .refused)
        // A number that is not a mobile one is no name.
        try await house.accounts.setContact(
            AccountContact(phone: "0731-1234567"), of: "Hospital-B", by: House.admin, at: .seconds(2003))
        #expect(try await signIn("0731-1234567") == .refused)
        #expect(try await signIn("13800001111") == .accepted(House.hospital))
    }

    @Test("wrong passwords under the number and under the name count together")
    func phoneThrottle() async throws {
        let house = try await House()
        let authenticator = try house.authenticator()
        try await house.accounts.setContact(
            AccountContact(phone: "13800001111"), of: "Hospital-A", by: House.admin, at: .seconds(2000))
        func fail(_ name: String) async throws -> SignInOutcome {
            try await authenticator.signIn(name: name, password: "wrong", from: "192.0.2.1", at: .seconds(5000))
        }
        for index in 0..<5 { _ = try await fail(index.isMultiple(of: 2) ? "13800001111" : "Hospital-A") }
        for name in ["13800001111", "Hospital-A"] {
            guard case .wait = try await fail(name) else { throw Unexpected() }
        }
    }

    @Test("numbers of accounts from before are known after the migration")
    func migrated() async throws {
        let database = try TestStore.database()
        let before = Migration.accounts.filter {
            !["accounts-5", "accounts-6", "accounts-certificates"].contains($0.id)
        }
        try database.migrate(before)
        try await database.write { transaction in
            for (key, phone) in [("a", "+86 138 0000 1111"), ("b", "0731-1"), ("c", nil)] as [(String, String?)] {
                try transaction.execute(
                    """
                    INSERT INTO account (key, name, display_name, role, is_disabled, password, password_version, created_at,
                        phone) VALUES (?, ?, ?, 'institution', 0, '-', 1, 0, ?)
                    """, [.text(key), .text(key), .text(key), SQLValue(phone)])
            }
        }
        try database.migrate(Migration.accounts)
        let numbers = try database.readBlocking { try $0.rows("SELECT mobile FROM account ORDER BY key") }
        let mobiles: [String?] = try numbers.map { try $0[0] }
        #expect(mobiles == ["13800001111", nil, nil])
    }

    private struct Unexpected: Error {}
}
