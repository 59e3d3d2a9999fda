import Glibc
import Synchronization

/// An HTTP server: routes answered by async handlers, bodies streamed, slow and ambiguous clients kept at bay.
///
/// Threads of the C library move the bytes. Handlers run as tasks while their connection stands still, so no handler
/// can hold up another connection.
public final class Server: Sendable {
    private let core: ServerCore
    private let state = Mutex<Running?>(nil)

    private struct Running {
        var daemon: LibraryDaemon
        var socket: ListeningSocket
    }

    /// - Parameters:
    ///   - executor: where handlers run; nil takes Swift's own pool, which has a thread a core. Give one with more
    ///   threads where handlers block.
    ///   - observe: is told of every request that has been answered, on a thread of the server's.
    public init(
        configuration: ServerConfiguration, router: Router, executor: (any TaskExecutor)? = nil,
        now: @escaping @Sendable () -> ContinuousClock.Instant,
        newRequestID: @escaping @Sendable () -> String = RequestIDs.sequence(),
        observe: @escaping @Sendable (RequestRecord) -> Void = { _ in }
    ) {
        var affordable = configuration
        // One descriptor a connection, and some for everything else in the process.
        let reserve = 256
        let limit = raiseFileLimit(to: configuration.maximumConnections + reserve)
        affordable.maximumConnections = max(16, min(configuration.maximumConnections, limit - reserve))
        core = ServerCore(
            configuration: affordable, router: router, executor: executor, now: now,
            newRequestID: newRequestID, observe: observe)
    }

    /// The port that is listened on; nil before `start`.
    public var port: Int? { state.withLock { $0?.socket.port } }

    public var openConnections: Int { core.registry.count }

    public func start() throws(ServerError) {
        guard ReceiveHook.isInPlace else { throw .unscreened }
        let configuration = core.configuration
        let socket = try ListeningSocket(host: configuration.host, port: configuration.port)
        guard let daemon = LibraryDaemon(server: core, listening: socket.descriptor) else {
            shutdown(socket.descriptor, Int32(SHUT_RDWR))
            close(socket.descriptor)
            throw .cannotStart(isSecure: configuration.tls != nil)
        }
        state.withLock { $0 = Running(daemon: daemon, socket: socket) }
        core.watch.start()
    }

    /// Takes no more connections, lets the requests that are under way finish within `limit`, and closes everything.
    public func stop(within limit: Duration) async {
        guard
            let running = state.withLock({ state -> Running? in
                defer { state = nil }
                return state
            })
        else { return }
        let core = core
        core.activity.notifyWhenIdle { [watch = core.watch] in watch.wake() }
        running.daemon.quiesce()
        // The last descriptor of it: from now on the system refuses connections, rather than leaving them in a queue that nobody serves.
        close(running.socket.descriptor)
        for connection in core.registry.all() { connection.closeIfIdle() }
        await withCheckedContinuation { continuation in
            core.watch.stop(
                Watch.Stopping(deadline: core.now() + limit, isReady: { core.activity.count == 0 }) {
                    core.suspensions.close()
                    running.daemon.stop()
                    continuation.resume()
                })
        }
    }
}
