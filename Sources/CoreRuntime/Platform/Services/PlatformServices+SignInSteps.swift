import Accounts
import Audit
import Portal
import SurveillanceKit

extension PlatformServices: SignInStepServices {
    func unfinishedSignIn(_ token: String) async throws -> UnfinishedSignIn? {
        try await StorageFault.answered { try await platform.signInSteps.find(token, at: now) }
    }

    func challenge(_ token: String) async throws -> String? {
        try await StorageFault.answered {
            guard let unfinished = try await platform.signInSteps.find(token, at: now), unfinished.step == .code else {
                return nil
            }
            return try await platform.signInSteps.challenge(token, of: unfinished, at: now)
        }
    }

    func take(_ given: SignInStepForm, for token: String, from address: String) async throws -> SignInStepAnswer {
        try await StorageFault.answered {
            let moment = now
            guard let unfinished = try await platform.signInSteps.find(token, at: moment) else { return .ended }
            switch given {
            case .code(let code) where unfinished.step == .code:
                let (verdict, progress) = try await platform.signInSteps.giveCode(
                    code, to: token, of: unfinished, from: address, at: moment)
                if let refusal = FactorRefusal(verdict) {
                    return .refused(refusal.text, waitSeconds: refusal.waitSeconds)
                }
                return try await answer(progress, unfinished.account)
            case .signature(let bytes) where unfinished.step == .code:
                let (verdict, progress) = try await platform.signInSteps.giveSignature(
                    bytes, to: token, of: unfinished, from: address, at: moment)
                if let refusal = Self.refusal(verdict) { return .refused(refusal, waitSeconds: nil) }
                return try await answer(progress, unfinished.account)
            case .password(let password) where unfinished.step == .password:
                do {
                    let progress = try await platform.signInSteps.replacePassword(
                        password, institution: unfinished.account.institution.flatMap { institution($0) }, with: token,
                        of: unfinished, from: address, at: moment)
                    return try await answer(progress, unfinished.account)
                } catch let error as AccountError {
                    return .refused(error.message, waitSeconds: nil)
                }
            case .setUp(let code) where unfinished.step == .setUp:
                guard
                    let (codes, progress) = try await platform.signInSteps.setUp(
                        code, with: token, of: unfinished, from: address, at: moment)
                else { return .refused(FactorRefusal.wrong, waitSeconds: nil) }
                return try await answer(progress, unfinished.account, recoveryCodes: codes)
            // The form of a step that is over, from another window.
            default: return .goneOn(.unfinished(token: token), recoveryCodes: [])
            }
        }
    }

    /// - Returns: nil for a right signature.
    private static func refusal(_ verdict: SignatureVerdict) -> BilingualText? {
        switch verdict {
        case .right: nil
        case .noChallenge:
            BilingualText(
                zh: "挑战码已过期或已使用，请对页面上新的挑战码签名。", en: "The challenge is over or was used. Sign the one that is shown now."
            )
        case .wrong:
            BilingualText(
                zh: "签名不正确。请用已登记证书的私钥对页面上新的挑战码签名（SM2 与 SM3，用户标识 1234567812345678）。",
                en:
                    "The signature is wrong. Sign the challenge that is shown now with the key of the registered certificate (SM2 with SM3, user id 1234567812345678)."
            )
        case .certificate(let fault): fault.message
        case .notTaken:
            BilingualText(
                zh: "本系统目前不接受 SM2 证书；请其他安全管理员重置您的第二因素。",
                en:
                    "Certificates are not taken at present; have another security administrator reset your second factor."
            )
        }
    }

    private func answer(
        _ progress: SignInProgress?, _ account: Account, recoveryCodes: [String] = []
    ) async throws -> SignInStepAnswer {
        switch progress {
        case nil: return .ended
        case .unfinished(let token): return .goneOn(.unfinished(token: token), recoveryCodes: recoveryCodes)
        case .signedIn(let token):
            let language = try await platform.accounts.contact(of: account.name).language
            return .goneOn(.accepted(token: token, language: language), recoveryCodes: recoveryCodes)
        }
    }

    func renewRecoveryCodes(of account: Account, code: String, address: String) async throws -> FactorChange {
        try await StorageFault.answered {
            let (moment, author) = (now, Author(name: account.name, origin: address))
            let verdict = try await platform.factors.verify(code, of: account.name, by: author, at: moment)
            if let refusal = FactorRefusal(verdict) { return .refused(refusal.text, waitSeconds: refusal.waitSeconds) }
            return .done(
                recoveryCodes: try await platform.factors.renewRecoveryCodes(of: account.name, by: author, at: moment)
                    ?? [])
        }
    }

    func removeFactor(of account: Account, code: String, address: String) async throws -> FactorChange {
        try await StorageFault.answered {
            let (moment, author) = (now, Author(name: account.name, origin: address))
            let verdict = try await platform.factors.verify(code, of: account.name, by: author, at: moment)
            if let refusal = FactorRefusal(verdict) { return .refused(refusal.text, waitSeconds: refusal.waitSeconds) }
            _ = try await platform.factors.remove(of: account.name, by: author, at: moment)
            return .done(recoveryCodes: [])
        }
    }

    func demoCodes() async throws -> [DemoCode] {
        guard platform.configuration.isDemo else { return [] }
        return try await StorageFault.answered {
            var codes: [DemoCode] = []
            for account in try await platform.accounts.list() where account.role.needsSecondFactor {
                guard let code = try await platform.factors.presentCode(of: account.name, at: now) else { continue }
                codes.append(DemoCode(account: account.name, code: code))
            }
            return codes
        }
    }
}

/// What somebody is told whose code was not right.
struct FactorRefusal {
    var text: BilingualText
    var waitSeconds: Int?

    static let wrong = BilingualText(
        zh: "验证码不正确或已使用。请等待应用显示下一个验证码；若反复出现，请检查手机时间是否自动同步。",
        en:
            "The code is wrong, or was used. Wait for the next one that the app shows; if this comes again, see that the telephone sets its clock by itself."
    )

    /// - Returns: nil for a right code.
    init?(_ verdict: FactorVerdict) {
        switch verdict {
        case .right: return nil
        case .wrong: text = Self.wrong
        case .wait(let seconds):
            text = BilingualText(
                zh: "验证码错误次数过多，请 \(seconds) 秒后再试。",
                en: "Too many wrong codes; try again in \(seconds.counted("second")).")
            waitSeconds = Int(seconds)
        }
    }
}
