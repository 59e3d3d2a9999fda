import Accounts
import Audit
import Database
import Dispatch
import Intake
import Synchronization

/// Records arrivals with their receipts, all that wait in one transaction: before a deadline many hospitals share one sync of the disk.
///
/// Each arrival is a part of that transaction that can fail alone. Nobody is told before the transaction is durable.
final class ArrivalBook: Sendable {
    private let data: DataFolder
    private let state = Mutex<(waiting: [Entry], isWriting: Bool)>(([], false))

    private struct Entry: Sendable {
        var arrival: Arrival
        var note: @Sendable (Recorded) -> AuditEntry
        var end: End?
        var answer: CheckedContinuation<Recorded, any Error>
    }

    /// Ends a submission in the transaction that records it, with its receipt.
    typealias End = @Sendable (Submission, any Transaction) throws -> (submission: Submission, receiptNumber: Int)

    /// More than a server receives while one transaction is made durable; bounds how long the writer is held.
    private static let most = 256

    init(_ data: DataFolder) { self.data = data }

    /// Records an arrival; durable when this returns.
    ///
    /// - Parameters:
    ///   - end: ends it at once; nil where it is to be processed.
    ///   - note: what the audit trail says of it, in the same transaction.
    func record(
        _ arrival: Arrival, end: End? = nil, note: @escaping @Sendable (Recorded) -> AuditEntry
    ) async throws -> Recorded {
        try await withCheckedThrowingContinuation { answer in
            let isFirst = state.withLock { state in
                state.waiting.append(Entry(arrival: arrival, note: note, end: end, answer: answer))
                defer { state.isWriting = true }
                return !state.isWriting
            }
            if isFirst { Task { await writeAll() } }
        }
    }

    private func writeAll() async {
        while await writeSome() {}
    }

    /// Writes what waits when the writer is free, and says whether more has come since.
    private func writeSome() async -> Bool {
        let taken = Taken()
        do {
            let results = try await data.database.write { [self] transaction in
                // Where the transaction is run again it is for the same arrivals.
                let entries = taken.entries.withLock { entries in
                    if entries.isEmpty { entries = takeSome() }
                    return entries
                }
                return try entries.map { try write($0, transaction, taken) }
            }
            // A commit into files that nobody finds any more is no promise.
            try data.database.requireWhole()
            if let number = taken.number.withLock(\.self) { data.noteReceipt(number) }
            for (entry, result) in zip(taken.entries.withLock(\.self), results) { entry.answer.resume(with: result) }
        } catch {
            let entries = taken.entries.withLock(\.self)
            // A writer that does not even begin fails those who wait for it.
            let all = entries.isEmpty ? takeAll() : entries
            for entry in all { entry.answer.resume(throwing: error) }
        }
        return state.withLock { state in
            state.isWriting = !state.waiting.isEmpty
            return state.isWriting
        }
    }

    private func write(_ entry: Entry, _ transaction: any Transaction, _ taken: Taken) throws -> Result<
        Recorded, any Error
    > {
        do {
            var number: Int?
            let recorded = try transaction.savepoint {
                var recorded = try data.log.record(entry.arrival, in: transaction)
                if case .new(let submission) = recorded, let end = entry.end {
                    let ended = try end(submission, transaction)
                    (recorded, number) = (.new(ended.submission), ended.receiptNumber)
                } else if case .new(let submission) = recorded {
                    number = try data.receipts.issue(for: submission, at: entry.arrival.receivedAt, in: transaction)
                        .number
                }
                try AuditTrail.append(entry.note(recorded), in: transaction)
                return recorded
            }
            if let number { taken.number.withLock { $0 = number } }
            return .success(recorded)
        } catch let error as IntakeError {
            // The arrival's own fault, such as a key that came with other bytes before; the others' parts stand.
            return .failure(error)
        }
    }

    private func takeSome() -> [Entry] {
        state.withLock { state in
            let some = Array(state.waiting.prefix(Self.most))
            state.waiting.removeFirst(some.count)
            return some
        }
    }

    private func takeAll() -> [Entry] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    /// What a transaction has taken on; known also when it fails.
    private final class Taken: Sendable {
        let entries = Mutex<[Entry]>([])
        /// The last receipt that it has issued.
        let number = Mutex<Int?>(nil)
    }
}
