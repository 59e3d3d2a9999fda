import Intake
import QRCodes
import SurveillanceKit

/// A receipt to print and to file on one A4 page: what arrived, what it became, and a short code by which it is compared.
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

    /// What somebody can read out and compare: the beginning of the receipt's digest, `7C1A-04FE-9B22-D05E`.
    private var shortCode: String {
        let digits = Array(signed.digest.uppercased().prefix(16))
        return stride(from: 0, to: digits.count, by: 4).map { String(digits[$0..<min($0 + 4, digits.count)]) }
            .joined(separator: "-")
    }

    /// What the QR code says: enough to find the receipt and to compare its digest.
    private var scanned: String { "VEDETTE RECEIPT \(receipt.number) \(receipt.submission) SM3 \(signed.digest)" }

    func page(_ reader: Reader) -> Page {
        let title = reader.say("上报回执", "Receipt")
        let own = SitePath("submissions", receipt.submission.description, "receipt")
        return Page("\(title) \(receipt.number)", path: own, place: .submissions) {
            div(.class("actions noprint")) {
                a(
                    .class("button plain"), .href(submission),
                    text: "← " + reader.say("返回上报", "Back to the submission"))
                button(.type("button"), .data(.print, ""), .hidden, text: reader.say("打印", "Print"))
                if isOwn {
                    a(
                        .class("button plain"), .href(submission.appending("receipt.json")), .download,
                        text: reader.say("下载签名回执", "Download the signed receipt"))
                }
            }
            section(.class("card sheet")) {
                div(.class("head")) {
                    h1(text: reader.say("上报回执 第 \(receipt.number) 号", "Receipt no. \(receipt.number)"))
                    div { receipt.state.tag(reader, rows: rows) }
                }
                arrived(reader)
                if receipt.files.isEmpty { p(text: receipt.state.advice(reader, rows: rows)) } else { files(reader) }
                for applied in receipt.programs { p(.class("hint"), text: name(of: applied, reader)) }
                seal(reader)
            }
            proof(reader)
        }
    }

    private func arrived(_ reader: Reader) -> HTML {
        dl(.class("facts")) {
            fact(reader.say("上报日期", "Day")) {
                strong(text: String(receipt.receivedAt.civil(secondsEastOfUTC: reader.secondsEastOfUTC).prefix(10)))
            }
            fact(reader.say("医疗机构", "Institution")) {
                institution.map { reader.say($0) } ?? receipt.institution
            }
            fact(reader.say("数据包", "Package")) {
                receipt.fileName + reader.say("，\(reader.size(receipt.size))", ", \(reader.size(receipt.size))")
            }
            fact(reader.say("完整保存时间", "Last byte durable")) { reader.moment(receipt.receivedAt) }
            fact(reader.say("出具", "Issued by")) {
                reader.say("Vedette 哨点平台，", "Vedette, ")
                reader.moment(receipt.issuedAt)
            }
            if let withdrawnAt = receipt.withdrawnAt {
                fact(reader.say("撤回时间", "Withdrawn")) { reader.moment(withdrawnAt) }
            }
        }
    }

    private func files(_ reader: Reader) -> HTML {
        let name = reader.say("文件", "File")
        let numbers = [
            reader.say("记录总数", "Records"), reader.say("达标数", "Accepted"),
            reader.say("未达标", "Rejected"), reader.say("错误", "Errors"), reader.say("警告", "Warnings"),
        ]
        func counts(_ file: FileReport) -> [Int] {
            [file.rows, file.accepted, file.rejected, file.errors, file.warnings]
        }
        let totals = numbers.indices.map { index in receipt.files.reduce(0) { $0 + counts($1)[index] } }
        return div(.class("scroll")) {
            table(.class("cards tight counts")) {
                thead {
                    tr {
                        th(.scope("col"), text: name)
                        for name in numbers { th(.scope("col"), .class("number"), text: name) }
                    }
                }
                tbody {
                    for file in receipt.files {
                        tr {
                            cell(name, "name") { file.name }
                            for (label, value) in zip(numbers, counts(file)) { numberCell(label, value, reader) }
                        }
                    }
                    tr(.class("total")) {
                        cell(name, "name") { strong(text: reader.say("合计", "Total")) }
                        for (label, value) in zip(numbers, totals) { numberCell(label, value, reader) }
                    }
                }
            }
        }
    }

    private func name(of applied: Receipt.AppliedProgram, _ reader: Reader) -> String {
        let title = programs.first { $0.id == applied.id }.map { reader.say($0.title) } ?? applied.id
        return reader.say("依据：\(title)，版本 \(applied.version)", "Judged by: \(title), version \(applied.version)")
    }

    /// The signature as a person compares it: a short code, and a QR code that says all of the digest.
    private func seal(_ reader: Reader) -> HTML {
        div(.class("seal")) {
            if let code = QRCode(scanned) {
                HTML(code, label: reader.say("回执摘要的二维码", "QR code of the receipt's digest"))
            }
            div {
                p(
                    .class("hint"),
                    text: reader.say(
                        "校验码（签名回执摘要的前 16 位）", "Check code (the first 16 digits of the signed receipt's digest)"))
                p(.class("shortcode"), text: shortCode)
                p(
                    .class("hint"),
                    text: reader.say(
                        "上报编号 \(receipt.submission) · SM2 签名，密钥 \(signed.keyID)",
                        "Submission \(receipt.submission) · signed with SM2, key \(signed.keyID)"))
            }
        }
    }

    private func proof(_ reader: Reader) -> HTML {
        details(.class("card fold")) {
            summary(text: reader.say("技术信息与离线校验", "Technical details and offline check"))
            dl(.class("facts")) {
                fact("SM3") { code(.class("long"), text: receipt.sm3) }
                fact(reader.say("大小", "Size")) {
                    reader.say("\(reader.number(receipt.size)) 字节", "\(reader.number(receipt.size)) bytes")
                }
                for file in receipt.contents {
                    fact(reader.say("其中的文件", "File in it")) { file.shown(reader) }
                }
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
