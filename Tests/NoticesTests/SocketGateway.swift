import Foundation
import Glibc
import Synchronization
import TestKit

/// A gateway on loopback that lives on when the server is killed. It answers one line after the other, in the order in which they came.
final class SocketGateway: Sendable {
    struct Kept: Sendable {
        /// How often each message was told to it, and how often it was sent on to a person.
        var told: [String: Int] = [:]
        var sent: [String: Int] = [:]
        /// Each is given to the next message in its way.
        var failures: [Failure] = []
    }

    enum Failure: CaseIterable, Sendable {
        /// Not taken, and answered so.
        case refused
        /// Taken, and the connection is closed without an answer.
        case takenSilently
        /// Not taken, and the connection is closed without an answer.
        case lost
    }

    fileprivate final class State: Sendable { let kept = Mutex(Kept()) }

    private let state: State
    private let listener: LoopbackListener
    var port: Int { listener.port }
    var kept: Kept { state.kept.withLock { $0 } }

    func failNext(_ failure: Failure) { state.kept.withLock { $0.failures.append(failure) } }
    func isWell() { state.kept.withLock { $0.failures = [] } }

    /// - Parameter knowsIDs: a message whose id it has seen is not sent on again.
    init(knowsIDs: Bool) {
        let state = State()
        self.state = state
        listener = LoopbackListener { connection in
            var bytes = [UInt8](repeating: 0, count: 128)
            var count = 0
            // A server that was killed before its line was whole has told nothing.
            while count < bytes.count, !bytes[..<count].contains(10) {
                let more = bytes.withUnsafeMutableBytes {
                    recv(connection, $0.baseAddress.map { $0 + count }, $0.count - count, 0)
                }
                guard more > 0 else { break }
                count += more
            }
            if let end = bytes[..<count].firstIndex(of: 10),
                let answer = state.answer(String(decoding: bytes[..<end], as: UTF8.self), knowsIDs: knowsIDs)
            {
                _ = send(connection, Array("\(answer)\n".utf8), answer.utf8.count + 1, Int32(MSG_NOSIGNAL))
            }
        }
    }
}

extension SocketGateway.State {
    fileprivate func answer(_ line: String, knowsIDs: Bool) -> String? {
        let parts = line.split(separator: " ").map(String.init)
        guard parts.count == 2 else { return nil }
        let id = parts[1]
        return kept.withLock { kept in
            if parts[0] == "ASK" { return kept.sent[id] == nil ? "unknown" : "taken" }
            kept.told[id, default: 0] += 1
            let failure = kept.failures.isEmpty ? nil : kept.failures.removeFirst()
            switch failure {
            case .refused?: return "refused"
            case .lost?: return nil
            case .takenSilently?, nil:
                if !(knowsIDs && kept.sent[id] != nil) { kept.sent[id, default: 0] += 1 }
                return failure == nil ? "taken" : nil
            }
        }
    }
}
