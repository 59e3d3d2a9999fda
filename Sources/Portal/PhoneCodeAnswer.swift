import Accounts
import HTTPServer
import Registrations
import SurveillanceKit

/// What somebody who proves a telephone is told: alike wherever that is asked.
struct PhoneCodeAnswer {
    var note: BilingualText
    var isRefused = true
    var status: Status = .unprocessableContent
    var retryAfterSeconds: Int64?

    static let notANumber = PhoneCodeAnswer(
        note: BilingualText(zh: "请填写 11 位手机号码。", en: "Give a mobile number of 11 digits."))

    /// What came of asking for a code.
    init(_ request: PhoneCodeRequest, to phone: PhoneNumber) {
        switch request {
        case .sent:
            self.init(
                note: BilingualText(
                    zh: "验证码已发送至 \(phone.masked)，5 分钟内有效。",
                    en: "A code was sent to \(phone.masked). It holds for 5 minutes."), isRefused: false, status: .ok)
        case .wait(let seconds):
            let wait = PhoneCodeAnswer.wait(seconds)
            self.init(
                note: BilingualText(
                    zh: "获取验证码过于频繁，请 \(wait.zh)后再试。", en: "Too many codes were asked for; ask again in \(wait.en)."),
                status: .tooManyRequests, retryAfterSeconds: seconds)
        case .exhausted:
            self.init(
                note: BilingualText(
                    zh: "今日短信数量已达平台上限，请明日再试或联系平台支持。",
                    en: "The platform sends no more messages today; try again tomorrow."), status: .tooManyRequests)
        }
    }

    /// What is said of a code that does not count; nil for the right one.
    init?(_ verdict: PhoneCodeVerdict) {
        switch verdict {
        case .right: return nil
        case .wrong(let left):
            self.init(
                note: BilingualText(
                    zh: "验证码不正确，还可尝试 \(left) 次。", en: "The code is wrong; it may be tried \(left.counted("more time"))."
                ))
        case .none:
            self.init(
                note: BilingualText(zh: "验证码无效或已过期，请重新获取。", en: "There is no such code any more; ask for another."))
        }
    }

    init(
        note: BilingualText, isRefused: Bool = true, status: Status = .unprocessableContent,
        retryAfterSeconds: Int64? = nil
    ) {
        self.note = note
        self.isRefused = isRefused
        self.status = status
        self.retryAfterSeconds = retryAfterSeconds
    }

    private static func wait(_ seconds: Int64) -> BilingualText {
        let minutes = (seconds + 59) / 60
        return seconds < 90
            ? BilingualText(zh: " \(seconds) 秒", en: Int(seconds).counted("second"))
            : BilingualText(zh: " \(minutes) 分钟", en: Int(minutes).counted("minute"))
    }
}
