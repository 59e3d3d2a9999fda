import Audit
import CoreRuntime
import Foundation
import ShangMi
import SurveillanceKit

/// `vedette audit verify`: whether the audit trail is as it was written.
enum AuditCommand: Command {
    static let name = "audit"
    static let summary = BilingualText(zh: "验证审计日志", en: "verify the audit trail")
    static let manual = Manual(
        usage: [
            .init("vedette audit verify [--noted NUMBER:HASH] [options]")
        ],
        text: [
            BilingualText(
                zh: "验证全部操作的哈希链：登录、上传、下载、重新处理、清除、密钥和账号的变更。",
                en:
                    "Checks the hash chain over everything that was done: sign-ins, uploads, downloads, retries, purges, changes of keys and accounts."
            )
        ],
        options: [
            .init(
                "--noted", "NUMBER:HASH", zh: "此前记下的链头；该条目必须仍在且未变",
                en: "a head noted earlier; that entry must still be there and the same")
        ] + ConfigurationOptions.all,
        exit: BilingualText(zh: "0 完整，1 被改动，2 无法运行", en: "0 whole, 1 altered, 2 could not run"))

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, manual)
        guard arguments.operands == ["verify"] else {
            throw UsageError("请说明操作：audit verify", "say what to do: audit verify")
        }
        let desk = try Desk(try ConfigurationOptions.configuration(arguments), operatorName: Operator.name)
        let noted = try arguments.value("--noted").map { text in
            guard let head = NotedHead(text) else {
                throw UsageError(
                    "--noted 不能是“\(text)”：应为编号、冒号和 64 位哈希值",
                    "--noted is '\(text)'; write it as the number, a colon and the hash's 64 digits")
            }
            return head
        }
        switch try await desk.verifyAudit(noted: noted) {
        case .intact(let head):
            print(
                say(
                    "完整：\(head.sequence) 条，链头 \(head.sequence):\(head.hash.hex)",
                    "whole: \(head.sequence.counted("entry", "entries")), head \(head.sequence):\(head.hash.hex)"))
            return 0
        case .altered(let sequence):
            print(
                say(
                    "已被改动：第 \(sequence) 条与写入时不同，或在其后的条目之前被改动",
                    "ALTERED: entry \(sequence) is not what was appended, or stands before one that is not"))
        case .missing(let sequence): print(say("缺失：第 \(sequence) 条", "MISSING: entry \(sequence)"))
        }
        return 1
    }
}
