import Foundation
import SurveillanceKit

/// `vedette submit`: sends packages to a server, as a program in the hospital does.
enum SubmitCommand: Command {
    static let name = "submit"
    static let summary = BilingualText(
        zh: "向服务器上报数据包并等待结果", en: "send packages to a server and wait for what becomes of them")
    static let manual = Manual(
        usage: [
            .init("vedette submit --server URL --account NAME [options] PATH…"),
            .init(
                "vedette submit --server URL --account NAME --name NAME [options] -",
                BilingualText(zh: "从标准输入读取", en: "from standard input")),
        ],
        text: [
            BilingualText(
                zh: "把表格（CSV）作为一个数据包、每个 zip 各作一个数据包发送，输出上报编号，等待处理完成并输出每个文件的结果。",
                en:
                    "Sends the tables (CSV) together as one package and each zip by itself, prints the receipt's number, waits until it is processed and prints what came of each file."
            ),
            BilingualText(
                zh: "密码取自环境变量 VEDETTE_PASSWORD，否则从标准输入读取一行；文件来自标准输入时必须使用环境变量。",
                en:
                    "The password is read from the environment variable VEDETTE_PASSWORD, or else from standard input; where the file comes from there, the variable is needed."
            ),
        ],
        options: [
            .init(
                "--server", "URL", zh: "服务器地址，http://127.0.0.1:8080", en: "the server's address, http://127.0.0.1:8080"),
            .init("--account", "NAME", zh: "上报所用账号", en: "who reports"),
            .init(
                "--name", "NAME", zh: "标准输入的文件名，例如 package.zip",
                en: "how what comes from standard input is called, package.zip"),
            .init("--no-wait", zh: "只发送，不等待", en: "only send"),
            .init(
                "--dry-run", zh: "仅核验：说明入库会有哪些变化，不保存任何内容",
                en: "only check: says what storing would change, and keeps nothing"),
        ],
        exit: BilingualText(
            zh: "0 全部达标，1 有退回的行或处理失败，2 无法发送",
            en: "0 every row is accepted, 1 rows were rejected or the processing failed, 2 could not send"))

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(
            words, manual)
        guard let server = arguments.value("--server").flatMap(URL.init), server.scheme?.hasPrefix("http") == true
        else {
            throw UsageError(
                "缺少 --server 或不是地址：应为 http://127.0.0.1:8080",
                "--server is missing or no address; write it as http://127.0.0.1:8080")
        }
        guard let account = arguments.value("--account") else {
            throw UsageError("缺少 --account", "--account is missing")
        }
        guard !arguments.operands.isEmpty else { throw UsageError("没有要发送的文件", "no file to send") }
        let input = try arguments.operands == ["-"] ? StandardInputFile(named: arguments.value("--name")) : nil
        defer { input?.remove() }
        let files = input.map { [$0.file] } ?? arguments.operands.map { URL(fileURLWithPath: $0) }
        for file in files where !FileManager.default.isReadableFile(atPath: file.path) {
            throw UsageError("\(file.path)：没有这个文件，或无法读取", "\(file.path): no such file, or not readable")
        }
        let password = try ProcessInfo.processInfo.environment["VEDETTE_PASSWORD"] ?? Password.read()
        let client = SubmissionClient(server: server, account: account, password: password)
        var status: Int32 = 0
        let progress = Progress()
        defer { progress.end() }
        let isTable = { (file: URL) in TableFormat.isTable(named: file.lastPathComponent) }
        let tables = files.filter(isTable)
        for package in [tables].filter({ !$0.isEmpty }) + files.filter({ !isTable($0) }).map({ [$0] }) {
            if arguments.flags.contains("--dry-run") {
                let verdict = try await client.check(package)
                print(
                    say(
                        "\(package.map(\.lastPathComponent).joined(separator: "、"))：仅核验，未保存任何内容",
                        "\(package.map(\.lastPathComponent).joined(separator: ", ")): checked, nothing was kept"))
                SubmissionText.lines(verdict).forEach { print($0) }
                if verdict.state != "accepted" { status = 1 }
                continue
            }
            let receipt =
                package.count == 1
                ? try await client.submit(package[0]) : try await client.submit(together: package)
            let again =
                receipt.alreadyReceived == true ? say("（此前收到过相同的内容）", " (the same bytes were received before)") : ""
            let names = package.map(\.lastPathComponent).joined(separator: ", ")
            print(
                say(
                    "\(names)：已接收，编号 \(receipt.id)，时间 \(receipt.receivedAt)，SM3 \(receipt.sm3)\(again)",
                    "\(names): received as \(receipt.id) at \(receipt.receivedAt), SM3 \(receipt.sm3)\(again)"))
            guard !arguments.flags.contains("--no-wait") else { continue }
            progress.tell(say("\(names)：等待处理结果", "\(names): waiting for the outcome"))
            let outcome = try await client.outcome(of: receipt.id)
            progress.pause()
            SubmissionText.lines(outcome).forEach { print($0) }
            if outcome.state != "accepted" { status = 1 }
        }
        return status
    }
}

/// `vedette withdraw`: takes a submission back, as its institution may.
enum WithdrawCommand: Command {
    static let name = "withdraw"
    static let summary = BilingualText(zh: "在服务器上撤回一次上报", en: "take a submission back at a server")
    static let manual = Manual(
        usage: [
            .init("vedette withdraw --server URL --account NAME --reason TEXT ID")
        ],
        text: [
            BilingualText(
                zh: "该次上报新增或最后修改的每条记录恢复为之前的版本。任何内容都不会被删除。",
                en:
                    "Every record that the submission brought or changed last returns to the version before. Nothing is erased."
            ),
            BilingualText(
                zh: "密码取自环境变量 VEDETTE_PASSWORD，否则从标准输入读取。",
                en: "The password is read from the environment variable VEDETTE_PASSWORD, or else from standard input."),
        ],
        options: [
            .init(
                "--server", "URL", zh: "服务器地址，http://127.0.0.1:8080", en: "the server's address, http://127.0.0.1:8080"),
            .init("--account", "NAME", zh: "上报机构的账号", en: "an account of the institution that sent it"),
            .init("--reason", "TEXT", zh: "原因，最多 500 个字符", en: "why, at most 500 characters"),
        ],
        exit: BilingualText(zh: "0 已撤回，2 无法撤回", en: "0 withdrawn, 2 could not be withdrawn"))

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, manual)
        guard let server = arguments.value("--server").flatMap(URL.init), server.scheme?.hasPrefix("http") == true
        else {
            throw UsageError(
                "缺少 --server 或不是地址：应为 http://127.0.0.1:8080",
                "--server is missing or no address; write it as http://127.0.0.1:8080")
        }
        guard let account = arguments.value("--account") else {
            throw UsageError("缺少 --account", "--account is missing")
        }
        guard let reason = arguments.value("--reason") else { throw UsageError("缺少 --reason", "--reason is missing") }
        guard arguments.operands.count == 1, let id = arguments.operands.first else {
            throw UsageError("需要一个上报编号（见回执）", "one submission is needed: its id, as the receipt names it")
        }
        let password = try ProcessInfo.processInfo.environment["VEDETTE_PASSWORD"] ?? Password.read()
        let answer = try await SubmissionClient(server: server, account: account, password: password)
            .withdraw(id, reason: reason)
        let (returned, removed) = (answer.withdrawal?.returned ?? 0, answer.withdrawal?.removed ?? 0)
        print(
            say(
                "\(id)：已撤回；恢复为之前版本的记录 \(returned) 条，移除的记录 \(removed) 条",
                "\(id): withdrawn; records as before: \(returned), records removed: \(removed)"))
        return 0
    }
}

/// What came of a submission, for a terminal.
enum SubmissionText {
    static func lines(_ verdict: SubmissionClient.Verdict) -> [String] {
        ["  \(state(verdict.state))"]
            + verdict.files.flatMap { file in
                let counts = say(
                    "数据包记录总数 \(file.rows)，接口达标数 \(file.accepted)，退回 \(file.rejected)",
                    "\(file.rows.counted("row")), \(file.accepted) accepted, \(file.rejected) rejected")
                let changes = [
                    (say("新增", "new"), file.new), (say("变更", "changed"), file.changed),
                    (say("未变", "unchanged"), file.unchanged), (say("撤回", "withdrawn"), file.withdrawn),
                    (say("未再上报", "vanished"), file.vanished),
                ].map { say("\($0.0) \($0.1)", "\($0.1) \($0.0)") }.joined(separator: say("，", ", "))
                return [
                    say(
                        "  \(file.file)：\(counts)；错误 \(file.errors)，警告 \(file.warnings)；\(changes)",
                        "  \(file.file): \(counts); \(file.errors.counted("error")), \(file.warnings.counted("warning")); \(changes)"
                    )
                ] + lines(file.notes)
            }
            + verdict.changes.map { change in
                let key = (change.key ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value ?? "")" }
                let fields = change.fields.map { " (\($0.joined(separator: ", ")))" } ?? ""
                return "    \(change.change) \(change.file) \(key.joined(separator: " "))\(fields)"
            }
            + (verdict.changesTotal > verdict.changes.count
                ? [
                    say(
                        "    … 另有 \(verdict.changesTotal - verdict.changes.count) 条",
                        "    … \(verdict.changesTotal - verdict.changes.count) more")
                ] : [])
    }

    /// Notes of a file, behind its counts; servers of earlier versions give none.
    private static func lines(_ notes: [SubmissionClient.Note]?) -> [String] {
        (notes ?? []).map { "    \(say("说明", "note")): \($0.message[Terminal.language])  [\($0.code)]" }
    }

    private static func state(_ name: String) -> String {
        let zh = ["accepted": "达标", "partly-accepted": "部分达标", "rejected": "退回", "failed": "处理失败", "received": "已接收"]
        return say(zh[name] ?? name, name)
    }

    static func lines(_ answer: SubmissionClient.Answer) -> [String] {
        ["  \(state(answer.state))"]
            + (answer.files ?? []).flatMap { file in
                let counts = say(
                    "数据包记录总数 \(file.rows)，接口达标数 \(file.accepted)，退回 \(file.rejected)",
                    "\(file.rows.counted("row")), \(file.accepted) accepted, \(file.rejected) rejected")
                return [
                    say(
                        "  \(file.name)：\(counts)；错误 \(file.errors)，警告 \(file.warnings)",
                        "  \(file.name): \(counts); \(file.errors.counted("error")), \(file.warnings.counted("warning"))"
                    )
                ] + lines(file.notes)
            }
            + (answer.waiting ?? []).map { waiting in
                say(
                    "  \(waiting.fileType) 有 \(waiting.rows) 行等待 \(waiting.parents.joined(separator: " 或 "))，至 \(waiting.until)",
                    "  \(waiting.rows.counted("row")) of \(waiting.fileType) \(waiting.rows == 1 ? "waits" : "wait") for \(waiting.parents.joined(separator: " or ")) until \(waiting.until)"
                )
            }
    }
}
