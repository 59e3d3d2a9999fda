import HTTPServer
import Notices
import SurveillanceKit

/// The announcements, unread ones marked; for administrators with the form that writes one.
struct AnnouncementsPage {
    var shown: [ShownAnnouncement]
    var mayWrite: Bool
    var refusal: BilingualText?
    var written = FormFields()

    private static let path = SitePath("resources", "announcements")

    func page(_ reader: Reader) -> Page {
        let title = reader.say("公告", "Announcements")
        let unread = shown.count { !$0.isRead }
        return Page(title, path: Self.path, place: .resources) {
            h1(text: title)
            if unread > 0 {
                div(.class("note info"), .role("status")) {
                    p(text: AnnouncementsPage.unread(unread, reader))
                    form(.post, .action(Self.path.appending("read"))) {
                        formToken(reader)
                        button(.type("submit"), .class("plain"), text: reader.say("全部标为已读", "Mark all as read"))
                    }
                }
            }
            if shown.isEmpty { p(.class("hint"), text: reader.say("没有公告。", "There are none.")) }
            for entry in shown { card(entry, reader) }
            if mayWrite { draft(reader) }
        }
    }

    static func unread(_ count: Int, _ reader: Reader) -> String {
        reader.say(
            "\(reader.number(count)) 条未读公告",
            count == 1 ? "1 unread announcement" : "\(reader.number(count)) unread announcements")
    }

    private func card(_ entry: ShownAnnouncement, _ reader: Reader) -> HTML {
        let announcement = entry.announcement
        return section(.class("card"), .id(announcement.id)) {
            h2 {
                if !entry.isRead {
                    span(.class("tag warn"), text: reader.say("未读", "Unread"))
                    " "
                }
                reader.say(announcement.title)
            }
            p(.class("hint")) {
                reader.moment(announcement.publishedAt)
                if mayWrite {
                    " · "
                    announcement.region?.prefix ?? reader.say("全部", "everybody")
                }
            }
            for line in reader.say(announcement.text).split(whereSeparator: \.isNewline) { p(text: String(line)) }
            div(.class("actions")) {
                if !entry.isRead {
                    form(.post, .action(Self.path.appending("read"))) {
                        formToken(reader)
                        input(.type("hidden"), .name("id"), .value(announcement.id))
                        button(.type("submit"), .class("plain"), text: reader.say("标为已读", "Mark as read"))
                    }
                }
                if mayWrite {
                    form(.post, .action(Self.path.appending(announcement.id).appending("withdraw"))) {
                        formToken(reader)
                        button(.type("submit"), .class("plain"), text: reader.say("撤下", "Withdraw"))
                    }
                }
            }
        }
    }

    private func draft(_ reader: Reader) -> HTML {
        section(.class("card"), .id("write")) {
            h2(text: reader.say("发布公告", "Write an announcement"))
            if let refusal { div(.class("note bad"), .role("alert")) { p(text: reader.say(refusal)) } }
            form(.post, .action(Self.path), .class("fields")) {
                formToken(reader)
                written.line(
                    "title", reader.say("标题", "Title (Chinese)"), longest: Announcement.longest.title, isRequired: true)
                area("text", reader.say("正文", "Text (Chinese)"), isRequired: true)
                written.line(
                    "title-en", reader.say("英文标题（可不填）", "Title in English (optional)"),
                    longest: Announcement.longest.title, isRequired: false)
                area("text-en", reader.say("英文正文（可不填）", "Text in English (optional)"), isRequired: false)
                div {
                    label(
                        .for("region"),
                        text: reader.say("行政区划代码（2、4 或 6 位；不填为全部）", "Region (2, 4 or 6 digits; none is for everybody)"))
                    input(
                        .id("region"), .name("region"), .type("text"), .value(written["region"] ?? ""),
                        .maximumLength(6))
                }
                p(.class("submit")) { button(.type("submit"), text: reader.say("发布", "Publish")) }
            }
        }
    }

    private func area(_ name: StaticString, _ title: String, isRequired: Bool) -> HTML {
        let key = "\(name)"
        return div {
            label(.for(key), text: title)
            textarea(
                .id(key), .name(name), .rows(6), .maximumLength(Announcement.longest.text),
                isRequired ? .required : nil, text: written[key] ?? "")
        }
    }
}
