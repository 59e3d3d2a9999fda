import Audit
import CoreRuntime
import Foundation
import ShangMi
import SurveillanceKit

/// `vedette audit verify`: whether the audit trail is as it was written.
enum AuditCommand: Command {
    static let name = "audit"
    static let summary = "verify the audit trail"
    static let help = """
        usage: vedette audit verify [--noted NUMBER:HASH] [options]

        Checks the hash chain over everything that was done: sign-ins, uploads, downloads, retries, purges, changes of keys and accounts.

          --noted NUMBER:HASH   a head noted earlier; that entry must still be there and the same
        \(ConfigurationOptions.help)

        exit status: 0 whole, 1 altered, 2 could not run
        """

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, shape: .init(options: ConfigurationOptions.names + ["--noted"]))
        guard arguments.operands == ["verify"] else { throw UsageError("say what to do: audit verify") }
        let desk = try Desk(try ConfigurationOptions.configuration(arguments), operatorName: Operator.name)
        let noted = try arguments.value("--noted").map { text in
            guard let head = NotedHead(text) else {
                throw UsageError("--noted is '\(text)'; write it as the number, a colon and the hash's 64 digits")
            }
            return head
        }
        switch try await desk.verifyAudit(noted: noted) {
        case .intact(let head):
            print("whole: \(head.sequence.counted("entry", "entries")), head \(head.sequence):\(head.hash.hex)")
            return 0
        case .altered(let sequence):
            print("ALTERED: entry \(sequence) is not what was appended, or stands before one that is not")
        case .missing(let sequence): print("MISSING: entry \(sequence)")
        }
        return 1
    }
}
