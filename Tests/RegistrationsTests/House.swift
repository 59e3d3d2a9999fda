import Accounts
import Audit
import Database
import Foundation
import Institutions
import Intake
import Notices
import ShangMi
import StoreKit
import SurveillanceKit
import Synchronization

@testable import Registrations

/// The room on the running test's store, with a clock that is set.
final class House: Sendable {
    let database: any SQLDatabase
    let codes: PhoneCodes
    let applications: ApplicationStore
    let accounts: AccountStore
    let links: PasswordLinks
    let seal: FieldSeal
    private let folder: URL
    private let clock = Mutex(Instant(seconds: 1_772_000_000))

    init(_ policy: PhoneCodePolicy = PhoneCodePolicy()) throws {
        database = try TestStore.database()
        try database.migrate(Migration.accounts + Migration.registrations + Outbox.migrations)
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("registrations-\(UUID().uuidString)")
        let keys = try MasterKeys(path: folder.appendingPathComponent("keys").path, random: .strong)
        seal = try FieldSeal(
            folder: SealedFolder(path: folder.appendingPathComponent("small").path, purpose: "keys", keys: keys))
        codes = PhoneCodes(database: database, seal: seal, random: .strong, policy: policy)
        applications = ApplicationStore(database: database, seal: seal, random: .strong)
        accounts = AccountStore(
            database: database, random: .strong, cost: PasswordHash.Cost(memoryKiB: 64, passes: 1, lanes: 1))
        links = PasswordLinks(database: database)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var now: Instant { clock.withLock { $0 } }
    func advance(bySeconds seconds: Int64) { clock.withLock { $0 = $0.advanced(bySeconds: seconds) } }

    /// What the outbox holds, by the order in which it was added.
    func notices() throws -> [Row] {
        try database.readBlocking {
            try $0.rows("SELECT kind, phone, mail, text_zh, template_values FROM notice ORDER BY at, id")
        }
    }

    /// The code that was sent last.
    func lastCode() throws -> String {
        let text: String? = try database.readBlocking {
            try $0.first("SELECT text_zh FROM notice WHERE kind = 'phone-code' ORDER BY at DESC LIMIT 1")
        }
        return text.map { String($0.filter(\.isNumber).prefix(6)) } ?? ""
    }

    static func phone(_ number: Int = 0) -> PhoneNumber { PhoneNumber("138\(10_000_000 + number)")! }

    static func form(_ number: Int = 0, region: String = "430102") -> ApplicationForm {
        let first = String(40_000_000 + number)
        let check = OrganizationCode.checkCharacter(of: first).map(String.init) ?? ""
        return ApplicationForm([
            .name: "第\(number)医院", .code: first + check + region + "11A1001", .region: region, .address: "某路 1 号",
            .level: "二级", .category: "综合", .legalName: "甲", .managerName: "乙",
            .managerPhone: phone(number).national, .managerMail: "m\(number)@example.org",
        ])
    }

    /// An application that waits.
    func waiting(_ number: Int = 0, region: String = "430102") async throws -> Application {
        let begun = try await applications.begin(Self.phone(number), at: now).application
        _ = try await applications.save(Self.form(number, region: region), of: begun.id, at: now)
        for kind in ApplicationFile.Kind.allCases {
            _ = try await applications.add(
                ApplicationFile(
                    id: "\(begun.id)-\(kind.rawValue)-\(UUID().uuidString)", kind: kind, mediaType: "image/jpeg",
                    size: 9,
                    pages: 1, sm3: "0", uploadedAt: now), to: begun.id, at: now)
        }
        return try await applications.submit(begun.id, from: "192.0.2.1", at: now)
    }

    func reviewer(_ name: String = "reviewer", _ region: String = "43", phone: String = "", mail: String = "")
        -> Reviewer
    {
        Reviewer(
            author: Author(name: name, origin: "192.0.2.9"), scope: Region(region).map(Scope.region) ?? .nothing,
            phone: phone, mail: mail)
    }

    func approve(_ application: Application, by reviewer: Reviewer? = nil) async throws -> Institution {
        try await applications.approve(
            application.id, revision: application.revision, by: reviewer ?? self.reviewer(), accounts: accounts,
            isTaken: { $0 == "taken" }, link: { "https://x/set-password?token=\($0)" }, at: now)
    }

    func audit() async throws -> [String] {
        try await AuditTrail(database: database).records(limit: 100).reversed().map {
            "\($0.entry.author.name) \($0.entry.action)"
        }
    }
}
