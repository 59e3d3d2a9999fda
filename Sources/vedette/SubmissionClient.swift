import Foundation
import FoundationNetworking

/// Sends packages to a server's API and asks what became of them.
struct SubmissionClient: Sendable {
    let server: URL
    let account: String
    let password: String

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
        }

        var id: String
        var state: String
        var sm3: String
        var receivedAt: String
        var files: [File]?

        var isFinal: Bool { state != "received" && state != "processing" }
    }

    private struct Problem: Decodable {
        var title: String?
        var detail: String?
    }

    func submit(_ file: URL) async throws -> Answer {
        var components = URLComponents(url: endpoint("submissions"), resolvingAgainstBaseURL: false)
        components?.queryItems = [URLQueryItem(name: "filename", value: file.lastPathComponent)]
        guard let url = components?.url else { throw ClientError("'\(server)' is no address") }
        var request = self.request(url)
        request.httpMethod = "POST"
        request.setValue("application/octet-stream", forHTTPHeaderField: "Content-Type")
        let body = try Data(contentsOf: file, options: .mappedIfSafe)
        return try decode(try await send(request, body), file.lastPathComponent)
    }

    /// Asks until the submission is through.
    func outcome(of id: String, patience: Duration = .seconds(600)) async throws -> Answer {
        let clock = ContinuousClock()
        let end = clock.now + patience
        while true {
            let answer = try decode(try await send(request(endpoint("submissions/\(id)")), nil), id)
            if answer.isFinal || clock.now > end { return answer }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private func endpoint(_ path: String) -> URL { server.appendingPathComponent("api/v1/\(path)") }

    private func request(_ url: URL) -> URLRequest {
        var request = URLRequest(url: url)
        let credentials = Data("\(account):\(password)".utf8).base64EncodedString()
        request.setValue("Basic \(credentials)", forHTTPHeaderField: "Authorization")
        request.setValue("en", forHTTPHeaderField: "Accept-Language")
        return request
    }

    private func send(_ request: URLRequest, _ body: Data?) async throws -> (Data, Int) {
        do {
            let (data, response) =
                if let body { try await URLSession.shared.upload(for: request, from: body) } else {
                    try await URLSession.shared.data(for: request)
                }
            return (data, (response as? HTTPURLResponse)?.statusCode ?? 0)
        } catch let error as URLError {
            throw ClientError("\(server.absoluteString) does not answer (\(error.localizedDescription)); is the server running?")
        }
    }

    private func decode(_ answer: (Data, Int), _ name: String) throws -> Answer {
        guard (200...299).contains(answer.1) else {
            let problem = try? JSONDecoder().decode(Problem.self, from: answer.0)
            let words = [problem?.title, problem?.detail].compactMap { $0 }.joined(separator: ": ")
            throw ClientError("\(name): refused with \(answer.1)\(words.isEmpty ? "" : ", \(words)")")
        }
        return try JSONDecoder().decode(Answer.self, from: answer.0)
    }
}

/// Why something could not be sent.
struct ClientError: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
