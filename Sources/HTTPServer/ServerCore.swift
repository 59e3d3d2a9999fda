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

    init(
        configuration: ServerConfiguration, router: Router, executor: (any TaskExecutor)?,
        now: @escaping @Sendable () -> ContinuousClock.Instant, observe: @escaping @Sendable (RequestRecord) -> Void
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
    }
}

/// One request that has ended, for logs and measures.
public struct RequestRecord: Sendable {
    public var method: String
    /// The route's pattern, `/api/v1/submissions/{id}`; nil where no route was found.
    public var pattern: String?
    public var status: Int
    public var bytesReceived: Int
    public var duration: Duration
    public var remoteAddress: String
    /// Whether the response was sent to its end.
    public var isComplete: Bool
    /// What a handler threw that was no `Problem`.
    public var failure: String?
}
