import Portal

@testable import HTTPServer

/// Asks a site as the server does, without a network between.
struct Visit {
    let platform: FakePlatform
    let router: Router

    init(_ platform: FakePlatform = FakePlatform(), settings: PortalSettings = PortalSettings(version: "test")) {
        self.platform = platform
        router = Site(services: platform, settings: settings).router
    }

    static let session = ["Cookie": "vedette_session=s1"]
    static let browser = ["Cookie": "vedette_session=s1", "Accept": "text/html"]
    /// h001:right
    static let basic = ["Authorization": "Basic aDAwMTpyaWdodA=="]

    func get(_ target: String, _ fields: [String: String] = [:]) async -> Response { await ask(.get, target, fields) }

    func post(_ target: String, form: String, _ fields: [String: String] = [:]) async -> Response {
        await ask(
            .post, target, fields.merging(["Content-Type": "application/x-www-form-urlencoded"]) { $1 }, body: form)
    }

    func ask(_ method: Method, _ target: String, _ fields: [String: String], body: String = "") async -> Response {
        var headers = Headers()
        for (name, value) in fields { headers.append(name, value) }
        var head = RequestHead(
            method: method, headers: headers, remoteAddress: "192.0.2.1", contentLength: body.utf8.count)
        guard let parsed = RequestTarget(Array(target.utf8)) else { return Response(status: .badRequest) }
        head.path = parsed.path
        head.query = parsed.query
        guard case .route(let route, let parameters) = router.match(method, parsed.segments) else {
            return router.show(Problem.notFound(head.path), head)
        }
        head.parameters = parameters
        do {
            switch route.body {
            case .none(let handler): return try await handler(Request(head: head))
            case .buffered(_, let handler): return try await handler(Request(head: head, body: Array(body.utf8)))
            case .streamed(let admit):
                switch try await admit(head) {
                case .refuse(let response): return response
                case .accept(let sink, _, let handler):
                    do {
                        try body.utf8CString.withUnsafeBytes {
                            try sink.receive(UnsafeRawBufferPointer(rebasing: $0.dropLast()))
                        }
                    } catch {
                        sink.abandon()
                        throw error
                    }
                    return try await handler(Request(head: head))
                }
            }
        } catch {
            return router.show((error as? Problem) ?? .internalError, head)
        }
    }
}

extension Response {
    /// The whole body, streamed or not.
    var text: String {
        get async {
            switch body {
            case .none: return ""
            case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
            case .stream(let next):
                var all: [UInt8] = []
                while let piece = try? await next() { all += piece }
                return String(decoding: all, as: UTF8.self)
            }
        }
    }
}
