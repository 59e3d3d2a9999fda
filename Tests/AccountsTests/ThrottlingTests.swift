import Audit
import Database
import Dispatch
import SurveillanceKit
import Synchronization
import Testing

@testable import Accounts

@Suite("A stranger's wrong passwords")
struct ThrottlingTests {
    private final class Order: Sendable {
        let shares = Mutex<[String]>([])
    }

    let policy = ThrottlePolicy(
        freeFailures: 2, lockingFailures: 5, lockoutSeconds: 100, atOnce: 2, atOncePerAddress: 5, freeFailuresInAll: 6,
        memorySeconds: 100)

    /// Fails until it has to wait, and says for how long.
    private func failures(
        _ authenticator: Authenticator, name: String = "hospital-a", from address: String,
        at now: Instant = .seconds(1000)
    ) async throws -> (heard: Int, wait: Int64) {
        for heard in 0..<50 {
            let outcome = try await authenticator.signIn(name: name, password: "wrong", from: address, at: now)
            if case .wait(let until) = outcome { return (heard, until.seconds - now.seconds) }
        }
        return (50, 0)
    }

    private func right(_ authenticator: Authenticator, from address: String, at now: Instant = .seconds(1000))
        async throws
        -> SignInOutcome
    {
        try await authenticator.signIn(name: "Hospital-A", password: House.password, from: address, at: now)
    }

    @Test(
        "make the account wait at his address, twice as long each time, and then for long",
        arguments: ["hospital-a", "nobody", "no:body"])
    func waits(name: String) async throws {
        let house = try await House()
        let time = HouseTime()
        let authenticator = try house.authenticator(policy, time: time)
        var seen: [Int64] = []
        for _ in 0..<3 {
            let wait = try await failures(authenticator, name: name, from: "192.0.2.1").wait
            seen.append(wait)
            time.pass(wait)
        }
        #expect(seen == [1, 2, 100])
        #expect(
            SignInOutcome.wait(until: .seconds(1060)).message(at: .seconds(1000))?.en
                == "Too many wrong passwords for this account at this address; try again in 1 minute. Other addresses are not concerned. Ask the administrator to lift it if you cannot wait."
        )
        #expect(SignInOutcome.wait(until: .seconds(1061)).message(at: .seconds(1000))?.zh.contains("2 分钟") == true)
        #expect(SignInOutcome.wait(until: .seconds(1002)).message(at: .seconds(1000))?.zh.contains("2 秒") == true)
    }

    @Test("never keep the right password from being heard at another address")
    func elsewhere() async throws {
        let house = try await House()
        let time = HouseTime()
        let authenticator = try house.authenticator(policy, time: time)
        for host in 1...40 {
            for _ in 0..<3 {
                let wait = try await failures(authenticator, from: "198.51.100.\(host)").wait
                time.pass(wait == 100 ? 0 : wait)
            }
        }
        #expect(try await failures(authenticator, from: "198.51.100.40").heard == 0)
        #expect(try await right(authenticator, from: "198.51.100.40") != .accepted(House.hospital))
        #expect(try await right(authenticator, from: "192.0.2.9") == .accepted(House.hospital))
        // The account as a whole is slowed down, a little.
        #expect(time.delays.last == policy.maximumDelayMilliseconds && time.delays.max() == time.delays.last)
        // At an address that it has signed in from, not even that.
        let count = time.delays.count
        #expect(try await right(authenticator, from: "192.0.2.9") == .accepted(House.hospital))
        #expect(time.delays.count == count)
    }

    @Test("on other names do not lock those who share his address")
    func sharedAddress() async throws {
        let house = try await House()
        let time = HouseTime()
        let authenticator = try house.authenticator(policy, time: time)
        for number in 0..<300 {
            _ = try await authenticator.signIn(
                name: "guess\(number)", password: "wrong", from: "192.0.2.1", at: .seconds(1000))
        }
        #expect(try await right(authenticator, from: "192.0.2.1") == .accepted(House.hospital))
        #expect(time.delays.allSatisfy { $0 <= policy.maximumDelayMilliseconds })
    }

    @Test("from one IPv6 customer's addresses count together, from another's apart")
    func ipv6() async throws {
        let house = try await House()
        let authenticator = try house.authenticator(policy)
        _ = try await failures(authenticator, from: "2001:db8:0:1::1")
        #expect(try await failures(authenticator, from: "2001:db8:0:1:ffff::2").heard == 0)
        #expect(try await right(authenticator, from: "2001:db8:0:2::1") == .accepted(House.hospital))
    }

    @Test("are forgotten with the right password, and after a while")
    func forgotten() async throws {
        let house = try await House()
        let time = HouseTime()
        let authenticator = try house.authenticator(policy, time: time)
        #expect(try await failures(authenticator, from: "192.0.2.1").heard == 3)
        time.pass(1)
        #expect(try await right(authenticator, from: "192.0.2.1") == .accepted(House.hospital))
        #expect(try house.count("sign_in_lock") == 0)
        #expect(try await failures(authenticator, from: "192.0.2.1").heard == 3)
        time.pass(101)
        #expect(try await failures(authenticator, from: "192.0.2.1").heard == 3)
    }

    @Test(
        "count on after a restart, and however the calendar is set", arguments: [-86_400 * 400, -1, 0, 1, 86_400 * 400])
    func restart(jump: Int64) async throws {
        let house = try await House()
        let time = HouseTime()
        let before = try house.authenticator(policy, time: time)
        for _ in 0..<3 { time.pass(try await failures(before, from: "192.0.2.1").wait % 100) }
        let now = Instant(seconds: 1000 + jump)
        // While it runs, and by another process later.
        for authenticator in [before, try house.authenticator(policy, time: time)] {
            #expect(try await failures(authenticator, from: "192.0.2.1", at: now).heard == 0)
            #expect(try await right(authenticator, from: "192.0.2.2", at: now) == .accepted(House.hospital))
        }
        time.pass(50)
        #expect(try await failures(try house.authenticator(policy, time: time), from: "192.0.2.1", at: now).wait == 50)
        time.pass(51)
        #expect(try await right(before, from: "192.0.2.1", at: now) == .accepted(House.hospital))
    }

    @Test("count on where the machine was started anew, never longer than they would have")
    func reboot() async throws {
        let house = try await House()
        let time = HouseTime()
        let before = try house.authenticator(policy, time: time)
        for _ in 0..<3 { time.pass(try await failures(before, from: "192.0.2.1").wait % 100) }
        for (now, wait) in [(Instant.seconds(1030), Int64(70)), (.seconds(500), 100)] {
            let authenticator = try house.authenticator(policy, time: HouseTime(boot: "second"))
            let seen = try await failures(authenticator, from: "192.0.2.1", at: now)
            #expect(seen.heard == 0 && seen.wait == wait)
        }
        let later = try house.authenticator(policy, time: HouseTime(boot: "second"))
        #expect(try await right(later, from: "192.0.2.1", at: .seconds(1101)) == .accepted(House.hospital))
    }

    @Test("are listed for an administrator, who lifts the wait; a running server knows at once")
    func lifting() async throws {
        let house = try await House()
        let time = HouseTime()
        let authenticator = try house.authenticator(policy, time: time)
        for address in ["192.0.2.1", "2001:db8::1"] {
            for _ in 0..<3 { time.pass(try await failures(authenticator, from: address).wait % 100) }
        }
        let locks = SignInLocks(database: house.database, policy: policy, clock: time.clock)
        let listed = try await locks.list(at: .seconds(1000))
        #expect(listed.map(\.address) == ["192.0.2.1", "2001:db8::/64"] && listed.allSatisfy { $0.failures == 5 })
        #expect(listed[1].account == "Hospital-A" && listed[1].remainingSeconds == 100)
        #expect(try await locks.lift("hospital-a", address: "2001:db8::7", by: House.admin, at: .seconds(1000)) == 1)
        #expect(try await right(authenticator, from: "2001:db8::1") == .accepted(House.hospital))
        #expect(try await right(authenticator, from: "192.0.2.1") != .accepted(House.hospital))
        #expect(try await locks.lift("HOSPITAL-A", by: House.admin, at: .seconds(1000)) == 1)
        #expect(try await right(authenticator, from: "192.0.2.1") == .accepted(House.hospital))
        #expect(try await locks.lift("hospital-a", by: House.admin, at: .seconds(1000)) == 0)
        await #expect(throws: AccountError.unknownAccount("nobody")) {
            _ = try await locks.lift("nobody", by: House.admin, at: .seconds(1000))
        }
        let entries = try await house.audit.records().map(\.entry).filter { $0.action == "account.unlock" }
        #expect(entries.map { $0.detail["address"] } == [nil, "2001:db8::/64"])
        #expect(entries.allSatisfy { $0.subject == "Hospital-A" && $0.author == House.admin })
    }

    @Test("are written down where there is such an account; what was typed as a name never is")
    func audit() async throws {
        let house = try await House()
        let time = HouseTime()
        let authenticator = try house.authenticator(policy, time: time)
        for name in ["my-secret-typed-here", "hospital-a"] {
            for _ in 0..<3 {
                time.pass(try await failures(authenticator, name: name, from: "198.51.100.1").wait % 100)
            }
        }
        let locks = try await house.audit.records().filter { $0.entry.action == "sign-in.lock" }.map(\.entry)
        #expect(locks.map(\.subject) == ["Hospital-A"] && locks.map(\.author.origin) == ["198.51.100.1"])
        let stored = try house.database.readBlocking { connection in
            try ["sign_in_lock", "sign_in_place", "audit"].flatMap {
                try connection.rows("SELECT * FROM \($0)").flatMap { row in row.values.map { "\($0)" } }
            }
        }
        #expect(!stored.contains { $0.contains("my-secret") })
        #expect(try await house.audit.verify() == .intact(house.audit.head()))
    }

    @Test(
        "come only so many at once, of an account at an address and of an address; a familiar account has its own room")
    func atOnce() {
        let throttle = SignInThrottle(policy: policy)
        func begin(_ account: String, _ address: String, isFamiliar: Bool = false) -> SignInThrottle.Beginning {
            throttle.begin(
                .init(account: account, address: address), kept: .init(isFamiliar: isFamiliar), at: 10)
        }
        #expect(begin("a", "x") == .heard(delayMilliseconds: 0))
        #expect(begin("a", "x") == .heard(delayMilliseconds: 0))
        #expect(begin("a", "x") == .wait(seconds: 1))
        #expect(begin("a", "y") == .heard(delayMilliseconds: 0))
        for name in ["b", "c", "d"] { #expect(begin(name, "x") == .heard(delayMilliseconds: 0)) }
        #expect(begin("e", "x") == .wait(seconds: 1))
        #expect(begin("e", "x", isFamiliar: true) == .heard(delayMilliseconds: 0))
        throttle.release(.init(account: "a", address: "x"))
        throttle.release(.init(account: "b", address: "x"))
        #expect(begin("a", "x") == .heard(delayMilliseconds: 0))
    }

    @Test("wait their turn by address: a crowd at one address holds nobody else up for more than its turn")
    func turns() async throws {
        let lanes = HashingLanes(count: 1)
        let order = Order()
        let gate = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            // The one lane stands still until all others have queued.
            group.addTask { try await lanes.run(.address("x")) { gate.wait() } }
            while lanes.total < 1 { await Task.yield() }
            for (index, share)
                in ([HashingLanes.Share](repeating: .address("x"), count: 20) + [.address("y"), .familiar]).enumerated()
            {
                group.addTask { try await lanes.run(share) { order.shares.withLock { $0.append("\(share)") } } }
                while lanes.total < index + 2 { await Task.yield() }
            }
            gate.signal()
            try await group.waitForAll()
        }
        let seen = order.shares.withLock { $0 }
        #expect(seen.first == "familiar" && seen.prefix(3).contains { $0.contains("\"y\"") })
        #expect(seen.count == 22 && lanes.strangersWaiting == 0)
    }
}
