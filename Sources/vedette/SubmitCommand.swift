import Foundation
import SurveillanceKit

/// `vedette submit`: sends packages to a server, as a program in the hospital does.
enum SubmitCommand: Command {
    static let name = "submit"
    static let summary = "send packages to a server and wait for what becomes of them"
    static let help = """
        usage: vedette submit --server URL --account NAME [options] PATH…

        Sends the tables (CSV) together as one package and each zip by itself, prints the receipt's number, waits until it is processed
        and prints what came of each file.
        The password is read from the environment variable VEDETTE_PASSWORD, or else from standard input.

          --server URL          the server's address, http://127.0.0.1:8080
          --account NAME        who reports
          --no-wait             only send
          --dry-run             only check: says what storing would change, and keeps nothing

        exit status: 0 all rows stand, 1 rows were rejected or the processing failed, 2 could not send
        """

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(
            words, shape: .init(options: ["--server", "--account"], flags: ["--no-wait", "--dry-run"]))
        guard let server = arguments.value("--server").flatMap(URL.init), server.scheme?.hasPrefix("http") == true
        else {
            throw UsageError("--server is missing or no address; write it as http://127.0.0.1:8080")
        }
        guard let account = arguments.value("--account") else { throw UsageError("--account is missing") }
        guard !arguments.operands.isEmpty else { throw UsageError("no file to send") }
        let files = arguments.operands.map { URL(fileURLWithPath: $0) }
        for file in files where !FileManager.default.isReadableFile(atPath: file.path) {
            throw UsageError("\(file.path): no such file, or not readable")
        }
        let password = try ProcessInfo.processInfo.environment["VEDETTE_PASSWORD"] ?? Password.read()
        let client = SubmissionClient(server: server, account: account, password: password)
        var status: Int32 = 0
        let isTable = { (file: URL) in file.pathExtension.lowercased() == "csv" }
        let tables = files.filter(isTable)
        for package in [tables].filter({ !$0.isEmpty }) + files.filter({ !isTable($0) }).map({ [$0] }) {
            if arguments.flags.contains("--dry-run") {
                let verdict = try await client.check(package)
                print("\(package.map(\.lastPathComponent).joined(separator: ", ")): checked, nothing was kept")
                SubmissionText.lines(verdict).forEach { print($0) }
                if verdict.state != "accepted" { status = 1 }
                continue
            }
            let receipt =
                package.count == 1
                ? try await client.submit(package[0]) : try await client.submit(together: package)
            let again = receipt.alreadyReceived == true ? " (the same bytes were received before)" : ""
            let names = package.map(\.lastPathComponent).joined(separator: ", ")
            print("\(names): received as \(receipt.id) at \(receipt.receivedAt), SM3 \(receipt.sm3)\(again)")
            guard !arguments.flags.contains("--no-wait") else { continue }
            let outcome = try await client.outcome(of: receipt.id)
            SubmissionText.lines(outcome).forEach { print($0) }
            if outcome.state != "accepted" { status = 1 }
        }
        return status
    }
}

/// `vedette withdraw`: takes a submission back, as its institution may.
enum WithdrawCommand: Command {
    static let name = "withdraw"
    static let summary = "take a submission back at a server"
    static let help = """
        usage: vedette withdraw --server URL --account NAME --reason TEXT ID

        Every record that the submission brought or changed last returns to the version before. Nothing is erased.
        The password is read from the environment variable VEDETTE_PASSWORD, or else from standard input.

          --server URL          the server's address, http://127.0.0.1:8080
          --account NAME        an account of the institution that sent it
          --reason TEXT         why, at most 500 characters

        exit status: 0 withdrawn, 2 could not be withdrawn
        """

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, shape: .init(options: ["--server", "--account", "--reason"], flags: []))
        guard let server = arguments.value("--server").flatMap(URL.init), server.scheme?.hasPrefix("http") == true
        else {
            throw UsageError("--server is missing or no address; write it as http://127.0.0.1:8080")
        }
        guard let account = arguments.value("--account") else { throw UsageError("--account is missing") }
        guard let reason = arguments.value("--reason") else { throw UsageError("--reason is missing") }
        guard arguments.operands.count == 1, let id = arguments.operands.first else {
            throw UsageError("one submission is needed: its id, as the receipt names it")
        }
        let password = try ProcessInfo.processInfo.environment["VEDETTE_PASSWORD"] ?? Password.read()
        let answer = try await SubmissionClient(server: server, account: account, password: password)
            .withdraw(id, reason: reason)
        let (returned, removed) = (answer.withdrawal?.returned ?? 0, answer.withdrawal?.removed ?? 0)
        print("\(id): withdrawn; records as before: \(returned), records removed: \(removed)")
        return 0
    }
}

/// What came of a submission, for a terminal.
enum SubmissionText {
    static func lines(_ verdict: SubmissionClient.Verdict) -> [String] {
        ["  \(verdict.state)"]
            + verdict.files.map { file in
                let counts = "\(file.rows.counted("row")), \(file.accepted) stand, \(file.rejected) rejected"
                let changes = [
                    ("new", file.new), ("changed", file.changed), ("unchanged", file.unchanged),
                    ("withdrawn", file.withdrawn), ("vanished", file.vanished),
                ].map { "\($0.1) \($0.0)" }.joined(separator: ", ")
                return
                    "  \(file.file): \(counts); \(file.errors.counted("error")), \(file.warnings.counted("warning")); \(changes)"
            }
            + verdict.changes.map { change in
                let key = (change.key ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value ?? "")" }
                let fields = change.fields.map { " (\($0.joined(separator: ", ")))" } ?? ""
                return "    \(change.change) \(change.file) \(key.joined(separator: " "))\(fields)"
            }
            + (verdict.changesTotal > verdict.changes.count
                ? ["    … \(verdict.changesTotal - verdict.changes.count) more"] : [])
    }

    static func lines(_ answer: SubmissionClient.Answer) -> [String] {
        ["  \(answer.state)"]
            + (answer.files ?? []).map { file in
                let counts = "\(file.rows.counted("row")), \(file.accepted) stand, \(file.rejected) rejected"
                return "  \(file.name): \(counts); \(file.errors.counted("error")), \(file.warnings.counted("warning"))"
            }
            + (answer.waiting ?? []).map { waiting in
                "  \(waiting.rows.counted("row")) of \(waiting.fileType) \(waiting.rows == 1 ? "waits" : "wait") for \(waiting.parents.joined(separator: " or ")) until \(waiting.until)"
            }
    }
}
