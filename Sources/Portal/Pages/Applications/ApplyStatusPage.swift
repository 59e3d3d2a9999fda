import Registrations
import SurveillanceKit

/// How an application stands, and what its applicant can do about it.
struct ApplyStatusPage {
    var application: Application
    var token: String

    func page(_ reader: Reader) -> Page {
        Page(reader.say("审批状态", "Outcome"), path: SitePath("apply", "status")) {
            h1(text: reader.say("审批状态", "How it stands"))
            ApplySteps.line(.status, application, reader)
            section(.class("card")) {
                p {
                    span(.class("tag \(tone)"), text: reader.say(application.state.title))
                    if let at = application.submittedAt, application.state == .waiting {
                        " "
                        reader.say("提交于 ", "sent in ")
                        reader.moment(at)
                    }
                }
                explanation(reader)
            }
            if application.state == .draft { sendIn(reader) }
            if application.state == .refused { mend(reader) }
            if application.state == .approved { change(reader) }
            if application.state == .waiting {
                div(.class("actions")) {
                    a(
                        .class("button plain"), .href(SitePath("apply", "form")),
                        text: reader.say("修改资料", "Change the form"))
                    a(
                        .class("button plain"), .href(SitePath("apply", "files")),
                        text: reader.say("更换扫描件", "Replace scans"))
                }
            }
            ApplySteps.leave(token, reader)
        }
    }

    private var tone: String {
        switch application.state {
        case .draft: ""
        case .waiting: "info"
        case .refused: "bad"
        case .approved: "good"
        }
    }

    private func explanation(_ reader: Reader) -> HTML {
        switch application.state {
        case .draft:
            p(
                text: application.isChange
                    ? reader.say(
                        "变更尚未提交；已批准的资料继续有效。", "The change has not been sent in; what was approved stays in force.")
                    : reader.say("申请尚未提交。", "The application has not been sent in."))
        case .waiting:
            p(
                text: reader.say(
                    "省级审核人员一般在 2 个工作日内处理，结果通过短信和邮件告知。等待期间可以修改，修改后需重新提交。",
                    "A reviewer of the province decides, mostly within 2 working days; you are told by text message and mail. It can be changed meanwhile, and is then sent in anew."
                ))
        case .refused:
            div {
                p(text: reader.say("原因：", "Why:"))
                ul(.class("list")) { for line in application.refusal?.lines ?? [] { li(text: reader.say(line)) } }
            }
        case .approved:
            p {
                reader.say("账号已开通，登录名 ", "The account is open; its name is ")
                code(text: application.account ?? "")
                reader.say(
                    "。设置密码的链接已通过短信和邮件发送，7 天内有效。",
                    ". The link that sets its password came by text message and mail and holds for 7 days.")
            }
        }
    }

    private func change(_ reader: Reader) -> HTML {
        section(.class("card")) {
            h2(text: reader.say("变更资料", "Change what is registered"))
            p(
                text: reader.say(
                    "修改后须重新盖章、上传和审核；审核期间已批准的资料继续有效。更换数据管理员的，通过后原密码失效，新管理员收到设置密码的链接。",
                    "A change is stamped, uploaded and reviewed anew; meanwhile what was approved stays in force. If the data manager changes, the password ends once the change is approved, and the new manager is sent a link."
                ))
            form(.post, .action(SitePath("apply", "change"))) {
                input(.type("hidden"), .name("formToken"), .value(token))
                button(.class("plain"), .type("submit"), text: reader.say("申请变更", "Apply for a change"))
            }
        }
    }

    private func sendIn(_ reader: Reader) -> HTML {
        let faults = application.form.faults()
        return section(.class("card")) {
            if faults.isEmpty, application.missingFiles.isEmpty {
                submitForm(reader)
            } else {
                p(text: reader.say("提交前还需要：", "Before it can be sent in:"))
                ul(.class("list")) {
                    for field in ApplicationField.allCases {
                        if let fault = faults[field] {
                            li {
                                a(.href(SitePath("apply", "form").at(field.rawValue)), text: reader.say(field.title))
                                "：\(reader.say(fault))"
                            }
                        }
                    }
                    for kind in application.missingFiles {
                        li {
                            a(.href(SitePath("apply", "files").at(kind.rawValue)), text: reader.say(kind.title))
                        }
                    }
                }
            }
        }
    }

    private func mend(_ reader: Reader) -> HTML {
        section(.class("card")) {
            div(.class("actions")) {
                a(.class("button plain"), .href(SitePath("apply", "form")), text: reader.say("修改资料", "Change the form"))
                a(.class("button plain"), .href(SitePath("apply", "files")), text: reader.say("更换扫描件", "Replace scans"))
            }
            if application.isComplete { submitForm(reader) }
        }
    }

    private func submitForm(_ reader: Reader) -> HTML {
        form(.post, .action(SitePath("apply", "submit"))) {
            input(.type("hidden"), .name("formToken"), .value(token))
            p(text: reader.say("请确认资料与盖章扫描件一致。", "See that the form says what the stamped scans say."))
            button(.type("submit"), text: reader.say("提交审核", "Send it in for review"))
        }
    }
}
