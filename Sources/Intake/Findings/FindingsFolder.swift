import SurveillanceKit

/// The findings of every submission, sealed, one file for each attempt at processing it.
///
/// An attempt's file is durable before the attempt is committed, and is read under the number that was committed: a crash in
/// between leaves a file that nobody reads and the next attempt removes.
public struct FindingsFolder: Sendable {
    public let folder: SealedFolder

    public init(folder: SealedFolder) { self.folder = folder }

    /// Begins the findings of an attempt, and removes those of the attempts before it.
    public func begin(_ id: SubmissionID, attempt: Int) throws -> FindingsWriter {
        for earlier in 0..<max(0, attempt) { try folder.remove(Self.name(id, earlier)) }
        return FindingsWriter(try folder.begin(Self.name(id, attempt)))
    }

    /// The findings of the attempt that decided a submission's state.
    ///
    /// - Throws: `IntakeError.notKept` where there are none: while it waits, when it has failed, and after they were removed.
    public func read(_ submission: Submission) throws -> FindingsReader {
        let name = Self.name(submission.id, submission.attempt)
        // Until a result is committed, what lies here is an attempt's that was cut off.
        guard submission.state.isFinal, submission.state != .failed, folder.contains(name) else {
            throw IntakeError.notKept(submission.id)
        }
        return FindingsReader(try folder.open(name))
    }

    /// Removes a submission's findings, where there are any.
    public func remove(_ submission: Submission) throws {
        for attempt in 0...max(0, submission.attempt) { try folder.remove(Self.name(submission.id, attempt)) }
    }

    /// Removes the findings of the submissions whose time is over. Returns how many files that were.
    ///
    /// What the log does not know stays: no answer of it says that its time is over.
    @discardableResult
    public func removeAll(of expired: Set<SubmissionID>) throws -> Int {
        var count = 0
        for name in try folder.names() {
            guard let id = Self.id(name), expired.contains(id) else { continue }
            try folder.remove(name)
            count += 1
        }
        if count > 0 { try folder.makeDurable() }
        return count
    }

    /// The submission whose findings a file of this name holds.
    private static func id(_ name: String) -> SubmissionID? { SubmissionID(String(name.prefix { $0 != "-" })) }

    static func name(_ id: SubmissionID, _ attempt: Int) -> String { "\(id)-\(attempt)" }
}
