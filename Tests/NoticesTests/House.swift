import Database
import Notices
import PluginKit
import Settings
import StoreKit
import SurveillanceKit
import Synchronization

/// An outbox on the running test's store, with a gateway outside.
final class House: Sendable {
    let database: any SQLDatabase
    let gateway = Gateway()
    let remedy: UnsureRemedy
    let contact: ContactKind?
    private let clock = Mutex(Instant(seconds: 1_772_000_000))

    init(_ remedy: UnsureRemedy = .tellAgain, contact: ContactKind? = nil) throws {
        database = try TestStore.database()
        try database.migrate(Outbox.migrations)
        self.remedy = remedy
        self.contact = contact
    }

    var now: Instant { clock.withLock { $0 } }

    func advance(to instant: Instant) { clock.withLock { $0 = max($0, instant) } }
    func advance(bySeconds seconds: Int64) { clock.withLock { $0 = $0.advanced(bySeconds: seconds) } }

    func notice(
        _ key: String, to recipient: NoticeRecipient = .institution("H001"), kind: NoticeKind = .missed,
        until: Instant? = nil, notBefore: Instant? = nil
    ) -> Notice {
        Notice(
            key: key, kind: kind, to: recipient, program: "fever-clinic", institution: "H001", period: "2026-03-01",
            at: now, title: BilingualText(zh: "逾期未报", en: "Report missing"),
            text: BilingualText(zh: "发热门诊 3 月 1 日的数据未收到", en: "nothing has come for 1 March"),
            values: ["deadline": "17:00", "quote": "\"\\\n"], notBefore: notBefore, until: until)
    }

    @discardableResult
    func add(_ notice: Notice) throws -> Bool { try database.writeBlocking { try Outbox.add(notice, in: $0) } }

    static let contacts = try? Contacts(
        SettingsObject(
            [
                "institutions": .object([
                    "H001": .object([
                        "mail": .array([
                            .string("a@h001.example"), .string("b@h001.example"), .string("a@h001.example"),
                        ])
                    ])
                ])
            ], file: "contacts.json", place: ""))

    /// The server, as it is after a start.
    func server(
        _ policy: DeliveryPolicy = DeliveryPolicy(), holder: String = "one",
        answered: @escaping @Sendable () throws -> Void = {},
        step: @escaping @Sendable (Deliveries.Step) throws -> Void = { _ in }
    ) -> Deliveries {
        let notifier = GatewayNotifier(gateway, remedy, contact: contact, answered: answered)
        return Deliveries(
            database, [Deliveries.Channel("gateway", notifier)], Self.contacts ?? Contacts(), policy, holder: holder,
            step: step)
    }

    /// Runs until nothing is due any more, with the clock put forward to what is.
    func runToTheEnd(_ server: Deliveries) throws {
        for _ in 0..<200 {
            guard let next = try server.run(at: { self.now }) else { return }
            advance(to: next)
        }
    }

    func counts() throws -> [Outbox.State: Int] { try database.readBlocking { try Outbox.counts(in: $0) } }
    func undelivered() throws -> [Outbox.Message] {
        try database.readBlocking { try Outbox.messages(Outbox.Query(states: nil), in: $0).messages }
    }
}
