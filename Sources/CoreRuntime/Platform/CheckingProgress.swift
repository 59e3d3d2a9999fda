import Intake
import Synchronization

/// How far the packages have been read that this server checks now.
final class CheckingProgress: Sendable {
    private let percents = Mutex<[SubmissionID: Int]>([:])

    /// How much of a package has been read, in percent of its bytes; nil where this server does not check it now.
    func percent(of id: SubmissionID) -> Int? { percents.withLock { $0[id] } }

    /// Notes that the package has been read up to a place. A package whose files are read in another order keeps the furthest.
    func note(_ id: SubmissionID, read: Int, of size: Int) {
        guard size > 0 else { return }
        percents.withLock { $0[id] = max($0[id] ?? 0, min(99, read * 100 / size)) }
    }

    func end(_ id: SubmissionID) { percents.withLock { $0[id] = nil } }
}
