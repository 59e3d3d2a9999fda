import SurveillanceKit
import Testing

@testable import Accounts

@Suite("Passwords that are guessed first")
struct PasswordTests {
    private static let hospital = Institution(
        code: "12345678901234567890A1", name: BilingualText(zh: "示例市第一人民医院", en: "First People's Hospital of Shili"),
        level: .tertiary, region: "110105", hasFeverClinic: true)
    private static let names = PasswordPolicy.Names(account: "shili-1", display: "张建国", institution: hospital)

    @Test(
        "are refused",
        arguments: [
            "password1234", "Password1234!", "P@ssw0rd2026", "passw0rd!!!!", "drowssap1234", "iloveyou2024",
            "admin123456", "administrator1", "Hospital2026!", "renminyiyuan1", "woaini1314520", "weijianwei2026",
            "changeme2026", "123456789012", "abcdefghijkl", "987654321098", "0123456789ab", "qwertyuiop12",
            "!QAZ2wsx#EDC", "poiuytrewq", "mnbvcxzlkjhg", "abcd1234abcd1234", "xk7!xk7!xk7!xk7!", "20260101",
            "2025202620272028", "19900131abc", "13812345678", "shili-1-2026", "1-ilihs99999", "shili12026!",
            "Sh1li1abcd12", "示例市第一人民医院1", "第一人民医院2026!", "ShiliHospital1", "张建国19900131",
            "A10987654321", "1qaz2wsx3edc", "aaaabbbbccccdddd",
        ])
    func refused(password: String) {
        let policy = PasswordPolicy(minimumLength: 8)
        let error = #expect(throws: AccountError.self) { try policy.check(password, against: Self.names) }
        guard case .passwordGuessable = error else {
            Issue.record("\(password): \(PasswordStrength(password, names: []).bits) bits")
            return
        }
    }

    @Test(
        "are refused with the reason",
        arguments: [
            ("123456789012", PasswordWeakness.sequence), ("iloveyou2024", .commonWord),
            ("xk7!xk7!xk7!xk7!", .repetition),
            ("shili-1-2026", .name), ("示例市第一人民医院1", .name), ("aaaaaaaaaaaab", .fewCharacters),
        ])
    func reasons(password: String, weakness: PasswordWeakness) {
        let error = #expect(throws: AccountError.self) { try PasswordPolicy().check(password, against: Self.names) }
        #expect(error == .passwordGuessable(weakness))
        #expect(error?.message.zh.contains(weakness.message.zh) == true)
    }

    @Test(
        "are not what several unrelated words, or characters by chance, make",
        arguments: [
            "pear-sock-7 蓝", "correct-horse-7", "another-one-1", "k3j9x2m4q7", "x7Qp!m2vRt", "h8kd-m3vq-p7rt-2wzc",
            "蓝色茶杯放在窗台上", "kettle tractor moss", "7048391562", "dgjmpsvybe", "Tg4!rW9z#b", "yellow giraffe basin 3",
        ])
    func accepted(password: String) throws {
        try PasswordPolicy(minimumLength: 9).check(password, against: Self.names)
    }

    @Test("come from a list of 10,000 words, each once")
    func list() {
        #expect(CommonPasswords.ranks.count == 10_000 && CommonPasswords.ranks[Array("password".utf8)] != nil)
    }
}
