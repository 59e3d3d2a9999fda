import CMicrohttpd
import SurveillanceKit
import Synchronization

/// One request and its response, from the request line to the last byte.
///
/// The library calls `proceed` for the head, for each piece of the body and at its end, always on the connection's
/// own thread. Where an answer takes time the connection is suspended, and `proceed` is called again at the same
/// point when it is resumed.
final class Exchange: Sendable {
    private let server: ServerCore
    private let connection: Connection
    /// What the screen has read; its place among the connection's requests.
    private let screened: RequestScreen.Head?
    private let number: Int
    private let id: String
    private let started: ContinuousClock.Instant
    private let stage = Mutex(Stage.head)
    private let reception = Mutex<Reception?>(nil)
    private let record: Mutex<RequestRecord>
    private let head = Mutex<RequestHead?>(nil)

    private enum Stage {
        case head
        /// Suspended: the route is asked whether it wants the body.
        case asking
        case decided(Admission)
        case receiving
        /// Suspended: the handler works.
        case answering
        case answered(Response)
        case sending
        case ended
    }

    init(server: ServerCore, connection: Connection) {
        self.server = server
        self.connection = connection
        (screened, number) = connection.screen.withLock { ($0.nextHead(), $0.headsTaken) }
        id = server.newRequestID()
        started = server.now()
        record = Mutex(
            RequestRecord(
                id: id, method: "", status: 0, bytesReceived: 0, duration: .zero, remoteAddress: connection.address,
                isComplete: false))
        server.activity.begin()
        connection.enter(.head, now: started)
    }

    /// The next step. `bytes` is nil but for a piece of the body, all of which is taken.
    func proceed(_ library: LibraryConnection, bytes: UnsafeRawBufferPointer?) -> MHD_Result {
        if let bytes { return receive(bytes) ? .YES : .NO }
        switch stage.withLock({ $0 }) {
        case .head: return begin(library)
        case .decided(.refuse(let response)): return send(response, library, isEarly: true)
        case .decided(.accept(let sink, let maximumBytes, let handler)):
            return startReceiving(Reception(into: .sink(sink), maximumBytes: maximumBytes, handler: handler))
        case .receiving: return answer(library)
        case .answered(let response): return send(response, library, isEarly: false)
        case .asking, .answering, .sending, .ended: return .NO
        }
    }

    /// The library has done with this request; the connection goes on or is closed.
    func completed(normally: Bool) {
        let last = stage.withLock { stage in
            defer { stage = .ended }
            return stage
        }
        if case .decided(.accept(let sink, _, _)) = last { sink.abandon() }
        reception.withLock {
            $0?.abandon()
            $0 = nil
        }
        var finished = record.withLock { $0 }
        finished.isComplete = normally
        let now = server.now()
        finished.duration = now - started
        connection.enter(.waiting(isFirst: false), now: now)
        if connection.screen.withLock({ $0.isInsideHead }) { connection.beginHead() }
        server.registry.noteWaiting(connection)
        server.activity.end()
        if finished.status != 0 { server.observe(finished) }
    }

    // MARK: Head

    private func begin(_ library: LibraryConnection) -> MHD_Result {
        guard case .request(let screened) = screened else {
            if case .refused(let problem) = screened { return send(show(problem), library, isEarly: true) }
            return send(show(Problem.malformedBytes), library, isEarly: true)
        }
        let address = server.clientAddress.of(screened.headers, connection: connection.address)
        var head = RequestHead(
            headers: screened.headers, remoteAddress: address, isSecure: connection.isSecure)
        self.head.withLock { $0 = head }
        record.withLock {
            $0.method = String(screened.method.prefix(16))
            $0.remoteAddress = address
        }
        guard let target = RequestTarget(screened.target) else {
            let wording = BilingualText(
                zh: "请求行无效，请检查地址的编码。", en: "The request line is not valid. Check the address's encoding.")
            return send(show(Problem.badRequest(wording)), library, isEarly: true)
        }
        head.path = target.path
        head.query = target.query
        head.method = Method(rawValue: screened.method) ?? .get
        if case .known(let bytes) = screened.length { head.contentLength = bytes } else { head.contentLength = nil }
        return route(library, head, method: screened.method, target: target)
    }

    private func route(_ library: LibraryConnection, _ found: RequestHead, method: String, target: RequestTarget)
        -> MHD_Result
    {
        var head = found
        self.head.withLock { $0 = head }
        switch server.router.match(Method(rawValue: method), target.segments) {
        case .notFound: return settle(show(Problem.notFound(head.path)), library)
        case .methodNotAllowed(let allowed):
            let list = allowed.map(\.rawValue).joined(separator: ", ")
            guard head.method == .options else {
                return settle(show(Problem.methodNotAllowed(method, allowed: list)), library)
            }
            return settle(Response(status: .noContent, headers: ["Allow": list]), library)
        case .route(let route, let parameters):
            head.parameters = parameters
            self.head.withLock { [head] in $0 = head }
            record.withLock { $0.pattern = route.pattern }
            switch route.body {
            case .none(let handler): return startBuffering(library, head, maximumBytes: 0, handler)
            case .buffered(let maximumBytes, let handler):
                return startBuffering(library, head, maximumBytes: maximumBytes, handler)
            case .streamed(let admit): return ask(library, head, admit)
            }
        }
    }

    /// Answers a request of which nothing more is wanted. Without a body the connection can stay open.
    private func settle(_ response: Response, _ library: LibraryConnection) -> MHD_Result {
        guard head.withLock({ $0?.contentLength }) == 0 else { return send(response, library, isEarly: true) }
        stage.withLock { $0 = .answered(response) }
        return .YES
    }

    private func ask(
        _ library: LibraryConnection, _ head: RequestHead,
        _ admit: @escaping @Sendable (RequestHead) async throws -> Admission
    ) -> MHD_Result {
        suspend(library, as: .asking) { [self] in
            var admission: Admission
            do {
                admission = try await admit(head)
                if case .accept(let sink, let maximumBytes, _) = admission, let length = head.contentLength,
                    length > maximumBytes
                {
                    sink.abandon()
                    admission = .refuse(show(Problem.contentTooLarge(maximumBytes: maximumBytes)))
                }
            } catch {
                admission = .refuse(show(error))
            }
            let isWanted = stage.withLock { stage in
                guard case .asking = stage else { return false }
                stage = .decided(admission)
                return true
            }
            if !isWanted, case .accept(let sink, _, _) = admission { sink.abandon() }
        }
    }

    // MARK: Body

    private func startBuffering(
        _ library: LibraryConnection, _ head: RequestHead, maximumBytes: Int, _ handler: @escaping Handler
    ) -> MHD_Result {
        if let length = head.contentLength, length > maximumBytes {
            return send(show(Problem.contentTooLarge(maximumBytes: maximumBytes)), library, isEarly: true)
        }
        return startReceiving(Reception(into: .buffer([]), maximumBytes: maximumBytes, handler: handler))
    }

    private func startReceiving(_ new: Reception) -> MHD_Result {
        reception.withLock { $0 = new }
        stage.withLock { $0 = .receiving }
        connection.enter(.receiving, now: server.now())
        return .YES
    }

    /// False where so much has been thrown away that the connection is better closed.
    private func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        connection.moved(bytes.count)
        record.withLock { $0.bytesReceived += bytes.count }
        return reception.withLock {
            guard $0 != nil else { return false }
            $0?.receive(bytes)
            return $0?.discardedBytes ?? 0 <= server.configuration.maximumDiscardedBytes
        }
    }

    // MARK: Answer

    private func answer(_ library: LibraryConnection) -> MHD_Result {
        let taken = reception.withLock { reception in
            defer { reception = nil }
            return reception
        }
        guard let taken, let head = head.withLock({ $0 }) else { return .NO }
        if let problem = connection.screen.withLock({ $0.bodyProblem(ofHead: number) }) {
            var dropped = taken
            dropped.abandon()
            return send(show(problem), library, isEarly: true)
        }
        if let failure = taken.failure { return send(show(failure), library, isEarly: false) }
        let request = Request(head: head, body: taken.buffer)
        connection.enter(.working, now: server.now())
        return suspend(library, as: .answering) { [self] in
            let response: Response
            do { response = try await taken.handler(request) } catch { response = show(error) }
            stage.withLock { stage in
                guard case .answering = stage else { return }
                stage = .answered(response)
            }
        }
    }

    private func suspend(
        _ library: LibraryConnection, as waiting: Stage, work: @escaping @Sendable () async -> Void
    ) -> MHD_Result {
        stage.withLock { $0 = waiting }
        connection.enter(.working, now: server.now())
        let isSuspended = server.suspensions.suspend(
            self, library, aborted: { [self] in stage.withLock { $0 = .ended } }, executor: server.executor
        ) { [self] in
            await work()
            server.suspensions.resume(self)
        }
        return isSuspended ? .YES : .NO
    }

    /// Queues the response. An early one comes before the body was read, so the connection ends with it.
    private func send(_ response: Response, _ library: LibraryConnection, isEarly: Bool) -> MHD_Result {
        stage.withLock { $0 = .sending }
        record.withLock { $0.status = response.status.code }
        var outgoing = response
        outgoing.headers["X-Request-Id"] = id
        if isEarly || server.activity.isEnding { outgoing.closesConnection = true }
        if isEarly { connection.linger() }
        var bytes = 0
        var stream: StreamedBody?
        switch response.body {
        case .none: break
        case .bytes(let body): bytes = body.count
        case .stream(let next):
            stream = StreamedBody(next, library: library, connection: connection, server: server) { [self] error in
                record.withLock { $0.failure = RequestRecord.kind(of: error) }
            }
            // The library ends even the bodiless answer to HEAD with a last chunk, which would pass for the next
            // response.
            if head.withLock({ $0?.method }) == .head { outgoing.closesConnection = true }
        }
        connection.enter(.sending, bytes: bytes, now: server.now())
        guard let reply = outgoing.makeReply(isSecure: connection.isSecure, stream: stream) else {
            record.withLock { $0.failure = "an answer that cannot be sent" }
            return .NO
        }
        defer { MHD_destroy_response(reply) }
        return MHD_queue_response(library.pointer, UInt32(response.status.code), reply)
    }

    private func show(_ error: any Error) -> Response {
        let head = head.withLock { $0 } ?? RequestHead()
        if let problem = error as? Problem { return server.router.show(problem, head) }
        record.withLock { $0.failure = RequestRecord.kind(of: error) }
        var problem = Problem.internalError
        problem.requestID = id
        return server.router.show(problem, head)
    }
}
