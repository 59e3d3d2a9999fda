public import HTTPServer
import SurveillanceKit

/// The platform's web side: pages for people, the API for programs.
public struct Site: Sendable {
    public let router: Router

    public init(services: any PortalServices, settings: PortalSettings) {
        let visitors = Visitors(services: services, settings: settings)
        let uploads = Uploads(services: services, settings: settings)
        let api = APIRoutes(services: services, settings: settings, visitors: visitors, uploads: uploads)
        let pages = PageRoutes(services: services, settings: settings, visitors: visitors, uploads: uploads)
        let signIn = SignInRoutes(services: services, visitors: visitors)
        let notices = NoticeRoutes(services: services, visitors: visitors)
        let description = APIDescription(programs: services.programs)
        router = Router(
            api.routes(description) + pages.routes + notices.routes.map(description.checked) + signIn.routes
                + Asset.all.map(\.route)
        ) {
            problem, head in
            guard head.prefersHTML, !head.path.hasPrefix("/api/") else {
                return .problem(problem, in: head.acceptedLanguage)
            }
            // The language switch would send a form again; it leads to the front page instead.
            let path = head.method == .get ? SitePath(of: head) : SitePath()
            let reader = visitors.reader(head)
            var response = ProblemPage(problem: problem, path: path).page(reader)
                .response(for: reader, status: problem.status)
            for field in problem.headers.fields { response.headers.append(field.name, field.value) }
            return response
        }
    }
}
