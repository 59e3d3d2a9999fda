import Database
import Foundation
import HTTPClient
import Synchronization

/// The built `vedette` as its users run it: a process of its own, reached over HTTP on loopback.
final class ServerProcess {
    static let institution = "12345678901234567890A1"
    static let password = "correct-horse-7"

    let folder: URL
    private(set) var address = URL(fileURLWithPath: "/")
    private var process = Process()
    var processID: Int32 { process.processIdentifier }
    /// All that the server has said, of every run.
    private let said = Said()
    var output: Data { said.bytes }
    /// Where the deployment keeps its data.
    let data: URL
    /// Set for the next start, besides what this process has.
    var environment: [String: String] = [:]
    /// Words for `serve` beyond its configuration.
    var options: [String] = []
    /// A command that starts the server's, where something else must be said to the system first.
    var launcher: [String] = []
    /// What an account calls with instead of its password, where there is one: it costs no password hash.
    private var tokens: [String: String] = [:]

    /// - Parameters:
    ///   - data: another place for the data than a folder of its own: a small disk.
    ///   - plugins: what is turned on.
    init(
        data place: URL? = nil, programs: URL = Repository.programs, reserveBytes: Int = 1_048_576,
        plugins: String = "{}"
    ) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-end-\(UUID().uuidString)")
        data = place ?? folder.appendingPathComponent("data")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try """
        { // A configuration as an operator writes it.
          "listen": "127.0.0.1:0", "data": "\(data.path)", "programs": "\(programs.path)",
          "institutions": "institutions.json", "reserveBytes": \(reserveBytes),
          "plugins": \(plugins) }
        """.write(to: configuration, atomically: true, encoding: .utf8)
        try """
        [ { "code": "\(Self.institution)", "name": { "zh": "示例市第一人民医院", "en": "First People's Hospital" },
            "level": "三级", "region": "110105", "hasFeverClinic": true },
          { "code": "OTHER00000000000000001", "name": { "zh": "另一家医院", "en": "Another hospital" },
            "level": "二级", "region": "110105", "hasFeverClinic": false } ]
        """.write(to: folder.appendingPathComponent("institutions.json"), atomically: true, encoding: .utf8)
        for (name, institution) in [("hospital-a", Self.institution), ("hospital-b", "OTHER00000000000000001")] {
            let added = try Vedette.run(
                ["account", "add", name, "--institution", institution, "--config", configuration.path],
                input: Self.password + "\n")
            guard added.status == 0 else { throw Failure("account add: \(added.output)") }
        }
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(at: folder)
    }

    var configuration: URL { folder.appendingPathComponent("vedette.json") }

    struct Failure: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    /// Starts the server and waits for the line that says where it listens.
    func start() throws {
        process = Process()
        let command = launcher + [Vedette.executable.path, "serve", "--config", configuration.path] + options
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var text = ""
        while !text.contains("listening on ") || !text.hasSuffix("\n") {
            let data = pipe.fileHandleForReading.availableData
            guard !data.isEmpty else { throw Failure("the server ended at once: \(text)") }
            said.append(data)
            text += String(decoding: data, as: UTF8.self)
        }
        let word = text.components(separatedBy: "listening on ")[1].prefix { $0 != ";" && $0 != "\n" }
        guard let url = URL(string: String(word)) else { throw Failure("no address in: \(text)") }
        address = url
        // What it says later must go somewhere, or it would wait for a reader.
        pipe.fileHandleForReading.readabilityHandler = { [said] handle in said.append(handle.availableData) }
    }

    /// Ends it as a power cut would: kill -9.
    func kill() { crash(SIGKILL) }

    /// Ends it by a signal, as a fault in it would.
    func crash(_ signal: Int32) {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, signal)
        process.waitUntilExit()
    }

    /// Ends it as an operator does, and answers its exit status.
    func stop() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }

    struct Answer {
        var status: Int
        var body: Data

        var json: [String: Any] { (try? JSONSerialization.jsonObject(with: body) as? [String: Any]) ?? [:] }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    func request(
        _ method: HTTPClient.Request.Method, _ path: String, body: Data? = nil, as account: String? = "hospital-a",
        accepting type: String = "application/json", headers more: [(String, String)] = []
    ) async throws -> Answer {
        var file: String?
        if let body {
            let url = FileManager.default.temporaryDirectory.appendingPathComponent("body-\(UUID().uuidString)")
            try body.write(to: url)
            file = url.path
        }
        defer { if let file { try? FileManager.default.removeItem(atPath: file) } }
        let bearer = account.flatMap { tokens[$0] }
        let headers = [("Accept", type)] + (bearer.map { [("Authorization", "Bearer \($0)")] } ?? []) + more
        let answer = try await HTTPClient(timeoutSeconds: 60).send(
            .init(
                method, address.absoluteString + path, headers: headers,
                credentials: bearer == nil ? account.map { ($0, Self.password) } : nil, bodyFile: file))
        return Answer(status: answer.status, body: Data(answer.body))
    }

    /// Makes a token for an account and calls with it from now on.
    func useToken(of account: String = "hospital-a") throws {
        let made = try Vedette.run(
            ["account", "token", account, "--label", "test", "--config", configuration.path])
        guard made.status == 0, let word = made.output.firstMatch(of: /vedette_\S+/) else {
            throw Failure("account token: \(made.output)\(made.errors)")
        }
        tokens[account] = String(word.0)
    }

    /// Sends a package and answers its id.
    ///
    /// - Parameter key: the sender's own name for it, by which a repetition is known.
    func send(_ package: Data, named name: String = "package.zip", key: String? = nil) async throws -> String {
        let encoded = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? name
        let answer = try await request(
            .post, "/api/v1/submissions?filename=\(encoded)", body: package,
            headers: key.map { [("Idempotency-Key", $0)] } ?? [])
        guard answer.status == 201 || answer.status == 200, let id = answer.json["id"] as? String else {
            throw Failure("POST: \(answer.status) \(answer.text)")
        }
        return id
    }

    /// Asks every 20 ms, as a hospital's agent would, until the submission is through; a minute is too long.
    func outcome(_ id: String, as account: String = "hospital-a") async throws -> [String: Any] {
        for _ in 0..<3000 {
            let answer = try await request(.get, "/api/v1/submissions/\(id)", as: account)
            if let state = answer.json["state"] as? String, state != "received", state != "processing" {
                return answer.json
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Failure("submission \(id) did not come to its end")
    }

    /// All tables of the line list as text, in the order of their keys, without what differs between runs.
    func lineList() throws -> [String] {
        let database = data.appendingPathComponent("records.sqlite").path
        let rows = try LineListText.read(SQLiteDatabase(path: database))
        return rows
    }
}

/// What a process has said, gathered from the thread that reads it.
private final class Said: Sendable {
    private let gathered = Mutex(Data())

    var bytes: Data { gathered.withLock { $0 } }

    func append(_ data: Data) { gathered.withLock { $0 += data } }
}

/// The command line as a user runs it.
enum Vedette {
    static let executable =
        Bundle.allBundles.compactMap(\.executableURL).first { $0.lastPathComponent.contains("xctest") }
        .map { $0.deletingLastPathComponent().appendingPathComponent("vedette") }
        ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("vedette")

    /// - Parameter environment: added to that of the tests.
    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = executable
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.arguments = arguments
        let (output, errors, standardInput) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = standardInput
        try process.run()
        standardInput.fileHandleForWriting.write(Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let outputData = output.fileHandleForReading.readDataToEndOfFile()
        let errorData = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: outputData, as: UTF8.self),
            String(decoding: errorData, as: UTF8.self)
        )
    }
}

enum Repository {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let programs = root.appendingPathComponent("Surveillance")

    static func package(_ program: String, _ name: String) throws -> Data {
        try Data(contentsOf: programs.appendingPathComponent("\(program)/Cases/\(name)/package.zip"))
    }

    static func packagePath(_ program: String, _ name: String) -> String {
        programs.appendingPathComponent("\(program)/Cases/\(name)/package.zip").path
    }
}
