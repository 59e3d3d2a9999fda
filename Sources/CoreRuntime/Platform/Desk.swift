import Accounts
import Database
import Foundation
import Intake
import ShangMi
import SurveillanceKit

/// What an operator does from the command line, beside a running server or without one: accounts, tokens, verification.
public struct Desk: Sendable {
    public let institutions: InstitutionDirectory
    private let accounts: AccountStore
    private let tokens: ApiTokenStore
    private let audit: AuditTrail
    let dataFolder: URL
    let database: SQLiteDatabase
    let random: RandomSource
    let author: Author
    let now: Int64

    /// - Parameters:
    ///   - operatorName: who acts, for the audit trail.
    ///   - now: seconds since 1970-01-01 UTC.
    public init(
        _ configuration: Configuration, operatorName: String, random: RandomSource = .strong,
        now: Int64 = Int64(Date().timeIntervalSince1970)
    ) throws {
        let listed = try configuration.institutionsFile.map { file throws in try InstitutionsFile.read(file) }
        institutions = try InstitutionDirectory(listed ?? [])
        try FileManager.default.createDirectory(
            at: configuration.dataFolder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        dataFolder = configuration.dataFolder
        self.random = random
        database = try DataFolder.openDatabase(configuration)
        accounts = AccountStore(database: database, random: random)
        tokens = ApiTokenStore(database: database, random: random)
        audit = AuditTrail(database: database)
        author = Author(name: operatorName, origin: "command line")
        self.now = now
    }

    public func accountList() async throws -> [Account] { try await accounts.list() }

    /// - Throws: `DeskError.unknownInstitution` for a code that is not in the register.
    public func create(_ account: Account, password: String) async throws {
        if let code = account.institution, institutions[code] == nil { throw DeskError.unknownInstitution(code) }
        try await accounts.create(account, password: password, by: author, at: now)
    }

    public func setRegion(_ region: Region, of name: String) async throws {
        try await accounts.setRegion(region, of: name, by: author, at: now)
    }

    /// How many registered institutions lie in a region.
    public func institutionCount(in region: Region) -> Int {
        institutions.institutions.count { region.contains($0.region) }
    }

    public func setPassword(_ password: String, of name: String) async throws {
        try await accounts.setPassword(password, of: name, by: author, at: now)
    }

    public func setDisabled(_ isDisabled: Bool, of name: String) async throws {
        try await accounts.setDisabled(isDisabled, of: name, by: author, at: now)
    }

    /// A new token's secret, shown this once.
    public func createToken(for name: String, label: String) async throws -> String {
        try await tokens.create(for: name, label: label, expiresAt: nil, by: author, at: now).secret
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

    public var description: String {
        switch self {
        case .unknownInstitution(let code):
            "no institution has the code '\(code)'; enter it in the institutions file of the configuration first"
        case .serverRuns(let path):
            "\(path): a server works with this data folder; stop it first, then change the key"
        case .nothingKept(let path):
            "\(path): there is no such folder; name the deployment's data folder with --data or --config, and start its server once"
        }
    }
}
