import Dispatch
import ForgetfulMemory
import Foundation
import SurveillanceKit
import Tabular

/// Reads blocks in order, checks them side by side, and hands the results on in order.
///
/// Every hand at the line goes the same way: it reads and splits the next block while no other reads, checks it while others check theirs,
/// and puts the result on the shelf, from which whoever comes by when it is due hands it on. So a block stays in the cache of the core
/// that read it, and a hand waits only where reading or handing on is the slowest part. The shelf is bounded, and with it the memory.
struct CheckingLine {
    private let hands: Int
    private let makeChecker: () -> RowChecker

    init(threads: Int, makeChecker: @escaping () -> RowChecker) {
        hands = max(1, threads)
        self.makeChecker = makeChecker
    }

    /// - Parameters:
    ///   - first: the first block, already read.
    ///   - row: the first of its rows to check.
    ///   - read: fills a block; false at the end. Called by one hand at a time.
    ///   - merge: takes the results in order. Called by one hand at a time; what it throws ends the line and comes out.
    func run(
        first: RecordBlock, from row: Int, read: (RecordBlock) -> Bool, merge: (CheckedBlock) throws -> Void
    ) throws {
        let checker = makeChecker()
        guard hands > 1 else {
            try merge(checker.check(first, from: row))
            while read(first) { try merge(checker.check(first, from: 0)) }
            return
        }
        let hands =
            [Hand(block: first, checker: checker, firstRow: row)]
            + (1..<hands).map { _ in Hand(block: TableReader.makeBlock(), checker: makeChecker()) }
        try withoutActuallyEscaping(read) { read in
            try withoutActuallyEscaping(merge) { merge in
                let shelf = Shelf(limit: hands.count * 4, read: read, merge: merge)
                // Threads of its own: those that all tasks share are as few as the processors.
                let others = DispatchGroup()
                for hand in hands.dropFirst() {
                    others.enter()
                    let errand = Errand { hand.work(at: shelf) }
                    do throws(ThreadUnavailable) {
                        try WorkerThread.start {
                            errand.run()
                            forgetful_memory_wipe_stack()
                            others.leave()
                        }
                    } catch {
                        // The other hands do its share.
                        others.leave()
                    }
                }
                hands[0].work(at: shelf)
                forgetful_memory_wipe_stack()
                others.wait()
                if let error = shelf.error { throw error }
            }
        }
    }
}

/// What another thread does once. It lets go of all it used before it is over, for that may not outlive the line. Unchecked: one thread runs it.
private final class Errand: @unchecked Sendable {
    private var body: (() -> Void)?

    init(_ body: @escaping () -> Void) { self.body = body }

    func run() {
        body?()
        body = nil
    }
}

/// A block and who checks it. Unchecked: one thread has it from the start of the line to its end.
private final class Hand: @unchecked Sendable {
    private let block: RecordBlock
    private let checker: RowChecker
    /// Of the hand that has the first block, which is read already, the first row to check; the results of the others wait for it.
    private let firstRow: Int?

    init(block: RecordBlock, checker: RowChecker, firstRow: Int? = nil) {
        self.block = block
        self.checker = checker
        self.firstRow = firstRow
    }

    func work(at shelf: Shelf) {
        if let firstRow { shelf.put(checker.check(block, from: firstRow), 0) }
        while let number = shelf.readNext(into: block) { shelf.put(checker.check(block, from: 0), number) }
    }
}

/// Blocks to read, and results that wait for those before them. Unchecked: `read` and `begun` are touched under `reading`, the rest under
/// `state`, and `merge` by the hand that has set `isMerging`.
private final class Shelf: @unchecked Sendable {
    private let limit: Int
    private let read: (RecordBlock) -> Bool
    private let merge: (CheckedBlock) throws -> Void
    private let reading = NSLock()
    /// The first block is read before the line begins.
    private var begun = 1
    private let state = NSCondition()
    private var merged = 0
    private var waiting: [Int: CheckedBlock] = [:]
    private var isMerging = false
    private var isOver = false
    private(set) var error: (any Error)?

    init(limit: Int, read: @escaping (RecordBlock) -> Bool, merge: @escaping (CheckedBlock) throws -> Void) {
        self.limit = limit
        self.read = read
        self.merge = merge
    }

    /// Reads the next block and answers its number; nil when there is none, or when an error has ended the line.
    func readNext(into block: RecordBlock) -> Int? {
        reading.lock()
        defer { reading.unlock() }
        guard hasRoom() else { return nil }
        guard read(block) else {
            state.withLock { isOver = true }
            return nil
        }
        begun += 1
        return begun - 1
    }

    /// Waits until the shelf has room; false when the line has ended.
    private func hasRoom() -> Bool {
        state.withLock {
            while !isOver, begun - merged >= limit { state.wait() }
            return !isOver
        }
    }

    /// Puts a result on the shelf and, unless another hand is at it, hands on all that are due.
    func put(_ result: CheckedBlock, _ number: Int) {
        state.lock()
        defer { state.unlock() }
        waiting[number] = result
        guard !isMerging else { return }
        isMerging = true
        while error == nil, let due = waiting.removeValue(forKey: merged) {
            state.unlock()
            let failure = failure(ofMerging: due)
            state.lock()
            merged += 1
            state.signal()
            if let failure {
                error = failure
                isOver = true
            }
        }
        isMerging = false
    }

    private func failure(ofMerging result: CheckedBlock) -> (any Error)? {
        do {
            try merge(result)
            return nil
        } catch {
            return error
        }
    }
}
