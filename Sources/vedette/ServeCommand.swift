import Accounts
import CoreRuntime
import ForgetfulMemory
import Foundation
import ProgramFiles
import SurveillanceKit

/// `vedette serve`: the platform behind its pages and its API.
enum ServeCommand: Command {
    static let name = "serve"
    static let summary = BilingualText(zh: "运行服务器：页面、API、处理", en: "run the server: pages, API, processing")
    static let manual = Manual(
        usage: [
            .init("vedette serve [options]")
        ],
        text: [
            BilingualText(
                zh: "通过页面和 API 接收上报并处理，直到 Ctrl-C；结束前先完成正在进行的工作。已接收而未处理完的，下次启动时继续。",
                en:
                    "Receives reports on its pages and its API and processes them until Ctrl-C; then it finishes what is under way. What was received and not finished is taken up again at the next start."
            ),
            BilingualText(
                zh: "数据文件夹缺少内容或各部分不匹配时不会打开：提示会说明应恢复什么。",
                en:
                    "A data folder that lacks something, or whose parts do not belong together, is not opened: the message says what to put back."
            ),
        ],
        options: ConfigurationOptions.all + [
            .init(
                "--listen", "HOST:PORT", zh: "监听地址（默认按配置，127.0.0.1:8080）；端口 0 为任一空闲端口",
                en: "where to listen (default: as configured, 127.0.0.1:8080); port 0 takes any free one"),
            .init(
                "--adopt", zh: "数据库缺失、为空或比其他部分旧，或上传、问题文件缺失时仍然启动，并把日志中没有的上传重新登记为已接收；写入审计日志",
                en:
                    "start although the database is missing, empty or older than the rest, or uploads or findings are gone, and take uploads that the log does not know in again as received; written into the audit trail"
            ),
        ])

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(
            words, manual)
        guard arguments.operands.isEmpty else {
            throw UsageError("serve 不带“\(arguments.operands[0])”", "serve takes no '\(arguments.operands[0])'")
        }
        ServerMemory.linkAtOnce()
        var configuration = try ConfigurationOptions.configuration(arguments)
        if let listen = arguments.value("--listen") { try configuration.setListen(listen) }
        configuration.findAgent()
        ServerMemory.protect()
        let platform = try Platform(configuration, adopts: arguments.flags.contains("--adopt"), report: Log.write)
        let server = try PlatformServer(platform)
        let stop = StopSignal()
        let address = try await server.start()
        let setAside = platform.registry.setAside.count
        let (programs, institutions) = (
            platform.registry.programs.count, platform.institutions.institutions.count
        )
        Log.write(
            BilingualText(
                zh:
                    "正在监听 \(address.absoluteString)；\(programs) 个监测项目\(setAside == 0 ? "" : "（\(setAside) 个已停用）")，\(institutions) 家医疗机构",
                en:
                    "listening on \(address.absoluteString); \(programs.counted("program"))\(setAside == 0 ? "" : " (\(setAside) SET ASIDE)"), \(institutions.counted("institution"))"
            ))
        if platform.institutions.institutions.isEmpty {
            Log.write(
                BilingualText(
                    zh: "尚无医疗机构可以上报：请先填写机构名录，再用 vedette account add 添加账号",
                    en:
                        "no institution may report yet: enter them in the institutions file, then add accounts with vedette account add"
                ))
        }
        await stop.wait()
        Log.write(
            BilingualText(zh: "正在停止；先完成正在进行的工作", en: "stopping; what is under way is finished first"))
        await server.stop()
        return 0
    }
}

/// The memory of a server holds rows while they are processed: nobody else is to read it, and nothing is to stay in it.
enum ServerMemory {
    /// Starts the program anew, once, with its libraries linked completely: a function that is looked up at its first call has the
    /// registers of the moment written to the stack, and with them what was copied last. Source: glibc, sysdeps/x86_64/dl-trampoline.h.
    static func linkAtOnce() {
        guard getenv("LD_BIND_NOW") == nil, setenv("LD_BIND_NOW", "1", 1) == 0,
            let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        else { return }
        fflush(nil)
        // Where that is not to be had, the server runs as it is.
        execv(program, CommandLine.unsafeArgv)
    }

    static func protect() {
        forgetful_memory_begin()
        forgetful_memory_hide()
        forbidDumps()
        forbidReports()
    }

    /// One byte is less than any dump, and also keeps it from a program that the system would pipe it to; 0 would not.
    /// Source: Linux, fs/coredump.c.
    private static func forbidDumps() {
        var limit = rlimit(rlim_cur: 1, rlim_max: 1)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    }

    /// Swift's own report of a crash shows the memory that each register points at, which may be a patient's name, in the log. What
    /// the runtime says before it stops, such as an index out of range, and the signal remain.
    private static func forbidReports() {
        for number in [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP] { signal(number, SIG_DFL) }
    }
}

/// Lines for whoever operates the server, on standard error, with the time; in the language of `--language` or the locale.
enum Log {
    @Sendable static func write(_ text: BilingualText) {
        let line = text[Terminal.language]
        let time = Date().formatted(.iso8601)
        FileHandle.standardError.write(Data("\(time) \(line)\n".utf8))
    }
}
