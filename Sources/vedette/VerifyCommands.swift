import Accounts
import CoreRuntime
import Foundation

/// `vedette audit verify`: whether the audit trail is as it was written.
enum AuditCommand: Command {
    static let name = "audit"
    static let summary = "verify the audit trail"
    static let help = """
        usage: vedette audit verify [options]

        Checks the hash chain over everything that was done: sign-ins, uploads, changes of accounts.

        \(ConfigurationOptions.help)

        exit status: 0 whole, 1 altered, 2 could not run
        """

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, shape: .init(options: ConfigurationOptions.names))
        guard arguments.operands == ["verify"] else { throw UsageError("say what to do: audit verify") }
        let desk = try Desk(try ConfigurationOptions.configuration(arguments), operatorName: "operator")
        switch try await desk.verifyAudit() {
        case .intact(let head):
            print("whole: \(head.sequence) entries, head \(head.hash.hex)")
            return 0
        case .altered(let sequence):
            print("ALTERED: entry \(sequence) is not what was appended, or stands before one that is not")
        case .missing(let sequence): print("MISSING: entry \(sequence)")
        }
        return 1
    }
}
