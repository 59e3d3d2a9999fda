import Dispatch
import Glibc

/// Ctrl-C or an operator's `kill`, listened for from the moment this is made: before anybody is told that the server is there.
final class StopSignal: @unchecked Sendable {
    // Unchecked: the queue guards all.
    private let queue = DispatchQueue(label: "stop")
    private var sources: [any DispatchSourceSignal] = []
    private var hasCome = false
    private var waiting: CheckedContinuation<Void, Never>?

    init() {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { [unowned self] in come() }
            source.resume()
            return source
        }
    }

    /// Returns at the first signal, at once where it has come already; a second one ends the process.
    func wait() async {
        await withCheckedContinuation { continuation in
            queue.async { [self] in
                if hasCome { continuation.resume() } else { waiting = continuation }
            }
        }
    }

    private func come() {
        if hasCome { _exit(130) }
        hasCome = true
        waiting?.resume()
        waiting = nil
    }
}
