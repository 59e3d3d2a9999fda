public import Database
public import PluginKit
public import SurveillanceKit

/// Hands what the outbox holds over to the notifiers, each message once, whenever the server may be killed.
///
/// A message is claimed in a transaction, handed over, and ended in another. What a kill leaves claimed may have been taken: the notifier
/// says whether it is told again under its id, asked about, or held for an administrator.
public final class Deliveries: Sendable {
    /// A notifier that is on, by its name in the configuration.
    public struct Channel: Sendable {
        public var name: String
        public var notifier: any Notifier

        public init(_ name: String, _ notifier: any Notifier) {
            self.name = name
            self.notifier = notifier
        }
    }

    /// The steps of a delivery, in their order: a kill may come before or after each.
    public enum Step: CaseIterable, Sendable {
        case addressing, addressed, claiming, claimed, handedOver, ending, ended
    }

    let database: any SQLDatabase
    let channels: [Channel]
    let contacts: Contacts
    let policy: DeliveryPolicy
    let holder: String
    private let step: @Sendable (Step) throws -> Void

    /// - Parameters:
    ///   - holder: this server, across its restarts.
    ///   - step: is told of every step; what it throws ends the run there, and nothing is cleaned up.
    public init(
        _ database: any SQLDatabase, _ channels: [Channel], _ contacts: Contacts, _ policy: DeliveryPolicy,
        holder: String, step: @escaping @Sendable (Step) throws -> Void = { _ in }
    ) {
        self.database = database
        self.channels = channels
        self.contacts = contacts
        self.policy = policy
        self.holder = holder
        self.step = step
    }

    /// Takes up what this server had claimed when it ended; before anything is handed over.
    public func takeUp() throws {
        try database.writeBlockingAgain { transaction in
            try transaction.execute(
                "UPDATE notice_delivery SET state = 'unsure' WHERE state = 'sending' AND holder = ?", [.text(holder)])
        }
    }

    /// The place in the order of messages for which somebody waits: before all others.
    static let urgent: Int64 = 0

    /// Hands over what is due, one message after the other, on the calling thread.
    ///
    /// - Parameter isStopping: asked before each message.
    /// - Returns: when something is due next; nil where nothing waits.
    /// - Throws: what the database does, and what `step` throws.
    public func run(at now: () -> Instant, isStopping: () -> Bool = { false }) throws -> Instant? {
        while !isStopping(), try address(at: now()) {}
        var next = try wait(for: "SELECT not_before FROM notice WHERE is_addressed = 0 ORDER BY not_before LIMIT 1")
        for channel in channels {
            var failedInARow = 0
            while !isStopping() {
                // A gateway that is down keeps the other notifiers waiting no longer than this many tries take.
                if failedInARow >= policy.mostFailuresInARow {
                    let due = now().advanced(by: policy.pauseMilliseconds)
                    next = min(next ?? due, due)
                    break
                }
                try step(.claiming)
                let claim = try database.writeBlockingAgain { try self.claim(channel, at: now(), in: $0) }
                guard case .message(let message, let isUnsure) = claim else {
                    if case .later(let due) = claim { next = min(next ?? due, due) }
                    break
                }
                try step(.claimed)
                let outcome = handOver(message, channel, isUnsure: isUnsure)
                failedInARow = outcome.isFailure ? failedInARow + 1 : 0
                try step(.ending)
                try database.writeBlockingAgain { try self.end(message.id, outcome, at: now(), in: $0) }
                try step(.ended)
            }
        }
        return next
    }

    private func wait(for sql: String) throws -> Instant? {
        let at: Int64? = try database.readBlocking { try $0.first(sql) }
        return at.map { Instant(milliseconds: $0) }
    }

    // MARK: Addresses

    /// Gives notices that are due a delivery for each address; once, whatever is on or named later.
    ///
    /// - Returns: whether there may be more.
    private func address(at now: Instant) throws -> Bool {
        try step(.addressing)
        let count = try database.writeBlockingAgain { transaction in
            let rows = try transaction.rows(
                """
                SELECT n.id, \(StoredNotice.columns) FROM notice AS n WHERE n.is_addressed = 0 AND n.not_before <= ? \
                ORDER BY n.at, n.id LIMIT 100
                """, [.integer(now.milliseconds)])
            for row in rows {
                let id: String = try row[0]
                let notice = try StoredNotice.notice(row, from: 1)
                try address(id, notice, at: now, in: transaction)
                try transaction.execute("UPDATE notice SET is_addressed = 1 WHERE id = ?", [.text(id)])
            }
            return rows.count
        }
        try step(.addressed)
        return count == 100
    }

    private func address(_ id: String, _ notice: Notice, at now: Instant, in transaction: any Transaction) throws {
        func insert(_ channel: String, _ address: String, failing reason: BilingualText? = nil) throws {
            try transaction.execute(
                """
                INSERT INTO notice_delivery (id, notice, channel, address, state, tries, not_before, held_until, begun_at, \
                ended_at, reason_zh, reason_en) VALUES (?, ?, ?, ?, ?, 0, ?, 0, 0, ?, ?, ?) ON CONFLICT (id) DO NOTHING
                """,
                [
                    .text(Outbox.id(of: id, by: channel, to: address)), .text(id), .text(channel), .text(address),
                    .text(reason == nil ? "waiting" : "failed"),
                    // The order in which they are handed over.
                    .integer(notice.kind.isUrgent ? Deliveries.urgent : min(notice.at, now).milliseconds),
                    reason == nil ? .null : .integer(now.milliseconds), SQLValue(reason?.zh), SQLValue(reason?.en),
                ])
        }
        guard !channels.isEmpty else { return try insert("", "", failing: Self.noNotifier) }
        for channel in channels where channel.notifier.contact == nil { try insert(channel.name, "") }
        let reaching = channels.compactMap { channel in channel.notifier.contact.map { (channel.name, $0) } }
        var isReached = false
        for (channel, kind) in reaching {
            for address in contacts.addresses(of: notice.recipient, by: kind) {
                try insert(channel, address)
                isReached = true
            }
        }
        // Whoever is reached by mail needs no phone.
        if !isReached, let (channel, kind) = reaching.first { try insert(channel, "", failing: kind.missing) }
    }

    private static let noNotifier = BilingualText(
        zh: "未启用任何通知方式；请在配置的 plugins.notify 中启用一种，重启后再重发",
        en: "no notifier is on; turn one on under plugins.notify, restart, then send it again")

    // MARK: Handing over

    /// How handing over ended.
    enum Outcome: Sendable {
        case taken
        case notTaken(NotTaken)
        /// Nobody knows.
        case unsure(BilingualText)
        /// It has been asked about, and was not taken.
        case waits
        /// It may have been taken, and can be neither told again nor asked about.
        case held

        /// Whether the same may be so for the next message.
        var isFailure: Bool {
            switch self {
            case .notTaken(let why): !why.isFinal
            case .unsure: true
            case .taken, .waits, .held: false
            }
        }
    }

    private func handOver(_ message: OutgoingNotice, _ channel: Channel, isUnsure: Bool) -> Outcome {
        let notifier = channel.notifier
        do {
            if isUnsure {
                switch notifier.whenUnsure {
                case .tellAgain: break
                case .ask: return try notifier.wasTaken(message) ? .taken : .waits
                case .hold: return .held
                }
            }
            try notifier.deliver(message)
            return .taken
        } catch let error as NotTaken {
            return .notTaken(error)
        } catch let error as Unanswered {
            return .unsure(error.reason)
        } catch {
            return .unsure(BilingualText(zh: "\(error)", en: "\(error)"))
        }
    }
}

extension ContactKind {
    fileprivate var missing: BilingualText {
        switch self {
        case .mail:
            BilingualText(
                zh: "未登记邮箱；请在联系人文件中补充，重启后再重发",
                en: "no mail address is known; add one to the file of contacts, restart, then send it again")
        case .phone:
            BilingualText(
                zh: "未登记手机号；请在联系人文件中补充，重启后再重发",
                en: "no phone number is known; add one to the file of contacts, restart, then send it again")
        }
    }
}
