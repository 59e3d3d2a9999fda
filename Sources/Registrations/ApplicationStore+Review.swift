public import Accounts
public import Audit
import Database
import Notices
import ShangMi
public import SurveillanceKit

extension ApplicationStore {
    /// What waits in a scope, the one that has waited longest first.
    public func queue(
        in scope: Scope, states: [Application.State] = [.waiting], limit: Int = 200
    ) async throws -> [Application] {
        let (condition, values) = Self.condition(scope)
        guard let condition else { return [] }
        let marks = states.map { _ in "?" }.joined(separator: ", ")
        return try await database.read { [self] connection in
            try connection.rows(
                """
                SELECT * FROM application WHERE state IN (\(marks)) AND \(condition) ORDER BY submitted_at, id LIMIT \(limit)
                """, states.map { .text($0.rawValue) } + values
            ).map { try application($0, in: connection) }
                .filter { scope.covers(institution: "", in: $0.form[.region]) }
        }
    }

    /// An application that has been sent in once, as a reviewer of a scope sees it; nil for another province's.
    public func reviewed(_ id: String, in scope: Scope) async throws -> Application? {
        try await database.read { [self] connection in
            guard let row = try connection.firstRow("SELECT * FROM application WHERE id = ?", [.text(id)]) else {
                return nil
            }
            let application = try application(row, in: connection)
            guard application.submittedAt != nil, scope.covers(institution: "", in: application.form[.region]) else {
                return nil
            }
            return application
        }
    }

    /// Refuses an application with reasons, and tells the applicant.
    ///
    /// - Parameter revision: of what the reviewer has seen.
    public func refuse(
        _ id: String, revision: Int, _ refusal: Refusal, by reviewer: Reviewer, at now: Instant
    ) async throws {
        guard !refusal.lines.isEmpty else { throw RegistrationError.noReason }
        let reasons = try sealed.seal(refusal, "reasons", id)
        try await database.write { [self] transaction in
            let application = try decide(id, revision, .refused, by: reviewer, at: now, in: transaction)
            try transaction.execute(
                "UPDATE application SET reasons = ? WHERE id = ?", [.blob(reasons), .text(id)])
            let form = application.form
            try Outbox.add(
                .applicationRefused(
                    id, revision: revision, name: form[.name], reasons: refusal.lines,
                    phone: application.phone.international, mail: form[.managerMail], at: now), in: transaction)
            try AuditTrail.append(
                AuditEntry(
                    author: reviewer.author, action: "application.refuse", subject: id, at: now,
                    detail: ["subjects": refusal.reasons.map(\.subject).joined(separator: " ")]), in: transaction)
        }
    }

    /// Approves an application: the institution is registered, its account made, and the applicant sent a link that sets the password.
    ///
    /// All of it happens in one transaction, or nothing does.
    ///
    /// - Parameters:
    ///   - needsSecond: whether two reviewers have to approve it; the first approval alone does nothing but stand in the audit trail.
    ///   - isTaken: whether the register has an institution with that code already.
    ///   - link: makes the address to which a token belongs.
    /// - Returns: the institution as it is registered from now on.
    /// - Throws: `RegistrationError.firstOfTwo` once the first of two approvals is noted.
    public func approve(
        _ id: String, revision: Int, by reviewer: Reviewer, needsSecond: Bool = false, accounts: AccountStore,
        isTaken: @escaping @Sendable (String) -> Bool, link: @escaping @Sendable (String) -> String, at now: Instant
    ) async throws -> Institution {
        let seen = try await database.read { [self] in try find(id, in: $0) }
        guard let institution = seen.form.institution else { throw RegistrationError.incomplete }
        if let own = seen.institution, own != institution.code { throw RegistrationError.otherCode(own) }
        let account = Account(
            name: seen.account ?? institution.code, displayName: seen.form[.managerName], role: .institution,
            institution: institution.code)
        // Nobody knows this password: the link sets the first one.
        let prepared = try await accounts.prepare(account, password: Hex.encode(random.bytes(24)))
        let token = Hex.encode(random.bytes(24))
        let ends = now.advanced(byDays: PasswordLinks.days)
        if needsSecond {
            let isFirst = try await database.write { [self] transaction in
                try noteFirst(id, revision, by: reviewer, at: now, in: transaction)
            }
            if isFirst { throw RegistrationError.firstOfTwo }
        }
        try await database.write { [self] transaction in
            if needsSecond { try requireSecond(id, revision, by: reviewer, in: transaction) }
            let application = try decide(id, revision, .approved, by: reviewer, at: now, in: transaction)
            if application.account != nil {
                try approveChange(
                    application, institution, prepared, token, by: reviewer, link: link, at: now, in: transaction)
                return
            }
            let known: Int? = try transaction.first(
                "SELECT count(*) FROM institution_version WHERE code = ?", [.text(institution.code)])
            guard known == 0, !isTaken(institution.code) else { throw RegistrationError.registered(institution.code) }
            try InstitutionRegister.add(
                institution, application: id, by: reviewer.author.name, at: now, in: transaction)
            do {
                try AccountStore.insert(prepared, by: reviewer.author, at: now, in: transaction)
            } catch AccountError.nameTaken(let name) {
                throw RegistrationError.registered(name)
            }
            let form = application.form
            try AccountStore.noteContact(
                AccountContact(phone: form[.managerPhone], mail: form[.managerMail]), of: account.name, in: transaction)
            try PasswordLinks.add(token, for: account.name, until: ends, at: now, in: transaction)
            try transaction.execute(
                "UPDATE application SET institution = ?, account = ? WHERE id = ?",
                [.text(institution.code), .text(account.name), .text(id)])
            try Outbox.add(
                .applicationApproved(
                    id, revision: revision, name: form[.name], account: account.name, link: link(token),
                    days: PasswordLinks.days, phone: application.phone.international, mail: form[.managerMail], at: now,
                    until: ends), in: transaction)
            try AuditTrail.append(
                AuditEntry(
                    author: reviewer.author, action: "application.approve", subject: id, at: now,
                    detail: ["institution": institution.code, "account": account.name]), in: transaction)
        }
        return institution
    }

    /// Puts a change in force. Another data manager gets the account with a link of his own, and the former one nothing any more.
    private func approveChange(
        _ application: Application, _ institution: Institution, _ prepared: AccountStore.Prepared, _ token: String,
        by reviewer: Reviewer, link: (String) -> String, at now: Instant, in transaction: any Transaction
    ) throws {
        let (form, account) = (application.form, prepared.account.name)
        // What the form does not ask stays: grade, names, days, and whether it is suspended.
        let last = try InstitutionRegister.history(of: institution.code, in: transaction).first
        var next = institution
        if let known = last?.institution {
            (next.grade, next.aliases, next.from, next.until) = (known.grade, known.aliases, known.from, known.until)
        }
        try InstitutionRegister.add(
            next, isSuspended: last?.isSuspended ?? false, application: application.id, by: reviewer.author.name,
            at: now, in: transaction)
        let contact = AccountContact(phone: form[.managerPhone], mail: form[.managerMail])
        let before = try AccountStore.contact(of: account, in: transaction)
        let isOther =
            PhoneNumber(before.phone) != PhoneNumber(contact.phone)
            || before.mail.lowercased() != contact.mail.lowercased()
        if isOther {
            try AccountStore.reset(prepared, by: reviewer.author, at: now, in: transaction)
            try AccountStore.noteContact(contact, of: account, in: transaction)
            let ends = now.advanced(byDays: PasswordLinks.days)
            try PasswordLinks.add(token, for: account, until: ends, at: now, in: transaction)
            try Outbox.add(
                .applicationApproved(
                    application.id, revision: application.revision, name: form[.name], account: account,
                    link: link(token), days: PasswordLinks.days,
                    phone: PhoneNumber(contact.phone)?.international ?? "", mail: contact.mail, at: now, until: ends),
                in: transaction)
        } else {
            try Outbox.add(
                .changeApproved(
                    application.id, revision: application.revision, name: form[.name],
                    phone: application.phone.international, mail: contact.mail, at: now), in: transaction)
        }
        try AuditTrail.append(
            AuditEntry(
                author: reviewer.author, action: "application.approve-change", subject: application.id, at: now,
                detail: ["institution": institution.code, "manager": isOther ? "changed" : "same"]), in: transaction)
    }

    /// Notes the first of two approvals.
    ///
    /// - Returns: false where another reviewer has approved what this one has seen.
    private func noteFirst(
        _ id: String, _ revision: Int, by reviewer: Reviewer, at now: Instant, in transaction: any Transaction
    ) throws -> Bool {
        let application = try find(id, in: transaction)
        try mayDecide(application, reviewer)
        if let first = application.firstApprovedBy, application.revision == revision {
            guard first.lowercased() != reviewer.author.name.lowercased() else { throw RegistrationError.sameReviewer }
            return false
        }
        let moved = try transaction.execute(
            """
            UPDATE application SET first_approved_by = ?, first_approved_revision = ? \
            WHERE id = ? AND state = 'waiting' AND revision = ?
            """, [.text(reviewer.author.name), SQLValue(revision), .text(id), SQLValue(revision)])
        guard moved == 1 else { throw RegistrationError.changedMeanwhile }
        try AuditTrail.append(
            AuditEntry(author: reviewer.author, action: "application.approve-first", subject: id, at: now),
            in: transaction)
        return true
    }

    /// Looks, in the transaction that approves, whether another reviewer has approved the same.
    private func requireSecond(
        _ id: String, _ revision: Int, by reviewer: Reviewer, in transaction: any Transaction
    ) throws {
        let first = try find(id, in: transaction).firstApprovedBy
        guard let first, first.lowercased() != reviewer.author.name.lowercased() else {
            throw RegistrationError.changedMeanwhile
        }
    }

    /// Whether a reviewer may decide about an application: it lies in the region, and is not the reviewer's own.
    private func mayDecide(_ application: Application, _ reviewer: Reviewer) throws {
        guard reviewer.scope.covers(institution: "", in: application.form[.region]) else {
            throw RegistrationError.noSuchApplication
        }
        let own = [application.phone, PhoneNumber(application.form[.managerPhone])].compactMap(\.self)
        if let phone = PhoneNumber(reviewer.phone), own.contains(phone) { throw RegistrationError.ownApplication }
        let mail = application.form[.managerMail].lowercased()
        if !mail.isEmpty, mail == reviewer.mail.lowercased() { throw RegistrationError.ownApplication }
    }

    /// Moves an application out of the queue, once.
    ///
    /// - Returns: the application as it was.
    private func decide(
        _ id: String, _ revision: Int, _ state: Application.State, by reviewer: Reviewer, at now: Instant,
        in transaction: any Transaction
    ) throws -> Application {
        let application = try find(id, in: transaction)
        try mayDecide(application, reviewer)
        let moved = try transaction.execute(
            """
            UPDATE application SET state = ?, decided_at = ?, decided_by = ?, changed_at = ? \
            WHERE id = ? AND state = 'waiting' AND revision = ?
            """,
            [
                .text(state.rawValue), .integer(now.milliseconds), .text(reviewer.author.name),
                .integer(now.milliseconds), .text(id), SQLValue(revision),
            ])
        guard moved == 1 else { throw RegistrationError.changedMeanwhile }
        return application
    }

    private static func condition(_ scope: Scope) -> (String?, [SQLValue]) {
        switch scope {
        case .nation: ("1 = 1", [])
        // Reviewers have provinces; of a smaller region the whole region's code decides where one is opened.
        case .region(let region): ("province = ?", [.text(String(region.prefix.prefix(2)))])
        case .institution, .nothing: (nil, [])
        }
    }
}

/// Who decides about applications.
public struct Reviewer: Sendable {
    public var author: Author
    public var scope: Scope
    /// What the account's owner has given of himself, so that nobody reviews his own application.
    public var phone: String
    public var mail: String

    public init(author: Author, scope: Scope, phone: String, mail: String) {
        self.author = author
        self.scope = scope
        self.phone = phone
        self.mail = mail
    }
}
