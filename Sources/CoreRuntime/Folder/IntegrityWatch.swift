import Database
import Foundation
import Intake
import Synchronization

/// Looks again and again whether the database and the folders beside it are still whole, for a small part of the time.
///
/// Reading a whole database takes about a second for a gigabyte, so the next look comes a hundred times as long after the last as that
/// one took: a small database is read at every question, a large one at most every few minutes.
final class IntegrityWatch: Sendable {
    private let data: DataFolder
    private let state = Mutex<(isLooking: Bool, next: ContinuousClock.Instant)>((false, .now))

    init(_ data: DataFolder) { self.data = data }

    /// - Throws: what is wrong with the database or the folders, as far as is known now.
    func look() async throws {
        for database in [data.database, data.records] { try database.requireWhole() }
        for folder in FolderIdentity.folders {
            let path = data.root.appendingPathComponent("\(folder)/\(FolderIdentity.file)").path
            guard FileManager.default.fileExists(atPath: path) else { throw DataFolderError.missing(path: path) }
        }
        let isDue = state.withLock { state in
            guard !state.isLooking, state.next <= .now else { return false }
            state.isLooking = true
            return true
        }
        guard isDue else { return }
        let begin = ContinuousClock.now
        defer {
            state.withLock { $0 = (false, .now + (ContinuousClock.now - begin) * 100) }
        }
        for database in [data.database, data.records] { try await database.checkIntegrity() }
    }
}
