import CMicrohttpd
import ForgetfulMemory
import Synchronization

/// A connection of the library's. It may be named on any thread, but is only touched where the library allows it.
struct LibraryConnection: @unchecked Sendable {
    let pointer: OpaquePointer
}

/// The connections that stand still while a handler works.
///
/// The library ends the process when it is stopped with a connection still suspended, and a connection may be resumed
/// only once; so every suspension and resumption passes through here, and after `close` there are no more of either.
final class Suspensions: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isClosed = false
        var entries: [ObjectIdentifier: Entry] = [:]
    }

    private struct Entry {
        var connection: LibraryConnection
        var task: Task<Void, Never>?
        var aborted: @Sendable () -> Void
    }

    /// Suspends the connection and starts `work`, which must end with `resume`. False where the server no longer
    /// waits for anybody.
    ///
    /// To be called on the connection's own thread, inside the library's callback.
    func suspend(
        _ owner: AnyObject & Sendable, _ connection: LibraryConnection, aborted: @escaping @Sendable () -> Void,
        executor: (any TaskExecutor)?, work: @escaping @Sendable () async -> Void
    ) -> Bool {
        let key = ObjectIdentifier(owner)
        let isSuspended = state.withLock {
            guard !$0.isClosed else { return false }
            $0.entries[key] = Entry(connection: connection, aborted: aborted)
            MHD_suspend_connection(connection.pointer)
            return true
        }
        guard isSuspended else { return false }
        let task = Task(executorPreference: executor) {
            await work()
            forgetful_memory_wipe_stack()
        }
        state.withLock { $0.entries[key]?.task = task }
        return true
    }

    func resume(_ owner: AnyObject & Sendable) {
        state.withLock {
            guard let entry = $0.entries.removeValue(forKey: ObjectIdentifier(owner)) else { return }
            MHD_resume_connection(entry.connection.pointer)
        }
    }

    /// Cancels all work that is still under way and sets its connections free to be closed.
    func close() {
        let entries = state.withLock { state in
            state.isClosed = true
            defer { state.entries = [:] }
            return Array(state.entries.values)
        }
        for entry in entries {
            entry.task?.cancel()
            entry.aborted()
            MHD_resume_connection(entry.connection.pointer)
        }
    }
}
