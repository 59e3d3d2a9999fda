import Glibc

/// Starts threads for work that computes or waits for long.
///
/// All tasks of a process share as many threads as there are processors; work that holds one of them for seconds would keep requests
/// waiting. Foundation's `Thread` is not used, because it says nothing where the system gives no further thread.
public enum WorkerThread {
    /// Room for the nesting of rules and of regular expressions.
    private static let stackBytes = 8 << 20

    /// Runs work on a new thread.
    ///
    /// - Throws: `ThreadUnavailable`; the work has not begun then.
    public static func start(_ work: @escaping @Sendable () -> Void) throws(ThreadUnavailable) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackBytes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let errand = Unmanaged.passRetained(Errand(work))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { argument in
                if let argument { Unmanaged<Errand>.fromOpaque(argument).takeRetainedValue().work() }
                return nil
            }, errand.toOpaque())
        guard code == 0 else {
            errand.release()
            throw ThreadUnavailable(reason: String(cString: strerror(code)))
        }
    }

    private final class Errand {
        let work: @Sendable () -> Void

        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
}

/// The system gives the process no further thread.
public struct ThreadUnavailable: Error, CustomStringConvertible {
    public let reason: String

    package init(reason: String) { self.reason = reason }

    public var description: String {
        "no further thread: \(reason); raise the limit of tasks (systemd: TasksMax, shell: ulimit -u) or free memory"
    }
}
