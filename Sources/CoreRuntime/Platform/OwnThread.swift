import Dispatch
import ForgetfulMemory
import Foundation
import Glibc

/// Long work on a thread of its own.
///
/// All tasks of the process share as many threads as there are processors. Work that computes or waits for seconds would take them from
/// requests: receipts waited seconds while two packages were processed.
enum OwnThread {
    /// How much requests go before processing where the processors are busy; see nice(1).
    private static let niceness: Int32 = 10

    static func run<T: Sendable>(
        _ name: String, _ body: @escaping @Sendable () throws -> T
    ) async -> Result<T, any Error> {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                // Of Linux: for the calling thread, and for those that it begins.
                setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
                let result = Result { try body() }
                forgetful_memory_wipe_stack()
                continuation.resume(returning: result)
            }
            thread.name = name
            thread.stackSize = 8 << 20
            thread.start()
        }
    }
}
