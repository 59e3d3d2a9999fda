import Registrations
import SurveillanceKit

/// One application: what was entered beside the scans, what looks odd, and the decision.
struct ReviewPage {
    var reviewed: ReviewedApplication
    var note: BilingualText?
    var isRefused = true

    private var application: Application { reviewed.application }

    func page(_ reader: Reader) -> Page {
        Page(application.form[.name], path: SitePath("applications", application.id), place: .applications) {
            h1(text: application.form[.name])
            if let note {
                div(.class("note \(isRefused ? "bad" : "good")"), .role(isRefused ? "alert" : "status")) {
                    p(text: reader.say(note))
                }
            }
            p {
                span(.class("tag"), text: reader.say(application.state.title))
                if application.isChange { span(.class("tag info"), text: reader.say("变更", "change")) }
                if let due = reviewed.dueAt, application.state == .waiting {
                    reader.say(" 办理时限 ", " to be decided by ")
                    reader.moment(due)
                }
            }
            if let first = application.firstApprovedBy, application.state == .waiting {
                p(
                    .class("hint"),
                    text: reader.say(
                        "\(first) 已通过，等待第二名审核人员。", "\(first) has approved it; a second reviewer is needed."))
            }
            remarks(reader)
            if application.state == .waiting {
                form(.post, .action(SitePath("applications", application.id, "decision"))) {
                    formToken(reader)
                    input(.type("hidden"), .name("revision"), .value("\(application.revision)"))
                    div(.class("review")) {
                        values(reader)
                        div { scans(reader) }
                    }
                    decision(reader)
                }
            } else {
                if let refusal = application.refusal {
                    section(.class("card")) {
                        h2(text: reader.say("退回原因", "Why it was refused"))
                        ul(.class("list")) { for line in refusal.lines { li(text: reader.say(line)) } }
                    }
                }
                div(.class("review")) {
                    values(reader)
                    div { scans(reader) }
                }
            }
        }
    }

    private func remarks(_ reader: Reader) -> HTML {
        let remarks = application.form.remarks()
        guard !remarks.isEmpty || !reviewed.similar.isEmpty || !reviewed.changes.isEmpty else { return .empty }
        return section(.class("card")) {
            if !reviewed.changes.isEmpty {
                h2(text: reader.say("申请变更的内容", "What the change alters"))
                ul(.class("list")) { for line in reviewed.changes { li(text: reader.say(line)) } }
            }
            h2(text: reader.say("请核实", "Please look at this"))
            ul(.class("list")) {
                for remark in remarks { li(text: reader.say(remark)) }
                for institution in reviewed.similar {
                    li(
                        text: reader.say(
                            "可能与已登记机构重复：\(reader.say(institution))",
                            "Perhaps registered already: \(reader.say(institution))"))
                }
            }
        }
    }

    private func values(_ reader: Reader) -> HTML {
        section(.class("card tablecard")) {
            h2(text: reader.say("填写的资料", "What was entered"))
            table(.class("cards")) {
                thead {
                    tr {
                        th(.scope("col"), text: reader.say("项目", "Entry"))
                        th(.scope("col"), text: reader.say("内容", "Value"))
                        if application.state == .waiting {
                            th(.scope("col"), text: reader.say("退回原因", "Refuse because"))
                        }
                    }
                }
                tbody {
                    for field in ApplicationField.allCases where !application.form[field].isEmpty {
                        tr {
                            td(.data(.label, reader.say("项目", "Entry"))) { div { reader.say(field.title) } }
                            td(.data(.label, reader.say("内容", "Value")), .class("name")) {
                                div { field == .feverClinic ? reader.say("是", "yes") : application.form[field] }
                            }
                            if application.state == .waiting {
                                td(.data(.label, reader.say("退回原因", "Refuse because"))) {
                                    reasons(field.rawValue, ofFiles: false, title: field.title, reader)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func scans(_ reader: Reader) -> HTML {
        HTML(
            joining: application.files.map { file in
                section(.class("card")) {
                    h2(text: reader.say(file.kind.title))
                    FileView(
                        file: file,
                        path: SitePath("applications", application.id, "files", file.kind.rawValue, "preview"),
                        isForReview: true
                    ).html(reader)
                    p {
                        a(
                            .href(SitePath("applications", application.id, "files", file.kind.rawValue)),
                            text: reader.say("下载原件", "Download the original"))
                    }
                    if file.kind != .licence {
                        p(.class("hint")) {
                            reader.say("扫描件上的表格编号应为：", "The scan should have the sheet's number: ")
                            code(text: application.codeLine)
                        }
                    }
                    if application.state == .waiting {
                        p {
                            label(.for("reason-\(file.kind.rawValue)"), text: reader.say("退回原因", "Refuse because"))
                            " "
                            reasons(file.kind.rawValue, ofFiles: true, title: file.kind.title, reader)
                        }
                    }
                }
            })
    }

    private func reasons(_ subject: String, ofFiles: Bool, title: BilingualText, _ reader: Reader) -> HTML {
        select(
            .id("reason-\(subject)"), .fieldName("reason.\(subject)"),
            .aria(.label, reader.say("退回原因：\(title.zh)", "Refuse because: \(title.en)"))
        ) {
            option(.value(""), text: "—")
            for reason in PreparedReason.allCases where reason.isOfFiles == ofFiles {
                option(.value(reason.rawValue), text: reader.say(reason.text))
            }
        }
    }

    private func decision(_ reader: Reader) -> HTML {
        section(.class("card")) {
            h2(text: reader.say("审核决定", "Decide"))
            div(.class("fields")) {
                div {
                    label(.for("remark"), text: reader.say("补充说明（发给申请人）", "A remark for the applicant"))
                    textarea(.id("remark"), .name("remark"), .rows(3), .maximumLength(500)) { HTML.empty }
                }
            }
            div(.class("actions")) {
                button(.type("submit"), .name("decision"), .value("approve"), text: reader.say("通过", "Approve"))
                button(
                    .class("plain"), .type("submit"), .name("decision"), .value("refuse"),
                    text: reader.say("退回", "Refuse"))
            }
            p(
                .class("hint"),
                text: reader.say(
                    "通过后机构即登记，账号即开通，设置密码的链接发给数据管理员。退回至少需要一个原因或补充说明。",
                    "Approved, the institution is registered at once, its account opened, and the link for the password sent. To refuse, give a reason or a remark."
                ))
        }
    }
}
