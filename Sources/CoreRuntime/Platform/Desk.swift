public import Accounts
public import Audit
import Database
import Foundation
import Intake
public import Notices
import ProgramFiles
import Registrations
public import ShangMi
public import SurveillanceKit

/// What an operator does from the command line, beside a running server or without one: accounts, tokens, verification.
public struct Desk: Sendable {
    public let institutions: InstitutionDirectory
    private let accounts: AccountStore
    private let tokens: ApiTokenStore
    private let locks: SignInLocks
    private let audit: AuditTrail
    let dataFolder: URL
    let database: any SQLDatabase
    let opened: OpenedFolder
    let random: RandomSource
    let author: Author
    public let now: Instant

    /// - Parameters:
    ///   - operatorName: who acts, for the audit trail.
    ///   - mayMake: makes a data folder where there is none.
    public init(
        _ configuration: Configuration, operatorName: String, mayMake: Bool = false, random: RandomSource = .strong,
        now: Instant = .systemClock()
    ) throws {
        // Throws DataFolderError, with nothing made or changed; DeskError.nothingKept where there is no data folder.
        let listed = try configuration.institutionsFile.map { file throws in try InstitutionsFile.read(file) }
        opened = try OpenedFolder(
            configuration.dataFolder, store: configuration.plugins.store, for: .command(mayMake: mayMake),
            random: random, now: now)
        dataFolder = configuration.dataFolder
        self.random = random
        database = opened.database
        institutions = try InstitutionDirectory(
            try database.readBlocking { try WholeRegister(listed ?? [], in: $0) }.institutions)
        accounts = AccountStore(database: database, random: random)
        tokens = ApiTokenStore(database: database, random: random)
        locks = SignInLocks(database: database)
        audit = AuditTrail(database: database)
        author = Author(name: operatorName, origin: "command line")
        self.now = now
    }

    public func accountList() async throws -> [ListedAccount] { try await accounts.overview() }

    /// - Throws: `DeskError.unknownInstitution` for a code that is not in the register.
    public func create(_ account: Account, password: String) async throws {
        if let code = account.institution, institutions[code] == nil { throw DeskError.unknownInstitution(code) }
        if account.role != .institution { try await requireOneEnough() }
        try await accounts.create(
            account, password: password, institution: account.institution.flatMap { institutions[$0] },
            mustChangePassword: true, by: author, at: now)
        try noteHighest()
    }

    public func setRegion(_ region: Region, of name: String) async throws {
        try await requireOneEnough()
        try await accounts.setRegion(region, of: name, by: author, at: now)
        try noteHighest()
    }

    /// Rights are widened by command only until two security administrators can do it together.
    private func requireOneEnough() async throws {
        guard try await accounts.securityCount() < 2 else { throw DeskError.twoPersons }
    }

    /// How many registered institutions lie in a region.
    public func institutionCount(in region: Region) -> Int {
        institutions.institutions.count { region.contains($0.region) }
    }

    /// - Parameter revokingTokens: whether the account's tokens end as its sessions do.
    public func setPassword(_ password: String, of name: String, revokingTokens: Bool = false) async throws {
        let institution = try await accounts.find(name)?.institution.flatMap { institutions[$0] }
        try await accounts.setPassword(
            password, of: name, institution: institution, revokingTokens: revokingTokens, mustChange: true, by: author,
            at: now)
        try noteHighest()
    }

    /// Takes away a second factor that was lost; the account's next sign-in sets another one up.
    ///
    /// - Returns: whether there was one.
    public func removeSecondFactor(of name: String) async throws -> Bool {
        let isRemoved = try await SecondFactors(database: database, seal: opened.keys.seal, random: random)
            .remove(of: name, by: author, at: now)
        try noteHighest()
        return isRemoved
    }

    public func setDisabled(_ isDisabled: Bool, of name: String) async throws {
        if !isDisabled, let role = try await accounts.find(name)?.role, role != .institution {
            try await requireOneEnough()
        }
        try await accounts.setDisabled(isDisabled, of: name, by: author, at: now)
        try noteHighest()
    }

    /// A new token's secret, shown this once.
    ///
    /// - Parameter expiresAt: nil for a token that lasts until it is revoked.
    public func createToken(for name: String, label: String, expiresAt: Instant? = nil) async throws -> String {
        let secret = try await tokens.create(for: name, label: label, expiresAt: expiresAt, by: author, at: now).secret
        try noteHighest()
        return secret
    }

    /// An account's tokens with their states, the newest first.
    public func tokenList(of name: String) async throws -> [(token: ApiToken, state: ApiToken.State)] {
        guard try await accounts.find(name) != nil else { throw AccountError.unknownAccount(name) }
        return try await tokens.list(of: name).map { ($0, $0.state(at: now)) }
    }

    public func revokeToken(_ id: String) async throws {
        try await tokens.revoke(id, by: author, at: now)
        try noteHighest()
    }

    /// The accounts that wait after wrong passwords, and where.
    public func lockList() async throws -> [SignInLock] { try await locks.list(at: now) }

    /// Lets an account sign in again where it waits. Returns how many waits that ended.
    public func unlock(_ name: String, address: String? = nil) async throws -> Int {
        let count = try await locks.lift(name, address: address, by: author, at: now)
        try noteHighest()
        return count
    }

    /// Takes the server's clock for right although it has jumped, so that what was kept long enough is removed again.
    ///
    /// - Returns: from when to when it had jumped; nil where it had not.
    public func confirmClock() async throws -> (last: Instant, now: Instant)? {
        let clock = ClockWatch(database: database)
        guard let jump = try clock.jump(at: now) else { return nil }
        try await clock.confirm(at: now, by: author)
        try noteHighest()
        return (jump.last, jump.now)
    }

    /// What the server of this data folder last did by itself, a job each; also beside a running server.
    public func jobs() throws -> [JobStatus] {
        let runs = try JobRuns(database: database).all()
        return RecurringJob.all.map { JobStatus(job: $0, last: runs[$0.name]) }
    }

    /// Messages that could not be delivered, by their reasons.
    public func noticeTroubles() throws -> [Outbox.Trouble] {
        try database.readBlocking { try Outbox.troubles(in: $0) }
    }

    /// Lets the data folder remember what has been written, so that an older database is known.
    func noteHighest() throws {
        try opened.highest.raise(try database.readBlocking { try KeptDatabase.main.heads(in: $0) })
    }

    /// - Parameter noted: an entry's number and hash seen earlier; it must be there and the same.
    public func verifyAudit(noted: NotedHead? = nil) async throws -> AuditTrail.Verdict {
        let head = noted.flatMap { noted in
            SM3Digest(hex: noted.digest).map { AuditTrail.Head(sequence: Int64(noted.number), hash: $0) }
        }
        return try await audit.verify(noted: head)
    }
}

/// What the operator has to put right before.
public enum DeskError: Error, CustomStringConvertible {
    case unknownInstitution(String)
    case serverRuns(String)
    case nothingKept(String)
    case twoPersons

    public var message: BilingualText {
        switch self {
        case .unknownInstitution(let code):
            BilingualText(
                zh: "没有机构代码为“\(code)”的医疗机构；请先写入配置的机构名录",
                en:
                    "no institution has the code '\(code)'; enter it in the institutions file of the configuration first"
            )
        case .serverRuns(let path):
            BilingualText(
                zh: "\(path)：有服务器正在使用该数据文件夹；请先停止服务器，再更换密钥",
                en: "\(path): a server works with this data folder; stop it first, then change the key")
        case .twoPersons:
            BilingualText(
                zh: "本部署已有两名安全管理员：此类账号由两人在 /people 页面共同添加和扩大权限；如其中一人已不能操作，请先停用其账号",
                en:
                    "this deployment has two security administrators: they make and widen such accounts together, on the page /people; "
                    + "disable one of them first if they no longer can")
        case .nothingKept(let path):
            BilingualText(
                zh: "\(path)：没有这个文件夹；请用 --data 或 --config 指明部署的数据文件夹，并先启动一次服务器",
                en:
                    "\(path): there is no such folder; name the deployment's data folder with --data or --config, and start its server once"
            )
        }
    }

    public var description: String { message.en }
}
