import Audit
import Database
import ShangMi
import StoreKit
import SurveillanceKit
import Synchronization

@testable import Accounts

extension Instant {
    static func seconds(_ seconds: Int64) -> Instant { Instant(seconds: seconds) }
}

/// A clock that a test sets, and the delays that nobody had to wait for.
final class HouseTime: Sendable {
    let state = Mutex<(ticks: Int64, delays: [Int])>((1000, []))
    let boot: String

    init(boot: String = "first") { self.boot = boot }

    var clock: BootClock { BootClock(boot: boot) { [self] in state.withLock { $0.ticks } } }
    var delays: [Int] { state.withLock { $0.delays } }
    func pass(_ seconds: Int64) { state.withLock { $0.ticks += seconds } }
}

/// A database in memory with one hospital's account, and passwords that cost little.
struct House {
    static let cheap = PasswordHash.Cost(memoryKiB: 64, passes: 1, lanes: 1)
    static let admin = Author(name: "operator", origin: "local")
    static let password = "pear-sock-7 蓝"

    let database: any SQLDatabase
    let accounts: AccountStore
    let sessions: SessionStore
    let tokens: ApiTokenStore
    let audit: AuditTrail

    init() async throws {
        database = try TestStore.database()
        try database.migrate(Migration.accounts)
        accounts = AccountStore(database: database, random: .strong, cost: House.cheap)
        sessions = SessionStore(database: database, random: .strong)
        tokens = ApiTokenStore(database: database, random: .strong)
        audit = AuditTrail(database: database)
        try await accounts.create(House.hospital, password: House.password, by: House.admin, at: .seconds(1000))
    }

    static let hospital = Account(name: "Hospital-A", displayName: "第一医院", role: .institution, institution: "H1")

    /// - Parameter time: what waits are measured by, and what is told of delays.
    func authenticator(
        _ policy: ThrottlePolicy = ThrottlePolicy(), verifiedSeconds: Int64 = 300, time: HouseTime = HouseTime()
    ) throws -> Authenticator {
        try Authenticator(
            accounts: accounts, throttle: policy, verifiedSeconds: verifiedSeconds, clock: time.clock,
            pause: { milliseconds in time.state.withLock { $0.delays.append(milliseconds) } })
    }

    func count(_ table: String) throws -> Int {
        try database.readBlocking { try $0.first("SELECT count(*) FROM \(table)") ?? -1 }
    }

    /// Every text stored anywhere in this room's tables.
    func storedTexts() throws -> [String] {
        try database.readBlocking { connection in
            try ["account", "session", "api_token", "audit"].flatMap { table in
                try connection.rows("SELECT * FROM \(table)").flatMap { row in row.values.map { "\($0)" } }
            }
        }
    }
}
