import Database
import Intake
import Notices
import PluginKit
import SurveillanceKit
import Synchronization

/// Runs the deliveries of a server on a thread of their own, since a gateway may take half a minute to answer.
final class NoticeWorker: Sendable {
    private let deliveries: Deliveries
    private let now: @Sendable () -> Instant
    private let isStopping = Atomic(false)
    private let hasTakenUp = Atomic(false)

    init(
        _ data: DataFolder, _ notifiers: [any Notifier], _ settings: NoticeSettings, holder: String,
        now: @escaping @Sendable () -> Instant
    ) {
        let channels = notifiers.map { Deliveries.Channel(type(of: $0).name, $0) }
        deliveries = Deliveries(data.database, channels, settings.contacts, settings.policy, holder: holder)
        self.now = now
    }

    /// Hands over what is due; first of all what the last run of the server left.
    ///
    /// - Returns: when something is due next; nil where nothing waits.
    func run() async throws -> Instant? {
        try await withTaskCancellationHandler {
            try await OwnThread.run { [self] in
                if !hasTakenUp.load(ordering: .sequentiallyConsistent) {
                    try deliveries.takeUp()
                    hasTakenUp.store(true, ordering: .sequentiallyConsistent)
                }
                do {
                    return try deliveries.run(at: now) { isStopping.load(ordering: .sequentiallyConsistent) }
                } catch {
                    // What the database kept from being ended is taken up by the next run.
                    hasTakenUp.store(false, ordering: .sequentiallyConsistent)
                    throw error
                }
            }.get()
        } onCancel: {
            isStopping.store(true, ordering: .sequentiallyConsistent)
        }
    }
}

extension Platform {
    /// How long notices are kept after they were told or given up.
    static let noticeDays = 90

    /// Has notices delivered that have just been added; without it they wait for up to a minute.
    func deliverNotices() { schedule.ask(.notices, at: now()) }

    func addNoticeJob() {
        let worker = NoticeWorker(
            data, configuration.plugins.notifiers, configuration.notices, holder: data.log.owner, now: now)
        schedule.add(.notices) { [weak schedule] _ in
            if let next = try await worker.run() { schedule?.ask(.notices, at: next) }
            return .done
        }
    }

    func purgeNotices(at moment: Instant) async throws {
        try await data.database.write {
            try Outbox.purge(endedBefore: moment.advanced(byDays: -Platform.noticeDays), in: $0)
        }
    }
}
