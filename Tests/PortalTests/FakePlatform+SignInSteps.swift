import SurveillanceKit

@testable import Accounts
@testable import Portal

/// An unfinished sign-in for each step, named after it; `123456` is the right code.
extension FakePlatform: SignInStepServices {
    static let recoveryCodes = ["AAAAA-BBBBB", "CCCCC-DDDDD"]

    func unfinishedSignIn(_ token: String) -> UnfinishedSignIn? {
        SignInStep(rawValue: token).map {
            UnfinishedSignIn(
                account: FakePlatform.operation, step: $0,
                secret: $0 == .setUp ? Array("12345678901234567890".utf8) : nil,
                formToken: "form-of-\(token)")
        }
    }

    func challenge(_ token: String) -> String? { nil }

    func take(_ given: SignInStepForm, for token: String, from address: String) -> SignInStepAnswer {
        switch given {
        case .code("123456"): .goneOn(.accepted(token: "s2", language: nil), recoveryCodes: [])
        case .code("000000"):
            .refused(BilingualText(zh: "请 30 秒后再试", en: "wait"), waitSeconds: 30)
        case .password("long enough"): .goneOn(.unfinished(token: "setUp"), recoveryCodes: [])
        case .setUp("123456"):
            .goneOn(.accepted(token: "s2", language: nil), recoveryCodes: FakePlatform.recoveryCodes)
        default: .refused(BilingualText(zh: "不正确", en: "wrong"), waitSeconds: nil)
        }
    }

    func renewRecoveryCodes(of account: Account, code: String, address: String) -> FactorChange {
        code == "123456"
            ? .done(recoveryCodes: FakePlatform.recoveryCodes)
            : .refused(BilingualText(zh: "验证码不正确", en: "wrong"), waitSeconds: nil)
    }

    func removeFactor(of account: Account, code: String, address: String) -> FactorChange {
        code == "123456"
            ? .done(recoveryCodes: []) : .refused(BilingualText(zh: "验证码不正确", en: "wrong"), waitSeconds: 30)
    }

    func demoCodes() -> [DemoCode] { [DemoCode(account: "operator", code: "123456")] }
}
