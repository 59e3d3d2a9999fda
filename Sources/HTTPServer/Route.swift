/// One address that is answered: a method, a pattern, what becomes of the body, and the handler.
public struct Route: Sendable {
    public var method: Method
    /// `/api/v1/submissions/{id}`; a `{name}` stands for one segment and is never empty.
    public var pattern: String
    public var body: BodyPolicy

    public enum BodyPolicy: Sendable {
        /// A request with a body is refused.
        case none(Handler)
        /// Kept in memory up to `maximumBytes`: forms and small JSON.
        case buffered(maximumBytes: Int, Handler)
        /// Given to a sink as it arrives. The question is asked before the client is told to go on.
        case streamed(@Sendable (RequestHead) async throws -> Admission)
    }

    public init(_ method: Method, _ pattern: String, body: BodyPolicy) {
        self.method = method
        self.pattern = pattern
        self.body = body
    }

    public static func get(_ pattern: String, _ handler: @escaping Handler) -> Route {
        Route(.get, pattern, body: .none(handler))
    }

    public static func post(_ pattern: String, maximumBytes: Int = 65_536, _ handler: @escaping Handler) -> Route {
        Route(.post, pattern, body: .buffered(maximumBytes: maximumBytes, handler))
    }

    public static func delete(_ pattern: String, _ handler: @escaping Handler) -> Route {
        Route(.delete, pattern, body: .none(handler))
    }

    /// Takes a body of any size as it arrives; `admit` decides by the head alone.
    public static func upload(
        _ pattern: String, method: Method = .post, admit: @escaping @Sendable (RequestHead) async throws -> Admission
    ) -> Route {
        Route(method, pattern, body: .streamed(admit))
    }

    var segments: [Substring] { pattern.split(separator: "/", omittingEmptySubsequences: true) }
}
