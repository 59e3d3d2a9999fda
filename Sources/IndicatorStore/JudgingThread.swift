import Foundation
import SurveillanceKit

/// Judges stored blocks in their order, on a thread of its own, while further blocks are stored.
///
/// A report of one block is judged where it is stored: no thread is started for it.
///
/// Unchecked: what is mutable is touched under `state`.
final class JudgingThread: @unchecked Sendable {
    private let state = NSCondition()
    private var blocks: [StoredBlock] = []
    private var isJudging = false
    private var isStarted = false
    private var isOver = false
    /// So many blocks wait at most, each of some hundred kilobytes; then storing waits.
    private static let mostWaiting = 4

    func add(_ block: StoredBlock) {
        state.withLock {
            while isStarted, blocks.count >= JudgingThread.mostWaiting { state.wait() }
            blocks.append(block)
            state.broadcast()
            guard !isStarted, blocks.count > 1 else { return }
            // Without a thread `finish` judges them.
            guard (try? WorkerThread.start { [self] in run() }) != nil else { return judgeHere() }
            isStarted = true
        }
    }

    /// Returns when every block has been judged.
    func finish() {
        state.withLock {
            guard isStarted else { return judgeHere() }
            while !blocks.isEmpty || isJudging { state.wait() }
        }
    }

    /// Ends the thread. What has not been judged is not wanted any more.
    func end() {
        state.withLock {
            isOver = true
            blocks = []
            state.broadcast()
        }
    }

    private func judgeHere() {
        for block in blocks { block.part.judge(block) }
        blocks = []
    }

    private func run() {
        while let block = next() { block.part.judge(block) }
    }

    private func next() -> StoredBlock? {
        state.withLock {
            isJudging = false
            state.broadcast()
            while blocks.isEmpty, !isOver { state.wait() }
            guard !isOver else { return nil }
            isJudging = true
            return blocks.removeFirst()
        }
    }
}
