import AgentCore
import AgentHTTP
import Glibc
import SurveillanceKit

/// The commands of the agent. Exit status: 0 fine, 1 findings or refusals, 2 could not run.
enum AgentTool {
    static let language = Language(localeOf: environment)

    static func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

    static func run(_ words: [String]) -> Int32 {
        guard let name = words.first else {
            print(help)
            return 2
        }
        if words.contains("--help") || words.contains("-h") || name == "help" {
            print(help)
            return 0
        }
        if name == "--version" {
            print("vedette-agent \(AgentVersion.current)")
            return 0
        }
        do throws(AgentProblem) {
            switch name {
            case "init": return try makeFolder(try folder(words))
            case "run": return try work(try folder(words), untilIdle: false)
            case "once": return try work(try folder(words), untilIdle: true)
            case "status": return try status(try folder(words))
            case "doctor": return try doctor(try folder(words))
            default:
                throw AgentProblem(
                    zh: "没有命令“\(name)”；可用 init, run, once, status, doctor, help",
                    en: "no command '\(name)'; there are init, run, once, status, doctor, help")
            }
        } catch {
            complain(error.message[language])
            return 2
        }
    }

    static func complain(_ message: String) { log("vedette-agent: \(message)\n") }

    /// One line to standard error, which systemd keeps with its time.
    static func log(_ line: String) {
        let bytes = Array(line.utf8)
        _ = write(2, bytes, bytes.count)
    }

    static var help: String {
        say(
            """
            vedette-agent：医院前置机，把 inbox 中的文件上报到 Vedette 哨点平台

            用法：vedette-agent <命令> [文件夹]

              init 文件夹     建立文件夹和带注释的设置文件 agent.json
              run [文件夹]    一直运行，直到收到 SIGTERM 或 SIGINT
              once [文件夹]   发送已就绪的文件，等待结果后结束；最多 15 分钟
              status [文件夹] 最近几天、等待中的文件、最后一次结果
              doctor [文件夹] 检查网络、证书、时钟、令牌、文件夹权限，并说明如何处理
              help            本说明
              --version       版本

            省略文件夹时为当前文件夹。
            退出状态：0 正常，1 有问题或被拒绝，2 无法运行
            """,
            """
            vedette-agent: sends the files of an inbox to a Vedette server

            usage: vedette-agent COMMAND [FOLDER]

              init FOLDER      makes the folders and commented settings, agent.json
              run [FOLDER]     works until SIGTERM or SIGINT
              once [FOLDER]    sends what is ready, waits for the verdicts and ends; 15 minutes at most
              status [FOLDER]  the last days, what waits, the last verdict
              doctor [FOLDER]  looks at network, certificate, clock, token and folders, and says what to do
              help             this text
              --version        the version

            Without FOLDER it is the current folder.
            exit status: 0 fine, 1 findings or refusals, 2 could not run
            """)
    }

    /// The folder that a command names: at most one word behind the command, and no options.
    private static func folder(_ words: [String]) throws(AgentProblem) -> AgentFolder {
        let rest = words.dropFirst()
        if let option = rest.first(where: { $0.hasPrefix("-") }) {
            throw AgentProblem(zh: "没有选项 \(option)", en: "unknown option \(option)")
        }
        guard rest.count <= 1 else {
            throw AgentProblem(zh: "只能有一个文件夹", en: "there can be one folder only")
        }
        guard let path = rest.first, !path.isEmpty else {
            guard words[0] != "init" else {
                throw AgentProblem(zh: "init 需要一个文件夹", en: "init needs a folder")
            }
            return AgentFolder(".")
        }
        return AgentFolder(path)
    }

    private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private static func makeFolder(_ folder: AgentFolder) throws(AgentProblem) -> Int32 {
        let isNew = try folder.make()
        print(
            isNew
                ? say(
                    "已建立 \(folder.path) 和设置文件 \(folder.settings)。",
                    "made \(folder.path) with the settings \(folder.settings).")
                : say("\(folder.settings) 已存在，未改动。", "\(folder.settings) is there already, and stays as it is."))
        print(
            say(
                """
                下一步：
                1. 在 \(folder.settings) 中填写平台地址 "server"。
                2. 把平台管理员给的令牌写入 \(folder.token)：(umask 077; cat > \(folder.token))，粘贴令牌，回车，Ctrl-D。
                3. 执行 vedette-agent doctor \(folder.path)，按提示处理。
                4. 让业务系统把文件导出到 \(folder.inbox)，再执行 vedette-agent run \(folder.path)（或用 systemd）。
                """,
                """
                Next:
                1. Put the server's address into "server" of \(folder.settings).
                2. Put the token from the platform's administrator into \(folder.token): (umask 077; cat > \(folder.token)), paste, Enter, Ctrl-D.
                3. Run vedette-agent doctor \(folder.path), and do what it says.
                4. Let the hospital's systems export into \(folder.inbox), and run vedette-agent run \(folder.path) (or use systemd).
                """))
        return 0
    }

    private static func status(_ folder: AgentFolder) throws(AgentProblem) -> Int32 {
        for line in try AgentStatus.lines(of: folder, in: language) { print(line) }
        return 0
    }

    private static func doctor(_ folder: AgentFolder) throws(AgentProblem) -> Int32 {
        let settings = try folder.readSettings()
        let findings = Doctor.examine(folder, settings, patience: Patience(), clock: .system)
        for finding in findings {
            let mark: String
            switch finding.state {
            case .fine: mark = say("正常", "ok   ")
            case .warning: mark = say("注意", "note ")
            case .wrong: mark = say("错误", "WRONG")
            }
            print("\(mark)  \(finding.title[language])\(say("：", ": "))\(finding.text[language])")
        }
        let isFine = findings.allSatisfy { $0.state == .fine }
        print(isFine ? say("一切正常。", "All is well.") : say("请按以上提示处理。", "Please do what is said above."))
        return isFine ? 0 : 1
    }
}
