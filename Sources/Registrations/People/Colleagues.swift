public import Accounts
import Audit
public import Database
import Notices
public import ShangMi
public import SurveillanceKit

/// Why a manager's wish cannot be fulfilled.
public enum ColleagueError: Error, Hashable, Sendable {
    /// The one who asks is no manager of an institution.
    case notManager
    /// No colleague of this institution has that name.
    case unknownColleague
    /// The name's ending is 1 to 20 letters, digits, `.`, `-` or `_`.
    case malformedEnding
    case tooMany(Int)
    case refused(AccountError)

    public var message: BilingualText {
        switch self {
        case .notManager:
            BilingualText(
                zh: "只有机构的数据管理员可以管理同事账号。", en: "The institution's data manager alone keeps colleagues' accounts.")
        case .unknownColleague: BilingualText(zh: "本机构没有这个同事账号。", en: "Your institution has no such colleague.")
        case .malformedEnding:
            BilingualText(
                zh: "登录名后缀：1 至 20 个英文字母、数字或 . - _", en: "The name's ending is 1 to 20 letters, digits, . - or _.")
        case .tooMany(let most):
            BilingualText(zh: "最多 \(most) 个同事账号。", en: "There are at most \(most.counted("colleague")).")
        case .refused(let error): error.message
        }
    }
}

/// The accounts that an institution's manager gives to colleagues, with fewer rights than the own.
public struct Colleagues: Sendable {
    public static let most = 50
    private static let longestEnding = 20

    private let database: any SQLDatabase
    private let random: RandomSource

    public init(database: any SQLDatabase, random: RandomSource) {
        self.database = database
        self.random = random
    }

    /// Makes a colleague's account, called after the institution's code, and a link that sets its password once.
    ///
    /// - Parameters:
    ///   - ending: what follows the institution's code in the name.
    ///   - link: makes the address to which a token belongs.
    /// - Returns: the account's name and the link, which is also sent where there is a number or address.
    /// - Throws: `ColleagueError`.
    public func invite(
        _ ending: String, displayName: String, rights: ColleagueRights, contact: AccountContact, by manager: Account,
        accounts: AccountStore, link: @escaping @Sendable (String) -> String, from address: String, at now: Instant
    ) async throws -> (name: String, link: String) {
        guard let code = manager.institution, rights != .manager else { throw ColleagueError.notManager }
        let allowed = ending.utf8.allSatisfy {
            switch $0 {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        guard allowed, (1...Self.longestEnding).contains(ending.count) else { throw ColleagueError.malformedEnding }
        let name = "\(code)-\(ending)"
        let prepared: AccountStore.Prepared
        do {
            try contact.check()
            prepared = try await accounts.prepare(
                Account(
                    name: name, displayName: displayName.isEmpty ? name : displayName, role: .institution,
                    institution: code, rights: rights), password: Hex.encode(random.bytes(24)))
        } catch let error as AccountError { throw ColleagueError.refused(error) }
        let (token, author) = (Hex.encode(random.bytes(24)), Author(name: manager.name, origin: address))
        let (id, ends) = (Hex.encode(random.bytes(16)), now.advanced(byDays: PasswordLinks.days))
        try await database.write { transaction in
            try Self.requireManager(manager, in: transaction)
            guard try AccountStore.colleagues(ofInstitution: code, in: transaction).count < Self.most else {
                throw ColleagueError.tooMany(Self.most)
            }
            do {
                try AccountStore.insert(prepared, by: author, at: now, in: transaction)
                try AccountStore.noteContact(contact, of: name, in: transaction)
            } catch let error as AccountError { throw ColleagueError.refused(error) }
            try Self.addLink(token, id, name, contact, until: ends, link, by: author, at: now, in: transaction)
        }
        return (name, link(token))
    }

    /// A new link for a colleague who has lost the first one, or the password.
    ///
    /// - Throws: `ColleagueError`.
    public func renewLink(
        of name: String, by manager: Account, link: @escaping @Sendable (String) -> String, from address: String,
        at now: Instant
    ) async throws -> String {
        let (token, author) = (Hex.encode(random.bytes(24)), Author(name: manager.name, origin: address))
        let (id, ends) = (Hex.encode(random.bytes(16)), now.advanced(byDays: PasswordLinks.days))
        try await database.write { transaction in
            let colleague = try Self.colleague(name, of: manager, in: transaction)
            let contact = try AccountStore.contact(of: colleague.name, in: transaction)
            try PasswordLinks.removeAll(of: colleague.name, in: transaction)
            try Self.addLink(
                token, id, colleague.name, contact, until: ends, link, by: author, at: now, in: transaction)
        }
        return link(token)
    }

    /// - Throws: `ColleagueError`.
    public func setRights(
        _ rights: ColleagueRights, of name: String, by manager: Account, from address: String, at now: Instant
    ) async throws {
        guard rights != .manager else { throw ColleagueError.notManager }
        try await database.write { transaction in
            let colleague = try Self.colleague(name, of: manager, in: transaction)
            try AccountStore.setRights(
                rights, of: colleague, by: Author(name: manager.name, origin: address), at: now, in: transaction)
        }
    }

    /// Removes a colleague's account with its sessions, tokens and links.
    ///
    /// - Throws: `ColleagueError`.
    public func remove(_ name: String, by manager: Account, from address: String, at now: Instant) async throws {
        try await database.write { transaction in
            let colleague = try Self.colleague(name, of: manager, in: transaction)
            try PasswordLinks.removeAll(of: colleague.name, in: transaction)
            try AccountStore.remove(
                colleague, by: Author(name: manager.name, origin: address), at: now, in: transaction)
        }
    }

    private static func addLink(
        _ token: String, _ id: String, _ name: String, _ contact: AccountContact, until end: Instant,
        _ link: (String) -> String, by author: Author, at now: Instant, in transaction: any Transaction
    ) throws {
        try PasswordLinks.add(token, for: name, until: end, at: now, in: transaction)
        let phone = PhoneNumber(contact.phone)?.international ?? ""
        if !phone.isEmpty || !contact.mail.isEmpty {
            try Outbox.add(
                .invitation(
                    id, account: name, link: link(token), days: PasswordLinks.days, phone: phone, mail: contact.mail,
                    at: now, until: end), in: transaction)
        }
        try AuditTrail.append(
            AuditEntry(author: author, action: "colleague.link", subject: name, at: now), in: transaction)
    }

    private static func requireManager(_ manager: Account, in transaction: any Transaction) throws {
        let now = try AccountStore.find(manager.name, in: transaction)
        guard let now, now.role == .institution, now.rights == .manager, !now.isDisabled, now.institution != nil,
            now.institution == manager.institution
        else { throw ColleagueError.notManager }
    }

    /// A colleague of the manager's institution; another's is not there.
    private static func colleague(
        _ name: String, of manager: Account, in transaction: any Transaction
    ) throws -> Account {
        try requireManager(manager, in: transaction)
        let found = try AccountStore.colleagues(ofInstitution: manager.institution ?? "", in: transaction)
            .first { $0.account.name.lowercased() == name.lowercased() }
        guard let found else { throw ColleagueError.unknownColleague }
        return found.account
    }
}
