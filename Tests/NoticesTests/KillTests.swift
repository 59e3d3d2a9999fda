import Notices
import PluginKit
import StoreKit
import SurveillanceKit
import Synchronization
import Seeding
import TestKit
import Testing

@Suite("A server that is killed, on every store", .everyStore)
struct KillTests {
    private struct Killed: Error {}

    /// Kills the server at one of the steps to come.
    private final class Killer: Sendable {
        private let steps = Mutex<Int?>(nil)

        func arm(_ count: Int?) { steps.withLock { $0 = count } }

        func step() throws {
            let isNow = steps.withLock { left in
                guard let count = left else { return false }
                left = count == 0 ? nil : count - 1
                return count == 0
            }
            if isNow { throw Killed() }
        }
    }

    @Test(
        "1,000 kills at every step of delivery: each notice is told to its person exactly once, by a gateway that knows ids and by one that can be asked",
        arguments: [UnsureRemedy.tellAgain, .ask])
    func kills(remedy: UnsureRemedy) throws {
        let house = try House(remedy)
        var random = Randomness(seed: remedy == .ask ? 1 : 2)
        let killer = Killer()
        // On PostgreSQL a tenth: every step waits for a server.
        let wanted = TestStore.current == .postgresql ? 50 : 500
        var (kills, added) = (0, 0)
        var policy = DeliveryPolicy()
        policy.perMinute = 1_000_000
        policy.mostTries = 1_000_000
        var at: [Int: Int] = [:]
        while kills < wanted {
            for _ in 0..<random.below(3) {
                try house.add(house.notice("\(added)"))
                added += 1
            }
            if random.oneIn(4) {
                house.gateway.state.withLock {
                    $0.failures.append([.takenSilently, .lost, .refused(isFinal: false)][random.below(3)])
                }
            }
            // A kill: in the middle of a delivery the steps end there. What the gateway has taken it has taken.
            let server = house.server(policy, answered: { try killer.step() }, step: { _ in try killer.step() })
            try server.takeUp()
            let step = random.below(12)
            killer.arm(step)
            do {
                _ = try server.run(at: { house.now })
            } catch is Killed {
                kills += 1
                at[step, default: 0] += 1
            }
            killer.arm(nil)
            house.advance(bySeconds: Int64(random.below(100)))
        }
        #expect(at.count == 12 && at.values.allSatisfy { $0 > wanted / 100 })
        house.gateway.state.withLock { $0.failures = [] }
        let last = house.server(policy)
        try last.takeUp()
        try house.runToTheEnd(last)
        let sent = house.gateway.state.withLock { $0.sent }
        #expect(sent.count == added && sent.values.allSatisfy { $0 == 1 })
        #expect(try house.counts() == [.sent: added])
    }

    @Test(
        "a gateway that can neither be told again nor asked never gets a message twice: what may have been taken is held"
    )
    func held() throws {
        let house = try House(.hold)
        let killer = Killer()
        for number in 0..<60 { try house.add(house.notice("\(number)")) }
        for step in 0..<60 {
            let server = house.server(answered: { try killer.step() }, step: { _ in try killer.step() })
            try server.takeUp()
            killer.arm(step % 12)
            do { _ = try server.run(at: { house.now }) } catch is Killed {}
            killer.arm(nil)
        }
        house.advance(bySeconds: 7200)
        try house.runToTheEnd(house.server())
        let told = house.gateway.state.withLock { $0.told }
        #expect(told.values.allSatisfy { $0 == 1 })
        let counts = try house.counts()
        #expect(counts.values.reduce(0, +) == 60 && (counts[.held] ?? 0) > 0)
        #expect(Set(counts.keys).isSubset(of: [.sent, .held]))
    }
}
