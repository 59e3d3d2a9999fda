public import AgentHTTP
import Glibc
public import SurveillanceKit

/// One thing that was looked at, and what to do where it is not as it should be.
public struct DoctorFinding: Hashable, Sendable {
    public enum State: Hashable, Sendable {
        case fine, warning, wrong
    }

    public var state: State
    public var title: BilingualText
    public var text: BilingualText
}

/// Looks at everything that an agent needs, for the people who keep the machine and the network. It sends no report.
public struct Doctor {
    private let folder: AgentFolder
    private let settings: AgentSettings
    private let patience: Patience
    private let clock: AgentClock
    private var findings: [DoctorFinding] = []

    public static func examine(_ folder: AgentFolder, _ settings: AgentSettings, patience: Patience, clock: AgentClock)
        -> [DoctorFinding]
    {
        var doctor = Doctor(folder: folder, settings: settings, patience: patience, clock: clock)
        doctor.lookAtFolders()
        doctor.lookAtServer(token: doctor.lookAtToken())
        return doctor.findings
    }

    private init(folder: AgentFolder, settings: AgentSettings, patience: Patience, clock: AgentClock) {
        self.folder = folder
        self.settings = settings
        self.patience = patience
        self.clock = clock
    }

    private mutating func tell(
        _ state: DoctorFinding.State, _ title: (zh: String, en: String), _ zh: String, _ en: String
    ) {
        findings.append(
            DoctorFinding(
                state: state, title: BilingualText(zh: title.zh, en: title.en), text: BilingualText(zh: zh, en: en)))
    }

    // MARK: This machine

    private mutating func lookAtFolders() {
        for path in folder.all {
            let title = (zh: "文件夹 \(path)", en: "folder \(path)")
            let isWritable = access(path, R_OK | W_OK | X_OK) == 0
            if isWritable {
                tell(.fine, title, "可读写", "can be read and written")
            } else {
                let words = String(cString: strerror(errno))
                tell(
                    .wrong, title, "不可读写（\(words)）；请建立文件夹，或用 chown、chmod 交给运行本程序的用户",
                    "cannot be read and written (\(words)); make it, or give it to the user who runs the agent with chown or chmod"
                )
            }
        }
        let title = (zh: "磁盘空间", en: "free space")
        guard let free = Disk().freeBytes(folder.path) else { return }
        let isEnough = free >= Agent.leastFreeBytes
        tell(
            isEnough ? .fine : .wrong, title, "\(free >> 20) MiB\(isEnough ? "" : "；请清理，sent 中较早的日期可以删除")",
            "\(free >> 20) MiB\(isEnough ? "" : "; make room, earlier days in sent may be deleted")")
    }

    private mutating func lookAtToken() -> String? {
        let title = (zh: "令牌文件", en: "token file")
        do throws(AgentProblem) {
            let token = try TokenFile.read(folder.token)
            tell(.fine, title, "已读取，其他用户不可读", "was read, and is kept from others")
            return token
        } catch {
            tell(.wrong, title, error.message.zh, error.message.en)
            return nil
        }
    }

    // MARK: The way to the server

    private mutating func lookAtServer(token: String?) {
        let server = settings.server
        tell(
            .fine, (zh: "服务器", en: "server"), "\(server.isTLS ? "https" : "http")://\(server.authority)\(server.path)",
            "\(server.isTLS ? "https" : "http")://\(server.authority)\(server.path)")
        let proxy = server.isTLS ? settings.proxy : nil
        if let proxy {
            tell(.fine, (zh: "代理", en: "proxy"), proxy.hostAndPort, proxy.hostAndPort)
        } else {
            tell(.fine, (zh: "代理", en: "proxy"), "不使用", "none")
        }
        let client = AgentHTTPClient(
            to: server, proxy: proxy, authorities: settings.certificates, patience: patience)
        if server.isTLS {
            let file = client.authorities
            tell(
                file == nil ? .wrong : .fine, (zh: "CA 证书", en: "CA certificates"),
                file ?? "本机没有；请在 \"certificates\" 中指定", file ?? "this machine has none; name a file in \"certificates\""
            )
        }
        let connection: AgentConnection
        do throws(ConnectionFault) {
            connection = try client.connect()
        } catch {
            let titles: [ConnectionFault.Stage: (zh: String, en: String)] = [
                .name: ("域名解析", "name"), .proxy: ("代理连接", "way through the proxy"),
                .certificate: ("服务器证书", "server's certificate"), .tls: ("TLS", "TLS"),
            ]
            tell(.wrong, titles[error.stage] ?? ("网络连接", "connection"), error.message.zh, error.message.en)
            return
        }
        tell(.fine, (zh: "网络连接", en: "connection"), "已连接 \(connection.peer)", "made to \(connection.peer)")
        if let certificate = connection.certificate { lookAt(certificate) }
        lookAtAnswer(client, connection, token)
    }

    private mutating func lookAt(_ certificate: ServerCertificate) {
        let days = certificate.validTo.milliseconds(since: clock.now()) / 86_400_000
        let (from, to) = (AgentClock.day(certificate.validFrom), AgentClock.day(certificate.validTo))
        let isLong = days >= 14
        tell(
            isLong ? .fine : .warning, (zh: "服务器证书", en: "server's certificate"),
            "\(certificate.protocolVersion)，\(shown(certificate.subject))，有效期 \(from) 至 \(to)\(isLong ? "" : "；不足 14 天，请提醒平台更换")",
            "\(certificate.protocolVersion), \(shown(certificate.subject)), valid from \(from) to \(to)\(isLong ? "" : "; less than 14 days are left, remind the platform")"
        )
    }

    private mutating func lookAtAnswer(_ client: AgentHTTPClient, _ connection: AgentConnection, _ token: String?) {
        let answer: HTTPAnswer
        do throws(ConnectionFault) {
            answer = try client.send(HTTPRequest(.get, "/readyz"), over: connection)
        } catch {
            tell(.wrong, (zh: "服务器应答", en: "server's answer"), error.message.zh, error.message.en)
            return
        }
        let isReady = answer.status == 200
        let words = Delivery.words(answer)
        tell(
            isReady ? .fine : .wrong, (zh: "服务器应答", en: "server's answer"), isReady ? "可以接收上报" : words.zh,
            isReady ? "takes reports" : words.en)
        if let theirs = answer.header("date").flatMap(HTTPDate.instant) {
            let skew = clock.now().seconds - theirs.seconds
            let isRight = abs(skew) <= 60
            tell(
                isRight ? .fine : .warning, (zh: "本机时钟", en: "this machine's clock"),
                isRight ? "与服务器相差 \(skew) 秒" : "与服务器相差 \(skew) 秒；请用 NTP（chrony）校时",
                isRight
                    ? "differs from the server's by \(skew) s"
                    : "differs from the server's by \(skew) s; have it set by NTP (chrony)")
        }
        guard let token else { return }
        lookAtRights(client, token)
    }

    private mutating func lookAtRights(_ client: AgentHTTPClient, _ token: String) {
        let title = (zh: "令牌", en: "token")
        do throws(ConnectionFault) {
            let answer = try client.send(
                HTTPRequest(
                    .get, "/api/v1/submissions?limit=1",
                    headers: [("Authorization", "Bearer \(token)"), ("Accept", "application/json")]))
            switch answer.status {
            case 200: tell(.fine, title, "服务器接受", "is accepted by the server")
            case 401, 403:
                let words = Delivery.words(answer)
                tell(
                    .wrong, title, "服务器不接受（\(words.zh)）；请向平台管理员索取新的令牌，写入 \(folder.token)",
                    "is not accepted (\(words.en)); ask the platform's administrator for another, and put it into \(folder.token)"
                )
            default:
                let words = Delivery.words(answer)
                tell(.wrong, title, words.zh, words.en)
            }
        } catch {
            tell(.wrong, title, error.message.zh, error.message.en)
        }
    }
}
