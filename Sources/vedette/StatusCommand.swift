import CoreRuntime
import Foundation
import Notices
import SurveillanceKit

/// `vedette status`: what the server of a data folder last did by itself.
enum StatusCommand: Command {
    static let name = "status"
    static let summary = BilingualText(zh: "服务器最近自动执行了什么", en: "what the server last did by itself")
    static let manual = Manual(
        usage: [
            .init("vedette status [options]")
        ],
        text: [
            BilingualText(
                zh: "每个定时任务一行：最近何时运行、结果如何、多久运行一次。服务器运行与否都可使用。逾期的任务会注明：服务器可能已停止。随后按原因列出无法送达的通知。",
                en:
                    "Says of each recurring job of the server, a line each, when it last ran, how that ended and how often it runs. Works beside a running server or without one. A job that is overdue says so: the server may be down. Then come the notices that could not be delivered, by their reasons."
            )
        ],
        options: ConfigurationOptions.all)

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, manual)
        guard arguments.operands.isEmpty else {
            throw UsageError("status 不带“\(arguments.operands[0])”", "status takes no '\(arguments.operands[0])'")
        }
        let language = Terminal.language
        let desk = try Desk(try ConfigurationOptions.configuration(arguments), operatorName: Operator.name)
        for status in try desk.jobs() { print(line(status, now: desk.now)[language]) }
        for trouble in try desk.noticeTroubles() { print(line(trouble)[language]) }
        return 0
    }

    static func line(_ trouble: Outbox.Trouble) -> BilingualText {
        let channel = trouble.channel.isEmpty ? "" : "\(trouble.channel): "
        return BilingualText(
            zh: "\(trouble.count) 条通知无法送达：\(channel)\(trouble.reason.zh)",
            en: "\(trouble.count.counted("notice")) could not be delivered: \(channel)\(trouble.reason.en)")
    }

    static func line(_ status: JobStatus, now: Instant) -> BilingualText {
        let name = status.job.name.padding(toLength: 10, withPad: " ", startingAt: 0)
        let (state, every, purpose) = (state(status, now), every(status.job.intervalSeconds), status.job.purpose)
        return BilingualText(
            zh: "\(name)\(state.zh)；\(every.zh)；\(purpose.zh)", en: "\(name)\(state.en); \(every.en); \(purpose.en)")
    }

    private static func state(_ status: JobStatus, _ now: Instant) -> BilingualText {
        guard let run = status.last else { return BilingualText(zh: "尚未运行", en: "has not run yet") }
        let ended = run.endedAt.utcSeconds
        if let failure = run.failure {
            let since = run.succeededAt?.utcSeconds
            return BilingualText(
                zh: "\(ended) 失败（连续 \(run.failures) 次，上次成功：\(since ?? "无")）：\(failure)",
                en:
                    "\(ended) FAILED (\(run.failures.counted("time")) in a row, last success: \(since ?? "never")): \(failure)"
            )
        }
        // The server notices what is due within a minute.
        guard let due = status.due, due.advanced(bySeconds: 120) < now else {
            return BilingualText(zh: "\(ended) 成功", en: "\(ended) fine")
        }
        return BilingualText(
            zh: "\(ended) 成功，\(due.utcSeconds) 起逾期未运行", en: "\(ended) fine, OVERDUE since \(due.utcSeconds)")
    }

    private static func every(_ seconds: Int64) -> BilingualText {
        switch seconds {
        case 86_400: BilingualText(zh: "每天一次", en: "every day")
        case let seconds where seconds % 60 == 0:
            BilingualText(
                zh: "每 \(seconds / 60) 分钟一次", en: seconds == 60 ? "every minute" : "every \(seconds / 60) minutes")
        default: BilingualText(zh: "每 \(seconds) 秒一次", en: "every \(seconds.counted("second"))")
        }
    }
}
