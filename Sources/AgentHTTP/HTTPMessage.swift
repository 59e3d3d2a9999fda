/// A request to a server.
public struct HTTPRequest: Sendable {
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    /// A piece of a body: what is sent comes piece by piece, files straight from the disk.
    public enum Piece: Sendable {
        case bytes([UInt8])
        /// - Parameter size: exactly so many bytes are sent; a file that has become shorter breaks the request off.
        case file(path: String, size: Int64)

        var size: Int64 {
            switch self {
            case .bytes(let bytes): Int64(bytes.count)
            case .file(_, let size): size
            }
        }
    }

    public var method: Method
    /// Behind the server's own path, with its query: `/api/v1/submissions?limit=1`.
    public var target: String
    public var headers: [(String, String)]
    public var body: [Piece]

    public init(_ method: Method, _ target: String, headers: [(String, String)] = [], body: [Piece] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    public var bodySize: Int64 { body.reduce(0) { $0 + $1.size } }
}

/// What a server answered.
public struct HTTPAnswer: Sendable {
    public var status: Int
    /// Names in lower case.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of a name, which is given in lower case.
    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}
