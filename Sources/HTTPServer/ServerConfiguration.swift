/// Where the server listens and what it puts up with.
public struct ServerConfiguration: Sendable {
    public var host: String
    /// 0 takes any free port.
    public var port: Int
    public var tls: TLS?
    /// Threads that move bytes; handlers run elsewhere.
    public var threads: Int
    /// Request line and header fields together.
    public var maximumHeadBytes: Int
    /// From the first byte, or from the connection's start, to the head's last byte.
    public var headSeconds: Double
    /// How long a connection may stay open between two requests, and without any movement.
    public var idleSeconds: Double
    /// Bodies must come, and responses be taken, at least this fast, after a grace.
    public var minimumBytesPerSecond: Int
    public var graceSeconds: Double
    /// Beyond it the connection that has waited longest without a request makes room; where none waits, the new one
    /// is closed.
    public var maximumConnections: Int
    public var maximumConnectionsPerAddress: Int
    /// The proxies whose `X-Forwarded-For` is believed. Their connections are not counted by address.
    public var trustedProxies: [NetworkRange] = []
    /// How much of a body that went over its limit is read and thrown away, so that the client gets to read the answer.
    public var maximumDiscardedBytes: Int

    /// Certificate chain and private key as PEM text.
    public struct TLS: Sendable {
        public var certificate: String
        public var key: String

        public init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    public init(
        host: String = "127.0.0.1", port: Int = 0, tls: TLS? = nil, threads: Int = 2, maximumHeadBytes: Int = 16_384,
        headSeconds: Double = 15, idleSeconds: Double = 75, minimumBytesPerSecond: Int = 1024,
        graceSeconds: Double = 20, maximumConnections: Int = 10_000, maximumConnectionsPerAddress: Int = 4_000,
        maximumDiscardedBytes: Int = 64 << 20
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.threads = threads
        self.maximumHeadBytes = maximumHeadBytes
        self.headSeconds = headSeconds
        self.idleSeconds = idleSeconds
        self.minimumBytesPerSecond = minimumBytesPerSecond
        self.graceSeconds = graceSeconds
        self.maximumConnections = maximumConnections
        self.maximumConnectionsPerAddress = maximumConnectionsPerAddress
        self.maximumDiscardedBytes = maximumDiscardedBytes
    }
}
