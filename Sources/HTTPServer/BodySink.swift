/// Where a streamed body goes, chunk by chunk, as it arrives.
///
/// Calls come one after the other, on a thread of the server's that other connections wait for: a sink writes and
/// returns.
public protocol BodySink: AnyObject, Sendable {
    /// Takes the next bytes; they are gone when this returns. An error ends the upload: a `Problem` is sent as it is,
    /// anything else as a 500.
    func receive(_ bytes: UnsafeRawBufferPointer) throws

    /// The rest will not come: the client went away, was too slow, or sent more than it may. Called at most once, and
    /// never after the body has arrived whole.
    func abandon()
}

/// What a route says to a request with a body, when only its head is known.
public enum Admission: Sendable {
    /// Not a byte of the body is taken; the response is sent at once and the connection closed.
    case refuse(Response)
    /// The body goes to `sink`, and when it has arrived whole, `then` answers. Beyond `maximumBytes` the answer is 413.
    case accept(any BodySink, maximumBytes: Int, then: Handler)
}

public typealias Handler = @Sendable (Request) async throws -> Response
