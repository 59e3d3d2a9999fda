import Audit
import Foundation
import Intake
import ShangMi
import SurveillanceKit

@testable import Accounts

/// The house with an administrator, and with second factors whose secrets are sealed.
final class FactorHouse: Sendable {
    let house: House
    let factors: SecondFactors
    let steps: SignInSteps
    private let folder: URL

    static let admin = Account(name: "admin", displayName: "管理员", role: .national)
    static let address = "192.0.2.1"

    /// - Parameter mustChange: whether the administrator's password was set by somebody else.
    init(mustChange: Bool = false) async throws {
        house = try await House()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("factors-\(UUID().uuidString)")
        let keys = try MasterKeys(path: folder.appendingPathComponent("keys").path, random: .strong)
        let seal = try FieldSeal(
            folder: SealedFolder(path: folder.appendingPathComponent("small").path, purpose: "keys", keys: keys))
        factors = SecondFactors(database: house.database, seal: seal, random: .strong)
        steps = SignInSteps(
            accounts: house.accounts, sessions: house.sessions, factors: factors, random: .strong)
        try await house.accounts.create(
            Self.admin, password: House.password, mustChangePassword: mustChange, by: House.admin, at: .seconds(1000))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var author: Author { Author(name: "admin", origin: Self.address) }

    static func code(_ secret: [UInt8], at seconds: Int64) throws -> String {
        try TimeCode.code(secret: secret, step: TimeCode.step(at: seconds))
    }

    /// Gives the administrator a second factor.
    func enrolled(at seconds: Int64 = 900) async throws -> (secret: [UInt8], codes: [String]) {
        let secret = factors.newSecret()
        let codes = try await factors.setUp(
            secret, code: try Self.code(secret, at: seconds), of: "admin", by: author, at: .seconds(seconds))
        return (secret, codes ?? [])
    }

    func verify(_ code: String, at seconds: Int64) async throws -> FactorVerdict {
        try await factors.verify(code, of: "admin", by: author, at: .seconds(seconds))
    }

    func begin(_ account: Account = admin, at seconds: Int64) async throws -> String? {
        let progress = try await steps.begin(for: account, from: Self.address, at: .seconds(seconds))
        if case .unfinished(let token) = progress { return token }
        return nil
    }
}
