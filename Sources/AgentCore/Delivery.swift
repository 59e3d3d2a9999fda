public import AgentHTTP
import JSON
import ShangMi
import SurveillanceKit

/// What the agent asks of a server.
public protocol ReportServer: Sendable {
    func send(_ request: HTTPRequest) throws(ConnectionFault) -> HTTPAnswer
}

extension AgentHTTPClient: ReportServer {}

/// Brings one package through: sends it, asks for the verdict, fetches receipt and corrections. Every step is kept before the next.
struct Delivery {
    let store: PackageStore
    let server: any ReportServer
    let token: String
    let holdsOnErrors: Bool
    let random: RandomSource

    /// Why a package does not go on now.
    enum Halt: Error {
        /// Something that passes: tried again, no sooner than the server asks.
        case retry(BilingualText, after: Int64?)
        /// The server has not checked it yet.
        case unchecked
        case refused(BilingualText)
    }

    /// - Returns: when nothing is left to do but to put the package away.
    func run(_ package: inout AgentPackage, now: Instant) throws {
        guard package.kind != .repetition else { return }
        if package.submission == nil { try submit(&package, now) }
        guard let submission = package.submission else { return }
        if package.verdict == nil { try askForVerdict(&package, submission, now) }
        guard let verdict = package.verdict else { return }
        try fetch("receipt", as: "receipt.json", of: package, submission, now)
        if verdict.rejected > 0 {
            try fetchCorrections("corrections.zip", as: "\(package.id)-corrections.zip", of: package, submission, now)
        }
        if verdict.errors + verdict.warnings > 0 {
            try fetchCorrections(
                "findings?format=csv&lang=zh", as: "\(package.id)-findings.csv", of: package, submission, now)
        }
    }

    private func submit(_ package: inout AgentPackage, _ now: Instant) throws {
        try refreshDigests(&package)
        if holdsOnErrors, !package.isChecked {
            try check(package, now)
            package.isChecked = true
            try store.save(package)
        }
        let answer = try server.send(request(for: package, isDryRun: false))
        guard answer.status == 201 || answer.status == 200 else { throw halt(answer, package, now) }
        guard let root = try? JSONDocument(answer.body).root, let id = root["id"]?.text, isID(id) else {
            throw Halt.retry(
                BilingualText(zh: "应答中没有编号；地址是否正确？", en: "the answer has no id; is the address right?"), after: nil)
        }
        // A program that still had the file open may have written while it was sent. Then the bytes that lie here are not those that went.
        let before = package.files
        try refreshDigests(&package)
        guard package.files == before else {
            throw Halt.retry(
                BilingualText(zh: "文件在发送时被修改，将重新发送", en: "a file was changed while it was sent; it is sent again"),
                after: nil)
        }
        try store.keep(answer.body, as: "answer.json", of: package)
        package.submission = id
        package.receivedAt = root["receivedAt"]?.text
        try store.save(package)
    }

    /// Where files have changed since they were taken, they are another upload, with a key of its own.
    private func refreshDigests(_ package: inout AgentPackage) throws {
        var files = package.files
        for index in files.indices {
            let found = try store.disk.digest("\(store.path(package))/\(files[index].name)")
            (files[index].sm3, files[index].size) = (found.sm3, found.size)
        }
        guard files != package.files else { return }
        package.files = files
        package.key = Self.key(random)
        package.isChecked = false
        try store.save(package)
    }

    static func key(_ random: RandomSource) -> String { "agent-\(Hex.encode(random.bytes(16)))" }

    /// An id goes into addresses: nothing but letters and digits.
    private func isID(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) || $0 == 0x2D }
    }

    /// Has the package checked without its being stored.
    private func check(_ package: AgentPackage, _ now: Instant) throws {
        let answer = try server.send(request(for: package, isDryRun: true))
        guard answer.status == 200 else { throw halt(answer, package, now) }
        guard let root = try? JSONDocument(answer.body).root, let state = root["state"]?.text else {
            throw Halt.retry(
                BilingualText(zh: "试核验的应答无法读取", en: "the answer of the check cannot be read"), after: nil)
        }
        let files = root["files"]?.elements ?? []
        let errors = files.reduce(0) { $0 + ($1["errors"]?.whole ?? 0) }
        guard state != "accepted" || errors > 0 else { return }
        let findings = (root["findings"]?.elements ?? []).filter { $0["severity"]?.text == "error" }.prefix(200)
        func lines(_ language: Language) -> String {
            findings.map { finding in
                let row = finding["row"]?.whole.map { language == .zh ? "第 \($0) 行" : "row \($0)" } ?? ""
                let message = finding["message"]?[language.rawValue]?.text ?? finding["message"]?.text ?? ""
                return [finding["file"]?.text ?? "", row, finding["field"]?.text ?? "", message]
                    .filter { !$0.isEmpty }.joined(separator: "  ")
            }.joined(separator: "\n")
        }
        throw Halt.refused(
            BilingualText(
                zh: "试核验发现 \(errors) 处错误，按设置 \"holdOnErrors\" 未上报。改正后重新放入 inbox。\n\n\(lines(.zh))",
                en:
                    "The check found \(errors) errors, and by the setting \"holdOnErrors\" nothing was sent. Correct the files and put them into the inbox again.\n\n\(lines(.en))"
            ))
    }

    private func askForVerdict(_ package: inout AgentPackage, _ submission: String, _ now: Instant) throws {
        let answer = try get("/api/v1/submissions/\(submission)")
        guard answer.status == 200 else {
            // The server has the package; only one that does not know it any more ends the asking.
            if answer.status == 404 { throw Halt.refused(Self.reason(answer, package)) }
            throw Halt.retry(Self.words(answer), after: retryAfter(answer, now))
        }
        guard let root = try? JSONDocument(answer.body).root, let verdict = AgentPackage.Verdict(root) else {
            throw Halt.retry(
                BilingualText(zh: "查询的应答无法读取", en: "the answer about the submission cannot be read"), after: nil)
        }
        guard verdict.state != "received", verdict.state != "processing" else { throw Halt.unchecked }
        try store.keep(answer.body, as: "verdict.json", of: package)
        package.verdict = verdict
        try store.save(package)
    }

    private func fetch(
        _ what: String, as name: String, of package: AgentPackage, _ submission: String, _ now: Instant
    ) throws {
        guard !store.has(name, of: package), let bytes = try document(what, submission, now) else { return }
        try store.keep(bytes, as: name, of: package)
    }

    private func fetchCorrections(
        _ what: String, as name: String, of package: AgentPackage, _ submission: String, _ now: Instant
    ) throws {
        guard !store.disk.exists("\(store.folder.corrections)/\(name)"),
            let bytes = try document(what, submission, now)
        else { return }
        try store.keepCorrections(bytes, as: name)
    }

    /// - Returns: nil where the server has no such document for the submission.
    private func document(_ what: String, _ submission: String, _ now: Instant) throws -> [UInt8]? {
        let answer = try get("/api/v1/submissions/\(submission)/\(what)")
        if answer.status == 200 { return answer.body }
        let isLacking = (400..<500).contains(answer.status) && ![401, 408, 429].contains(answer.status)
        // `not-checked-yet` asks for another try; other conflicts say that there are no such rows.
        guard isLacking, answer.header("retry-after") == nil else {
            throw Halt.retry(Self.words(answer), after: retryAfter(answer, now))
        }
        return nil
    }

    private func get(_ target: String) throws -> HTTPAnswer {
        try server.send(HTTPRequest(.get, target, headers: headers))
    }

    private var headers: [(String, String)] {
        [
            ("Authorization", "Bearer \(token)"), ("Accept", "application/json"), ("Accept-Language", "zh"),
            ("User-Agent", "vedette-agent/\(AgentVersion.current)"),
        ]
    }

    /// Tables go as one form; a zip goes as it is.
    private func request(for package: AgentPackage, isDryRun: Bool) -> HTTPRequest {
        let folder = store.path(package)
        var headers = self.headers
        if !isDryRun { headers.append(("Idempotency-Key", package.key)) }
        let dryRun = isDryRun ? "dryRun=true" : ""
        if package.kind == .zip, let file = package.files.first {
            headers.append(("Content-Type", "application/zip"))
            return HTTPRequest(
                .post, "/api/v1/submissions?filename=\(percentEncoded(file.name))\(isDryRun ? "&\(dryRun)" : "")",
                headers: headers, body: [.file(path: "\(folder)/\(file.name)", size: file.size)])
        }
        let form = FormBody(boundary: Hex.encode(random.bytes(16)))
        headers.append(("Content-Type", "multipart/form-data; boundary=\(form.boundary)"))
        return HTTPRequest(
            .post, "/api/v1/submissions\(isDryRun ? "?\(dryRun)" : "")", headers: headers,
            body: form.pieces(package.files.map { ($0.name, "\(folder)/\($0.name)", $0.size) }))
    }
}

extension Delivery {
    /// Whether a status says that the same request may succeed later.
    static func isPassing(_ status: Int) -> Bool { status == 408 || status == 429 || !(400..<500).contains(status) }

    private func retryAfter(_ answer: HTTPAnswer, _ now: Instant) -> Int64? {
        HTTPDate.retryAfter(answer.header("retry-after"), date: answer.header("date"), now: now)
    }

    private func halt(_ answer: HTTPAnswer, _ package: AgentPackage, _ now: Instant) -> Halt {
        Self.isPassing(answer.status)
            ? .retry(Self.words(answer), after: retryAfter(answer, now)) : .refused(Self.reason(answer, package))
    }

    /// What the server said of a request that it did not carry out.
    static func words(_ answer: HTTPAnswer) -> BilingualText {
        let root = try? JSONDocument(answer.body).root
        func told(_ language: Language) -> String {
            let problem = root?[language.rawValue]
            let parts = [
                problem?["title"]?.text ?? root?["title"]?.text, problem?["detail"]?.text ?? root?["detail"]?.text,
            ]
            return parts.compactMap { $0 }.map { shown($0) }.joined(separator: language == .zh ? "：" : ": ")
        }
        if (300..<400).contains(answer.status) {
            let target = shown(answer.header("location") ?? "?")
            return BilingualText(
                zh: "服务器转向 \(target)；请把 agent.json 中的 \"server\" 改为正确的地址",
                en: "the server redirects to \(target); put the right address into \"server\" of agent.json")
        }
        return BilingualText(
            zh: "服务器应答 \(answer.status) \(told(.zh))", en: "the server answered \(answer.status) \(told(.en))")
    }

    /// What stands in the file beside a refused package.
    static func reason(_ answer: HTTPAnswer, _ package: AgentPackage) -> BilingualText {
        let words = words(answer)
        let (zh, en): (String, String)
        switch answer.status {
        case 401, 403:
            (zh, en) = (
                "令牌无效、已过期或没有权限。请用 vedette-agent doctor 检查，换好令牌后把文件移回 inbox。",
                "The token is not valid, has expired, or may not do this. Look with vedette-agent doctor, put a valid token in place, and move the files back to the inbox."
            )
        case 413:
            (zh, en) = (
                "文件太大或太多。请分成几个数据包，再放入 inbox。",
                "The files are too large or too many. Divide them into several packages, and put these into the inbox."
            )
        default:
            (zh, en) = ("请按上述原因改正，再把文件移回 inbox。", "Correct what is said above, and move the files back to the inbox.")
        }
        return BilingualText(
            zh: "这些文件没有被接收。\n\(words.zh)\n\(zh)", en: "These files were not received.\n\(words.en)\n\(en)")
    }
}

/// A form of files. Source: RFC 7578; RFC 5987 for names that a quoted text cannot hold.
struct FormBody {
    let boundary: String

    func pieces(_ files: [(name: String, path: String, size: Int64)]) -> [HTTPRequest.Piece] {
        var pieces: [HTTPRequest.Piece] = []
        for file in files {
            let isPlain = file.name.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && $0.value != 0x7F && !"\"\\%".unicodeScalars.contains($0)
            }
            let name = isPlain ? "filename=\"\(file.name)\"" : "filename*=UTF-8''\(percentEncoded(file.name))"
            let head =
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; \(name)\r\nContent-Type: application/octet-stream\r\n\r\n"
            pieces += [.bytes(Array(head.utf8)), .file(path: file.path, size: file.size), .bytes([0x0D, 0x0A])]
        }
        pieces.append(.bytes(Array("--\(boundary)--\r\n".utf8)))
        return pieces
    }
}

/// Source: RFC 3986, 2.3: what is not unreserved becomes `%XX`.
func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        let isPlain =
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || "-._~".utf8.contains(byte)
        if isPlain {
            bytes.append(byte)
        } else {
            bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
