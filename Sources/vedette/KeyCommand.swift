import CoreRuntime
import Foundation
import SurveillanceKit

/// `vedette key`: the master key under which uploads and findings are sealed.
enum KeyCommand: Command {
    static let name = "key"
    static let summary = "change the master key"
    static let help = """
        usage: vedette key rotate [options]

        Seals everything new under a new master key, wraps the key of everything that is kept anew, and removes the old master key.
        Stop the server first. Cut off, it is ended by the next start or rotation; back up the data folder's keys/ afterwards.

        \(ConfigurationOptions.help)
        """

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, shape: .init(options: ConfigurationOptions.names))
        guard arguments.operands == ["rotate"] else { throw UsageError("say what to do: key rotate") }
        let desk = try Desk(try ConfigurationOptions.configuration(arguments), operatorName: Operator.name)
        let (keyID, files) = try desk.rotateKey()
        print("new master key \(keyID); \(files.counted("file")) wrapped anew, the old key is removed")
        return 0
    }
}

/// Who works at the command line, for the audit trail.
enum Operator {
    static var name: String { ProcessInfo.processInfo.environment["USER"] ?? "operator" }
}
