import SurveillanceKit

@testable import Accounts
@testable import Portal

/// One colleague who may only read.
extension FakePlatform: ColleagueServices {
    func colleagues(of manager: Account) -> [Colleague] {
        [
            Colleague(
                account: Account(
                    name: "H001-reader", displayName: "信息科", role: .institution, institution: "H001", rights: .read),
                lastSignInAt: nil)
        ]
    }

    func invite(_ invitation: ColleagueInvitation, by manager: Account, from address: String) -> ColleagueAnswer {
        invitation.ending == "x"
            ? .invited(name: "H001-x", link: "https://v/set-password?token=abc")
            : .refused(BilingualText(zh: "登录名后缀有误", en: "wrong"))
    }

    func renewLink(of name: String, by manager: Account, from address: String) -> ColleagueAnswer { .done }
    func setRights(_ rights: ColleagueRights, of name: String, by manager: Account, from address: String)
        -> ColleagueAnswer
    { .done }
    func removeColleague(_ name: String, by manager: Account, from address: String) -> ColleagueAnswer { .done }
}
