import Accounts
import HTTPServer
import Notices
import SurveillanceKit

/// Videos and slides: everybody with an account has them, administrators add and remove them.
struct MediaRoutes: Sendable {
    let services: any MediaServices & SignInServices
    let visitors: Visitors

    private static let path = SitePath("resources", "media")

    var routes: [Route] {
        [
            .get("/resources/media") { request in
                guard let visitor = try await visitors.session(request.head) else { return again }
                return try await page(request.head, visitor)
            },
            .upload("/resources/media", admit: receive),
            .get("/resources/media/{id}/file") { request in
                guard try await visitors.session(request.head) != nil else { return again }
                guard let media = try await services.trainingMedia(request.parameters["id"] ?? "") else {
                    throw Problem.noSuchPage
                }
                return file(media, request.head)
            },
            .post("/resources/media/{id}/remove", maximumBytes: 8_192) { request in
                guard let (visitor, _) = try await visitors.form(request) else { return again }
                guard visitor.isAdministrator else { throw Problem.notAllowed }
                let id = request.parameters["id"] ?? ""
                guard try await services.removeMedia(id, by: visitor.account, from: request.remoteAddress) else {
                    throw Problem.noSuchPage
                }
                return .redirect(to: MediaRoutes.path.description)
            },
        ]
    }

    private var again: Response {
        .redirect(to: SitePath("sign-in").with("next", MediaRoutes.path.description).description)
    }

    private func page(
        _ head: RequestHead, _ visitor: Visitor, refusal: BilingualText? = nil, written: FormFields = FormFields(),
        status: Status = .ok
    ) async throws -> Response {
        let reader = visitors.reader(head, visitor)
        var response = MediaPage(
            media: try await services.trainingMedia(), mayWrite: visitor.isAdministrator, refusal: refusal,
            written: written
        ).page(reader).response(for: reader, status: status)
        response.keepLanguage(of: head)
        return response
    }

    private func receive(_ head: RequestHead) async throws -> Admission {
        guard let visitor = try await visitors.session(head), let session = visitor.session else {
            return .refuse(again)
        }
        guard visitor.isAdministrator else { throw Problem.notAllowed }
        let form = try HeldForm(contentType: head.headers["Content-Type"], mostKept: TrainingMedia.maximumBytes + 1) {
            session.accepts(formToken: $0["formToken"] ?? "")
        }
        return .accept(form, maximumBytes: TrainingMedia.maximumBytes + 65_536) { request in
            let (fields, file) = try form.finish()
            guard session.accepts(formToken: fields["formToken"] ?? "") else { throw Problem.foreignForm }
            guard let file, let draft = MediaRoutes.draft(fields, file.bytes) else {
                return try await page(
                    head, visitor,
                    refusal: BilingualText(
                        zh: "请填写标题和说明，并选择一个 MP4、WebM 或 PDF 文件（按内容判断，最大 50 MB）。",
                        en:
                            "Give a title and a caption, and choose an MP4, WebM or PDF file (known by its content; at most 50 MB)."
                    ), written: fields, status: .unprocessableContent)
            }
            guard try await services.publish(draft, by: visitor.account, from: request.remoteAddress) else {
                return try await page(
                    head, visitor,
                    refusal: BilingualText(
                        zh: "最多保存 \(TrainingMedia.mostKept) 个文件，请先删除不再需要的。",
                        en: "At most \(TrainingMedia.mostKept) files are kept; remove one first."),
                    written: fields, status: .unprocessableContent)
            }
            return .redirect(to: MediaRoutes.path.description)
        }
    }

    static func draft(_ fields: FormFields, _ bytes: [UInt8]) -> MediaDraft? {
        let longest = TrainingMedia.longest
        guard let title = fields.bilingual("title", longest: longest.title),
            let caption = fields.bilingual("caption", longest: longest.caption),
            let kind = TrainingMedia.Kind(bytes), bytes.count <= TrainingMedia.maximumBytes
        else { return nil }
        return MediaDraft(title: title, caption: caption, kind: kind, bytes: bytes)
    }

    /// The file, or the part that is asked for. Its content never changes, so its id is its tag.
    private func file(_ media: TrainingMedia, _ head: RequestHead) -> Response {
        .ranged(
            "\(media.id).\(media.kind.rawValue)", type: media.kind.mediaType, size: media.size, tag: media.id, for: head
        ) { [services] start, most in
            let (number, offset) = start.quotientAndRemainder(dividingBy: TrainingMedia.pieceBytes)
            // Removed meanwhile: the connection is broken off, so that no part is taken for the whole.
            guard let piece = try await services.piece(number, of: media.id), offset < piece.count else {
                throw Problem.noSuchPage
            }
            return Array(piece[offset..<min(piece.count, offset + most)])
        }
    }
}
