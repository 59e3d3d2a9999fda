import Intake
import SurveillanceKit

/// A receipt to print and to file: what arrived, what it became, and by what it can be proved.
struct ReceiptPage {
    var signed: SignedReceipt
    /// The same, with file names as the reader may see them.
    var receipt: Receipt
    /// Whether the reader's own institution has it: it alone may have the signed file, which names files.
    var isOwn: Bool
    /// The last receipt of the chain when the page was asked for.
    var head: (number: Int, digest: String)
    var institution: Institution?
    var programs: [Program]

    private var rows: Int { receipt.files.reduce(0) { $0 + $1.rows } }
    private var submission: SitePath { SitePath("submissions", receipt.submission.description) }

    func page(_ reader: Reader) -> Page {
        let title = reader.say("上报回执", "Receipt")
        let own = SitePath("submissions", receipt.submission.description, "receipt")
        return Page("\(title) \(receipt.number)", path: own, place: .submissions) {
            div(.class("head")) {
                h1(text: reader.say("上报回执 第 \(receipt.number) 号", "Receipt no. \(receipt.number)"))
                div { receipt.state.tag(reader, rows: rows) }
            }
            arrived(reader)
            became(reader)
            proof(reader)
            p(.class("pager")) {
                a(.href(submission), text: reader.say("返回上报", "Back to the submission"))
                if isOwn {
                    a(
                        .class("button plain"),
                        .href(SitePath("submissions", receipt.submission.description, "receipt.json")),
                        .download, text: reader.say("下载签名回执", "Download the signed receipt"))
                }
            }
        }
    }

    private func arrived(_ reader: Reader) -> HTML {
        section(.class("card")) {
            h2(text: reader.say("收到的内容", "What arrived"))
            dl(.class("facts")) {
                fact(reader.say("上报编号", "Submission")) { code(text: receipt.submission.description) }
                fact(reader.say("医疗机构", "Institution")) {
                    institution.map { reader.say($0) } ?? receipt.institution
                }
                fact(reader.say("文件名", "File")) { receipt.fileName }
                fact(reader.say("大小", "Size")) {
                    reader.say("\(reader.number(receipt.size)) 字节", "\(reader.number(receipt.size)) bytes")
                }
                fact("SM3") { code(text: receipt.sm3) }
                for file in receipt.contents {
                    fact(reader.say("其中的文件", "File in it")) { file.shown(reader) }
                }
                fact(reader.say("完整保存时间", "Last byte durable")) { reader.moment(receipt.receivedAt) }
                fact(reader.say("回执时间", "Receipt issued")) { reader.moment(receipt.issuedAt) }
            }
        }
    }

    private func became(_ reader: Reader) -> HTML {
        section(.class("card tablecard")) {
            h2(text: reader.say("处理结果", "What it became"))
            if receipt.files.isEmpty { p(.class("pad hint"), text: receipt.state.advice(reader, rows: rows)) }
            if !receipt.files.isEmpty { files(reader) }
            for applied in receipt.programs {
                p(.class("pad hint"), text: name(of: applied, reader))
            }
        }
    }

    private func files(_ reader: Reader) -> HTML {
        let numbers = [
            reader.say("数据包记录总数", "Records"), reader.say("接口达标数", "Accepted"),
            reader.say("未达标", "Rejected"), reader.say("错误", "Errors"), reader.say("警告", "Warnings"),
        ]
        return div(.class("scroll")) {
            table {
                thead {
                    tr {
                        th(.scope("col"), text: reader.say("文件", "File"))
                        for name in numbers { th(.scope("col"), .class("number"), text: name) }
                    }
                }
                tbody {
                    for file in receipt.files {
                        tr {
                            td { file.name }
                            for value in [file.rows, file.accepted, file.rejected, file.errors, file.warnings] {
                                td(.class("number"), text: reader.number(value))
                            }
                        }
                    }
                }
            }
        }
    }

    private func name(of applied: Receipt.AppliedProgram, _ reader: Reader) -> String {
        let title = programs.first { $0.id == applied.id }.map { reader.say($0.title) } ?? applied.id
        return reader.say("依据：\(title)，版本 \(applied.version)", "Judged by: \(title), version \(applied.version)")
    }

    private func proof(_ reader: Reader) -> HTML {
        section(.class("card")) {
            h2(text: reader.say("校验信息", "Proof"))
            dl(.class("facts")) {
                fact(reader.say("回执摘要（SM3）", "Digest (SM3)")) { code(.class("long"), text: signed.digest) }
                fact(reader.say("前一回执摘要", "Receipt before it")) { code(.class("long"), text: receipt.previous) }
                fact(reader.say("回执链最新一环", "Head of the chain")) {
                    code(.class("long"), text: "\(head.number):\(head.digest)")
                }
                fact(reader.say("签名密钥", "Signed with key")) { code(text: signed.keyID) }
                fact(reader.say("签名（SM2）", "Signature (SM2)")) { code(.class("long"), text: signed.signatureText) }
            }
            p(
                .class("hint"),
                text: reader.say(
                    "离线校验：下载签名回执，运行 vedette receipt verify 回执.json --key receipt-key.pem。公钥见本站 /receipt-key.pem，请另行核对其来源。",
                    "To check it offline, download the signed receipt and run vedette receipt verify receipt.json --key receipt-key.pem. "
                        + "The public key is at /receipt-key.pem of this site; make sure by another way that it is the server's."
                ))
        }
    }

    private func fact(_ name: String, @HTMLBuilder value: () -> HTML) -> HTML {
        HTML(joining: [dt(text: name), dd { value() }])
    }
}
