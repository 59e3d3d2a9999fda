import Accounts
import HTTPServer
import Intake
import JSON
import SurveillanceKit

/// Where files are sent. A plain form; where scripts run, files are dragged in and each shows its progress.
struct UploadPage {
    var maximumBytes: Int
    var programs: [Program]

    func page(_ reader: Reader) -> Page {
        Page(reader.say("上传数据包", "Upload a package"), path: SitePath("upload"), place: .upload) {
            h1(text: reader.say("上传数据包", "Upload a package"))
            if reader.account?.institution == nil {
                div(.class("note info")) {
                    p(
                        text: reader.say(
                            "当前账号不属于任何医疗机构，不能上传。请使用医疗机构账号登录。",
                            "This account belongs to no institution and cannot upload. Sign in with an institution's account."
                        ))
                }
            } else {
                guide(reader)
                uploadForm(reader)
                explanation(reader)
            }
        }
    }

    /// What goes into a file, before anybody chooses one.
    private func guide(_ reader: Reader) -> HTML {
        ul(.class("plainlist"), .id("guide")) {
            for program in programs {
                li {
                    a(.href(SitePath("programs", program.id)), text: reader.say(program.title))
                    reader.say("：字段、代码表、文件名。模板：", ": fields, code lists, file names. Templates: ")
                    for (index, type) in program.fileTypes.enumerated() {
                        if index > 0 { reader.say("、", ", ") }
                        a(
                            .href(SitePath("programs", program.id, type.id, "template.csv")), .download,
                            .title(reader.say(type.title)), text: type.id)
                    }
                }
            }
        }
    }

    private func uploadForm(_ reader: Reader) -> HTML {
        let limit = reader.size(maximumBytes)
        return section(.class("card")) {
            form(
                .post, .action(SitePath("upload")), .multipart, .data(.upload, ""),
                .data(.target, SitePath("api", "v1", "submissions").description),
                .data(.token, reader.session?.formToken ?? ""), .data(.limit, String(maximumBytes)),
                .data(.texts, String(decoding: texts(reader).encoded(), as: UTF8.self))
            ) {
                formToken(reader)
                div(.class("drop")) {
                    label(.for("files"), text: reader.say("把文件拖到这里，或选择文件", "Drop files here, or choose them"))
                    p(.class("hint"), .id("hint")) {
                        reader.say(
                            "zip、CSV 或 Excel（.xlsx、.xls），每个不超过 \(limit)，可一次选择多个。一起选择的表格合为一个数据包，每个 zip 各为一个数据包。",
                            "zip, CSV or Excel (.xlsx, .xls), at most \(limit) each; several at once are fine. Tables chosen together are one package, each zip is one."
                        )
                    }
                    input(
                        .id("files"), .type("file"), .name("file"), .accept(".zip,.csv,.xlsx,.xlsm,.xls"), .multiple,
                        .required,
                        .aria(.describedBy, "hint"))
                }
                ul(.class("queue"), .aria(.live, "polite")) { HTML.empty }
                div(.class("submit")) {
                    button(.type("submit"), text: reader.say("上传", "Upload"))
                    " "
                    button(
                        .type("submit"), .class("plain"), .formAction(SitePath("upload").with("dryRun", "true")),
                        text: reader.say("仅核验", "Check only"))
                }
                p(
                    .class("hint"),
                    text: reader.say(
                        "“仅核验”给出完整的核验结果和入库后的变化，不保存任何内容。",
                        "“Check only” gives the full verdict and what storing would change, and keeps nothing."))
            }
        }
    }

    private func texts(_ reader: Reader) -> JSONValue {
        let limit = reader.size(maximumBytes)
        return [
            "ready": .string(reader.say("待上传", "Ready")),
            "sending": .string(reader.say("正在上传…", "Uploading…")),
            "saving": .string(reader.say("正在保存…", "Saving…")),
            "together": .string(
                reader.say("与其他 CSV 合为一个数据包上报", "Sent as one package with the other CSV files")),
            "checking": .string(reader.say("已接收，正在核验…", "Received; being checked…")),
            "checkingShare": .string(
                reader.say("已接收，正在核验 {checkedPercent} %", "Received; checking {checkedPercent} %")),
            "again": .string(
                reader.say("已接收（此前收到过相同的内容），正在重新核验…", "Received (the same bytes came before); being checked again…")),
            "checked": .string(reader.say("仅核验，未保存：", "Only checked, nothing kept: ")),
            "changes": .string(
                reader.say(
                    "新增 {new}，变更 {changed}，未变 {unchanged}，撤回 {withdrawn}，未再上报 {vanished}",
                    "{new} new, {changed} changed, {unchanged} unchanged, {withdrawn} withdrawn, {vanished} vanished")),
            "unchanged": .string(reader.say("入库的记录没有变化", "stored records unchanged")),
            "states": .object(SubmissionState.allCases.map { ($0.rawValue, .string(reader.say($0.title))) }),
            "tones": .object(SubmissionState.allCases.map { ($0.rawValue, .string($0.tone)) }),
            "rows": .string(reader.say("{rows} 行中 {accepted} 行达标", "{accepted} of {rows} rows accepted")),
            "open": .string(reader.say("查看核验结果", "See the result")),
            "counts": .string(reader.say("错误 {errors}，警告 {warnings}", "errors {errors}, warnings {warnings}")),
            "findings": .string(reader.say("问题清单", "Findings")),
            "retry": .string(reader.say("重试", "Try again")),
            "remove": .string(reader.say("移除", "Remove")),
            "cancel": .string(reader.say("取消", "Cancel")),
            "cancelled": .string(reader.say("已取消，可以重试", "Cancelled; you can try again")),
            "signedOut": .string(
                reader.say(
                    "登录已过期。文件仍保留在本页：请在新标签页登录，回到这里重试。",
                    "The session has ended. The files are kept on this page: sign in in another tab, come back and try again."
                )),
            "signIn": .string(reader.say("登录", "Sign in")),
            "failed": .string(reader.say("上传失败，请检查网络后重试", "The upload failed; check the network and try again")),
            "type": .string(reader.say("只接收 zip、CSV 或 Excel 文件", "Only zip, CSV and Excel files are taken")),
            "large": .string(
                reader.say("超过 \(limit)，请分成多个数据包", "Larger than \(limit); split it into several packages")),
            "empty": .string(reader.say("文件是空的", "The file is empty")),
        ]
    }

    private func explanation(_ reader: Reader) -> HTML {
        details(.class("card fold")) {
            summary(text: reader.say("数据包里放什么", "What goes into a package"))
            p(
                text: reader.say(
                    "文件名第一个“_”之前的部分决定文件类型，其余随意。互相关联的文件（如就诊和用药）一起选择，或放在同一个 zip 里；不同项目的文件也可以在一起。",
                    """
                    The part of a file's name before the first “_” says what it is; the rest is free. Choose files that belong \
                    together (visits and their drugs) together, or put them into one zip; files of several programs may be among them.
                    """))
            for program in programs {
                h3 { a(.href(SitePath("programs", program.id)), text: reader.say(program.title)) }
                ul(.class("list")) {
                    for type in program.fileTypes {
                        li {
                            code(text: "\(type.id)_….csv")
                            " "
                            a(.href(SitePath("programs", program.id, type.id)), text: reader.say(type.title))
                        }
                    }
                }
            }
        }
    }
}
