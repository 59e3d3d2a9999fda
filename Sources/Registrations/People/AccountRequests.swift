public import Accounts
import Audit
public import Database
import Notices
public import ShangMi
public import SurveillanceKit

/// The rights of accounts other than institutions': what widens them one security administrator asks for and another confirms.
///
/// What narrows them (a smaller region, disabling) one does alone. Every step stands in the audit trail, in the same transaction.
public struct AccountRequests: Sendable {
    /// A request that nobody has decided for so long counts no more.
    public static let lifetimeDays = 7

    private let database: any SQLDatabase
    private let random: RandomSource
    private let certificates: AccountCertificates

    /// - Parameter authorities: that vouch for certificates; none where certificates are not taken.
    public init(database: any SQLDatabase, authorities: [SM2Certificate] = [], random: RandomSource) {
        certificates = AccountCertificates(database: database, authorities: authorities)
        self.database = database
        self.random = random
    }

    /// Asks for something; what only narrows an account's rights is done at once.
    ///
    /// - Returns: the request's id; nil where it is done.
    /// - Throws: `AccountRequestError`.
    public func ask(
        _ draft: AccountRequest.Draft, by asker: Account, from address: String, at now: Instant
    ) async throws -> String? {
        let id = Hex.encode(random.bytes(12))
        let author = Author(name: asker.name, origin: address)
        let certificate = try usable(draft, at: now)
        return try await database.write { transaction in
            try Self.requireSecurity(asker.name, in: transaction)
            guard !Self.isSame(asker.name, draft.account) else { throw AccountRequestError.ownAccount }
            if let certificate {
                try Self.refusing {
                    try AccountCertificates.requireFree(certificate, for: draft.account, in: transaction)
                }
            }
            let before = try Self.check(draft, in: transaction)
            if draft.kind == .grant, let before, before.role == draft.role, Self.narrows(draft.region, from: before) {
                try Self.grant(draft, by: author, confirming: nil, at: now, in: transaction)
                return nil
            }
            try transaction.execute(
                """
                INSERT INTO account_request (id, kind, account, display_name, role, region, phone, mail, held, asked_by,
                    asked_at, certificate, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open')
                """,
                [
                    .text(id), .text(draft.kind.rawValue), .text(draft.account), .text(draft.displayName),
                    .text(draft.role.rawValue), SQLValue(draft.region?.prefix), .text(draft.phone), .text(draft.mail),
                    .text(Self.held(before)), .text(asker.name), .integer(now.milliseconds),
                    draft.certificate.isEmpty ? .null : .text(draft.certificate),
                ])
            try Self.note("account.ask", draft, ["kind": draft.kind.rawValue], by: author, at: now, in: transaction)
            return id
        }
    }

    /// Confirms what another has asked for, and does it.
    ///
    /// - Parameter link: makes the address to which a token belongs.
    /// - Throws: `AccountRequestError`.
    public func confirm(
        _ id: String, by confirmer: Account, accounts: AccountStore, link: @escaping @Sendable (String) -> String,
        from address: String, at now: Instant
    ) async throws {
        let asked = try await open(id, at: now)
        let draft = asked.draft
        // Nobody knows this password: the link sets the first one.
        let prepared =
            draft.kind == .create
            ? try await Self.refusing { [random] in
                try await accounts.prepare(
                    Account(
                        name: draft.account, displayName: draft.displayName, role: draft.role, region: draft.region),
                    password: Hex.encode(random.bytes(24)))
            } : nil
        let (token, ends) = (Hex.encode(random.bytes(24)), now.advanced(byDays: PasswordLinks.days))
        let author = Author(name: confirmer.name, origin: address)
        let certificate = try usable(draft, at: now)
        try await database.write { transaction in
            try Self.requireSecurity(confirmer.name, in: transaction)
            guard !Self.isSame(confirmer.name, asked.askedBy) else { throw AccountRequestError.ownRequest }
            guard !Self.isSame(confirmer.name, draft.account) else { throw AccountRequestError.ownAccount }
            // Who has asked must still be one who may.
            do { try Self.requireSecurity(asked.askedBy, in: transaction) } catch is AccountRequestError {
                throw AccountRequestError.changedMeanwhile
            }
            try Self.close(id, .confirmed, by: confirmer.name, at: now, in: transaction)
            let before = try Self.check(draft, in: transaction)
            let held: String? = try transaction.first("SELECT held FROM account_request WHERE id = ?", [.text(id)])
            guard held == Self.held(before) else { throw AccountRequestError.changedMeanwhile }
            switch draft.kind {
            case .create:
                guard let prepared else { return }
                do { try AccountStore.insert(prepared, by: author, at: now, in: transaction) } catch let error
                    as AccountError
                { throw AccountRequestError.refused(error) }
                try AccountStore.noteContact(
                    AccountContact(phone: draft.phone, mail: draft.mail), of: draft.account, in: transaction)
                try PasswordLinks.add(token, for: draft.account, until: ends, at: now, in: transaction)
                try Outbox.add(
                    .invitation(
                        id, account: draft.account, link: link(token), days: PasswordLinks.days,
                        phone: PhoneNumber(draft.phone)?.international ?? "", mail: draft.mail, at: now, until: ends),
                    in: transaction)
            case .grant: try Self.grant(draft, by: author, confirming: asked.askedBy, at: now, in: transaction)
            case .enable: try AccountStore.setDisabled(false, of: draft.account, by: author, at: now, in: transaction)
            case .certificate:
                guard let certificate else { return }
                try Self.refusing {
                    try AccountCertificates.register(
                        draft.certificate, certificate, of: draft.account, by: author, at: now, in: transaction)
                }
            }
            try Self.note(
                "account.confirm", draft, ["kind": draft.kind.rawValue, "asked": asked.askedBy], by: author, at: now,
                in: transaction)
        }
    }

    /// Turns a request down; the one who has asked takes it back in this way.
    ///
    /// - Throws: `AccountRequestError`.
    public func reject(_ id: String, by decider: Account, from address: String, at now: Instant) async throws {
        let asked = try await open(id, at: now)
        try await database.write { transaction in
            try Self.requireSecurity(decider.name, in: transaction)
            try Self.close(id, .rejected, by: decider.name, at: now, in: transaction)
            try Self.note(
                "account.reject", asked.draft, ["kind": asked.draft.kind.rawValue, "asked": asked.askedBy],
                by: Author(name: decider.name, origin: address), at: now, in: transaction)
        }
    }

    /// Disables an account: it can do nothing any more.
    ///
    /// - Throws: `AccountRequestError`.
    public func disable(_ name: String, by administrator: Account, from address: String, at now: Instant) async throws {
        try await database.write { transaction in
            try Self.requireSecurity(administrator.name, in: transaction)
            guard !Self.isSame(administrator.name, name) else { throw AccountRequestError.ownAccount }
            guard try AccountStore.find(name, in: transaction) != nil else {
                throw AccountRequestError.unknownAccount(name)
            }
            try AccountStore.setDisabled(
                true, of: name, by: Author(name: administrator.name, origin: address), at: now, in: transaction)
        }
    }

    /// Open requests, then those that were decided, the latest first.
    public func list(limit: Int = 200, at now: Instant) async throws -> [AccountRequest] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT * FROM account_request ORDER BY CASE WHEN state = 'open' THEN 0 ELSE 1 END, asked_at DESC, id
                LIMIT \(limit)
                """
            ).map { try Self.request($0, at: now) }
        }
    }

    /// - Throws: `AccountRequestError.changedMeanwhile` for one that is not there, or not open any more.
    private func open(_ id: String, at now: Instant) async throws -> AccountRequest {
        let asked = try await database.read { connection in
            try connection.firstRow("SELECT * FROM account_request WHERE id = ?", [.text(id)])
                .map { try Self.request($0, at: now) }
        }
        guard let asked, asked.state == .open else { throw AccountRequestError.changedMeanwhile }
        return asked
    }

    // MARK: Rules

    /// Looks whether what is asked for can be.
    ///
    /// - Returns: the account as it is; nil for one that is to be made.
    private static func check(_ draft: AccountRequest.Draft, in transaction: any Transaction) throws -> Account? {
        let before = try AccountStore.find(draft.account, in: transaction)
        if draft.kind == .create {
            guard before == nil else { throw AccountRequestError.refused(.nameTaken(draft.account)) }
            guard draft.role != .institution else { throw AccountRequestError.institution }
            guard PhoneNumber(draft.phone) != nil || !draft.mail.isEmpty else { throw AccountRequestError.noWay }
        } else {
            guard let before else { throw AccountRequestError.unknownAccount(draft.account) }
            guard before.role != .institution, draft.role != .institution else {
                throw AccountRequestError.institution
            }
            if draft.kind == .enable {
                guard before.isDisabled else { throw AccountRequestError.nothingChanges }
                return before
            }
            if draft.kind == .certificate { return before }
            guard before.role != draft.role || before.region != draft.region else {
                throw AccountRequestError.nothingChanges
            }
        }
        do {
            try Account(name: draft.account, displayName: draft.displayName, role: draft.role, region: draft.region)
                .checkPlace()
            let contact =
                draft.kind == .create
                ? AccountContact(phone: draft.phone, mail: draft.mail)
                : try AccountStore.contact(of: draft.account, in: transaction)
            try contact.check()
            try AccountStore.checkSeparation(
                draft.role, of: draft.account, phone: contact.phone, mail: contact.mail, in: transaction)
        } catch let error as AccountError { throw AccountRequestError.refused(error) }
        return before
    }

    /// The certificate that is asked for, where it counts now; nil where none is.
    private func usable(_ draft: AccountRequest.Draft, at now: Instant) throws -> SM2Certificate? {
        guard draft.kind == .certificate else { return nil }
        guard certificates.isOn else { throw AccountRequestError.noCertificates }
        do { return try certificates.check(draft.certificate, at: now) } catch {
            throw AccountRequestError.certificate(error)
        }
    }

    private static func refusing(_ body: () throws -> Void) throws {
        do { try body() } catch let error as AccountError { throw AccountRequestError.refused(error) }
    }

    /// Whether a region lies within the one that an account has.
    private static func narrows(_ region: Region?, from before: Account) -> Bool {
        guard let region else { return false }
        // An account of the nation has every region; one that needs a region and has none sees nothing.
        guard let own = before.region else { return !before.role.needsRegion }
        return own.contains(region.prefix)
    }

    private static func grant(
        _ draft: AccountRequest.Draft, by author: Author, confirming asker: String?, at now: Instant,
        in transaction: any Transaction
    ) throws {
        do {
            try AccountStore.setRights(
                draft.role, draft.region, of: draft.account, by: author, at: now, in: transaction)
        } catch let error as AccountError { throw AccountRequestError.refused(error) }
    }

    private static func requireSecurity(_ name: String, in transaction: any Transaction) throws {
        let account = try AccountStore.find(name, in: transaction)
        guard let account, account.role == .security, !account.isDisabled else {
            throw AccountRequestError.notSecurityAdministrator
        }
    }

    private static func isSame(_ one: String, _ other: String) -> Bool { one.lowercased() == other.lowercased() }

    private static func close(
        _ id: String, _ state: AccountRequest.State, by name: String, at now: Instant, in transaction: any Transaction
    ) throws {
        let moved = try transaction.execute(
            "UPDATE account_request SET state = ?, decided_by = ?, decided_at = ? WHERE id = ? AND state = 'open'",
            [.text(state.rawValue), .text(name), .integer(now.milliseconds), .text(id)])
        guard moved == 1 else { throw AccountRequestError.changedMeanwhile }
    }

    private static func note(
        _ action: String, _ draft: AccountRequest.Draft, _ more: [String: String], by author: Author, at now: Instant,
        in transaction: any Transaction
    ) throws {
        var detail = more
        if draft.kind == .certificate {
            detail["serial"] = try? SM2Certificate.all(inPEM: draft.certificate).first?.serial
        } else if draft.kind != .enable {
            detail["role"] = draft.role.rawValue
            detail["region"] = draft.region?.prefix
        }
        try AuditTrail.append(
            AuditEntry(author: author, action: action, subject: draft.account, at: now, detail: detail),
            in: transaction)
    }

    /// What an account holds, so that a request counts only while it is so.
    private static func held(_ account: Account?) -> String {
        account.map { "\($0.role.rawValue)/\($0.region?.prefix ?? "-")/\($0.isDisabled ? "disabled" : "enabled")" }
            ?? ""
    }

    private static func refusing<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let error as AccountError { throw AccountRequestError.refused(error) }
    }

    private static func request(_ row: Row, at now: Instant) throws -> AccountRequest {
        let (kind, role, state): (String, String, String) = (try row["kind"], try row["role"], try row["state"])
        let askedAt = Instant(milliseconds: try row["asked_at"])
        let region: String? = try row["region"]
        let decidedAt: Int64? = try row["decided_at"]
        var known = AccountRequest.State(rawValue: state) ?? .lapsed
        if known == .open, now >= askedAt.advanced(byDays: lifetimeDays) { known = .lapsed }
        return AccountRequest(
            id: try row["id"],
            draft: AccountRequest.Draft(
                AccountRequest.Kind(rawValue: kind) ?? .grant, account: try row["account"],
                displayName: try row["display_name"], role: Role(rawValue: role) ?? .analyst,
                region: region.flatMap(Region.init), phone: try row["phone"], mail: try row["mail"],
                certificate: try row["certificate"] as String? ?? ""),
            askedBy: try row["asked_by"], askedAt: askedAt, state: known, decidedBy: try row["decided_by"],
            decidedAt: decidedAt.map(Instant.init(milliseconds:)))
    }
}
