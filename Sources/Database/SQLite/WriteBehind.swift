import CSQLite
import Dispatch
import Glibc

/// Has the disk begin early with what a long transaction writes into the log.
///
/// A commit syncs all that its transaction has written, and every other sync of the same disk waits for it: 100 MB at once kept small
/// commits waiting for 120 ms, measured on ext4. Nothing is promised by this; durable is what the commit has synced.
final class WriteBehind: Sendable {
    private let log: Int32
    private let queue = DispatchQueue(label: "database.write-behind")

    /// Transactions that end before cost nothing but a timer.
    private static let first = DispatchTimeInterval.milliseconds(40)
    private static let interval = DispatchTimeInterval.milliseconds(20)

    /// - Parameter log: the path of the write-ahead log, which must be there. No locks lie on it that closing the file would lift.
    init(log path: String) { log = open(path, O_RDONLY | O_CLOEXEC) }

    deinit { if log >= 0 { close(log) } }

    func during<T>(_ body: () throws -> T) rethrows -> T {
        guard log >= 0 else { return try body() }
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now() + WriteBehind.first, repeating: WriteBehind.interval)
        // A failure stays with the file, and the commit's own sync tells it.
        timer.setEventHandler { [self] in _ = vedette_start_writing(log) }
        timer.resume()
        defer { timer.cancel() }
        return try body()
    }
}
