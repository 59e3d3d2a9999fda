import Glibc
import SurveillanceKit
import Synchronization

/// Copies what has been committed from the log into the database, on a thread and a connection of its own.
///
/// The log is durable by itself: a transaction is safe before its pages have been copied. So copying gives way to requests where the
/// processors are busy. What is woken while it works is done in one go.
///
/// Unchecked: the connection is used by the one thread for which `isWorking` stands.
final class Checkpoints: @unchecked Sendable {
    private struct State {
        var isWorking = false
        var wasWoken = false
        var poison: String?
        var pagesInLog = 0
    }

    /// Beyond this the log does not get smaller by itself, because something is always committed meanwhile.
    private static let mostPagesInLog = 32_768

    /// See nice(1).
    private static let niceness: Int32 = 10

    private let connection: SQLiteConnection
    private let state = Mutex(State())

    init(_ connection: SQLiteConnection) { self.connection = connection }

    /// Why nothing may be written any more: what was copied could not be made durable.
    var poison: String? { state.withLock(\.poison) }

    /// Whether the next transaction has to wait until the log has been copied.
    var isBehind: Bool { state.withLock { $0.pagesInLog > Checkpoints.mostPagesInLog } }

    /// Something was committed.
    func wake() {
        let isFirst = state.withLock { state in
            state.wasWoken = true
            defer { state.isWorking = true }
            return !state.isWorking
        }
        guard isFirst else { return }
        do {
            try WorkerThread.start { [self] in
                // Of Linux: for the calling thread alone.
                setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Checkpoints.niceness)
                while goesOn() { copy() }
            }
        } catch {
            // No thread is to be had: the next commit tries again.
            state.withLock { $0.isWorking = false }
        }
    }

    private func copy() {
        do {
            let pages = try connection.checkpoint()
            state.withLock { $0.pagesInLog = pages }
        } catch {
            // A full disk is no loss, the log has it all; what the disk could not sync nobody knows.
            if connection.poison != nil { state.withLock { $0.poison = "\(error)" } }
        }
    }

    private func goesOn() -> Bool {
        state.withLock { state in
            state.isWorking = state.wasWoken
            state.wasWoken = false
            return state.isWorking
        }
    }
}
