import HTTPServer
import Notices
import SurveillanceKit

/// Videos and slides with their captions; for administrators with the form that adds one.
struct MediaPage {
    var media: [TrainingMedia]
    var mayWrite: Bool
    var refusal: BilingualText?
    var written = FormFields()

    private static let path = SitePath("resources", "media")

    func page(_ reader: Reader) -> Page {
        let title = reader.say("培训视频和课件", "Videos and slides")
        return Page(title, path: Self.path, place: .resources) {
            h1(text: title)
            if media.isEmpty { p(.class("hint"), text: reader.say("还没有视频或课件。", "There are none yet.")) }
            for entry in media { card(entry, reader) }
            if mayWrite { draft(reader) }
        }
    }

    private func card(_ entry: TrainingMedia, _ reader: Reader) -> HTML {
        section(.class("card"), .id(entry.id)) {
            h2(text: reader.say(entry.title))
            for line in reader.say(entry.caption).split(whereSeparator: \.isNewline) { p(text: String(line)) }
            p(.class("hint")) {
                entry.kind.rawValue.uppercased()
                " · "
                reader.size(entry.size)
                " · "
                reader.moment(entry.publishedAt)
            }
            div(.class("actions")) {
                a(
                    .class("button plain"), .href(Self.path.appending(entry.id).appending("file")), .download,
                    text: reader.say("下载", "Download"))
                if mayWrite {
                    ConfirmedAction(
                        name: reader.say("删除", "Remove"),
                        consequence: reader.say("文件将被删除，不能恢复。", "The file is removed for good."),
                        confirm: reader.say("确认删除", "Remove it"),
                        action: Self.path.appending(entry.id).appending("remove")
                    ).html(reader)
                }
            }
        }
    }

    private func draft(_ reader: Reader) -> HTML {
        let longest = TrainingMedia.longest
        return section(.class("card"), .id("add")) {
            h2(text: reader.say("添加视频或课件", "Add a video or slides"))
            if let refusal { div(.class("note bad"), .role("alert")) { p(text: reader.say(refusal)) } }
            form(.post, .action(Self.path), .multipart, .class("fields")) {
                formToken(reader)
                written.line("title", reader.say("标题", "Title (Chinese)"), longest: longest.title, isRequired: true)
                written.line(
                    "caption", reader.say("说明", "Caption (Chinese)"), longest: longest.caption, isRequired: true)
                written.line(
                    "title-en", reader.say("英文标题（可不填）", "Title in English (optional)"), longest: longest.title,
                    isRequired: false)
                written.line(
                    "caption-en", reader.say("英文说明（可不填）", "Caption in English (optional)"), longest: longest.caption,
                    isRequired: false)
                div {
                    label(
                        .for("file"),
                        text: reader.say("文件（MP4、WebM 或 PDF，最大 50 MB）", "File (MP4, WebM or PDF, at most 50 MB)"))
                    input(.id("file"), .type("file"), .name("file"), .required)
                }
                p(.class("submit")) { button(.type("submit"), text: reader.say("添加", "Add")) }
            }
        }
    }
}
