import Foundation
import Synchronization

/// Hospitals that send their package, each on a thread and a connection of its own, and try again when they are told to.
final class Senders: Sendable {
    /// What became of one institution's upload.
    struct Outcome: Sendable {
        var id: String
        /// From the moment it was to be sent to the last byte of the 201.
        var seconds: Double
        /// How often it was told to come again.
        var refusals: Int
    }

    private let outcomes = Mutex<[Int: Result<Outcome, BenchError>]>([:])
    private let left: DispatchSemaphore

    init() { left = DispatchSemaphore(value: 0) }

    /// Sends at the given seconds from now, one upload for each institution, and waits for all answers.
    func run(_ template: PackageTemplate, to deployment: Deployment, at times: [Double]) throws -> [Outcome] {
        let (port, tokens) = (deployment.port, deployment.tokens)
        let start = DispatchTime.now().uptimeNanoseconds
        for (institution, time) in times.enumerated() {
            let due = start + UInt64(time * 1e9)
            let now = DispatchTime.now().uptimeNanoseconds
            if due > now { usleep(UInt32((due - now) / 1000)) }
            let thread = Thread { [self] in
                let result = Senders.send(template, institution, tokens[institution], port: port, since: due)
                outcomes.withLock { $0[institution] = result }
                left.signal()
            }
            thread.stackSize = 256 << 10
            thread.start()
        }
        for _ in times { left.wait() }
        return try outcomes.withLock { outcomes in
            try times.indices.map { institution in
                guard let result = outcomes[institution] else {
                    throw BenchError("institution \(institution) is missing")
                }
                return try result.get()
            }
        }
    }

    private static func send(
        _ template: PackageTemplate, _ institution: Int, _ token: String, port: UInt16, since due: UInt64
    ) -> Result<Outcome, BenchError> {
        var refusals = 0
        do {
            while true {
                let answer = try UploadSocket(port: port).upload("flu_1.csv", size: template.size, token: token) {
                    template.piece(from: $0, institution: institution)
                }
                if answer.status == 201, let id = answer.id {
                    let seconds = Double(DispatchTime.now().uptimeNanoseconds - due) / 1e9
                    return .success(Outcome(id: id, seconds: seconds, refusals: refusals))
                }
                guard [429, 503].contains(answer.status), let wait = answer.retryAfter, refusals < 100 else {
                    return .failure(BenchError("institution \(institution): \(answer.status) \(answer.body)"))
                }
                refusals += 1
                sleep(UInt32(max(1, wait)))
            }
        } catch {
            return .failure(BenchError("institution \(institution): \(error)"))
        }
    }
}

extension UploadSocket.Answer {
    /// The submission that the answer names.
    fileprivate var id: String? {
        guard let object = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any] else {
            return nil
        }
        return object["id"] as? String
    }
}
