public import Accounts
public import SurveillanceKit

/// Who is calling: signing in and out, sessions, credentials of programs.
public protocol SignInServices: Sendable {
    /// By this moment waits and sessions are counted.
    var now: Instant { get }

    /// An unguessable text for the cookie of a browser in which nobody has signed in yet.
    func newToken() -> String

    /// What the sign-in form of the browser with that cookie must send back; nobody else can tell it from the cookie.
    func formToken(for preSession: String) throws -> String

    /// Checks name and password, and begins a session where nothing else is needed.
    func signIn(_ name: String, password: String, from address: String) async throws -> SignInAnswer

    /// The session of a cookie's token; nil where it has ended or there is none.
    func session(_ token: String) async throws -> Session?

    func signOut(_ token: String, from address: String) async throws

    /// Checks the credentials of HTTP Basic.
    func authenticate(_ credentials: BasicCredentials, from address: String) async throws -> SignInOutcome

    /// The account of a bearer token; nil where the token does not hold.
    func account(ofToken token: String) async throws -> Account?
}

public enum SignInAnswer: Sendable {
    /// The token for the session's cookie, and the language that the account's owner has chosen.
    case accepted(token: String, language: Language?)
    /// The password is right, and something else is needed: the token of the unfinished sign-in's cookie.
    case unfinished(token: String)
    /// What the person is told, which never says whether the account exists; and for how long no attempt is heard.
    case refused(BilingualText, waitSeconds: Int?)
}
