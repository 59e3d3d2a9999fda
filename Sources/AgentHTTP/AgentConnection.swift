/// A connection to a server, made step by step: through a proxy where there is one, and with TLS where the address says so.
public struct AgentConnection {
    let channel: any ByteChannel
    /// The literal address that was connected to: the server's, or the proxy's.
    public var peer: String
    /// Nil over plain HTTP.
    public var certificate: ServerCertificate?

    /// - Parameters:
    ///   - proxy: an HTTP proxy that takes CONNECT; used for HTTPS alone.
    ///   - authorities: a PEM file of the authorities to trust; nil where the machine has none and none is named.
    public init(to address: ServerAddress, proxy: ServerAddress?, authorities: String?, patience: Patience)
        throws(ConnectionFault)
    {
        guard address.isTLS else {
            let socket = try SocketChannel.connect(address.host, address.port, patience)
            channel = socket
            peer = socket.address
            return
        }
        guard let authorities else {
            throw ConnectionFault(
                .certificate, zh: "本机没有 CA 证书文件；请在 agent.json 的 \"certificates\" 中指定",
                en: "this machine has no file of CA certificates; name one in \"certificates\" of agent.json")
        }
        let socket: SocketChannel
        if let proxy {
            socket = try SocketChannel.connect(proxy.host, proxy.port, patience)
            try AgentConnection.openTunnel(socket, to: address, through: proxy)
        } else {
            socket = try SocketChannel.connect(address.host, address.port, patience)
        }
        let channel = try TLSChannel(over: socket, to: address, authorities: authorities)
        self.channel = channel
        peer = socket.address
        certificate = channel.certificate
    }

    private static func openTunnel(_ socket: SocketChannel, to address: ServerAddress, through proxy: ServerAddress)
        throws(ConnectionFault)
    {
        try socket.writeAll("CONNECT \(address.hostAndPort) HTTP/1.1\r\nHost: \(address.hostAndPort)\r\n\r\n")
        var reader = AnswerReader(maximumBytes: 0)
        let head = try reader.finalHead(from: socket)
        guard head.status == 200 else {
            throw ConnectionFault(
                .proxy, zh: "代理 \(proxy.hostAndPort) 拒绝连接 \(address.hostAndPort)（\(head.status)）",
                en: "the proxy \(proxy.hostAndPort) does not connect to \(address.hostAndPort) (\(head.status))")
        }
    }
}
