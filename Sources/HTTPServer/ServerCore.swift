import Synchronization

/// What all connections of one server share.
final class ServerCore: Sendable {
    let configuration: ServerConfiguration
    let router: Router
    let now: @Sendable () -> ContinuousClock.Instant
    let executor: (any TaskExecutor)?
    let observe: @Sendable (RequestRecord) -> Void
    let registry: ConnectionRegistry
    let suspensions = Suspensions()
    let activity = Activity()
    let watch: Watch
    let screen: HeadScreen
    let clientAddress: ClientAddress
    let newRequestID: @Sendable () -> String

    init(
        configuration: ServerConfiguration, router: Router, executor: (any TaskExecutor)?,
        now: @escaping @Sendable () -> ContinuousClock.Instant, newRequestID: @escaping @Sendable () -> String,
        observe: @escaping @Sendable (RequestRecord) -> Void
    ) {
        self.configuration = configuration
        self.router = router
        self.executor = executor
        self.now = now
        self.observe = observe
        registry = ConnectionRegistry(
            maximum: configuration.maximumConnections, maximumPerAddress: configuration.maximumConnectionsPerAddress)
        watch = Watch(registry: registry, configuration: configuration, now: now)
        screen = HeadScreen(maximumBytes: configuration.maximumHeadBytes)
        clientAddress = ClientAddress(trustedProxies: configuration.trustedProxies)
        self.newRequestID = newRequestID
    }
}

/// One request that has ended, for logs and measures.
public struct RequestRecord: Sendable {
    /// Stands in the answer as `X-Request-Id`.
    public var id: String
    public var method: String
    /// The route's pattern, `/api/v1/submissions/{id}`; nil where no route was found.
    public var pattern: String?
    public var status: Int
    public var bytesReceived: Int
    public var duration: Duration
    public var remoteAddress: String
    /// Whether the response was sent to its end.
    public var isComplete: Bool
    /// What went wrong that was no `Problem`: the error's type and case, never what it says, which may quote what was sent.
    public var failure: String?
}

extension RequestRecord {
    /// The kind of an error, without anything it holds.
    static func kind(of error: any Error) -> String {
        let type = String(reflecting: type(of: error))
        let mirror = Mirror(reflecting: error)
        guard mirror.displayStyle == .enum, let name = mirror.children.first?.label else { return type }
        return "\(type).\(name)"
    }
}

/// Names of requests: what they have in common is drawn once, the rest counts.
public enum RequestIDs {
    public static func sequence(_ start: UInt64 = .random(in: 0...(.max))) -> @Sendable () -> String {
        let counter = Counter()
        let prefix = String(start, radix: 36)
        return { "\(prefix)-\(String(counter.next(), radix: 36))" }
    }

    private final class Counter: Sendable {
        private let count = Atomic<UInt64>(0)
        func next() -> UInt64 { count.add(1, ordering: .relaxed).newValue }
    }
}
