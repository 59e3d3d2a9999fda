import Database
import ShangMi

@testable import Accounts

/// A database in memory with one hospital's account, and passwords that cost little.
struct House {
    static let cheap = PasswordHash.Cost(memoryKiB: 64, passes: 1, lanes: 1)
    static let admin = Author(name: "operator", origin: "local")
    static let password = "pear-sock-7 蓝"

    let database: SQLiteDatabase
    let accounts: AccountStore
    let sessions: SessionStore
    let tokens: ApiTokenStore
    let audit: AuditTrail

    init() async throws {
        database = try SQLiteDatabase.inMemory()
        try database.migrate(Migration.accounts)
        accounts = AccountStore(database: database, random: .strong, cost: House.cheap)
        sessions = SessionStore(database: database, random: .strong)
        tokens = ApiTokenStore(database: database, random: .strong)
        audit = AuditTrail(database: database)
        try await accounts.create(House.hospital, password: House.password, by: House.admin, at: 1000)
    }

    static let hospital = Account(name: "Hospital-A", displayName: "第一医院", role: .institution, institution: "H1")

    func authenticator(_ policy: ThrottlePolicy = ThrottlePolicy(), verifiedSeconds: Int64 = 300) throws
        -> Authenticator
    {
        try Authenticator(accounts: accounts, throttle: policy, verifiedSeconds: verifiedSeconds)
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
