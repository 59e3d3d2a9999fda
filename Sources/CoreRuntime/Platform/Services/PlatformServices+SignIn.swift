import Accounts
import Portal
import ShangMi
import SurveillanceKit

extension PlatformServices: SignInServices {
    var now: Instant { Instant(milliseconds: platform.now()) }

    func newToken() -> String { Hex.encode(platform.random.bytes(16)) }

    func formToken(for preSession: String) throws -> String {
        try HMACSM3.code(Array("sign-in form ".utf8) + Array(preSession.utf8), key: platform.formKey).hex
    }

    func signIn(_ name: String, password: String, from address: String) async throws -> SignInAnswer {
        try await StorageFault.answered {
            let seconds = now.seconds
            let outcome = try await platform.authenticator.signIn(
                name: name, password: password, from: address, at: seconds)
            switch outcome {
            case .accepted(let account):
                let session = try await platform.sessions.begin(for: account, from: address, at: now.seconds)
                return .accepted(token: session.token)
            case .refused:
                return .refused(outcome.message(at: seconds) ?? BilingualText(zh: "", en: ""), waitSeconds: nil)
            case .wait(let until):
                return .refused(
                    outcome.message(at: seconds) ?? BilingualText(zh: "", en: ""),
                    waitSeconds: Int(max(1, until - seconds)))
            }
        }
    }

    func session(_ token: String) async throws -> Session? {
        try await StorageFault.answered { try await platform.sessions.find(token, at: now.seconds) }
    }

    func signOut(_ token: String, from address: String) async throws {
        try await StorageFault.answered { try await platform.sessions.end(token, from: address, at: now.seconds) }
    }

    func authenticate(_ credentials: BasicCredentials, from address: String) async throws -> SignInOutcome {
        try await StorageFault.answered {
            try await platform.authenticator.authenticate(credentials, from: address, at: now.seconds)
        }
    }

    func account(ofToken token: String) async throws -> Account? {
        try await StorageFault.answered { try await platform.tokens.account(for: token, at: now.seconds) }
    }
}
