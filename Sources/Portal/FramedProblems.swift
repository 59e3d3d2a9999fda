import HTTPServer

/// Shows what went wrong on a page as a page: with the frame, the menu of whoever has signed in, and whom to ask.
struct FramedProblems: Sendable {
    let visitors: Visitors

    /// The same route; what its handler throws becomes a page where a browser asks.
    func framed(_ route: Route) -> Route {
        guard !route.pattern.hasPrefix("/api/") else { return route }
        var framed = route
        switch route.body {
        case .none(let handler): framed.body = .none { try await answer($0, handler) }
        case .buffered(let maximumBytes, let handler):
            framed.body = .buffered(maximumBytes: maximumBytes) { try await answer($0, handler) }
        case .streamed(let admit):
            framed.body = .streamed { head in
                do {
                    switch try await admit(head) {
                    case .refuse(let response): return .refuse(response)
                    case .accept(let sink, let maximumBytes, let handler):
                        return .accept(sink, maximumBytes: maximumBytes) { try await answer($0, handler) }
                    }
                } catch let problem as Problem {
                    guard let page = await page(problem, head) else { throw problem }
                    return .refuse(page)
                }
            }
        }
        return framed
    }

    private func answer(
        _ request: Request, _ handler: @Sendable (Request) async throws -> Response
    ) async throws -> Response {
        do {
            return try await handler(request)
        } catch let problem as Problem {
            guard let page = await page(problem, request.head) else { throw problem }
            return page
        }
    }

    /// The page, with the menu of whoever has signed in; nil where no page is wanted.
    private func page(_ problem: Problem, _ head: RequestHead) async -> Response? {
        guard head.prefersHTML, !head.path.hasPrefix("/api/") else { return nil }
        // Where the store does not answer, the page comes without a menu.
        return show(problem, head, try? await visitors.anySession(head))
    }

    func show(_ problem: Problem, _ head: RequestHead, _ visitor: Visitor? = nil) -> Response {
        // The language switch would send a form again; it leads to the front page instead.
        let path = head.method == .get ? SitePath(of: head) : SitePath()
        let reader = visitors.reader(head, visitor)
        var response = ProblemPage(problem: problem, path: path).page(reader)
            .response(for: reader, status: problem.status)
        for field in problem.headers.fields { response.headers.append(field.name, field.value) }
        return response
    }
}
