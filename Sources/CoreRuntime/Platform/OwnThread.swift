import ForgetfulMemory
import Glibc
import SurveillanceKit

/// Long work on a thread of its own.
///
/// All tasks of the process share as many threads as there are processors. Work that computes or waits for seconds would take them from
/// requests: receipts waited seconds while two packages were processed.
enum OwnThread {
    /// How much requests go before processing where the processors are busy; see nice(1).
    private static let niceness: Int32 = 10

    static func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async -> Result<T, any Error> {
        await withCheckedContinuation { continuation in
            do {
                try WorkerThread.start {
                    // Of Linux: for the calling thread, and for those that it begins.
                    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
                    let result = Result { try body() }
                    forgetful_memory_wipe_stack()
                    continuation.resume(returning: result)
                }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
    }
}
