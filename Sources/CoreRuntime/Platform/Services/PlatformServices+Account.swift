import Accounts
import Audit
import Portal
import SurveillanceKit

extension PlatformServices: AccountServices {
    func profile(of account: Account, session: String) async throws -> AccountProfile {
        try await StorageFault.answered {
            AccountProfile(
                contact: try await platform.accounts.contact(of: account.name),
                sessions: try await platform.sessions.list(of: account, asking: session, at: now),
                tokens: try await platform.tokens.list(of: account.name),
                factor: try await platform.factors.status(of: account.name),
                certificate: try await platform.signInSteps.certificates.registered(account.name)?.words,
                earlierSignIn: try await platform.sessions.earlierSignIn(of: account))
        }
    }

    func changePassword(
        of account: Account, from current: String, to password: String, address: String
    ) async throws -> PasswordChange {
        try await StorageFault.answered {
            let moment = now
            // A stolen session can try no more passwords than anybody who signs in.
            let outcome = try await platform.authenticator.signIn(
                name: account.name, password: current, from: address, at: moment)
            switch outcome {
            case .accepted: break
            case .refused:
                return .refused(BilingualText(zh: "当前密码不正确。", en: "The present password is wrong."), waitSeconds: nil)
            case .wait(let until):
                return .refused(
                    outcome.message(at: moment) ?? BilingualText(zh: "", en: ""),
                    waitSeconds: Int(until.secondsToWait(from: moment)))
            }
            do {
                try await platform.accounts.setPassword(
                    password, of: account.name, institution: account.institution.flatMap { institution($0) },
                    by: Author(name: account.name, origin: address), at: now)
            } catch let error as AccountError {
                return .refused(error.message, waitSeconds: nil)
            }
            return .changed(token: try await platform.sessions.begin(for: account, from: address, at: now).token)
        }
    }

    func endSessions(_ id: String?, of account: Account, session: String, address: String) async throws -> Int {
        try await StorageFault.answered {
            try await platform.sessions.endOthers(id, of: account, asking: session, from: address, at: now)
        }
    }

    func createToken(of account: Account, label: String, days: Int?, address: String) async throws -> String {
        try await StorageFault.answered {
            try await platform.tokens.create(
                for: account.name, label: label, expiresAt: days.map { now.advanced(byDays: $0) },
                by: Author(name: account.name, origin: address), at: now
            ).secret
        }
    }

    func revokeToken(_ id: String, of account: Account, address: String) async throws -> Bool {
        try await StorageFault.answered {
            do {
                try await platform.tokens.revoke(
                    id, of: account.name, by: Author(name: account.name, origin: address), at: now)
                return true
            } catch AccountError.unknownToken { return false }
        }
    }

    func setContact(_ contact: AccountContact, of account: Account, address: String) async throws -> BilingualText? {
        try await StorageFault.answered {
            do {
                try await platform.accounts.setContact(
                    contact, of: account.name, by: Author(name: account.name, origin: address), at: now)
                return nil
            } catch let error as AccountError { return error.message }
        }
    }
}
