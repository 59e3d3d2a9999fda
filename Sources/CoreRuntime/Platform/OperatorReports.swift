import Dispatch
import PluginKit
import SurveillanceKit

/// Hands what an operator should know to the notifiers that need nobody's address, such as a log, beside where it is reported anyway.
///
/// These reports pass by the outbox: what they tell may be that the database is away.
enum OperatorReports {
    /// - Returns: a report that never waits for a notifier; a notice that could not be handed over is reported.
    static func reporting(
        _ report: @escaping @Sendable (BilingualText) -> Void, to notifiers: [any Notifier],
        at now: @escaping @Sendable () -> Instant
    ) -> @Sendable (BilingualText) -> Void {
        let queues = notifiers.filter { $0.contact == nil }.map {
            (notifier: $0, queue: DispatchQueue(label: "notifier.\(type(of: $0).name)"))
        }
        guard !queues.isEmpty else { return report }
        return { text in
            report(text)
            let notice = Notice(
                key: text.en, kind: .operation, to: .administrators, at: now(), title: NoticeKind.operation.title,
                text: text)
            for (notifier, queue) in queues {
                queue.async {
                    do {
                        try notifier.deliver(OutgoingNotice(id: "", notice: notice, address: "", now: notice.at))
                    } catch let error as NotTaken {
                        report(error.reason)
                    } catch {
                        report(ErrorText.of(error))
                    }
                }
            }
        }
    }
}
