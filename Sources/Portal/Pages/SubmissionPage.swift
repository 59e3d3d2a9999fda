import Intake
import SurveillanceKit

/// One submission: what became of it, what to do, and the way to everything else about it.
struct SubmissionPage {
    var submission: Submission
    var institution: Institution?
    var hasReceipt = false
    /// Whether the reader runs the platform and may have it processed again.
    var mayRetry = false
    var programs: [Program]
    /// nil while there are no findings to show, and where they are no longer kept.
    var causes: SubmissionCauses?
    /// Whether the reader's own institution sent it: it alone may have the rejected rows, the file as sent and the signed receipt.
    var isOwn = false

    private var own: SitePath { SitePath("submissions", submission.id.description) }

    func page(_ reader: Reader) -> Page {
        let isWaiting = !submission.state.isFinal
        return Page(submission.fileName, path: own, place: .submissions, refreshSeconds: isWaiting ? 3 : nil) {
            div(.class("head")) {
                h1(text: submission.fileName)
                div { submission.tag(reader) }
            }
            notice(reader)
            actions(reader)
            if submission.state.isFinal, submission.state != .failed { figures(reader) }
            if let causes, submission.repairedBy == nil, reader.maySeeContent {
                ToDoView(submission: submission, programs: programs, causes: causes, isOwn: isOwn && reader.mayChange)
                    .view(reader)
            }
            if !submission.files.isEmpty {
                SubmissionFilesView(submission: submission, programs: programs, isOwn: isOwn && reader.maySeeContent)
                    .view(reader)
            }
            facts(reader)
            if mayWithdraw, reader.mayChange { withdrawal(reader) }
        }
    }

    /// The ways that a person takes most often, before everything that may be long.
    private func actions(_ reader: Reader) -> HTML {
        var links: [HTML] = []
        func add(_ path: SitePath, _ zh: String, _ en: String, isDownload: Bool = false) {
            links.append(
                a(.class("button plain"), .href(path), isDownload ? .download : nil, text: reader.say(zh, en)))
        }
        if hasReceipt { add(own.appending("receipt"), "回执", "Receipt") }
        guard reader.maySeeContent else {
            return links.isEmpty ? .empty : div(.class("actions")) { HTML(joining: links) }
        }
        if submission.errors + submission.warnings > 0 { add(own.appending("findings"), "问题清单", "Findings") }
        if submission.records != nil { add(own.appending("changes"), "入库变化", "Changes") }
        if isOwn, submission.isKept, submission.rejected > 0 {
            add(
                own.appending("corrections.xlsx").with("lang", reader.language.rawValue), "退回行（Excel）",
                "Rejected rows (Excel)", isDownload: true)
            add(
                own.appending("corrections.zip").with("lang", reader.language.rawValue), "退回行（CSV）",
                "Rejected rows (CSV)", isDownload: true)
        }
        if isOwn, submission.isKept { add(own.appending("original"), "原始文件", "File as sent", isDownload: true) }
        return links.isEmpty ? .empty : div(.class("actions")) { HTML(joining: links) }
    }

    private var mayWithdraw: Bool {
        isOwn && submission.withdrawal == nil
            && (submission.state == .accepted || submission.state == .partlyAccepted)
    }

    private func withdrawal(_ reader: Reader) -> HTML {
        details(.class("card fold")) {
            summary(text: reader.say("撤回本次上报", "Withdraw this submission"))
            p(
                text: reader.say(
                    "由本次上报最后写入的记录将恢复到之前的版本；之前没有的记录将被撤回。历史、回执和审计日志中均保留记载。",
                    """
                    Every record that this submission brought or changed last returns to the version before; one that had none is \
                    withdrawn. History, receipts and the audit trail show it.
                    """))
            form(.post, .action(own.appending("withdraw"))) {
                formToken(reader)
                label(.for("reason"), text: reader.say("原因", "Reason"))
                input(
                    .id("reason"), .type("text"), .name("reason"), .maximumLength(SubmissionLog.longestReason),
                    .required)
                p(.class("submit")) {
                    button(.type("submit"), .class("plain"), text: reader.say("确认撤回", "Yes, withdraw it"))
                }
            }
        }
    }

    private func withdrawn(_ withdrawal: Submission.Withdrawal, _ reader: Reader) -> String {
        let numbers = [withdrawal.returned ?? 0, withdrawal.removed ?? 0].map(reader.number)
        let reason = withdrawal.reason.isEmpty ? "" : reader.say("原因：", " Reason: ") + withdrawal.reason
        let at = withdrawal.at.civil(secondsEastOfUTC: reader.secondsEastOfUTC)
        return reader.say(
            "本次上报已于 \(at) 撤回：\(numbers[0]) 条记录恢复到之前的版本，\(numbers[1]) 条记录不再存在。\(reason)",
            "This submission was withdrawn on \(at): \(numbers[0]) records are as before, \(numbers[1]) are gone.\(reason)"
        )
    }

    private func notice(_ reader: Reader) -> HTML {
        if let withdrawal = submission.withdrawal {
            return div(.class("note info"), .role("status")) { p(text: withdrawn(withdrawal, reader)) }
        }
        let isWaiting = !submission.state.isFinal
        if let later = submission.repairedBy {
            return div(.class("note good"), .role("status")) {
                p {
                    reader.say("退回的行已全部改正，见上报 ", "Every rejected row has come corrected, with submission ")
                    a(.href(SitePath("submissions", later.description)), text: later.description)
                    reader.say("。", ".")
                }
            }
        }
        let tone = onlyWaits ? "note info" : submission.state.noticeClass(rows: submission.rows)
        let poll = SitePath("api", "v1", "submissions", submission.id.description).description
        return div(.class(tone), .role("status"), isWaiting ? .data(.poll, poll) : nil) {
            p(text: onlyWaits ? waitsForParents(reader) : submission.state.advice(reader, rows: submission.rows))
            if let earlier = submission.repairs {
                p {
                    reader.say("本次上报改正了 ", "It corrects rows of ")
                    a(.href(SitePath("submissions", earlier.description)), text: earlier.description)
                    reader.say(" 中退回的行。", ".")
                }
            }
            if submission.sameBytesAs != nil { p { again(reader) } }
            if let records = submission.records { p(.class("hint"), text: stored(records, reader)) }
            for rows in submission.waiting { p(text: waiting(rows, reader)) }
            if let reason = submission.reason { p(text: reader.say("原因：", "Reason: ") + reader.say(reason)) }
            if submission.state.isFinal, submission.isKept, mayRetry {
                form(.post, .action(own.appending("retry"))) {
                    formToken(reader)
                    button(.type("submit"), text: reader.say("重新处理", "Process it again"))
                }
            } else if submission.state == .failed, isOwn {
                p(
                    text: reader.say(
                        "请重新上传；若再次失败，请把上报编号告诉管理员。",
                        "Upload it again; if it fails once more, tell the administrator the submission's id."))
            }
        }
    }

    /// Whether no row was rejected for another reason than that its parent has not been reported yet.
    private var onlyWaits: Bool {
        let rows = submission.waiting.reduce(0) { $0 + $1.rows }
        return rows > 0 && rows == submission.rejected && rows == submission.errors
    }

    private func waitsForParents(_ reader: Reader) -> String {
        reader.say(
            "未达标的记录本身没有问题，只是所属的记录还没有上报。所属的记录上报后，本次上报自动重新核验，不必重报。",
            """
            Nothing is wrong with the rejected records but that the records they belong to have not been reported yet. When these are, \
            this submission is checked again by itself; it need not be sent again.
            """)
    }

    private func waiting(_ rows: WaitingRows, _ reader: Reader) -> String {
        let until = rows.until.civil(secondsEastOfUTC: reader.secondsEastOfUTC).prefix(10)
        let count = reader.number(rows.rows)
        return reader.say(
            "\(rows.fileType)：\(count) 行等待所属的 \(rows.parents.joined(separator: " 或 ")) 记录；\(until) 前收到即自动重新核验。",
            "\(rows.fileType): \(count) \(rows.rows == 1 ? "row waits" : "rows wait") for \(rows.parents.joined(separator: " or ")) and \(rows.rows == 1 ? "is" : "are") checked again automatically when it arrives, until \(until)."
        )
    }

    /// That the same bytes had come before, and what came of them this time.
    private func again(_ reader: Reader) -> HTML {
        let earlier = submission.sameBytesAs?.description ?? ""
        let (good, all) = (reader.number(submission.accepted), reader.number(submission.rows))
        var parts = [
            HTML(text: reader.say("内容与此前的上报相同：", "The same bytes were received before, as ")),
            a(.href(SitePath("submissions", earlier)), text: earlier), HTML(text: reader.say("。", ". ")),
        ]
        if submission.state.isFinal, submission.state != .failed {
            parts.append(
                HTML(
                    text: reader.say("已重新核验：\(all) 行中 \(good) 行达标。", "Checked again: \(good) of \(all) rows accepted."))
            )
        }
        return HTML(joining: parts)
    }

    private func stored(_ records: Submission.Records, _ reader: Reader) -> String {
        let isChanged = records.added + records.changed + records.withdrawn > 0
        if !isChanged, records.unchanged == 0 {
            return reader.say("入库的记录没有变化。", "The stored records are unchanged.")
        }
        if !isChanged {
            return reader.say(
                "入库的记录没有变化：\(reader.number(records.unchanged)) 条与已入库的相同。",
                "The stored records are unchanged: \(reader.number(records.unchanged)) are as they were stored before.")
        }
        let numbers = [records.added, records.changed, records.unchanged].map(reader.number)
        let withdrawn = reader.number(records.withdrawn)
        return reader.say(
            "入库：新增 \(numbers[0]) 条，变更 \(numbers[1]) 条，未变 \(numbers[2]) 条"
                + (records.withdrawn > 0 ? "，撤回 \(withdrawn) 条。" : "。"),
            "Stored: \(numbers[0]) new, \(numbers[1]) changed, \(numbers[2]) unchanged"
                + (records.withdrawn > 0 ? ", \(withdrawn) withdrawn." : "."))
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

    /// By what it can be recognised, for whoever has to prove it.
    private func facts(_ reader: Reader) -> HTML {
        details(.class("card fold")) {
            summary(text: reader.say("技术信息", "Technical details"))
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
                for file in submission.contents {
                    fact(reader.say("其中的文件", "File in it")) { file.shown(reader) }
                }
            }
            if hasReceipt, isOwn {
                p(.class("submit")) {
                    a(
                        .class("button plain"), .href(own.appending("receipt.json")), .download,
                        text: reader.say("下载签名回执", "Download the signed receipt"))
                }
            }
        }
    }

    private func fact(_ name: String, @HTMLBuilder value: () -> HTML) -> HTML {
        HTML(joining: [dt(text: name), dd { value() }])
    }
}
