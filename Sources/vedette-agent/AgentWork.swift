import AgentCore
import AgentHTTP
import Glibc
import SurveillanceKit

extension AgentTool {
    /// How long `once` goes on in all.
    private static let patienceMilliseconds: Int64 = 15 * 60_000

    /// Lets the agent work, until it is asked to end or, with `untilIdle`, until nothing is left to do.
    static func work(_ folder: AgentFolder, untilIdle: Bool) throws(AgentProblem) -> Int32 {
        let settings = try folder.readSettings()
        let token = try TokenFile.read(folder.token)
        let lock = try FolderLock(folder)
        defer { lock.release() }
        let stop = try StopDescriptor()
        let client = AgentHTTPClient(
            to: settings.server, proxy: settings.proxy, authorities: settings.certificates,
            patience: Patience(stop: stop.descriptor))
        let agent = Agent(folder: folder, settings: settings, token: token, server: client) { text in
            log("\(text[language])\n")
        }
        if !untilIdle {
            log(
                say(
                    "vedette-agent \(AgentVersion.current) 开始运行，查看 \(folder.inbox)\n",
                    "vedette-agent \(AgentVersion.current) has started and looks at \(folder.inbox)\n"))
        }
        let end = AgentClock.system.uptime() + patienceMilliseconds
        var wait = agent.step()
        while !agent.isStopped, !(untilIdle && agent.isIdle) {
            let left = untilIdle ? end - AgentClock.system.uptime() : .max
            if left <= 0 { break }
            if stop.wait(milliseconds: min(wait, left)) { break }
            wait = agent.step()
        }
        guard untilIdle else {
            log(say("vedette-agent 已停止\n", "vedette-agent has ended\n"))
            return 0
        }
        return exitStatus(agent)
    }

    private static func exitStatus(_ agent: Agent) -> Int32 {
        guard agent.isIdle else {
            complain(
                say(
                    "还有 \(agent.packagesUnderWay) 个数据包或 inbox 中的文件没有处理完；下次继续",
                    "\(agent.packagesUnderWay) packages or files of the inbox are not through; the next run goes on with them"
                ))
            return 2
        }
        let isFine = agent.outcomes.allSatisfy { outcome in
            switch outcome {
            case .verdict(let verdict): verdict.isFine
            case .refused: false
            case .repetition: true
            }
        }
        return isFine && agent.stuck.isEmpty ? 0 : 1
    }
}

/// Holds an agent's folder for one process: two would take the same files.
struct FolderLock {
    private let descriptor: Int32

    init(_ folder: AgentFolder) throws(AgentProblem) {
        let path = "\(folder.path)/.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            let words = String(cString: strerror(errno))
            throw AgentProblem(zh: "无法写入 \(path)（\(words)）", en: "\(path) cannot be written (\(words))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw AgentProblem(
                zh: "另一个 vedette-agent 正在使用 \(folder.path)", en: "another vedette-agent is at work on \(folder.path)")
        }
    }

    func release() { close(descriptor) }
}

/// A descriptor that becomes readable at SIGTERM or SIGINT; a second signal ends the process at once.
struct StopDescriptor {
    let descriptor: Int32

    init() throws(AgentProblem) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw AgentProblem(zh: "无法建立管道", en: "a pipe cannot be made")
        }
        descriptor = ends[0]
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        StopDescriptor.writingEnd = ends[1]
        // Who started the program may have had them blocked, and a blocked signal never comes.
        var numbers = sigset_t()
        sigemptyset(&numbers)
        for number in [SIGTERM, SIGINT] {
            sigaddset(&numbers, number)
            signal(number) { number in
                // Only what a signal handler may do.
                var byte: UInt8 = 0
                _ = write(StopDescriptor.writingEnd, &byte, 1)
                signal(number, SIG_DFL)
            }
        }
        pthread_sigmask(SIG_UNBLOCK, &numbers, nil)
    }

    /// Set once, before the handlers that read it.
    nonisolated(unsafe) private static var writingEnd: Int32 = -1

    /// - Returns: whether the program was asked to end.
    func wait(milliseconds: Int64) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, Int32(clamping: min(milliseconds, 60_000))) > 0
    }
}
