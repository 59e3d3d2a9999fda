import Glibc
import JSON
import SurveillanceKit
import Synchronization

/// The thread that ends connections which take too long, lets the last words of closed ones be read, and stops the
/// server.
final class Watch: Sendable {
    private let registry: ConnectionRegistry
    private let configuration: ServerConfiguration
    private let now: @Sendable () -> ContinuousClock.Instant
    /// A pipe: a byte in it interrupts the thread's waiting.
    private let alarm: (read: Int32, write: Int32)
    private let state = Mutex(State())

    private struct State {
        /// Sockets whose response has been sent while the client may still be sending; read and thrown away for a
        /// while.
        var lingering: [(descriptor: Int32, until: ContinuousClock.Instant)] = []
        var stopping: Stopping?
        var hasEnded = false
    }

    struct Stopping {
        var deadline: ContinuousClock.Instant
        var isReady: @Sendable () -> Bool
        /// Runs on the watch's thread, which ends after it.
        var finish: @Sendable () -> Void
    }

    private static let maximumLingering = 512
    private static let lingerSeconds = 10.0

    init(
        registry: ConnectionRegistry, configuration: ServerConfiguration,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.registry = registry
        self.configuration = configuration
        self.now = now
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        alarm = (ends[0], ends[1])
    }

    deinit {
        close(alarm.read)
        close(alarm.write)
    }

    func start() {
        let context = Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Watch>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        pthread_detach(thread)
    }

    func linger(_ descriptor: Int32) {
        let until = now() + .seconds(Watch.lingerSeconds)
        let isKept = state.withLock {
            guard !$0.hasEnded, $0.lingering.count < Watch.maximumLingering else { return false }
            $0.lingering.append((descriptor, until))
            return true
        }
        guard isKept else {
            close(descriptor)
            return
        }
        shutdown(descriptor, Int32(SHUT_WR))
        wake()
    }

    /// Ends the watch, and with it the server, when it is ready or the deadline has passed.
    func stop(_ stopping: Stopping) {
        state.withLock { $0.stopping = stopping }
        wake()
    }

    func wake() {
        var byte: UInt8 = 1
        // A full pipe wakes as well.
        _ = write(alarm.write, &byte, 1)
    }

    private func run() {
        let shortest = min(configuration.headSeconds, configuration.idleSeconds, configuration.graceSeconds)
        let tick = Int32(max(20, min(1000, shortest * 1000 / 8)))
        var lastCheck = now()
        while true {
            var waits = [pollfd(fd: alarm.read, events: Int16(POLLIN), revents: 0)]
            let lingering = state.withLock { $0.lingering.map(\.descriptor) }
            waits += lingering.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            poll(&waits, nfds_t(waits.count), tick)
            var bytes: (UInt64, UInt64) = (0, 0)
            if waits[0].revents != 0 { _ = read(alarm.read, &bytes, 16) }
            drain(Set(waits.dropFirst().filter { $0.revents != 0 }.map(\.fd)))
            let time = now()
            if time - lastCheck >= .milliseconds(Int(tick)) {
                lastCheck = time
                for connection in registry.all() {
                    connection.closeIfOverdue(now: time, limits: configuration, farewell: Watch.farewell)
                }
            }
            if let stopping = state.withLock({ $0.stopping }), stopping.isReady() || time >= stopping.deadline {
                stopping.finish()
                state.withLock { $0.stopping = nil }
                break
            }
        }
        let left = state.withLock { state in
            state.hasEnded = true
            defer { state.lingering = [] }
            return state.lingering
        }
        for socket in left { close(socket.descriptor) }
    }

    /// Throws away what the lingering sockets have received, and closes those whose client has gone or whose time is
    /// over.
    private func drain(_ readable: Set<Int32>) {
        let time = now()
        state.withLock {
            $0.lingering.removeAll { socket in
                var isOver = time >= socket.until
                if readable.contains(socket.descriptor) {
                    var waste = [UInt8](repeating: 0, count: 65_536)
                    let count = recv(socket.descriptor, &waste, waste.count, Int32(MSG_DONTWAIT))
                    isOver = isOver || count == 0 || (count < 0 && errno != EAGAIN)
                }
                if isOver { close(socket.descriptor) }
                return isOver
            }
        }
    }

    /// What a client reads that was too slow: a whole response, written past the library.
    private static let farewell: [UInt8] = {
        let body = Problem.tooSlow.json(in: .zh).encoded()
        let head = """
            HTTP/1.1 408 Request Timeout\r\nContent-Type: application/problem+json\r\n\
            Content-Length: \(body.count)\r\nConnection: close\r\n\r\n
            """
        return Array(head.utf8) + body
    }()
}
