import Notices
import PluginKit
import Settings
import SurveillanceKit
import Synchronization

/// A gateway outside of the server, which lives on when that is killed.
final class Gateway: Sendable {
    struct State {
        /// How often each message was told to it, by id, and how often it was sent on to a person.
        var told: [String: Int] = [:]
        var sent: [String: Int] = [:]
        var asked = 0
        /// Each fails the next message in its way.
        var failures: [Failure] = []
        var times: [Instant] = []
    }

    enum Failure {
        /// Not taken, for certain.
        case refused(isFinal: Bool)
        /// Taken, and the answer is lost.
        case takenSilently
        /// Not taken, and the answer is lost.
        case lost
    }

    let state = Mutex(State())

    /// - Parameter knowsIDs: a message whose id it has seen is not sent on again.
    func take(_ message: OutgoingNotice, knowsIDs: Bool) throws {
        try state.withLock { state in
            state.told[message.id, default: 0] += 1
            state.times.append(message.now)
            let failure = state.failures.isEmpty ? nil : state.failures.removeFirst()
            switch failure {
            case .refused(let isFinal)?: throw NotTaken(BilingualText(zh: "拒收", en: "refused"), isFinal: isFinal)
            case .lost?: throw Lost()
            case .takenSilently?, nil:
                if !(knowsIDs && state.sent[message.id] != nil) { state.sent[message.id, default: 0] += 1 }
                if case .takenSilently? = failure { throw Lost() }
            }
        }
    }

    struct Lost: Error, CustomStringConvertible { var description: String { "the connection broke" } }
}

/// A notifier of a server, which reaches the gateway.
struct GatewayNotifier: Notifier {
    static let kind = PluginKind.notify
    static let name = "gateway"
    static let summary = BilingualText(zh: "", en: "")
    static let settings: [PluginSetting] = []

    let gateway: Gateway
    let whenUnsure: UnsureRemedy
    var contact: ContactKind?
    /// Stands between the gateway and the server: a kill may come right after the message was taken.
    var answered: @Sendable () throws -> Void = {}

    init(_ settings: PluginSettings) throws { (gateway, whenUnsure) = (Gateway(), .hold) }

    init(
        _ gateway: Gateway, _ whenUnsure: UnsureRemedy, contact: ContactKind? = nil,
        answered: @escaping @Sendable () throws -> Void = {}
    ) {
        (self.gateway, self.whenUnsure, self.contact, self.answered) = (gateway, whenUnsure, contact, answered)
    }

    func deliver(_ message: OutgoingNotice) throws {
        try gateway.take(message, knowsIDs: whenUnsure == .tellAgain)
        try answered()
    }

    func wasTaken(_ message: OutgoingNotice) throws -> Bool {
        gateway.state.withLock { state in
            state.asked += 1
            return state.sent[message.id] != nil
        }
    }
}
