public import HTTPServer
import SurveillanceKit

/// The platform's web side: pages for people, the API for programs.
public struct Site: Sendable {
    public private(set) var router: Router

    public init(services: any PortalServices, settings: PortalSettings) {
        let visitors = Visitors(services: services, settings: settings)
        let uploads = Uploads(services: services, settings: settings)
        let api = APIRoutes(services: services, settings: settings, visitors: visitors, uploads: uploads)
        let pages = PageRoutes(services: services, settings: settings, visitors: visitors, uploads: uploads)
        let signIn = SignInRoutes(services: services, visitors: visitors)
        let account = AccountRoutes(services: services, visitors: visitors)
        let help = HelpRoutes(services: services, visitors: visitors)
        let applicants = ApplicantRoutes(services: services, visitors: visitors)
        let register = RegisterRoutes(services: services, visitors: visitors)
        let reviews = ReviewRoutes(services: services, visitors: visitors)
        let framed = FramedProblems(visitors: visitors)
        let notices = NoticeRoutes(services: services, visitors: visitors)
        let description = APIDescription(programs: services.programs)
        let shown =
            pages.routes + help.routes + notices.routes.map(description.checked) + signIn.routes + account.routes
            + applicants.routes + reviews.routes + register.routes
            + SignInStepRoutes(services: services, visitors: visitors).routes
            + AnnouncementRoutes(services: services, visitors: visitors).routes
            + ClientRoutes(services: services, visitors: visitors).routes
            + MediaRoutes(services: services, visitors: visitors).routes
            + PeopleRoutes(services: services, visitors: visitors).routes
            + ColleagueRoutes(services: services, visitors: visitors).routes
            + ForgottenRoutes(services: services, visitors: visitors).routes
            + (settings.isDemo ? DemoMessageRoutes(services: services, visitors: visitors).routes : [])
        let people =
            PeopleAPIRoutes(services: services, visitors: visitors).routes
            + ColleagueAPIRoutes(services: services, visitors: visitors).routes
        let called = api.routes(description) + people.map(description.checked)
        router = Router(called + shown.map(framed.framed) + Asset.all.map(\.route)) { problem, head in
            guard head.prefersHTML, !head.path.hasPrefix("/api/") else {
                return .problem(problem, in: head.acceptedLanguage)
            }
            return framed.show(problem, head)
        }
        // An address that there is not, on a page with the menu.
        router.fallback = framed.framed(.get("/{address}") { throw Problem.noSuchAddress($0.path) })
    }
}
