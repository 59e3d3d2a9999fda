public import Accounts
public import SurveillanceKit

/// What a sign-in needs after the password, and what people do with their second factors.
public protocol SignInStepServices: Sendable {
    /// The unfinished sign-in of a cookie's token; nil where there is none, or it has run out.
    func unfinishedSignIn(_ token: String) async throws -> UnfinishedSignIn?

    /// What the key of the account's certificate is to sign; nil where it has none.
    func challenge(_ token: String) async throws -> String?

    /// Takes what a step asks for.
    func take(_ given: SignInStepForm, for token: String, from address: String) async throws -> SignInStepAnswer

    /// Makes ten new recovery codes where the given code is right.
    func renewRecoveryCodes(of account: Account, code: String, address: String) async throws -> FactorChange

    /// Takes the account's own second factor away where the given code is right; its sessions end, and the next sign-in sets another up.
    func removeFactor(of account: Account, code: String, address: String) async throws -> FactorChange

    /// In a demo, the codes that the apps of its accounts would show; otherwise none.
    func demoCodes() async throws -> [DemoCode]
}

/// What somebody has typed at a step.
public enum SignInStepForm: Sendable {
    /// A code of the app, or a recovery code.
    case code(String)
    /// A signature of the challenge, as a tool has written it.
    case signature([UInt8])
    /// A new password.
    case password(String)
    /// The first code of an app that is being set up.
    case setUp(code: String)
}

public enum SignInStepAnswer: Sendable {
    /// To the session or to the next step; recovery codes are shown this once.
    case goneOn(SignInAnswer, recoveryCodes: [String])
    case refused(BilingualText, waitSeconds: Int?)
    /// The sign-in has run out: it begins anew.
    case ended
}

public enum FactorChange: Sendable {
    case done(recoveryCodes: [String])
    case refused(BilingualText, waitSeconds: Int?)
}

/// What the app of a demo's account would show.
public struct DemoCode: Hashable, Sendable {
    public var account: String
    public var code: String

    public init(account: String, code: String) {
        self.account = account
        self.code = code
    }
}
