import CoreRuntime
import Foundation
import Intake
import ShangMi
import SurveillanceKit

/// `vedette receipt`: whether receipts are what the server signed.
enum ReceiptCommand: Command {
    static let name = "receipt"
    static let summary = "verify receipts and their chain"
    static let help = """
        usage: vedette receipt verify FILE… [--key KEY] [options]    receipts as they were downloaded, without a server
               vedette receipt chain [--noted NUMBER:DIGEST] [options]  all receipts of this deployment; prints the chain's head
               vedette receipt key [options]                         the public key that verifies them, as PEM

          --key KEY             the server's public key: a PEM file, or 130 hexadecimal digits (default: this deployment's)
          --noted NUMBER:DIGEST a head noted earlier; that receipt must still be there and the same
        \(ConfigurationOptions.help)

        exit status: 0 whole, 1 altered, 2 could not run
        """

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, shape: .init(options: ConfigurationOptions.names + ["--key", "--noted"]))
        switch arguments.operands.first {
        case "verify": return try verify(Array(arguments.operands.dropFirst()), arguments)
        case "chain" where arguments.operands.count == 1: return try await chain(arguments)
        case "key" where arguments.operands.count == 1:
            print(try desk(arguments).receiptKey().pem, terminator: "")
            return 0
        default: throw UsageError("say what to do: receipt verify FILE…, receipt chain or receipt key")
        }
    }

    private static func desk(_ arguments: Arguments) throws -> Desk {
        try Desk(try ConfigurationOptions.configuration(arguments), operatorName: Operator.name)
    }

    private static func verify(_ files: [String], _ arguments: Arguments) throws -> Int32 {
        guard !files.isEmpty else {
            throw UsageError("no receipt to verify; give the JSON files as they were downloaded")
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
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
            do {
                let verified = try check.verify(bytes)
                valid.append(verified)
                print("\(file): whole: \(verified.summary)")
            } catch {
                isWhole = false
                print("\(file): ALTERED: \(error)")
            }
        }
        if let number = ReceiptCheck.firstBrokenLink(valid) {
            isWhole = false
            print("ALTERED: receipt \(number) does not follow the one before it")
        }
        return isWhole ? 0 : 1
    }

    private static func chain(_ arguments: Arguments) async throws -> Int32 {
        let noted = try arguments.value("--noted").map { text in
            guard let head = NotedHead(text) else {
                throw UsageError("--noted is '\(text)'; write it as the number, a colon and the digest's 64 digits")
            }
            return head
        }
        switch try await desk(arguments).verifyReceipts(noted: noted) {
        case .whole(let count, let head):
            print("whole: \(count.counted("receipt")), head \(count):\(head)")
            return 0
        case .broken(let number, let reason):
            print("ALTERED: receipt \(number): \(reason)")
            return 1
        }
    }
}
