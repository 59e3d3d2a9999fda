import CoreRuntime
import Foundation
import Intake
import ShangMi
import SurveillanceKit

/// `vedette receipt`: whether receipts are what the server signed.
enum ReceiptCommand: Command {
    static let name = "receipt"
    static let summary = BilingualText(zh: "验证回执及其链", en: "verify receipts and their chain")
    static let manual = Manual(
        usage: [
            .init(
                "vedette receipt verify FILE… [--key KEY] [options]",
                BilingualText(
                    zh: "验证下载的回执，不需要服务器；FILE 为 - 时读标准输入",
                    en: "receipts as they were downloaded, without a server; - is standard input")),
            .init(
                "vedette receipt chain [--noted NUMBER:DIGEST] [options]",
                BilingualText(zh: "验证本部署的全部回执，输出链头", en: "all receipts of this deployment; prints the chain's head")),
            .init(
                "vedette receipt key [options]",
                BilingualText(zh: "验证所用的公钥（PEM）", en: "the public key that verifies them, as PEM")),
        ],
        options: [
            .init(
                "--key", "KEY", zh: "服务器公钥：PEM 文件，或 130 位十六进制（默认：本部署的公钥）",
                en: "the server's public key: a PEM file, or 130 hexadecimal digits (default: this deployment's)"),
            .init(
                "--noted", "NUMBER:DIGEST", zh: "此前记下的链头；该回执必须仍在且未变",
                en: "a head noted earlier; that receipt must still be there and the same"),
        ] + ConfigurationOptions.all,
        exit: BilingualText(zh: "0 完整，1 被改动，2 无法运行", en: "0 whole, 1 altered, 2 could not run"))

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, manual)
        switch arguments.operands.first {
        case "verify": return try verify(Array(arguments.operands.dropFirst()), arguments)
        case "chain" where arguments.operands.count == 1: return try await chain(arguments)
        case "key" where arguments.operands.count == 1:
            print(try desk(arguments).receiptKey().pem, terminator: "")
            return 0
        default:
            throw UsageError(
                "请说明操作：receipt verify FILE…、receipt chain 或 receipt key",
                "say what to do: receipt verify FILE…, receipt chain or receipt key")
        }
    }

    private static func desk(_ arguments: Arguments) throws -> Desk {
        try Desk(try ConfigurationOptions.configuration(arguments), operatorName: Operator.name)
    }

    private static func verify(_ files: [String], _ arguments: Arguments) throws -> Int32 {
        guard !files.isEmpty else {
            throw UsageError(
                "没有要验证的回执：请给出下载的 JSON 文件", "no receipt to verify; give the JSON files as they were downloaded")
        }
        let check: ReceiptCheck
        if let key = arguments.value("--key") {
            check = try ReceiptCheck(keyText: (try? String(contentsOfFile: key, encoding: .utf8)) ?? key)
        } else {
            check = ReceiptCheck(try desk(arguments).receiptKey())
        }
        var isWhole = true
        var valid: [ReceiptCheck.Verified] = []
        for file in files {
            let data =
                file == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data() : try Data(contentsOf: URL(fileURLWithPath: file))
            let bytes = Array(data)
            do {
                let verified = try check.verify(bytes)
                valid.append(verified)
                print(say("\(file)：完整：\(verified.summary)", "\(file): whole: \(verified.summary)"))
            } catch {
                isWhole = false
                print(say("\(file)：已被改动：\(error)", "\(file): ALTERED: \(error)"))
            }
        }
        if let number = ReceiptCheck.firstBrokenLink(valid) {
            isWhole = false
            print(say("已被改动：回执 \(number) 与前一份不衔接", "ALTERED: receipt \(number) does not follow the one before it"))
        }
        return isWhole ? 0 : 1
    }

    private static func chain(_ arguments: Arguments) async throws -> Int32 {
        let noted = try arguments.value("--noted").map { text in
            guard let head = NotedHead(text) else {
                throw UsageError(
                    "--noted 不能是“\(text)”：应为编号、冒号和 64 位摘要",
                    "--noted is '\(text)'; write it as the number, a colon and the digest's 64 digits")
            }
            return head
        }
        switch try await desk(arguments).verifyReceipts(noted: noted) {
        case .whole(let count, let head):
            print(
                say("完整：\(count) 份回执，链头 \(count):\(head)", "whole: \(count.counted("receipt")), head \(count):\(head)"))
            return 0
        case .broken(let number, let reason):
            print(say("已被改动：回执 \(number)：\(reason)", "ALTERED: receipt \(number): \(reason)"))
            return 1
        }
    }
}
