import CCurl
import Dispatch
import Glibc

/// Sends HTTP requests, a file as the body where there is one, without holding it in memory.
///
/// No redirect is followed, so that credentials go nowhere but to the server that was named.
public struct HTTPClient: Sendable {
    private let timeoutSeconds: Int
    private let maximumAnswerBytes: Int
    static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// - Parameter maximumAnswerBytes: a longer answer counts as none.
    public init(timeoutSeconds: Int = 300, maximumAnswerBytes: Int = .max) {
        self.timeoutSeconds = timeoutSeconds
        self.maximumAnswerBytes = maximumAnswerBytes
    }

    public struct Request: Sendable {
        public enum Method: String, Sendable {
            case get = "GET"
            case post = "POST"
        }

        public var method: Method
        public var url: String
        public var headers: [(name: String, value: String)]
        /// Name and password for HTTP Basic.
        public var credentials: (name: String, password: String)?
        /// Path of the file that is the body.
        public var bodyFile: String?
        /// Files of a form (`multipart/form-data`), each sent as a part named `file`; used where there is no `bodyFile`.
        public var formFiles: [(path: String, name: String)]
        /// The body where it is a short text; used where there are no files.
        public var text: String?

        public init(
            _ method: Method, _ url: String, headers: [(name: String, value: String)] = [],
            credentials: (name: String, password: String)? = nil, bodyFile: String? = nil,
            formFiles: [(path: String, name: String)] = [], text: String? = nil
        ) {
            self.method = method
            self.url = url
            self.headers = headers
            self.credentials = credentials
            self.bodyFile = bodyFile
            self.formFiles = formFiles
            self.text = text
        }
    }

    public struct Answer: Sendable {
        public var status: Int
        public var body: [UInt8]
    }

    /// - Throws: `HTTPClientError` where no answer came; an answer of any status is one.
    public func send(_ request: Request) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try self.sendBlocking(request) }) }
        }
    }

    /// The same on the calling thread.
    public func sendBlocking(_ request: Request) throws -> Answer {
        guard Self.isReady, let handle = curl_easy_init() else { throw HTTPClientError(reason: "libcurl cannot start") }
        defer { curl_easy_cleanup(handle) }
        var lines: UnsafeMutablePointer<curl_slist>?
        // An `Expect: 100-continue` lets the server refuse a body before it is sent.
        for header in request.headers { lines = curl_slist_append(lines, "\(header.name): \(header.value)") }
        defer { curl_slist_free_all(lines) }
        var file: UnsafeMutablePointer<FILE>?
        defer { if let file { fclose(file) } }
        if let path = request.bodyFile {
            var status = stat()
            file = fopen(path, "rb")
            guard let file, fstat(fileno(file), &status) == 0 else {
                throw HTTPClientError(reason: "\(path): \(String(cString: strerror(errno)))")
            }
            _ = vedette_curl_set_long(handle, CURLOPT_UPLOAD, 1)
            _ = vedette_curl_set_pointer(handle, CURLOPT_READDATA, file)
            _ = vedette_curl_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(status.st_size))
        }
        let form = request.bodyFile == nil && !request.formFiles.isEmpty ? curl_mime_init(handle) : nil
        defer { curl_mime_free(form) }
        if let form {
            for file in request.formFiles {
                let part = curl_mime_addpart(form)
                curl_mime_name(part, "file")
                guard curl_mime_filedata(part, file.path) == CURLE_OK else {
                    throw HTTPClientError(reason: "\(file.path): \(String(cString: strerror(errno)))")
                }
                curl_mime_filename(part, file.name)
            }
            _ = vedette_curl_set_pointer(handle, CURLOPT_MIMEPOST, UnsafeRawPointer(form))
        }
        if let text = request.text, request.bodyFile == nil, form == nil {
            withText(text, handle, CURLOPT_COPYPOSTFIELDS)
        }
        var reason = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
        let body = Body(maximumBytes: maximumAnswerBytes)
        let code = reason.withUnsafeMutableBufferPointer { reason in
            withText(request.method.rawValue, handle, CURLOPT_CUSTOMREQUEST)
            withText(request.url, handle, CURLOPT_URL)
            if let credentials = request.credentials {
                withText(credentials.name, handle, CURLOPT_USERNAME)
                withText(credentials.password, handle, CURLOPT_PASSWORD)
            }
            _ = vedette_curl_set_pointer(handle, CURLOPT_HTTPHEADER, lines)
            _ = vedette_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, reason.baseAddress)
            _ = vedette_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
            _ = vedette_curl_set_long(handle, CURLOPT_TIMEOUT, timeoutSeconds)
            _ = vedette_curl_set_sink(handle, Body.take, Unmanaged.passUnretained(body).toOpaque())
            return curl_easy_perform(handle)
        }
        var status = 0
        _ = vedette_curl_status(handle, &status)
        // A server that refuses a body may close before all of it was sent: its answer counts.
        guard code == CURLE_OK || (code == CURLE_SEND_ERROR && status >= 400) else {
            let detail = String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw HTTPClientError(
                reason: detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail,
                isUnsent: HTTPClientError.unsent.contains(code.rawValue))
        }
        return Answer(status: status, body: body.bytes)
    }

    /// Sets a text option; libcurl keeps its own copy.
    private func withText(_ text: String, _ handle: UnsafeMutableRawPointer, _ option: CURLoption) {
        _ = text.withCString { vedette_curl_set_pointer(handle, option, $0) }
    }

    /// Gathers the answer's body.
    private final class Body {
        var bytes: [UInt8] = []
        private let maximumBytes: Int

        init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

        static let take: vedette_curl_sink = { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let body = Unmanaged<Body>.fromOpaque(context).takeUnretainedValue()
            guard body.bytes.count + size * count <= body.maximumBytes else { return 0 }
            body.bytes.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: size * count))
            return size * count
        }
    }
}

/// Why no answer came.
public struct HTTPClientError: Error, CustomStringConvertible {
    public var reason: String
    /// Whether nothing of the request was sent for certain: the server was not found, not reached, or not trusted.
    public var isUnsent = true
    public var description: String { reason }
}

extension HTTPClientError {
    fileprivate static let unsent = Set(
        [
            CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST,
            CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
        ].map(\.rawValue))
}
