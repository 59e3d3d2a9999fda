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
    private let author: Author
    private let now: Int64

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
        let database = try DataFolder.openDatabase(configuration)
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

    public func verifyAudit() async throws -> AuditTrail.Verdict { try await audit.verify() }
}

/// What the operator has to put right before.
public enum DeskError: Error, CustomStringConvertible {
    case unknownInstitution(String)

    public var description: String {
        switch self {
        case .unknownInstitution(let code):
            "no institution has the code '\(code)'; enter it in the institutions file of the configuration first"
        }
    }
}
