import CoreRuntime
import SurveillanceKit

/// `vedette clock`: the clock by which uploads are removed after their time.
enum ClockCommand: Command {
    static let name = "clock"
    static let summary = "confirm a clock that has jumped"
    static let help = """
        usage: vedette clock confirm [options]

        A server whose clock is more than a day away from the last instant that it noted removes nothing that was kept long enough.
        It says so in its log and to administrators. Set the clock right, or, if it is right, confirm it with this command, beside the
        running server; that is written into the audit trail. A server that was off for more than a day asks, too.

        \(ConfigurationOptions.help)
        """

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, shape: .init(options: ConfigurationOptions.names))
        guard arguments.operands == ["confirm"] else { throw UsageError("say what to do: clock confirm") }
        let desk = try Desk(try ConfigurationOptions.configuration(arguments), operatorName: Operator.name)
        if let jump = try await desk.confirmClock() {
            print("the clock is taken for right: \(jump.now.utcSeconds), last noted \(jump.last.utcSeconds)")
        } else {
            print("the clock has not jumped; nothing to confirm")
        }
        return 0
    }
}
