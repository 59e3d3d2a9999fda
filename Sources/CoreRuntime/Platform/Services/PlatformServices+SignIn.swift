import Accounts
import Portal
import ShangMi
import SurveillanceKit

extension PlatformServices: SignInServices {
    var now: Instant { platform.now() }

    func newToken() -> String { Hex.encode(platform.random.bytes(16)) }

    func formToken(for preSession: String) throws -> String {
        try HMACSM3.code(Array("sign-in form ".utf8) + Array(preSession.utf8), key: platform.formKey).hex
    }

    func signIn(_ name: String, password: String, from address: String) async throws -> SignInAnswer {
        try await StorageFault.answered {
            let moment = now
            let outcome = try await platform.authenticator.signIn(
                name: name, password: password, from: address, at: moment)
            switch outcome {
            case .accepted(let account):
                try await platform.lookAtRegister(for: account)
                return try await answer(
                    try await platform.signInSteps.begin(for: account, from: address, at: now), account)
            case .refused:
                return .refused(outcome.message(at: moment) ?? BilingualText(zh: "", en: ""), waitSeconds: nil)
            case .wait(let until):
                return .refused(
                    outcome.message(at: moment) ?? BilingualText(zh: "", en: ""),
                    waitSeconds: Int(until.secondsToWait(from: moment)))
            }
        }
    }

    private func answer(_ progress: SignInProgress, _ account: Account) async throws -> SignInAnswer {
        switch progress {
        case .signedIn(let token):
            .accepted(token: token, language: try await platform.accounts.contact(of: account.name).language)
        case .unfinished(let token): .unfinished(token: token)
        }
    }

    func session(_ token: String) async throws -> Session? {
        try await StorageFault.answered {
            let session = try await platform.sessions.find(token, at: now)
            try await platform.lookAtRegister(for: session?.account)
            return session
        }
    }

    func signOut(_ token: String, from address: String) async throws {
        try await StorageFault.answered { try await platform.sessions.end(token, from: address, at: now) }
    }

    func authenticate(_ credentials: BasicCredentials, from address: String) async throws -> SignInOutcome {
        try await StorageFault.answered {
            let outcome = try await platform.authenticator.authenticate(credentials, from: address, at: now)
            if case .accepted(let account) = outcome { try await platform.lookAtRegister(for: account) }
            return outcome
        }
    }

    func account(ofToken token: String) async throws -> Account? {
        try await StorageFault.answered {
            let account = try await platform.tokens.account(for: token, at: now)
            try await platform.lookAtRegister(for: account)
            return account
        }
    }
}
