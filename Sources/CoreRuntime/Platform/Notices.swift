import Dispatch
import PluginKit
import SurveillanceKit

/// Hands what an operator should know to the notifiers that are on, beside where it is reported anyway.
enum Notices {
    /// - Returns: a report that never waits for a notifier; a notice that could not be handed over is reported.
    static func reporting(
        _ report: @escaping @Sendable (String) -> Void, to notifiers: [any Notifier],
        at now: @escaping @Sendable () -> Instant
    ) -> @Sendable (String) -> Void {
        guard !notifiers.isEmpty else { return report }
        let queues = notifiers.map { (notifier: $0, queue: DispatchQueue(label: "notifier.\(type(of: $0).name)")) }
        return { text in
            report(text)
            let notice = Notice(at: now(), text: BilingualText(zh: text, en: text))
            for (notifier, queue) in queues {
                queue.async {
                    do { try notifier.notify(notice) } catch { report("\(error)") }
                }
            }
        }
    }
}
