import Accounts
import Intake
import SurveillanceKit

extension SubmissionState {
    var title: BilingualText {
        switch self {
        case .received: BilingualText(zh: "已接收", en: "Received")
        case .processing: BilingualText(zh: "处理中", en: "Processing")
        case .accepted: BilingualText(zh: "全部达标", en: "Accepted")
        case .partlyAccepted: BilingualText(zh: "部分达标", en: "Partly accepted")
        case .rejected: BilingualText(zh: "未达标", en: "Rejected")
        case .failed: BilingualText(zh: "处理失败", en: "Failed")
        }
    }

    /// What it means, and to the institution's own people what to do, in a sentence or two.
    func advice(_ reader: Reader, rows: Int) -> String {
        let isOwn = reader.account?.role == .institution
        if isOfNothing(rows) {
            let text = reader.say(
                "数据包里没有一条记录，没有任何内容入库。", "The package holds no record, and nothing was stored.")
            guard isOwn else { return text }
            return text
                + reader.say(
                    "如果本应有记录，请检查导出后重新上传。", " If there should be records, look at the export and upload again.")
        }
        switch self {
        case .received, .processing:
            return reader.say(
                "数据包已完整保存，正在核验。核验完成后本页自动更新。",
                "Every byte is kept and the package is being checked. This page updates itself.")
        case .accepted:
            return reader.say("达标的记录已入库。", "Every record is accepted and stored.")
        case .partlyAccepted where isOwn:
            return reader.say(
                "达标的记录已入库。请按下方问题修改未达标的记录，再次上传整个文件即可；已入库的记录不会重复。",
                """
                The accepted records are stored. Correct the others and upload the whole file again; nothing is stored twice.
                """)
        case .partlyAccepted:
            return reader.say(
                "达标的记录已入库；未达标的由医疗机构修改后再次上报。",
                "The accepted records are stored; the institution corrects the others and sends them again.")
        case .rejected where isOwn:
            return reader.say(
                "没有记录入库。请按下方问题修改后重新上传。", "No record was stored. Correct what is listed below and upload again.")
        case .rejected:
            return reader.say(
                "没有记录入库；由医疗机构修改后再次上报。", "No record was stored; the institution corrects it and sends it again.")
        case .failed:
            return reader.say(
                "平台未能完成处理，数据包仍然保存。", "The platform could not finish processing it; the package is kept.")
        }
    }

    /// Accepted, and there was nothing to accept: that is not all in order.
    private func isOfNothing(_ rows: Int) -> Bool { self == .accepted && rows == 0 }

    /// The title of a submission with so many rows.
    func title(rows: Int) -> BilingualText {
        isOfNothing(rows) ? BilingualText(zh: "没有数据行", en: "No rows") : title
    }

    /// How its notice looks.
    func noticeClass(rows: Int) -> String {
        switch self {
        case .accepted: isOfNothing(rows) ? "note info" : "note good"
        case .rejected, .failed: "note bad"
        case .received, .processing, .partlyAccepted: "note info"
        }
    }

    func tag(_ reader: Reader, rows: Int) -> HTML {
        let tone =
            switch self {
            case .accepted where isOfNothing(rows): "warn"
            case .received, .processing: "info"
            case .accepted: "good"
            case .partlyAccepted: "warn"
            case .rejected, .failed: "bad"
            }
        return span(.class("tag \(tone)"), text: reader.say(title(rows: rows)))
    }

    /// How a line of text about it is coloured.
    var tone: String {
        switch self {
        case .received, .processing: "hint"
        case .accepted: "good"
        case .partlyAccepted: "warn"
        case .rejected, .failed: "bad"
        }
    }
}

extension Submission {
    /// 数据包记录总数: the rows of all files.
    var rows: Int { files.reduce(0) { $0 + $1.rows } }
    /// 接口达标数: the rows that stand.
    var accepted: Int { files.reduce(0) { $0 + $1.accepted } }
    var rejected: Int { files.reduce(0) { $0 + $1.rejected } }
    var errors: Int { files.reduce(0) { $0 + $1.errors } }
    var warnings: Int { files.reduce(0) { $0 + $1.warnings } }
}

extension SentFile {
    /// Its name, size and digest.
    func shown(_ reader: Reader) -> HTML {
        HTML(joining: [
            HTML(text: name + reader.say("，\(reader.number(size)) 字节", ", \(reader.number(size)) bytes") + " "),
            code(.class("long"), text: sm3),
        ])
    }
}

extension Severity {
    var title: BilingualText {
        switch self {
        case .error: BilingualText(zh: "错误", en: "Error")
        case .warning: BilingualText(zh: "警告", en: "Warning")
        }
    }

    func tag(_ reader: Reader) -> HTML {
        span(.class(self == .error ? "tag bad" : "tag warn"), text: reader.say(title))
    }
}

extension Submission {
    /// Its state; of one that was withdrawn or corrected that it was: nothing of it is open any more.
    func tag(_ reader: Reader) -> HTML {
        if withdrawal != nil { return span(.class("tag info"), text: reader.say("已撤回", "Withdrawn")) }
        if repairedBy != nil { return span(.class("tag good"), text: reader.say("已改正", "Corrected")) }
        return state.tag(reader, rows: rows)
    }
}

/// A cell that knows its column's name, for screens on which rows become cards.
func cell(_ label: String, _ style: String? = nil, @HTMLBuilder content: () -> HTML) -> HTML {
    td(.data(.label, label), style.map { .class($0) }) { div { content() } }
}

func numberCell(_ label: String, _ value: Int, _ reader: Reader) -> HTML {
    td(.data(.label, label), .class(value == 0 ? "number zero" : "number")) { div { reader.number(value) } }
}
