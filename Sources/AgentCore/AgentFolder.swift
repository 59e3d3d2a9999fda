import SurveillanceKit

/// The folder of an agent and what lies where in it.
public struct AgentFolder: Sendable {
    public let path: String

    public init(_ path: String) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    public var settings: String { "\(path)/agent.json" }
    public var token: String { "\(path)/token" }
    /// Where hospitals' systems put their exports.
    public var inbox: String { "\(path)/inbox" }
    /// What has been taken and is not through yet, a folder a package.
    public var sending: String { "\(path)/sending" }
    /// What is through, by day.
    public var sent: String { "\(path)/sent" }
    /// What the server refused, with the reason.
    public var failed: String { "\(path)/failed" }
    /// Rejected rows to be corrected, and what was found.
    public var corrections: String { "\(path)/corrections" }
    var lock: String { "\(path)/.lock" }

    public var all: [String] { [inbox, sending, sent, failed, corrections] }

    public func readSettings() throws(AgentProblem) -> AgentSettings {
        let bytes: [UInt8]
        do throws(DiskFault) {
            bytes = try Disk().read(settings)
        } catch {
            throw AgentProblem(
                zh: "无法读取设置文件 \(settings)（\(error.words)）；首次使用请执行：vedette-agent init \(path)",
                en:
                    "the settings \(settings) cannot be read (\(error.words)); to begin, run: vedette-agent init \(path)"
            )
        }
        return try AgentSettings(bytes, file: settings, folder: path)
    }

    /// Makes the folders and sample settings. What is there already stays as it is.
    ///
    /// - Returns: whether settings were written.
    public func make() throws(AgentProblem) -> Bool {
        let disk = Disk()
        do {
            try disk.makeFolder(path)
            // The hospital's systems write here and read there, by their group.
            for folder in [inbox, corrections, failed] { try disk.makeFolder(folder, mode: 0o770) }
            for folder in [sending, sent] { try disk.makeFolder(folder) }
            guard !disk.exists(settings) else { return false }
            try disk.write(Array(Self.sampleSettings.utf8), to: settings)
            return true
        } catch {
            let message = (error as? DiskFault)?.message ?? BilingualText(zh: "\(error)", en: "\(error)")
            throw AgentProblem(zh: "无法建立 \(path)：\(message.zh)", en: "\(path) cannot be made: \(message.en)")
        }
    }

    public static let sampleSettings = """
        // 前置机设置（JSON，可写注释）。令牌不写在这里，而是单独放在同目录的 token 文件中（chmod 600）。
        // Settings of the agent (JSON with comments). The token does not stand here but in the file "token" beside it (chmod 600).
        {
          // 平台地址。 The server's address.
          "server": "https://vedette.example.org",

          // 平台证书由自建 CA 签发时：CA 证书文件（PEM）。省略则使用系统的 CA。
          // Where the server's certificate is from an authority of its own: the file of that authority's certificate (PEM).
          // "certificates": "ca.pem",

          // 上网需经代理时。 Where the way out is an HTTP proxy.
          // "proxy": "http://proxy.example.org:3128",

          // 除本机外不使用明文 http，除非设为 true。 Plain http to other machines is refused unless this is true.
          // "allowPlainHTTP": false,

          // 每隔多少秒查看 inbox。 How many seconds lie between two looks at the inbox.
          "pollSeconds": 10,

          // inbox 中多少秒无变化后，把表格作为一次上报一起发送；放入任意 *.ready 文件则不再等待。
          // How many seconds nothing in the inbox has changed before the tables go together; a file *.ready ends the wait.
          "quietSeconds": 60,

          // 先由平台试核验，有错误时不上报，移入 failed。 Have the server check first, and hold back what has errors.
          "holdOnErrors": false
        }

        """
}
