public import Accounts
import Audit
public import Database
public import Intake
public import ShangMi
public import SurveillanceKit

/// The applications: kept while they are filled in, sent in, reviewed.
public struct ApplicationStore: Sendable {
    let database: any SQLDatabase
    let random: RandomSource
    let seal: FieldSeal
    var sealed: SealedJSON { SealedJSON(seal: seal) }

    public init(database: any SQLDatabase, seal: FieldSeal, random: RandomSource) {
        self.database = database
        self.seal = seal
        self.random = random
    }

    // MARK: The applicant

    /// The application of whoever holds a telephone, begun where there is none, and the token of a new session in which it is filled in.
    public func begin(_ phone: PhoneNumber, at now: Instant) async throws -> (application: Application, token: String) {
        let key = PhoneCodes.key(phone, seal)
        let (id, token) = (Hex.encode(random.bytes(12)), Hex.encode(random.bytes(24)))
        let moment = SQLValue.integer(now.milliseconds)
        let body = try sealed.seal(
            ApplicationBody(phone, ApplicationForm([.managerPhone: phone.national])), "body", id)
        return try await database.write { [self] transaction in
            _ = try forgetDrafts(at: now, in: transaction)
            try transaction.execute(
                """
                INSERT INTO application (id, phone_key, state, revision, province, body, created_at, changed_at, submitted_at, \
                decided_at) VALUES (?, ?, 'draft', 1, '', ?, ?, ?, 0, 0) ON CONFLICT (phone_key) DO NOTHING
                """, [.text(id), .text(key), .blob(body), moment, moment])
            guard let row = try transaction.firstRow("SELECT * FROM application WHERE phone_key = ?", [.text(key)])
            else { throw RegistrationError.noSuchApplication }
            let application = try application(row, in: transaction)
            try transaction.execute(
                "INSERT INTO applicant_session (digest, application, began_at, seen_at) VALUES (?, ?, ?, ?)",
                [.text(SM3.digest(token).hex), .text(application.id), moment, moment])
            return (application, token)
        }
    }

    /// How long an applicant's session lasts without a request.
    static let sessionSeconds: Int64 = 2 * 3600

    /// The application of a session; nil where that has ended.
    public func application(ofSession token: String, at now: Instant) async throws -> Application? {
        let digest = SQLValue.text(SM3.digest(token).hex)
        let earliest = SQLValue.integer(now.advanced(bySeconds: -Self.sessionSeconds).milliseconds)
        let found = try await database.read { [self] connection -> (Application, Instant)? in
            guard
                let row = try connection.firstRow(
                    """
                    SELECT a.*, s.seen_at FROM applicant_session AS s JOIN application AS a ON a.id = s.application \
                    WHERE s.digest = ? AND s.seen_at > ?
                    """, [digest, earliest])
            else { return nil }
            return (try application(row, in: connection), Instant(milliseconds: try row["seen_at"]))
        }
        guard let (application, seenAt) = found else { return nil }
        // Pages come in bursts.
        if now.milliseconds(since: seenAt) > 60_000 {
            try await database.write { transaction in
                try transaction.execute(
                    "UPDATE applicant_session SET seen_at = ? WHERE digest = ?", [.integer(now.milliseconds), digest])
                try transaction.execute("DELETE FROM applicant_session WHERE seen_at <= ?", [earliest])
            }
        }
        return application
    }

    public func endSession(_ token: String) async throws {
        try await database.write { transaction in
            try transaction.execute(
                "DELETE FROM applicant_session WHERE digest = ?", [.text(SM3.digest(token).hex)])
        }
    }

    /// Keeps what was filled in, whether or not it is complete. What was sent in waits no longer until it is sent in again.
    public func save(_ form: ApplicationForm, of id: String, at now: Instant) async throws -> Application {
        try await change(id, at: now) { [self] application, transaction in
            let body = try sealed.seal(ApplicationBody(application.phone, form), "body", id)
            let known = Region(form[.region]).map { String($0.prefix.prefix(2)) } ?? ""
            try transaction.execute(
                "UPDATE application SET body = ?, province = ? WHERE id = ?", [.blob(body), .text(known), .text(id)])
        }
    }

    /// Adds a file, in the place of an earlier one of its kind.
    public func add(_ file: ApplicationFile, to id: String, at now: Instant) async throws -> Application {
        try await change(id, at: now) { _, transaction in
            try transaction.execute(
                "UPDATE application_file SET replaced_at = ? WHERE application = ? AND kind = ? AND replaced_at = 0",
                [.integer(now.milliseconds), .text(id), .text(file.kind.rawValue)])
            try transaction.execute("DELETE FROM unreferenced_document WHERE id = ?", [.text(file.id)])
            try transaction.execute(
                """
                INSERT INTO application_file (id, application, kind, media_type, size, pages, sm3, uploaded_at, replaced_at, scan) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
                """,
                [
                    .text(file.id), .text(id), .text(file.kind.rawValue), .text(file.mediaType), SQLValue(file.size),
                    SQLValue(file.pages), .text(file.sm3), .integer(file.uploadedAt.milliseconds),
                    .text(file.scan.rawValue),
                ])
        }
    }

    /// Takes a file out; its sealed bytes stay as an earlier version.
    public func removeFile(_ kind: ApplicationFile.Kind, of id: String, at now: Instant) async throws -> Application {
        try await change(id, at: now) { _, transaction in
            try transaction.execute(
                "UPDATE application_file SET replaced_at = ? WHERE application = ? AND kind = ? AND replaced_at = 0",
                [.integer(now.milliseconds), .text(id), .text(kind.rawValue)])
        }
    }

    /// Begins a change of what was approved. Scans are uploaded anew: they were stamped for other data.
    ///
    /// - Returns: the application as it is then; one that is not approved as it was.
    public func beginChange(_ id: String, at now: Instant) async throws -> Application {
        try await database.write { [self] transaction in
            let begun = try transaction.execute(
                """
                UPDATE application SET state = 'draft', revision = revision + 1, changed_at = ? \
                WHERE id = ? AND state = 'approved'
                """, [.integer(now.milliseconds), .text(id)])
            if begun == 1 {
                try transaction.execute(
                    "UPDATE application_file SET replaced_at = ? WHERE application = ? AND replaced_at = 0",
                    [.integer(now.milliseconds), .text(id)])
            }
            return try find(id, in: transaction)
        }
    }

    /// Sends it in for review.
    ///
    /// - Throws: `RegistrationError.incomplete`, `.alreadyApproved`.
    public func submit(_ id: String, from address: String, at now: Instant) async throws -> Application {
        try await database.write { [self] transaction in
            let application = try find(id, in: transaction)
            guard application.state != .approved else { throw RegistrationError.alreadyApproved }
            guard application.isComplete else { throw RegistrationError.incomplete }
            guard application.state != .waiting else { return application }
            try transaction.execute(
                """
                UPDATE application SET state = 'waiting', revision = revision + 1, submitted_at = ?, changed_at = ?, reasons = NULL \
                WHERE id = ?
                """, [.integer(now.milliseconds), .integer(now.milliseconds), .text(id)])
            try AuditTrail.append(
                AuditEntry(
                    author: Author(name: "applicant", origin: address), action: "application.submit", subject: id,
                    at: now, detail: ["province": application.province]), in: transaction)
            return try find(id, in: transaction)
        }
    }

    /// Changes what an applicant may change: it becomes a draft again.
    private func change(
        _ id: String, at now: Instant, _ body: @escaping @Sendable (Application, any Transaction) throws -> Void
    ) async throws -> Application {
        try await database.write { [self] transaction in
            let application = try find(id, in: transaction)
            guard application.state != .approved else { throw RegistrationError.alreadyApproved }
            try body(application, transaction)
            try transaction.execute(
                """
                UPDATE application SET state = CASE WHEN state = 'waiting' THEN 'draft' ELSE state END, revision = revision + 1, \
                changed_at = ? WHERE id = ?
                """, [.integer(now.milliseconds), .text(id)])
            return try find(id, in: transaction)
        }
    }

    // MARK: Rows

    func find(_ id: String, in connection: any Connection) throws -> Application {
        guard let row = try connection.firstRow("SELECT * FROM application WHERE id = ?", [.text(id)]) else {
            throw RegistrationError.noSuchApplication
        }
        return try application(row, in: connection)
    }

    func application(_ row: Row, in connection: any Connection) throws -> Application {
        let id: String = try row["id"]
        let body = try sealed.open(ApplicationBody.self, try row["body"], "body", id)
        let state: String = try row["state"]
        guard let phone = PhoneNumber(body.phone), let known = Application.State(rawValue: state) else {
            throw RegistrationError.noSuchApplication
        }
        let files = try connection.rows(
            "SELECT * FROM application_file WHERE application = ? AND replaced_at = 0 ORDER BY uploaded_at, id",
            [.text(id)]
        ).compactMap { row -> ApplicationFile? in
            guard let kind = ApplicationFile.Kind(rawValue: try row["kind"]) else { return nil }
            return ApplicationFile(
                id: try row["id"], kind: kind, mediaType: try row["media_type"], size: try row["size"],
                pages: try row["pages"], sm3: try row["sm3"],
                uploadedAt: Instant(milliseconds: try row["uploaded_at"]),
                scan: ApplicationFile.Scan(rawValue: try row["scan"]) ?? .noScanner)
        }
        let reasons: [UInt8]? = try row["reasons"]
        func instant(_ column: String) throws -> Instant? {
            let milliseconds: Int64 = try row[column]
            return milliseconds == 0 ? nil : Instant(milliseconds: milliseconds)
        }
        let firstRevision: Int? = try row["first_approved_revision"]
        let revision: Int = try row["revision"]
        return Application(
            id: id, state: known, revision: revision, phone: phone, form: body.form,
            files: ApplicationFile.Kind.allCases.compactMap { kind in files.first { $0.kind == kind } },
            createdAt: Instant(milliseconds: try row["created_at"]),
            changedAt: Instant(milliseconds: try row["changed_at"]), submittedAt: try instant("submitted_at"),
            decidedAt: try instant("decided_at"), decidedBy: try row["decided_by"],
            firstApprovedBy: firstRevision == revision ? try row["first_approved_by"] : nil,
            refusal: try reasons.map { try sealed.open(Refusal.self, $0, "reasons", id) },
            institution: try row["institution"], account: try row["account"])
    }
}

/// Why something about an application cannot be done.
public enum RegistrationError: Error, Hashable, Sendable {
    case noSuchApplication
    case incomplete
    case alreadyApproved
    /// Another reviewer has decided, or the applicant has changed it, since it was read.
    case changedMeanwhile
    /// The reviewer is the applicant or the data manager.
    case ownApplication
    /// A refusal needs a reason.
    case noReason
    /// The approval is noted; that of another reviewer makes it count.
    case firstOfTwo
    /// The same reviewer has approved it already: the second approval is another's.
    case sameReviewer
    /// The institution's code, or the account's name, is registered already.
    case registered(String)
    /// A change may not give an institution another code: its records stand under the one it has.
    case otherCode(String)
    /// A link that sets a password was used, or its time is over.
    case linkUsed
}
