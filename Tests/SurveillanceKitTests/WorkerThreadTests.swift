import Dispatch
import SurveillanceKit
import Synchronization
import Testing

@Suite("Worker threads")
struct WorkerThreadTests {
    @Test("work runs on a thread of its own, beside others that wait for it")
    func runsBeside() throws {
        // Each waits for all the others: with fewer threads than pieces of work none would end.
        let arrived = Mutex(0)
        let all = DispatchSemaphore(value: 0)
        let ended = DispatchGroup()
        for _ in 0..<16 {
            ended.enter()
            try WorkerThread.start {
                let isLast = arrived.withLock { count in
                    count += 1
                    return count == 16
                }
                if isLast { for _ in 0..<16 { all.signal() } }
                all.wait()
                ended.leave()
            }
        }
        #expect(ended.wait(timeout: .now() + 60) == .success)
    }

    @Test("what the work holds is let go of when it has ended")
    func letsGo() throws {
        final class Held: Sendable {
            let gone: DispatchSemaphore
            init(_ gone: DispatchSemaphore) { self.gone = gone }
            deinit { gone.signal() }
        }
        let gone = DispatchSemaphore(value: 0)
        try WorkerThread.start { [held = Held(gone)] in withExtendedLifetime(held) {} }
        #expect(gone.wait(timeout: .now() + 60) == .success)
    }

    @Test("a refusal says which limit to raise")
    func refusal() {
        #expect(ThreadUnavailable(reason: "Resource temporarily unavailable").description.contains("TasksMax"))
    }
}
