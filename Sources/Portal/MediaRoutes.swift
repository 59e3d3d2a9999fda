import Accounts
import HTTPServer
import Notices
import SurveillanceKit
import Synchronization

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

    /// What is not written in English is shown as it was written in Chinese.
    static func draft(_ fields: FormFields, _ bytes: [UInt8]) -> MediaDraft? {
        func read(_ name: String, _ longest: Int) -> String? {
            let text = (fields[name] ?? "").trimmed
            return text.count <= longest ? text : nil
        }
        let longest = TrainingMedia.longest
        guard let title = read("title", longest.title), !title.isEmpty,
            let caption = read("caption", longest.caption), !caption.isEmpty,
            let titleEn = read("title-en", longest.title), let captionEn = read("caption-en", longest.caption),
            let kind = TrainingMedia.Kind(bytes), bytes.count <= TrainingMedia.maximumBytes
        else { return nil }
        return MediaDraft(
            title: BilingualText(zh: title, en: titleEn.isEmpty ? title : titleEn),
            caption: BilingualText(zh: caption, en: captionEn.isEmpty ? caption : captionEn), kind: kind, bytes: bytes)
    }

    /// The file, or the part that is asked for. Its content never changes, so its id is its tag.
    private func file(_ media: TrainingMedia, _ head: RequestHead) -> Response {
        let tag = "\"\(media.id)\""
        let condition = head.headers["If-Range"]
        let range =
            condition == nil || condition == tag ? ByteRange(head.headers["Range"], size: media.size) : .whole
        if range == .unsatisfiable {
            var response = Response(status: Status(416))
            response.headers["Content-Range"] = "bytes */\(media.size)"
            return response
        }
        var (bytes, status) = (0..<media.size, Status.ok)
        if case .part(let part) = range { (bytes, status) = (part, Status(206)) }
        let next = Mutex(bytes.lowerBound)
        let end = bytes.upperBound
        var response = Response.stream(type: media.kind.mediaType, status: status) { [services] in
            let start = next.withLock { $0 }
            guard start < end else { return nil }
            let (number, offset) = start.quotientAndRemainder(dividingBy: TrainingMedia.pieceBytes)
            // Removed meanwhile: the connection is broken off, so that no part is taken for the whole.
            guard let piece = try await services.piece(number, of: media.id), offset < piece.count else {
                throw Problem.noSuchPage
            }
            let part = Array(piece[offset..<min(piece.count, offset + end - start)])
            next.withLock { $0 = start + part.count }
            return part
        }
        if status.code == 206 {
            response.headers["Content-Range"] = "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(media.size)"
        }
        response.headers["Accept-Ranges"] = "bytes"
        response.headers["ETag"] = tag
        response.headers["Content-Disposition"] = "attachment; filename=\"\(media.id).\(media.kind.rawValue)\""
        return response
    }
}
