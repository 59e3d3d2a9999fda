import HTTPServer
import SurveillanceKit

/// The programs that report by themselves, for everybody with an account: the reference clients and the agent.
struct ClientRoutes: Sendable {
    let services: any ClientServices & SignInServices
    let visitors: Visitors

    static let agentName = "vedette-agent"

    static func path(of client: ReferenceClient) -> SitePath { SitePath("resources", "clients", client.name) }

    static let agentPath = SitePath("resources", "agent", agentName)

    var routes: [Route] {
        [
            .get("/resources/clients/{name}") { request in
                guard try await visitors.session(request.head) != nil else { return again }
                let name = request.parameters["name"]
                guard let client = ReferenceClient.all.first(where: { $0.name == name }) else {
                    throw Problem.noSuchPage
                }
                var response = Response.bytes(client.bytes, type: client.mediaType)
                response.headers["Content-Disposition"] = "attachment; filename=\"\(client.name)\""
                return response
            },
            .get("/resources/agent/\(Self.agentName)") { request in
                guard try await visitors.session(request.head) != nil else { return again }
                guard let agent = try await services.agentFile() else { throw Problem.noSuchPage }
                return .ranged(
                    Self.agentName, type: "application/octet-stream", size: agent.size, tag: agent.sm3,
                    for: request.head
                ) { start, most in
                    let part = try agent.read(start, min(most, 1 << 18))
                    // Cut short meanwhile: the connection is broken off, so that no part is taken for the whole.
                    guard !part.isEmpty else { throw Problem.noSuchPage }
                    return part
                }
            },
        ]
    }

    private var again: Response {
        .redirect(to: SitePath("sign-in").with("next", SitePath("resources").description).description)
    }
}
