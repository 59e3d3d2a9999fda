import HTTPServer
import Notices
import SurveillanceKit

/// Announcements: everybody with an account reads them and marks them as read, administrators write and withdraw them.
struct AnnouncementRoutes: Sendable {
    let services: any AnnouncementServices & SignInServices
    let visitors: Visitors

    private static let path = SitePath("resources", "announcements")

    var routes: [Route] {
        [
            .get("/resources/announcements") { request in
                guard let visitor = try await visitors.session(request.head) else { return again }
                return try await page(request, visitor)
            },
            .post("/resources/announcements", maximumBytes: 65_536, publish),
            .post("/resources/announcements/read", maximumBytes: 8_192) { request in
                guard let (visitor, fields) = try await visitors.form(request) else { return again }
                let shown = try await shown(to: visitor, request).map(\.announcement.id)
                let asked = fields["id"]
                try await services.markRead(shown.filter { asked == nil || $0 == asked }, by: visitor.account)
                return .redirect(to: AnnouncementRoutes.path.description)
            },
            .post("/resources/announcements/{id}/withdraw", maximumBytes: 8_192) { request in
                guard let (visitor, _) = try await visitors.form(request) else { return again }
                guard visitor.isAdministrator else { throw Problem.notAllowed }
                let id = request.parameters["id"] ?? ""
                guard
                    try await services.withdrawAnnouncement(id, by: visitor.account, from: request.remoteAddress)
                else { throw Problem.noSuchPage }
                return .redirect(to: AnnouncementRoutes.path.description)
            },
        ]
    }

    private var again: Response {
        .redirect(to: SitePath("sign-in").with("next", AnnouncementRoutes.path.description).description)
    }

    private func shown(to visitor: Visitor, _ request: Request) async throws -> [ShownAnnouncement] {
        try await services.announcements(to: visitor.account, in: visitors.region(of: visitor))
    }

    private func page(
        _ request: Request, _ visitor: Visitor, refusal: BilingualText? = nil, written: FormFields = FormFields(),
        status: Status = .ok
    ) async throws -> Response {
        let reader = visitors.reader(request.head, visitor)
        var response = AnnouncementsPage(
            shown: try await shown(to: visitor, request), mayWrite: visitor.isAdministrator, refusal: refusal,
            written: written
        ).page(reader).response(for: reader, status: status)
        response.keepLanguage(of: request.head)
        return response
    }

    @Sendable
    private func publish(_ request: Request) async throws -> Response {
        guard let (visitor, fields) = try await visitors.form(request) else { return again }
        guard visitor.isAdministrator else { throw Problem.notAllowed }
        guard let draft = AnnouncementRoutes.draft(fields) else {
            return try await page(
                request, visitor,
                refusal: BilingualText(
                    zh:
                        "请填写标题（最多 \(Announcement.longest.title) 字）和正文（最多 \(Announcement.longest.text) 字）；区划代码为 2、4 或 6 位数字，不填为全部。",
                    en:
                        "Give a title (at most \(Announcement.longest.title) characters) and a text (at most \(Announcement.longest.text)); a region has 2, 4 or 6 digits, none is for everybody."
                ), written: fields, status: .unprocessableContent)
        }
        try await services.publish(draft, by: visitor.account, from: request.remoteAddress)
        return .redirect(to: AnnouncementRoutes.path.description)
    }

    static func draft(_ fields: FormFields) -> AnnouncementDraft? {
        let (longest, region) = (Announcement.longest, (fields["region"] ?? "").trimmed)
        guard let title = fields.bilingual("title", longest: longest.title),
            let text = fields.bilingual("text", longest: longest.text), region.isEmpty || Region(region) != nil
        else { return nil }
        return AnnouncementDraft(title: title, text: text, region: Region(region))
    }
}
