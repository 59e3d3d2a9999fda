public import Accounts
public import Registrations
public import SurveillanceKit

/// What security administrators do with the accounts of others, and what audit administrators read.
public protocol PeopleServices: Sendable {
    /// A page of accounts; institutions' only where a text or their role asks for them.
    func people(_ query: AccountQuery) async throws -> AccountListing

    /// Whether SM2 certificates of administrators can be registered.
    var takesCertificates: Bool { get }

    func accountRequests() async throws -> [AccountRequest]

    /// - Returns: whether it is done (or waits for another), or why it cannot be.
    func ask(_ draft: AccountRequest.Draft, by administrator: Account, from address: String) async throws
        -> PeopleAnswer

    func decide(
        _ id: String, confirms: Bool, by administrator: Account, from address: String
    ) async throws -> PeopleAnswer

    func disable(_ name: String, by administrator: Account, from address: String) async throws -> PeopleAnswer

    /// Takes a second factor away that was lost; never the own one.
    func resetFactor(of name: String, by administrator: Account, from address: String) async throws -> PeopleAnswer

    /// Entries of the audit trail, the latest first.
    func auditEntries(_ query: AuditQuery, limit: Int) async throws -> [AuditLine]
}

public enum PeopleAnswer: Sendable {
    case done
    /// Another security administrator has to confirm it.
    case waits
    case refused(BilingualText)
}

/// Which entries of the audit trail are looked for.
public struct AuditQuery: Hashable, Sendable {
    /// Whose; empty for everybody's.
    public var who: String
    /// `sign-in`, or all that begin so: `account.`; empty for every action.
    public var action: String
    /// What it was done to; empty for everything.
    public var subject: String
    /// Entries with smaller numbers.
    public var before: Int64?

    public init(who: String = "", action: String = "", subject: String = "", before: Int64? = nil) {
        self.who = who
        self.action = action
        self.subject = subject
        self.before = before
    }
}

/// One entry of the audit trail.
public struct AuditLine: Hashable, Sendable {
    public var number: Int64
    public var at: Instant
    public var who: String
    public var from: String
    public var action: String
    public var subject: String
    public var detail: [String: String]
    /// By which it is bound to all before it.
    public var hash: String

    public init(
        number: Int64, at: Instant, who: String, from: String, action: String, subject: String,
        detail: [String: String], hash: String
    ) {
        self.number = number
        self.at = at
        self.who = who
        self.from = from
        self.action = action
        self.subject = subject
        self.detail = detail
        self.hash = hash
    }
}
