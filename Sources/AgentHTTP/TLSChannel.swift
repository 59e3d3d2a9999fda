import COpenSSL
import Glibc
public import SurveillanceKit

/// What a server's certificate says.
public struct ServerCertificate: Hashable, Sendable {
    public var subject: String
    public var validFrom: Instant
    public var validTo: Instant
    /// `TLSv1.3`.
    public var protocolVersion: String
}

/// TLS over a connection. Certificate and host name are verified always; there is no way to turn that off.
final class TLSChannel: ByteChannel {
    private let socket: SocketChannel
    private let context: OpaquePointer
    private let connection: OpaquePointer
    let certificate: ServerCertificate?

    /// - Parameter authorities: a PEM file of the authorities that are trusted.
    init(over socket: SocketChannel, to address: ServerAddress, authorities: String) throws(ConnectionFault) {
        TLSChannel.start
        guard let context = SSL_CTX_new(TLS_client_method()) else {
            throw ConnectionFault(.tls, zh: "OpenSSL 无法启动", en: "OpenSSL cannot be started")
        }
        guard SSL_CTX_load_verify_locations(context, authorities, nil) == 1 else {
            SSL_CTX_free(context)
            throw ConnectionFault(
                .certificate, zh: "无法读取 CA 证书文件 \(authorities)（需要 PEM 格式）",
                en: "the file of CA certificates \(authorities) cannot be read (PEM is needed)")
        }
        _ = vedette_ssl_set_least_version(context)
        _ = vedette_ssl_allow_partial_writes(context)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        guard let connection = SSL_new(context) else {
            SSL_CTX_free(context)
            throw ConnectionFault(.tls, zh: "OpenSSL 无法建立连接", en: "OpenSSL cannot make a connection")
        }
        let isNamed: Bool
        if address.isLiteral {
            isNamed = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), address.host) == 1
        } else {
            SSL_set_hostflags(connection, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            isNamed =
                SSL_set1_host(connection, address.host) == 1
                && vedette_ssl_set_server_name(connection, address.host) == 1
        }
        guard isNamed, SSL_set_fd(connection, socket.descriptor) == 1 else {
            SSL_free(connection)
            SSL_CTX_free(context)
            throw ConnectionFault(.tls, zh: "OpenSSL 无法使用该地址", en: "OpenSSL cannot use the address")
        }
        do throws(ConnectionFault) {
            try TLSChannel.shakeHands(connection, socket, address)
        } catch {
            SSL_free(connection)
            SSL_CTX_free(context)
            throw error
        }
        self.socket = socket
        self.context = context
        self.connection = connection
        certificate = TLSChannel.certificate(of: connection)
    }

    deinit {
        SSL_free(connection)
        SSL_CTX_free(context)
    }

    /// Without OpenSSL's configuration file: it is another system's than the one for which the program was linked.
    private static let start: Void = {
        _ = OPENSSL_init_ssl(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil)
        // OpenSSL writes to a socket without MSG_NOSIGNAL; a connection that the server closes must not end the program.
        signal(SIGPIPE, SIG_IGN)
    }()

    private static func shakeHands(_ connection: OpaquePointer, _ socket: SocketChannel, _ address: ServerAddress)
        throws(ConnectionFault)
    {
        while true {
            ERR_clear_error()
            let result = SSL_connect(connection)
            if result == 1 { return }
            let code = SSL_get_error(connection, result)
            guard code == SSL_ERROR_WANT_READ || code == SSL_ERROR_WANT_WRITE else {
                throw refusal(connection, address)
            }
            let events = code == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT
            guard try socket.patience.wait(socket.descriptor, for: events, seconds: socket.patience.connectSeconds)
            else {
                throw ConnectionFault(
                    .tls, zh: "TLS 握手在 \(socket.patience.connectSeconds) 秒内没有完成",
                    en: "the TLS handshake did not end within \(socket.patience.connectSeconds) seconds")
            }
        }
    }

    /// Why a handshake failed, in the words of what can be done about it.
    private static func refusal(_ connection: OpaquePointer, _ address: ServerAddress) -> ConnectionFault {
        let verdict = SSL_get_verify_result(connection)
        let host = address.host
        let (zh, en): (String, String)
        switch Int32(clamping: verdict) {
        case X509_V_OK:
            let code = ERR_peek_last_error()
            let words =
                code == 0 ? "connection closed" : ERR_reason_error_string(code).map { String(cString: $0) } ?? "?"
            return ConnectionFault(
                .tls, zh: "TLS 握手失败（\(words)）；该端口是否为 HTTPS？",
                en: "the TLS handshake failed (\(words)); does the port speak HTTPS?")
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            (zh, en) = (
                "服务器证书不是为 \(host) 签发的；请核对 agent.json 中的地址",
                "the server's certificate is not for \(host); check the address in agent.json"
            )
        case X509_V_ERR_CERT_HAS_EXPIRED:
            (zh, en) = (
                "服务器证书已过期；请通知平台，并检查本机时钟",
                "the server's certificate has expired; tell the platform, and check this machine's clock"
            )
        case X509_V_ERR_CERT_NOT_YET_VALID:
            (zh, en) = ("服务器证书尚未生效；请检查本机时钟", "the server's certificate is not valid yet; check this machine's clock")
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            (zh, en) = (
                "服务器证书的签发机构不受信任；请向平台索取 CA 证书，并在 agent.json 的 \"certificates\" 中指定",
                "the authority of the server's certificate is not trusted; get the CA certificate from the platform and name it in \"certificates\" of agent.json"
            )
        default:
            let words = X509_verify_cert_error_string(verdict).map { String(cString: $0) } ?? "\(verdict)"
            (zh, en) = ("服务器证书无效（\(words)）", "the server's certificate is not valid (\(words))")
        }
        return ConnectionFault(.certificate, zh: zh, en: en)
    }

    private static func certificate(of connection: OpaquePointer) -> ServerCertificate? {
        guard let found = SSL_get1_peer_certificate(connection) else { return nil }
        defer { X509_free(found) }
        func instant(_ time: UnsafePointer<ASN1_TIME>?) -> Instant? {
            var parts = tm()
            guard ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
            return Instant(seconds: Int64(timegm(&parts)))
        }
        guard let from = instant(X509_get0_notBefore(found)), let to = instant(X509_get0_notAfter(found)) else {
            return nil
        }
        var subject = ""
        if let line = X509_NAME_oneline(X509_get_subject_name(found), nil, 0) {
            subject = String(cString: line)
            CRYPTO_free(line, nil, 0)
        }
        return ServerCertificate(
            subject: subject, validFrom: from, validTo: to,
            protocolVersion: SSL_get_version(connection).map { String(cString: $0) } ?? "?")
    }

    func waitForInput(seconds: Int) throws(ConnectionFault) -> Bool {
        if SSL_pending(connection) > 0 { return true }
        return try socket.patience.wait(socket.descriptor, for: POLLIN, seconds: seconds)
    }

    func read(into buffer: inout [UInt8]) throws(ConnectionFault) -> Bool {
        while true {
            if let isOpen = try receive(&buffer) { return isOpen }
            guard try socket.patience.wait(socket.descriptor, for: POLLIN, seconds: socket.patience.idleSeconds) else {
                throw SocketChannel.silence(socket.patience)
            }
        }
    }

    func readAvailable(into buffer: inout [UInt8]) throws(ConnectionFault) {
        while let isOpen = try receive(&buffer), isOpen {}
    }

    /// - Returns: nil where nothing is there; false at the end.
    private func receive(_ buffer: inout [UInt8]) throws(ConnectionFault) -> Bool? {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        ERR_clear_error()
        let count = SSL_read(connection, &chunk, Int32(chunk.count))
        if count > 0 {
            buffer += chunk[..<Int(count)]
            return true
        }
        switch SSL_get_error(connection, count) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return nil
        case SSL_ERROR_ZERO_RETURN: return false
        default: throw SocketChannel.broken(errno == 0 ? ECONNRESET : errno)
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(ConnectionFault) -> Int {
        while true {
            ERR_clear_error()
            let count = SSL_write(connection, bytes.baseAddress, Int32(clamping: bytes.count))
            if count > 0 { return Int(count) }
            let code = SSL_get_error(connection, count)
            guard code == SSL_ERROR_WANT_READ || code == SSL_ERROR_WANT_WRITE else {
                throw SocketChannel.broken(errno == 0 ? EPIPE : errno)
            }
            let events = code == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT
            guard try socket.patience.wait(socket.descriptor, for: events, seconds: socket.patience.idleSeconds) else {
                throw SocketChannel.silence(socket.patience)
            }
        }
    }
}
