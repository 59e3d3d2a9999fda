import CCurl

/// Hands mails to a mail server by SMTP or submission, one connection each.
///
/// Source: RFC 5321, RFC 6409, RFC 8314.
public struct SMTPClient: Sendable {
    public enum Security: String, CaseIterable, Sendable {
        /// TLS from the first byte.
        case tls
        /// STARTTLS; a server that does not offer it is sent nothing.
        case startTLS = "starttls"
        case none
    }

    public var host: String
    public var port: Int
    public var security: Security
    /// The name by which the client greets: the sender's domain.
    public var greeting: String
    public var credentials: (name: String, password: String)?
    /// A PEM file of authorities to trust instead of the system's.
    public var authorities: String?
    /// The longest that handing over one mail may take.
    public var timeoutSeconds = 60

    public init(host: String, port: Int, security: Security, greeting: String) {
        self.host = host
        self.port = port
        self.security = security
        self.greeting = greeting
    }

    /// How handing over ended that did not succeed.
    public struct Failure: Error, Hashable, Sendable {
        public enum Kind: Sendable {
            /// The server surely has not taken the mail; it may the next time.
            case notTaken
            /// The server refuses this mail or its recipient for good.
            case refused
            /// All of the mail was sent, and no answer came.
            case unknown
        }

        public var kind: Kind
        /// What the server last answered with; 0 where it said nothing.
        public var code: Int
        /// As libcurl puts it: without an address, and without what the server wrote.
        public var reason: String
    }

    /// Hands over a mail on the calling thread.
    ///
    /// - Parameter message: head and body with lines that end in CRLF.
    /// - Throws: `Failure`.
    public func send(_ message: [UInt8], from sender: String, to recipient: String) throws {
        guard HTTPClient.isReady, let handle = curl_easy_init() else {
            throw Failure(kind: .notTaken, code: 0, reason: "libcurl cannot start")
        }
        defer { curl_easy_cleanup(handle) }
        let recipients = curl_slist_append(nil, "<\(recipient)>")
        defer { curl_slist_free_all(recipients) }
        let source = Source(message)
        let answer = Answer()
        var reason = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
        let code = reason.withUnsafeMutableBufferPointer { reason in
            let scheme = security == .tls ? "smtps" : "smtp"
            let host = self.host.contains(":") ? "[\(self.host)]" : self.host
            set(handle, CURLOPT_URL, "\(scheme)://\(host):\(port)/\(greeting)")
            set(handle, CURLOPT_PROTOCOLS_STR, scheme)
            if security == .startTLS {
                _ = vedette_curl_set_long(handle, CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
            }
            if let credentials {
                set(handle, CURLOPT_USERNAME, credentials.name)
                set(handle, CURLOPT_PASSWORD, credentials.password)
            }
            if let authorities { set(handle, CURLOPT_CAINFO, authorities) }
            set(handle, CURLOPT_MAIL_FROM, "<\(sender)>")
            _ = vedette_curl_set_pointer(handle, CURLOPT_MAIL_RCPT, recipients)
            _ = vedette_curl_set_long(handle, CURLOPT_UPLOAD, 1)
            _ = vedette_curl_set_source(handle, Source.give, Unmanaged.passUnretained(source).toOpaque())
            _ = vedette_curl_set_sink(handle, Answer.drop, Unmanaged.passUnretained(answer).toOpaque())
            _ = vedette_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, reason.baseAddress)
            _ = vedette_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
            _ = vedette_curl_set_long(handle, CURLOPT_TIMEOUT, timeoutSeconds)
            return withExtendedLifetime((source, answer)) { curl_easy_perform(handle) }
        }
        var status = 0
        _ = vedette_curl_status(handle, &status)
        if code == CURLE_OK { return }
        var text = String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        if text.isEmpty { text = String(cString: curl_easy_strerror(code)) }
        throw Failure(kind: Self.kind(of: status, text, isWhole: source.isGiven), code: status, reason: text)
    }

    /// Without the end of its text no server takes a mail. After it the server's answer decides.
    private static func kind(of status: Int, _ text: String, isWhole: Bool) -> Failure.Kind {
        guard isWhole else { return status >= 500 && text.hasPrefix("RCPT failed") ? .refused : .notTaken }
        switch status {
        case 500...: return .refused
        case 400..<500: return .notTaken
        default: return .unknown
        }
    }

    /// Sets a text option; libcurl keeps its own copy.
    private func set(_ handle: UnsafeMutableRawPointer, _ option: CURLoption, _ text: String) {
        _ = text.withCString { vedette_curl_set_pointer(handle, option, $0) }
    }

    /// Gives libcurl the message, piece by piece.
    private final class Source {
        private let bytes: [UInt8]
        private var place = 0
        /// Whether libcurl has been given the last byte.
        var isGiven: Bool { place == bytes.count }

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        static let give: vedette_curl_sink = { buffer, size, count, context in
            guard let buffer, let context else { return 0 }
            let source = Unmanaged<Source>.fromOpaque(context).takeUnretainedValue()
            let piece = source.bytes[source.place...].prefix(size * count)
            UnsafeMutableRawBufferPointer(start: buffer, count: piece.count).copyBytes(from: piece)
            source.place += piece.count
            return piece.count
        }
    }

    /// What the server writes is not kept: it may repeat an address.
    private final class Answer {
        static let drop: vedette_curl_sink = { _, size, count, _ in size * count }
    }
}

extension SMTPClient: CustomStringConvertible, CustomReflectable {
    public var description: String { "\(host):\(port)" }
    /// Nothing: a dump would show the password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
