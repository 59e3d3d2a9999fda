public import Accounts
public import SurveillanceKit

/// What people do with their own accounts. Each change stands in the audit trail under their name.
public protocol AccountServices: Sendable {
    /// - Parameter session: the token of the session that asks.
    func profile(of account: Account, session: String) async throws -> AccountProfile

    /// Sets another password where the present one is right, and ends every session of the account.
    func changePassword(
        of account: Account, from current: String, to password: String, address: String
    ) async throws -> PasswordChange

    /// Ends other sessions: one by its id, or with nil all of them.
    func endSessions(_ id: String?, of account: Account, session: String, address: String) async throws -> Int

    /// - Parameter days: how long it counts; nil until it is revoked.
    /// - Returns: the token in clear, this once.
    func createToken(of account: Account, label: String, days: Int?, address: String) async throws -> String

    /// - Returns: whether it is the account's.
    func revokeToken(_ id: String, of account: Account, address: String) async throws -> Bool

    /// - Returns: why it cannot be; nil where it is done.
    func setContact(_ contact: AccountContact, of account: Account, address: String) async throws -> BilingualText?
}

public struct AccountProfile: Sendable {
    public var contact: AccountContact
    public var sessions: [OpenSession]
    public var tokens: [ApiToken]
    /// nil for an account without a second factor.
    public var factor: FactorStatus?
    /// nil for an account without an SM2 certificate.
    public var certificate: CertificateWords?
    /// The last sign-in but one; nil for the first.
    public var earlierSignIn: (at: Instant, address: String)?

    public init(
        contact: AccountContact, sessions: [OpenSession], tokens: [ApiToken], factor: FactorStatus? = nil,
        certificate: CertificateWords? = nil,
        earlierSignIn: (at: Instant, address: String)? = nil
    ) {
        self.contact = contact
        self.sessions = sessions
        self.tokens = tokens
        self.factor = factor
        self.certificate = certificate
        self.earlierSignIn = earlierSignIn
    }
}

public enum PasswordChange: Sendable {
    /// The token of the session with which the person goes on.
    case changed(token: String)
    case refused(BilingualText, waitSeconds: Int?)
}
