import Intake
import SurveillanceKit

/// One submission: what arrived, what it became, and what to mend.
struct SubmissionPage {
    var submission: Submission
    var institution: Institution?
    var hasReceipt = false
    /// Whether the reader runs the platform and may have it processed again.
    var mayRetry = false
    var programs: [Program]
    var query: FindingsQuery
    /// nil while there are none to show.
    var findings: FindingsSlice?
    /// nil where only some of the findings are shown.
    var groups: FindingGroups?
    /// Whether the reader's own institution sent it: it alone may have the rejected rows and the signed receipt.
    var isOwn = false

    private var own: SitePath { SitePath("submissions", submission.id.description) }

    func page(_ reader: Reader) -> Page {
        let isWaiting = !submission.state.isFinal
        return Page(
            submission.fileName, path: query.apply(to: own), place: .submissions, refreshSeconds: isWaiting ? 3 : nil
        ) {
            div(.class("head")) {
                h1(text: submission.fileName)
                div { submission.state.tag(reader, rows: submission.rows) }
            }
            notice(reader)
            if submission.state.isFinal, submission.state != .failed { figures(reader) }
            if !submission.files.isEmpty { files(reader) }
            if let groups, groups.count > 0 { CausesView(page: self, groups: groups).view(reader) }
            if let findings { FindingsView(page: self, slice: findings).view(reader) }
            receipt(reader)
        }
    }

    private func notice(_ reader: Reader) -> HTML {
        let isWaiting = !submission.state.isFinal
        let poll = SitePath("api", "v1", "submissions", submission.id.description).description
        return div(
            .class(submission.state.noticeClass(rows: submission.rows)), .role("status"),
            isWaiting ? .data(.poll, poll) : nil
        ) {
            p(text: reader.say(submission.state.advice(rows: submission.rows)))
            if let reason = submission.reason { p(text: reader.say("原因：", "Reason: ") + reader.say(reason)) }
            if submission.state.isFinal, submission.isKept, mayRetry {
                form(.post, .action(SitePath("submissions", submission.id.description, "retry"))) {
                    formToken(reader)
                    button(.type("submit"), text: reader.say("重新处理", "Process it again"))
                }
            } else if submission.state == .failed {
                p(
                    text: reader.say(
                        "请重新上传；若再次失败，请把上报编号告诉管理员。",
                        "Upload it again; if it fails once more, tell the administrator the submission's id."))
            }
        }
    }

    private func figures(_ reader: Reader) -> HTML {
        dl(.class("figures")) {
            figure(reader.say("数据包记录总数", "Records in the package"), submission.rows, nil, reader)
            figure(reader.say("接口达标数", "Records accepted"), submission.accepted, "good", reader)
            figure(reader.say("未达标数", "Records rejected"), submission.rejected, "bad", reader)
            figure(reader.say("错误", "Errors"), submission.errors, "bad", reader)
            figure(reader.say("警告", "Warnings"), submission.warnings, "warn", reader)
        }
    }

    private func figure(_ name: String, _ value: Int, _ tone: String?, _ reader: Reader) -> HTML {
        div(value > 0 ? tone.map { .class($0) } : nil) {
            dt(text: name)
            dd(text: reader.number(value))
        }
    }

    private func files(_ reader: Reader) -> HTML {
        let file = reader.say("文件", "File")
        let kind = reader.say("文件类型", "File type")
        let numbers = [
            reader.say("记录总数", "Records"), reader.say("达标数", "Accepted"), reader.say("未达标", "Rejected"),
            reader.say("错误", "Errors"), reader.say("警告", "Warnings"),
        ]
        return section(.class("card tablecard")) {
            h2(text: reader.say("文件", "Files"))
            div(.class("scroll")) {
                table(.class("cards")) {
                    thead {
                        tr {
                            th(.scope("col"), text: file)
                            th(.scope("col"), text: kind)
                            for name in numbers { th(.scope("col"), .class("number"), text: name) }
                        }
                    }
                    tbody {
                        for entry in submission.files {
                            tr {
                                cell(file, "name") {
                                    entry.name
                                    if isOwn, entry.rejected > 0 { rejectedRows(entry, reader) }
                                }
                                cell(kind) { type(entry, reader) }
                                for (name, value) in zip(
                                    numbers, [entry.rows, entry.accepted, entry.rejected, entry.errors, entry.warnings])
                                { numberCell(name, value, reader) }
                            }
                        }
                    }
                }
            }
        }
    }

    private func rejectedRows(_ file: SubmittedFile, _ reader: Reader) -> HTML {
        let path = SitePath("submissions", submission.id.description, "corrections.csv").with("file", file.name)
        return span(.class("hint")) {
            a(
                .href(path.with("lang", reader.language.rawValue)), .download,
                text: reader.say("下载退回行（改正后可直接上报）", "Download the rejected rows (mend and upload)"))
        }
    }

    private func type(_ file: SubmittedFile, _ reader: Reader) -> HTML {
        guard let program = programs.first(where: { $0.id == file.program }),
            let type = file.fileType.flatMap(program.fileType)
        else { return span(.class("tag bad"), text: reader.say("无法识别", "Unknown")) }
        return HTML(joining: [
            a(.href(SitePath("programs", program.id, type.id)), text: reader.say(type.title)),
            span(.class("hint"), text: reader.say(program.title)),
        ])
    }

    private func receipt(_ reader: Reader) -> HTML {
        section(.class("card")) {
            h2(text: reader.say("回执", "Receipt"))
            dl(.class("facts")) {
                fact(reader.say("上报编号", "Submission")) { code(text: submission.id.description) }
                fact(reader.say("医疗机构", "Institution")) {
                    institution.map { reader.say($0) } ?? submission.institution
                }
                fact(reader.say("上传账号", "Sent by")) { submission.account }
                fact(reader.say("接收时间", "Received")) { reader.moment(submission.receivedAt) }
                if let finishedAt = submission.finishedAt {
                    fact(reader.say("核验完成", "Checked")) { reader.moment(finishedAt) }
                }
                fact(reader.say("大小", "Size")) {
                    "\(reader.size(submission.size))"
                    reader.say("（\(reader.number(submission.size)) 字节）", " (\(reader.number(submission.size)) bytes)")
                }
                fact("SM3") { code(text: submission.sm3) }
            }
            if hasReceipt {
                p(.class("submit")) {
                    a(
                        .class("button plain"),
                        .href(SitePath("submissions", submission.id.description, "receipt")),
                        text: reader.say("查看和打印回执", "Show and print the receipt"))
                    if isOwn {
                        " "
                        a(
                            .class("button plain"),
                            .href(SitePath("submissions", submission.id.description, "receipt.json")),
                            .download, text: reader.say("下载签名回执", "Download the signed receipt"))
                    }
                }
            }
        }
    }

    private func fact(_ name: String, @HTMLBuilder value: () -> HTML) -> HTML {
        HTML(joining: [dt(text: name), dd { value() }])
    }
}
