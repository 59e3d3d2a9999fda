import Registrations
import SurveillanceKit

/// The four steps of an application, and which one a page belongs to.
enum ApplySteps: Int, CaseIterable {
    case telephone, form, files, status

    var title: BilingualText {
        switch self {
        case .telephone: BilingualText(zh: "身份验证", en: "Telephone")
        case .form: BilingualText(zh: "填写资料", en: "Form")
        case .files: BilingualText(zh: "上传文件", en: "Scans")
        case .status: BilingualText(zh: "审批状态", en: "Outcome")
        }
    }

    var path: SitePath {
        switch self {
        case .telephone: SitePath("apply")
        case .form: SitePath("apply", "form")
        case .files: SitePath("apply", "files")
        case .status: SitePath("apply", "status")
        }
    }

    /// Where somebody who comes back goes on.
    static func place(of application: Application) -> SitePath {
        switch application.state {
        case .waiting, .refused, .approved: return ApplySteps.status.path
        case .draft:
            if !application.form.faults().isEmpty { return ApplySteps.form.path }
            return (application.missingFiles.isEmpty ? ApplySteps.status : .files).path
        }
    }

    /// The steps as a line; those that can be gone back to are links.
    static func line(_ current: ApplySteps, _ application: Application?, _ reader: Reader) -> HTML {
        ol(.class("applysteps"), .aria(.label, reader.say("步骤", "Steps"))) {
            for step in allCases {
                let isOpen = application != nil && step != .telephone && application?.state != .approved
                li(step == current ? .aria(.current, "step") : nil) {
                    if isOpen, step != current {
                        a(.href(step.path), text: reader.say(step.title))
                    } else {
                        span(text: reader.say(step.title))
                    }
                }
            }
        }
    }

    /// Ends the session on a computer that others use, too.
    static func leave(_ token: String, _ reader: Reader) -> HTML {
        Portal.form(.post, .action(SitePath("apply", "leave")), .class("noprint")) {
            input(.type("hidden"), .name("formToken"), .value(token))
            p(.class("hint")) {
                reader.say(
                    "填写的内容已保存，30 天内可用同一手机号码验证后继续。",
                    "What you fill in is kept; prove the same telephone within 30 days to go on. ")
                button(.class("plain small"), .type("submit"), text: reader.say("退出申请", "Leave"))
            }
        }
    }
}
