import ShangMi

/// What is still needed of somebody whose password was right.
public enum SignInStep: String, Hashable, Sendable {
    /// The second factor: a code, or a signature of the certificate's key.
    case code
    /// A password of the person's own: somebody else knows the present one.
    case password
    /// A second factor, which the account needs and does not have.
    case setUp
}

/// A sign-in of which the password was right and something else is needed. It opens nothing.
public struct UnfinishedSignIn: Sendable {
    public let account: Account
    /// nil once nothing is needed any more.
    public let step: SignInStep?
    /// Of the second factor that is being set up; nil at other steps.
    public let secret: [UInt8]?
    /// What every form of this sign-in must send back.
    public let formToken: String
    /// Whether the account has an authenticator app.
    public let hasCodes: Bool
    /// Whether the account has an SM2 certificate.
    public let hasCertificate: Bool

    /// The secret as an app takes it from a keyboard.
    public var secretText: String? { secret.map(Base32.encode) }

    public init(
        account: Account, step: SignInStep?, secret: [UInt8]?, formToken: String, hasCodes: Bool = true,
        hasCertificate: Bool = false
    ) {
        self.hasCodes = hasCodes
        self.hasCertificate = hasCertificate
        self.account = account
        self.step = step
        self.secret = secret
        self.formToken = formToken
    }
}

/// What came of a step.
public enum SignInProgress: Sendable {
    /// The token of the session.
    case signedIn(token: String)
    /// Something else is needed: the token of the unfinished sign-in.
    case unfinished(token: String)
}
