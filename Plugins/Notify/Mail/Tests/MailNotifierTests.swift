import Foundation
import PluginKit
import Settings
import SurveillanceKit
import Testing
import Validation

@testable import NotifyMail

@Suite("Mail")
struct MailNotifierTests {
    static let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mail-\(UUID().uuidString)")

    static func notifier(
        port: Int, _ more: [String: SettingsValue] = ["security": .string("none")]
    ) throws -> MailNotifier {
        var members: [String: SettingsValue] = [
            "server": .string("127.0.0.1"), "port": .number(Double(port)), "from": .string("vedette@cdc.example"),
        ]
        members.merge(more) { $1 }
        let object = SettingsObject(members, file: "vedette.json", place: "plugins.notify.mail")
        return try MailNotifier(PluginSettings(object, declared: MailNotifier.settings, folder: folder.path))
    }

    static func message(_ id: String = String(repeating: "a1b2c3d4", count: 4)) -> OutgoingNotice {
        let notice = Notice(
            key: "missed/1", kind: .missed, to: .institution("H001"), at: Instant(seconds: 1_772_355_600),
            title: BilingualText(zh: "逾期未报：发热门诊医疗服务监测系统 2026-03-01", en: "Report missing: Fever clinics 2026-03-01"),
            text: BilingualText(
                zh: "示例市第一人民医院（H001）：<发热门诊> 2026-03-01 的数据未收到。", en: "the report of fever clinics & more has not come.")
        )
        return OutgoingNotice(
            id: id, notice: notice, address: "data@h001.example", now: Instant(seconds: 1_772_355_600))
    }

    private func password(_ text: String = "pear-sock7", mode: Int = 0o600) throws -> String {
        try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        let file = Self.folder.appendingPathComponent(UUID().uuidString)
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        return file.path
    }

    @Test(
        "a notice arrives as plain text and HTML in both languages, with a Chinese subject, its own id and China's time"
    )
    func arrives() throws {
        let server = FakeMailServer()
        try Self.notifier(port: server.port).deliver(Self.message())
        let seen = server.seen
        #expect(seen.commands.contains("MAIL FROM:<vedette@cdc.example>"))
        #expect(seen.commands.contains("RCPT TO:<data@h001.example>"))
        #expect(seen.commands.first == "EHLO cdc.example")
        let mail = try #require(seen.mails.first)
        let lines = mail.components(separatedBy: "\r\n")
        #expect(mail.utf8.allSatisfy { $0 < 0x80 } && lines.allSatisfy { $0.utf8.count <= 76 })
        #expect(lines.contains("Date: Sun, 01 Mar 2026 17:00:00 +0800"))
        #expect(lines.contains("Message-ID: <a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4@cdc.example>"))
        #expect(lines.contains("To: <data@h001.example>") && lines.contains("MIME-Version: 1.0"))
        let head = try #require(mail.components(separatedBy: "\r\n\r\n").first)
        let subject = try #require(head.firstMatch(of: #/Subject: ((?:[^\r]|\r\n )*)/#)).1
        #expect(
            Self.decoded(String(subject))
                == "逾期未报：发热门诊医疗服务监测系统 2026-03-01 · Report missing: Fever clinics 2026-03-01")
        #expect(
            mail.contains("Content-Type: multipart/alternative;\r\n boundary=\"=_a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4\""))
        let parts = mail.components(separatedBy: "--=_a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4").dropFirst().map { part in
            let body = part.components(separatedBy: "\r\n\r\n").dropFirst().joined().filter { !$0.isNewline }
            return String(decoding: Data(base64Encoded: body) ?? Data(), as: UTF8.self)
        }
        #expect(parts.count == 3)
        #expect(parts[0].contains("<发热门诊> 2026-03-01 的数据未收到") && parts[0].contains("fever clinics & more"))
        #expect(parts[1].contains("&lt;发热门诊&gt;") && parts[1].contains("fever clinics &amp; more"))
    }

    /// Reads encoded words, each on its own: none may end within a character.
    private static func decoded(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).map { word in
            guard word.hasPrefix("=?UTF-8?B?"), word.hasSuffix("?="), word.count <= 75,
                let bytes = Data(base64Encoded: String(word.dropFirst(10).dropLast(2)))
            else { return "✘" }
            return String(data: bytes, encoding: .utf8) ?? "✘"
        }.joined()
    }

    @Test(
        "no subject of whatever length or characters is cut within a character or gets a line of its own into the head")
    func subjects() {
        for text in ["", "哨", String(repeating: "甲", count: 200), "a\r\nBcc: x@y", String(repeating: "👩‍👩‍👧‍👦 é", count: 30)]
        {
            let header = MailMessage.header(text, after: 9)
            let plain = text.replacing("\r\n", with: "  ")
            #expect(Self.decoded(header) == plain.replacing("\r", with: " "), "\(text)")
            #expect(header.components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 76 })
        }
    }

    @Test(
        "what the server refuses for now is not taken; what it refuses for good is final; where its answer is lost, nobody knows"
    )
    func answers() throws {
        for (behaviour, isFinal) in [
            (FakeMailServer.Behaviour(recipient: "550 no such user <data@h001.example>"), true),
            (.init(recipient: "451 later"), false), (.init(mail: "452 full"), false), (.init(mail: "554 spam"), true),
        ] {
            let server = FakeMailServer(behaviour)
            let error = try #require(throws: NotTaken.self, "\(behaviour)") {
                try Self.notifier(port: server.port).deliver(Self.message())
            }
            #expect(error.isFinal == isFinal, "\(behaviour)")
            #expect(!error.reason.en.contains("@") && !error.reason.zh.contains("@"), "\(error)")
        }
        for behaviour in [FakeMailServer.Behaviour(mail: nil), .init(closesEarly: true)] {
            let silent = FakeMailServer(behaviour)
            #expect(throws: Unanswered.self) { try Self.notifier(port: silent.port).deliver(Self.message()) }
        }
        // Nobody listens.
        #expect(throws: NotTaken.self) { try Self.notifier(port: 1).deliver(Self.message()) }
    }

    @Test("a server that does not offer STARTTLS is sent neither password nor mail")
    func noDowngrade() throws {
        let server = FakeMailServer(.init(extensions: ["AUTH PLAIN"]))
        let notifier = try Self.notifier(
            port: server.port,
            [
                "security": .string("starttls"), "user": .string("vedette"), "passwordFile": .string(try password()),
            ])
        let error = try #require(throws: NotTaken.self) { try notifier.deliver(Self.message()) }
        #expect(!error.isFinal && !error.reason.en.contains("pear-sock7"))
        let seen = server.seen
        #expect(seen.mails.isEmpty && !seen.commands.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
    }

    @Test("it signs in with the password of the file, and nothing that is printed shows it")
    func signsIn() throws {
        let server = FakeMailServer(.init(extensions: ["AUTH PLAIN"]))
        let notifier = try Self.notifier(
            port: server.port,
            ["security": .string("none"), "user": .string("vedette"), "passwordFile": .string(try password())])
        try notifier.deliver(Self.message())
        let commands = server.seen.commands
        let plain = Data("\0vedette\0pear-sock7".utf8).base64EncodedString()
        #expect(commands.contains { $0.hasSuffix(plain) } && server.seen.mails.count == 1)
        var dumped = ""
        dump(notifier, to: &dumped)
        #expect(!dumped.contains("pear-sock7") && !"\(notifier)".contains("pear-sock7"))
    }

    @Test("what cannot be used is refused with its name, and without the password")
    func refusals() throws {
        for (settings, name) in [
            (["security": SettingsValue.string("ssl")], "security"), (["from": .string("a b@c")], "from"),
            (["server": .string("a/b")], "server"), (["port": .number(70_000)], "port"),
            (["user": .string("u")], "user"),
            (["passwordFile": .string(try password())], "passwordFile"),
            (["user": .string("u"), "passwordFile": .string(try password(mode: 0o644))], "passwordFile"),
            (["user": .string("u"), "passwordFile": .string(try password("pear-sock7\nmore"))], "passwordFile"),
            (["user": .string("u"), "passwordFile": .string("/none")], "passwordFile"),
            (
                [
                    "server": .string("smtp.example"), "security": .string("none"), "user": .string("u"),
                    "passwordFile": .string(try password()),
                ], "security"
            ),
        ] {
            let error = try #require(throws: ProgramError.self) { try Self.notifier(port: 25, settings) }
            #expect(error.description.contains("plugins.notify.mail: '\(name)'"), "\(error)")
            #expect(!error.description.contains("sock7"))
        }
    }
}
