import Glibc
import Synchronization

/// What the server knows of one open connection: what it is doing, since when, and how much has moved.
///
/// The library's own timeout only ends connections on which nothing moves at all; a byte now and then keeps one open
/// for ever. So each connection tells its phase here, and the watch ends those that take too long in one.
final class Connection: Sendable {
    let address: String
    let isSecure: Bool
    /// Whether it comes from a proxy that may say for whom.
    let isFromProxy: Bool
    /// What the library reads passes through here.
    let screen: Mutex<RequestScreen>
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    enum Phase: Equatable {
        /// No request line yet: the first, or the next of a connection kept open.
        case waiting(isFirst: Bool)
        case head
        case receiving
        /// A handler works; the client owes nothing.
        case working
        case sending
        case closed
    }

    private struct State {
        var descriptor: Int32
        var phase: Phase
        var since: ContinuousClock.Instant
        /// Received or handed out in this phase.
        var bytes = 0
        /// When the handler was last asked for more of a response that is already being sent.
        var pausedSince: ContinuousClock.Instant?
        var lingers = false
        /// Counts the phases, so that a note of an old one is known to be stale.
        var epoch = 0
    }

    init(
        descriptor: Int32, address: String, isSecure: Bool, isFromProxy: Bool = false, screen: HeadScreen,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.address = address
        self.isSecure = isSecure
        self.isFromProxy = isFromProxy
        self.screen = Mutex(RequestScreen(screen))
        self.now = now
        state = Mutex(State(descriptor: descriptor, phase: .waiting(isFirst: true), since: now()))
    }

    var epoch: Int { state.withLock { $0.epoch } }

    func enter(_ phase: Phase, bytes: Int = 0, now: ContinuousClock.Instant) {
        state.withLock {
            $0.phase = phase
            $0.since = now
            $0.bytes = bytes
            $0.pausedSince = nil
            // Reading a head still is waiting for a request: such a connection may have to make room.
            if phase != .head { $0.epoch += 1 }
        }
    }

    /// The first byte of a head has come; while an earlier request is still being answered it counts from that one's end.
    func beginHead() {
        state.withLock {
            guard case .waiting = $0.phase else { return }
            $0.phase = .head
            $0.since = now()
            $0.bytes = 0
        }
    }

    func moved(_ bytes: Int) { state.withLock { $0.bytes += bytes } }

    /// Stops the clock of a response while its next piece is made.
    func pause(now: ContinuousClock.Instant) { state.withLock { $0.pausedSince = now } }

    func resume(now: ContinuousClock.Instant) {
        state.withLock {
            guard let paused = $0.pausedSince else { return }
            $0.since += now - paused
            $0.pausedSince = nil
        }
    }

    /// Lets the client read the answer before the socket goes: what it still sends would otherwise destroy it.
    func linger() { state.withLock { $0.lingers = true } }

    /// Forgets the socket, which is about to be closed; where it should linger, gives a duplicate of it.
    func closed() -> Int32? {
        state.withLock {
            let descriptor = $0.descriptor
            $0.descriptor = -1
            $0.phase = .closed
            $0.epoch += 1
            guard $0.lingers, descriptor >= 0 else { return nil }
            let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
            return copy >= 0 ? copy : nil
        }
    }

    /// Ends the connection if no request line has come.
    func closeIfIdle() {
        state.withLock { if case .waiting = $0.phase { shutdown($0.descriptor, Int32(SHUT_RDWR)) } }
    }

    /// Ends the connection if it still waits for a request as it did at `epoch`.
    func closeIfWaiting(epoch: Int) -> Bool {
        state.withLock {
            guard epoch == $0.epoch else { return false }
            shutdown($0.descriptor, Int32(SHUT_RDWR))
            return true
        }
    }

    /// Ends the connection without a word: there is no room for it.
    func reject() { state.withLock { _ = shutdown($0.descriptor, Int32(SHUT_RDWR)) } }

    /// Ends the connection if its phase has taken too long, and says why where that can still be said.
    func closeIfOverdue(now: ContinuousClock.Instant, limits: ServerConfiguration, farewell: [UInt8]) {
        state.withLock {
            guard $0.descriptor >= 0, $0.pausedSince == nil else { return }
            let elapsed = (now - $0.since) / .seconds(1)
            let isOverdue =
                switch $0.phase {
                case .waiting(let isFirst): elapsed > (isFirst ? limits.headSeconds : limits.idleSeconds)
                case .head: elapsed > limits.headSeconds
                case .receiving:
                    Double($0.bytes) < (elapsed - limits.graceSeconds) * Double(limits.minimumBytesPerSecond)
                case .sending: elapsed > limits.graceSeconds + Double($0.bytes) / Double(limits.minimumBytesPerSecond)
                case .working, .closed: false
                }
            guard isOverdue else { return }
            if !isSecure, $0.phase == .head || $0.phase == .receiving {
                // Nothing else is written while a request is being read.
                _ = send($0.descriptor, farewell, farewell.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
                $0.lingers = true
            }
            shutdown($0.descriptor, Int32(SHUT_RDWR))
        }
    }
}
