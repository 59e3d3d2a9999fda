import SurveillanceKit
import Synchronization

@testable import Accounts
@testable import Portal

/// One account with three sessions, whose password is `right`.
extension FakePlatform: AccountServices {
    func profile(of account: Account, session: String) -> AccountProfile {
        let sessions = [("a1", "192.0.2.1", true), ("b2", "198.51.100.7", false), ("c3", nil, false)].map {
            OpenSession(id: $0.0, beganAt: FakePlatform.now, seenAt: FakePlatform.now, address: $0.1, isOwn: $0.2)
        }
        return state.withLock {
            AccountProfile(
                contact: $0.contact, sessions: sessions, tokens: $0.tokens,
                factor: FactorStatus(setUpAt: FakePlatform.now, recoveryCodesLeft: 10),
                earlierSignIn: (FakePlatform.now, "203.0.113.9"))
        }
    }

    func changePassword(
        of account: Account, from current: String, to password: String, address: String
    ) -> PasswordChange {
        switch (current, password) {
        case ("locked", _): .refused(BilingualText(zh: "请 15 分钟后再试", en: "wait 15 minutes"), waitSeconds: 900)
        case ("right", "short"): .refused(BilingualText(zh: "密码太短", en: "too short"), waitSeconds: nil)
        case ("right", _): .changed(token: "s2")
        default: .refused(BilingualText(zh: "当前密码不正确", en: "wrong"), waitSeconds: nil)
        }
    }

    func endSessions(_ id: String?, of account: Account, session: String, address: String) -> Int {
        state.withLock { $0.notes.append("sessions \(id ?? "all") \(account.name)") }
        return 1
    }

    func createToken(of account: Account, label: String, days: Int?, address: String) -> String {
        state.withLock {
            $0.tokens.append(ApiToken(id: "t1", account: account.name, label: label, createdAt: FakePlatform.now))
        }
        return "vedette_secret"
    }

    func revokeToken(_ id: String, of account: Account, address: String) -> Bool {
        state.withLock { state in
            guard let index = state.tokens.firstIndex(where: { $0.id == id }) else { return false }
            state.tokens[index].revokedAt = FakePlatform.now
            return true
        }
    }

    func setContact(_ contact: AccountContact, of account: Account, address: String) -> BilingualText? {
        if contact.mail == "nobody" { return BilingualText(zh: "不是邮箱地址", en: "no mail address") }
        state.withLock { $0.contact = contact }
        return nil
    }
}
