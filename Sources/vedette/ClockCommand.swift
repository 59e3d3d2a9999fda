import CoreRuntime
import SurveillanceKit

/// `vedette clock`: the clock by which uploads are removed after their time.
enum ClockCommand: Command {
    static let name = "clock"
    static let summary = BilingualText(zh: "确认发生跳变的时钟", en: "confirm a clock that has jumped")
    static let manual = Manual(
        usage: [
            .init("vedette clock confirm [options]")
        ],
        text: [
            BilingualText(
                zh:
                    "服务器时钟与其最后记录的时刻相差超过一天时，不会清除任何到期内容，并在日志和管理员页面说明。请校正时钟；若时钟正确，请用本命令确认（服务器可同时运行），该操作写入审计日志。停机超过一天的服务器同样会要求确认。",
                en:
                    "A server whose clock is more than a day away from the last instant that it noted removes nothing that was kept long enough. It says so in its log and to administrators. Set the clock right, or, if it is right, confirm it with this command, beside the running server; that is written into the audit trail. A server that was off for more than a day asks, too."
            )
        ],
        options: ConfigurationOptions.all)

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, manual)
        guard arguments.operands == ["confirm"] else {
            throw UsageError("请说明操作：clock confirm", "say what to do: clock confirm")
        }
        let desk = try Desk(try ConfigurationOptions.configuration(arguments), operatorName: Operator.name)
        if let jump = try await desk.confirmClock() {
            print(
                say(
                    "已确认时钟正确：\(jump.now.utcSeconds)，此前记录 \(jump.last.utcSeconds)",
                    "the clock is taken for right: \(jump.now.utcSeconds), last noted \(jump.last.utcSeconds)"))
        } else {
            print(say("时钟没有跳变，无需确认", "the clock has not jumped; nothing to confirm"))
        }
        return 0
    }
}
