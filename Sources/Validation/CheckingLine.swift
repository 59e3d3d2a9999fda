import Dispatch
import Tabular

/// Reads blocks in order, checks them side by side, and hands the results on in order.
///
/// The calling thread reads, splits and merges; with more than one thread, others check. The number of blocks under way is bounded, and
/// with it the memory.
struct CheckingLine {
    /// A block and its result on their way. Unchecked: it belongs to the caller until `start`, to one worker until `done` is
    /// signalled, and to the caller again after `wait`.
    private final class Station: @unchecked Sendable {
        var block: RecordBlock
        let checker: RowChecker
        var firstRow = 0
        var result = CheckedBlock()
        let done = DispatchSemaphore(value: 0)

        init(block: RecordBlock, checker: RowChecker) {
            self.block = block
            self.checker = checker
        }

        func check() { result = checker.check(block, from: firstRow) }
    }

    private let stations: Int
    private let makeChecker: () -> RowChecker

    init(threads: Int, makeChecker: @escaping () -> RowChecker) {
        stations = threads > 1 ? threads * 2 : 1
        self.makeChecker = makeChecker
    }

    /// - Parameters:
    ///   - first: the first block, already read.
    ///   - row: the first of its rows to check.
    ///   - read: fills a block; false at the end.
    ///   - merge: takes the results in order.
    func run(
        first: RecordBlock, from row: Int, read: (RecordBlock) -> Bool, merge: (CheckedBlock) throws -> Void
    ) rethrows {
        guard stations > 1 else {
            let station = Station(block: first, checker: makeChecker())
            station.firstRow = row
            repeat {
                station.check()
                try merge(station.result)
                station.firstRow = 0
            } while read(station.block)
            return
        }
        let workers = DispatchQueue.global(qos: .userInitiated)
        var waiting: [Station] = []
        var idle: [Station] = []
        defer { for station in waiting { station.done.wait() } }
        func start(_ station: Station) {
            waiting.append(station)
            workers.async {
                station.check()
                station.done.signal()
            }
        }
        func finishOldest() throws {
            let station = waiting.removeFirst()
            station.done.wait()
            idle.append(station)
            try merge(station.result)
            station.firstRow = 0
        }
        let station = Station(block: first, checker: makeChecker())
        station.firstRow = row
        start(station)
        while true {
            let next: Station
            if let free = idle.popLast() {
                next = free
            } else if waiting.count < stations {
                next = Station(block: TableReader.makeBlock(), checker: makeChecker())
            } else {
                try finishOldest()
                continue
            }
            guard read(next.block) else { break }
            start(next)
        }
        while !waiting.isEmpty { try finishOldest() }
    }
}
