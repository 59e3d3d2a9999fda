import Dispatch
import Glibc

/// Waits for Ctrl-C or an operator's `kill`.
enum StopSignal {
    static func wait() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            signal(SIGINT, SIG_IGN)
            signal(SIGTERM, SIG_IGN)
            let sources = [SIGINT, SIGTERM].map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
            let once = Once(continuation)
            for source in sources {
                source.setEventHandler { once.resume() }
                source.resume()
            }
            once.keep(sources)
        }
    }

    /// Resumes at the first signal; a second one ends the process.
    private final class Once: @unchecked Sendable {
        // Unchecked: the lock guards both.
        private var continuation: CheckedContinuation<Void, Never>?
        private var sources: [any DispatchSourceSignal] = []
        private let lock = DispatchQueue(label: "stop")

        init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = continuation }

        func keep(_ sources: [any DispatchSourceSignal]) { lock.sync { self.sources = sources } }

        func resume() {
            lock.sync {
                if let continuation {
                    continuation.resume()
                } else {
                    _exit(130)
                }
                continuation = nil
            }
        }
    }
}
