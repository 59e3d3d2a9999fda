import Registrations
import SurveillanceKit

/// The scans of an application: uploaded, looked at, replaced.
struct ApplyFilesPage {
    var application: Application
    var token: String
    var refusal: (kind: ApplicationFile.Kind, reason: BilingualText)?

    func page(_ reader: Reader) -> Page {
        Page(reader.say("上传文件", "Scans"), path: SitePath("apply", "files")) {
            h1(text: reader.say("上传盖章扫描件", "Upload stamped scans"))
            ApplySteps.line(.files, application, reader)
            section(.class("card")) {
                if !application.form.faults().isEmpty {
                    p(.class("fault")) {
                        reader.say("资料填写完整后才能打印表格：", "The sheets can be printed once the form is filled in: ")
                        a(.href(SitePath("apply", "form")), text: reader.say("填写资料", "fill in the form"))
                    }
                }
                p {
                    reader.say(
                        "先下载并打印下列表格（已填好），盖章后扫描或拍照上传：",
                        "Download and print these sheets, which are filled in, have them stamped, then upload scans or photographs: "
                    )
                    SheetLinks.html(reader)
                    a(.href(SitePath("apply", "sheet")), text: reader.say("也可打开打印页", "or open the page to print"))
                }
                p(
                    .class("hint"),
                    text: reader.say(
                        "PDF、JPG 或 PNG，每个不超过 5 MB；资料修改后请重新打印、盖章。过大的照片会由浏览器自动缩小。",
                        "PDF, JPG or PNG, at most 5 MB each. Print and stamp anew after a change of the form. The browser shrinks photographs that are too large."
                    ))
            }
            for kind in ApplicationFile.Kind.allCases { card(kind, reader) }
            div(.class("actions")) {
                if application.missingFiles.isEmpty {
                    a(
                        .class("button"), .href(SitePath("apply", "status")),
                        text: reader.say("下一步：提交", "Next: send it in"))
                } else {
                    span(
                        .class("hint"),
                        text: reader.say(
                            "还缺 \(application.missingFiles.count) 个文件。",
                            "\(application.missingFiles.count.counted("scan is", "scans are")) missing."))
                }
            }
            ApplySteps.leave(token, reader)
        }
    }

    private func card(_ kind: ApplicationFile.Kind, _ reader: Reader) -> HTML {
        section(.class("card"), .id(kind.rawValue)) {
            h2(text: reader.say(kind.title) + " *")
            if let refusal, refusal.kind == kind {
                div(.class("note bad"), .role("alert")) { p(text: reader.say(refusal.reason)) }
            }
            if let file = application.files.first(where: { $0.kind == kind }) {
                FileView(file: file, path: SitePath("apply", "files", kind.rawValue, "preview")).html(reader)
                form(.post, .action(SitePath("apply", "files", "remove"))) {
                    input(.type("hidden"), .name("formToken"), .value(token))
                    input(.type("hidden"), .name("kind"), .value(kind.rawValue))
                    button(.class("plain small"), .type("submit"), text: reader.say("删除", "Remove"))
                }
            }
            form(.post, .action(SitePath("apply", "files")), .multipart, .class("fields")) {
                input(.type("hidden"), .name("formToken"), .value(token))
                input(.type("hidden"), .name("kind"), .value(kind.rawValue))
                div {
                    label(.for("file-\(kind.rawValue)"), text: reader.say("选择文件", "Choose a file"))
                    input(
                        .id("file-\(kind.rawValue)"), .type("file"), .name("file"), .accept(".pdf,.jpg,.jpeg,.png"),
                        .required, .data(.shrink, "5242880"))
                }
                button(
                    .type("submit"),
                    text: application.files.contains { $0.kind == kind }
                        ? reader.say("重新上传", "Upload in its place") : reader.say("上传", "Upload"))
            }
        }
    }
}

/// A scan with its facts and its first page.
struct FileView {
    var file: ApplicationFile
    var path: SitePath
    /// Whether its reader decides about it.
    var isForReview = false

    func html(_ reader: Reader) -> HTML {
        div(.class("scan")) {
            a(.href(path)) {
                img(.src(path), .alternative(reader.say(file.kind.title)), .lazy)
            }
            p(.class("hint")) {
                file.mediaType.split(separator: "/").last.map { $0.uppercased() } ?? ""
                " · \(reader.size(file.size))"
                if file.pages > 1 { reader.say(" · \(file.pages) 页", " · \(file.pages) pages") }
                " · "
                reader.moment(file.uploadedAt)
                if isForReview { " · \(reader.say(file.scan.title))" }
            }
            if file.pages > 1 {
                p(.class("hint")) {
                    reader.say("其他页：", "Other pages: ")
                    for page in 2...min(file.pages, 50) {
                        a(.href(path.with("page", "\(page)")), text: "\(page)")
                        " "
                    }
                }
            }
        }
    }
}
