import AgentHTTP
import Foundation
import ShangMi
import SurveillanceKit
import Synchronization
import Testing

@testable import AgentCore

/// An agent in a folder of its own, with a clock that the test moves and a server that the test plays.
final class AgentBench {
    let folder: AgentFolder
    let server = PlayedServer()
    private let played = Played()
    var lines: [String] { played.lines.withLock { $0 } }
    var settings: AgentSettings
    private(set) var agent: Agent?
    /// 2026-11-30T00:00:00 in China.
    static let start = Instant(seconds: 1_795_968_000)

    init() throws {
        // In memory where the machine has such a place: every step is synced, and there are thousands.
        let memory = "/dev/shm"
        let place = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        let path = "\(place)/agent-\(UUID().uuidString)"
        folder = AgentFolder(path)
        settings = AgentSettings(server: try #require(ServerAddress("http://127.0.0.1:1")))
        _ = try folder.make()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.path) }

    func put(_ name: String, _ content: String, at modified: Int = 0) throws {
        let path = "\(folder.inbox)/\(name)"
        try Data(content.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_795_968_000 + Double(modified))], ofItemAtPath: path)
    }

    /// A program that starts: nothing is known but what lies on the disk.
    func restart(disk: Disk = Disk()) {
        let played = played
        let clock = AgentClock(
            now: { Self.start.advanced(by: played.time.withLock { $0 }) }, uptime: { played.time.withLock { $0 } })
        agent = Agent(
            folder: folder, settings: settings, token: "vedette_secret", server: server, clock: clock,
            random: RandomSource { buffer in for index in buffer.indices { buffer[index] = .random(in: 0...255) } },
            disk: disk, log: { text in played.lines.withLock { $0.append(text.en) } })
    }

    /// Lets rounds go by for some seconds of the agent's clock.
    func pass(_ seconds: Int) {
        if agent == nil { restart() }
        let end = played.time.withLock { $0 } + Int64(seconds) * 1000
        while true {
            let wait = agent?.step() ?? 0
            let now = played.time.withLock { time -> Int64 in
                time += max(1, min(wait, end - time))
                return time
            }
            if now >= end { return }
        }
    }

    func names(in path: String) -> [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []).sorted().filter { file in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(path)/\(file)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }
    }

    /// The names of files of the inbox, wherever in `path` they lie by now.
    func exports(in path: String) -> [String] {
        names(in: path).map { String($0.split(separator: "/").last ?? "") }.filter {
            $0.hasSuffix(".csv") || $0.hasSuffix(".zip")
        }.filter { !$0.hasSuffix("-findings.csv") && !$0.hasSuffix("-corrections.zip") }
    }

    func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    /// The file of a name, wherever it lies.
    func find(_ name: String, in path: String) -> String? {
        names(in: path).first { $0.hasSuffix("/\(name)") || $0 == name }.map { "\(path)/\($0)" }
    }
}

/// What passes and what is said, as long as a test goes on.
private final class Played: Sendable {
    let time = Mutex(Int64(0))
    let lines = Mutex<[String]>([])
}

/// A server as the agent sees it: it keeps submissions by their keys.
final class PlayedServer: ReportServer {
    struct Submission {
        var key: String
        var files: String
        var content: String
    }

    struct State {
        var submissions: [Submission] = []
        var requests: [HTTPRequest] = []
        /// Answered, one after the other, before anything else happens.
        var answers: [Result<HTTPAnswer, ConnectionFault>] = []
        /// Runs after a submission was recorded and before it is answered.
        var afterRecording: (@Sendable () -> Void)?
        var loseNextAnswer = false
        var verdict = #""state":"accepted","rows":3,"accepted":3,"rejected":0,"errors":0,"warnings":0"#
    }

    let state = Mutex(State())

    var sent: [Submission] { state.withLock { $0.submissions } }
    var posts: Int { state.withLock { $0.requests.count { $0.method == .post } } }

    func answerNext(_ status: Int, _ body: String = "{}", headers: [(name: String, value: String)] = []) {
        state.withLock {
            $0.answers.append(.success(HTTPAnswer(status: status, headers: headers, body: Array(body.utf8))))
        }
    }

    func failNext(_ stage: ConnectionFault.Stage = .connection) {
        state.withLock { $0.answers.append(.failure(ConnectionFault(stage, zh: "断", en: "broken"))) }
    }

    func send(_ request: HTTPRequest) throws(ConnectionFault) -> HTTPAnswer {
        let given = state.withLock { state in
            state.requests.append(request)
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
        if let given { return try given.get() }
        func answer(_ status: Int, _ body: String) -> HTTPAnswer { HTTPAnswer(status: status, body: Array(body.utf8)) }
        guard request.method == .post else {
            if request.target.hasSuffix("/receipt") { return answer(200, #"{"receipt":true}"#) }
            if request.target.hasSuffix("/corrections.zip") { return answer(200, "PK") }
            if request.target.contains("/findings") { return answer(200, "file,row") }
            return answer(200, "{\(state.withLock { $0.verdict })}")
        }
        var content: [UInt8] = []
        for piece in request.body {
            switch piece {
            case .bytes(let bytes): content += bytes
            case .file(let path, _): content += (FileManager.default.contents(atPath: path) ?? Data())
            }
        }
        let text = String(decoding: content, as: UTF8.self)
        let key = request.headers.first { $0.0 == "Idempotency-Key" }?.1 ?? ""
        let names = request.target + text.matches(of: /filename="([^"]*)"/).map { " " + $0.1 }.joined()
        let (index, after, isLost) = state.withLock { state -> (Int, (@Sendable () -> Void)?, Bool) in
            defer { state.loseNextAnswer = false }
            if let index = state.submissions.firstIndex(where: { $0.key == key }) {
                return (index, nil, state.loseNextAnswer)
            }
            state.submissions.append(Submission(key: key, files: names, content: text))
            return (state.submissions.count - 1, state.afterRecording, state.loseNextAnswer)
        }
        after?()
        if isLost { throw ConnectionFault(.connection, zh: "断", en: "the answer was lost") }
        return answer(201, #"{"id":"S\#(index)","receivedAt":"2026-11-30T00:00:01.000Z","state":"received"}"#)
    }
}
