import Foundation
import HTTPClient
import SurveillanceKit

/// Sends packages to a server's API and asks what became of them.
struct SubmissionClient: Sendable {
    let server: URL
    let account: String
    let password: String

    /// What is neither an error nor a warning.
    struct Note: Decodable, Sendable {
        var code: String
        var message: BilingualText
    }

    /// What the API says of a submission.
    struct Answer: Decodable, Sendable {
        struct File: Decodable, Sendable {
            var name: String
            var program: String?
            var rows: Int
            var accepted: Int
            var rejected: Int
            var errors: Int
            var warnings: Int
            var notes: [Note]?
        }

        struct Waiting: Decodable, Sendable {
            var fileType: String
            var rows: Int
            var parents: [String]
            var until: String
        }

        var id: String
        var state: String
        var sm3: String
        var receivedAt: String
        var files: [File]?
        var alreadyReceived: Bool?
        var waiting: [Waiting]?
        var withdrawal: Withdrawal?

        struct Withdrawal: Decodable, Sendable {
            var returned: Int?
            var removed: Int?
        }

        var isFinal: Bool { state != "received" && state != "processing" }
    }

    /// What the API says of a package that was only checked.
    struct Verdict: Decodable, Sendable {
        struct File: Decodable, Sendable {
            var file: String
            var rows: Int
            var accepted: Int
            var rejected: Int
            var errors: Int
            var warnings: Int
            var new: Int
            var changed: Int
            var unchanged: Int
            var withdrawn: Int
            var vanished: Int
            var notes: [Note]?
        }

        struct Change: Decodable, Sendable {
            var file: String
            var key: [String: String?]?
            var change: String
            var fields: [String]?
        }

        var state: String
        var files: [File]
        var changesTotal: Int
        var changes: [Change]
    }

    private struct Problem: Decodable {
        var title: String?
        var detail: String?
    }

    private let client = HTTPClient()

    init(server: URL, account: String, password: String) {
        self.server = server
        self.account = account
        self.password = password
    }

    /// - Parameter given: what the package is to be called; nil for the file's own name.
    func submit(_ file: URL, as given: String? = nil) async throws -> Answer {
        let name = given ?? file.lastPathComponent
        return try await ask(request(for: file, named: name), name)
    }

    private func request(for file: URL, named name: String, further: String = "") -> HTTPClient.Request {
        let encoded =
            name.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "._-"))) ?? name
        let headers = [("Content-Type", "application/octet-stream"), ("Accept-Language", Terminal.language.rawValue)]
        return .init(
            .post, "\(endpoint("submissions"))?filename=\(encoded)\(further)", headers: headers,
            credentials: (account, password), bodyFile: file.path)
    }

    /// Has files checked as one package, of which nothing is kept.
    func check(_ files: [URL]) async throws -> Verdict {
        let names = files.map(\.lastPathComponent).joined(separator: ", ")
        if files.count == 1 {
            return try await ask(request(for: files[0], named: names, further: "&dryRun=true"), names)
        }
        return try await ask(
            .init(
                .post, "\(endpoint("submissions"))?dryRun=true",
                headers: [("Accept-Language", Terminal.language.rawValue)],
                credentials: (account, password), formFiles: files.map { ($0.path, $0.lastPathComponent) }), names)
    }

    /// Takes a submission back.
    func withdraw(_ id: String, reason: String) async throws -> Answer {
        let body = try JSONEncoder().encode(["reason": reason])
        return try await ask(
            .init(
                .post, endpoint("submissions/\(id)/withdraw"),
                headers: [("Content-Type", "application/json"), ("Accept-Language", Terminal.language.rawValue)],
                credentials: (account, password), text: String(decoding: body, as: UTF8.self)), id)
    }

    /// Sends tables that are one package together.
    func submit(together files: [URL]) async throws -> Answer {
        try await ask(
            .init(
                .post, endpoint("submissions"), headers: [("Accept-Language", Terminal.language.rawValue)],
                credentials: (account, password),
                formFiles: files.map { ($0.path, $0.lastPathComponent) }),
            files.map(\.lastPathComponent).joined(separator: ", "))
    }

    /// Asks until the submission is through.
    func outcome(of id: String, patience: Duration = .seconds(600)) async throws -> Answer {
        let clock = ContinuousClock()
        let end = clock.now + patience
        while true {
            let answer: Answer = try await ask(
                .init(
                    .get, endpoint("submissions/\(id)"), headers: [("Accept-Language", Terminal.language.rawValue)],
                    credentials: (account, password)), id)
            if answer.isFinal || clock.now > end { return answer }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private func endpoint(_ path: String) -> String { server.appendingPathComponent("api/v1/\(path)").absoluteString }

    private func ask<Value: Decodable>(_ request: HTTPClient.Request, _ name: String) async throws -> Value {
        let answer: HTTPClient.Answer
        do {
            answer = try await client.send(request)
        } catch {
            throw ClientError(
                say(
                    "\(server.absoluteString) 没有应答（\(error)）；服务器是否在运行？",
                    "\(server.absoluteString) does not answer (\(error)); is the server running?"))
        }
        let body = Data(answer.body)
        guard (200...299).contains(answer.status) else {
            let problem = try? JSONDecoder().decode(Problem.self, from: body)
            let words = [problem?.title, problem?.detail].compactMap { $0 }.joined(separator: ": ")
            throw ClientError(
                say(
                    "\(name)：被拒绝（\(answer.status)）\(words.isEmpty ? "" : "，\(words)")",
                    "\(name): refused with \(answer.status)\(words.isEmpty ? "" : ", \(words)")"))
        }
        return try JSONDecoder().decode(Value.self, from: body)
    }
}

/// Why something could not be sent.
struct ClientError: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
