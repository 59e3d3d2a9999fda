import HTTPClient
public import PluginKit
public import SurveillanceKit

/// Sends each notice as a mail, by SMTP or submission.
///
/// A mail server does not know a mail again, and cannot be asked: what may have been taken is held for an administrator.
public struct MailNotifier: Notifier {
    public static let kind = PluginKind.notify
    public static let name = "mail"
    public static let summary = BilingualText(zh: "通过邮件服务器发送通知", en: "sends notices by mail, through an SMTP server")
    public static let settings = [
        PluginSetting("server", .text, isRequired: true, BilingualText(zh: "邮件服务器主机名", en: "the mail server's name")),
        PluginSetting(
            "port", .number,
            BilingualText(
                zh: "端口；默认 465（tls）、587（starttls）、25（none）", en: "465 for tls, 587 for starttls, 25 for none unless set"
            )),
        PluginSetting(
            "security", .text,
            BilingualText(zh: "tls、starttls 或 none；默认 tls", en: "tls, starttls or none; tls unless set")),
        PluginSetting("from", .text, isRequired: true, BilingualText(zh: "发件地址", en: "the sender's address")),
        PluginSetting("fromName", .text, BilingualText(zh: "发件人名称", en: "the sender's name")),
        PluginSetting("user", .text, BilingualText(zh: "登录名", en: "the name to sign in with")),
        PluginSetting(
            "passwordFile", .path, BilingualText(zh: "仅含密码的文件，权限 600", en: "a file with the password alone, mode 600")),
        PluginSetting(
            "authorities", .path,
            BilingualText(zh: "受信任 CA 证书（PEM）；默认用系统的", en: "PEM file of authorities to trust instead of the system's")),
    ]

    private let client: SMTPClient
    private let sender: String
    private let senderName: String

    public init(_ settings: PluginSettings) throws {
        let security = SMTPClient.Security(rawValue: settings.text("security") ?? "tls")
        guard let security else { throw settings.fault("it is tls, starttls or none", at: "security") }
        sender = settings.text("from") ?? ""
        let parts = sender.split(separator: "@", omittingEmptySubsequences: false)
        guard ContactKind.mail.accepts(sender), let domain = parts.last else {
            throw settings.fault("an address is needed, such as vedette@cdc.example", at: "from")
        }
        let host = settings.text("server") ?? ""
        guard !host.isEmpty, host.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"/@?#[]".utf8.contains($0) }) else {
            throw settings.fault("the name of a server is needed, such as smtp.cdc.example", at: "server")
        }
        let standard = [SMTPClient.Security.tls: 465, .startTLS: 587, .none: 25]
        let port = settings.number("port") ?? standard[security, default: 25]
        guard port <= 65_535 else { throw settings.fault("a port is at most 65535", at: "port") }
        senderName = settings.text("fromName") ?? "Vedette 哨点"
        var client = SMTPClient(host: host, port: port, security: security, greeting: String(domain))
        client.authorities = settings.path("authorities")
        switch (settings.text("user"), settings.path("passwordFile")) {
        case (let user?, let path?):
            if security == .none, !["127.0.0.1", "::1", "localhost"].contains(host) {
                throw settings.fault("a password is not sent without TLS; set it to tls or starttls", at: "security")
            }
            do { client.credentials = (user, try SecretFile.read(path)) } catch let error as SecretFileError {
                throw settings.fault(error.reason, at: "passwordFile")
            }
        case (nil, nil): break
        case (_?, nil): throw settings.fault("'passwordFile' is missing", at: "user")
        case (nil, _?): throw settings.fault("'user' is missing", at: "passwordFile")
        }
        self.client = client
    }

    public var contact: ContactKind? { .mail }

    public func deliver(_ message: OutgoingNotice) throws {
        let mail = MailMessage(message: message, sender: sender, senderName: senderName)
        do {
            try client.send(mail.bytes, from: sender, to: message.address)
        } catch let failure as SMTPClient.Failure {
            let said = failure.code > 0 && !failure.reason.contains("\(failure.code)") ? " (\(failure.code))" : ""
            switch failure.kind {
            case .notTaken:
                throw NotTaken(
                    BilingualText(
                        zh: "邮件服务器 \(client.host) 未接收：\(failure.reason)\(said)",
                        en: "the mail server \(client.host) did not take it: \(failure.reason)\(said)"))
            case .refused:
                throw NotTaken(
                    BilingualText(
                        zh: "邮件服务器 \(client.host) 未接受（\(failure.code)）；请核对收件地址",
                        en: "the mail server \(client.host) refused it (\(failure.code)); check the recipient's address"
                    ),
                    isFinal: true)
            case .unknown:
                throw Unanswered(
                    BilingualText(
                        zh: "邮件已发出，但邮件服务器 \(client.host) 未答复：\(failure.reason)",
                        en: "the mail was sent, and the mail server \(client.host) did not answer: \(failure.reason)"))
            }
        }
    }
}

extension MailNotifier: CustomStringConvertible, CustomReflectable {
    public var description: String { "mail through \(client.host)" }
    /// Nothing: a dump would show the password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
