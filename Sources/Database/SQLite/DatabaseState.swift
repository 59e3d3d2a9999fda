import Glibc
import Synchronization

/// Whether an open database may still be relied on: its files are the ones that were opened, and no error has shown damage.
final class DatabaseState: Sendable {
    private let files: [(path: String, identity: FileIdentity?)]
    private let damage = Mutex<DatabaseError?>(nil)

    /// - Parameter files: the database file first.
    init(files: [String]) { self.files = files.map { ($0, FileIdentity(of: $0)) } }

    /// Keeps the first error that shows damage.
    func note(_ error: DatabaseError) { damage.withLock { $0 = $0 ?? error } }

    func requireWhole() throws {
        if let error = damage.withLock({ $0 }) { throw error }
        for file in files where FileIdentity(of: file.path) != file.identity {
            let error = DatabaseError.replaced(path: file.path)
            note(error)
            throw error
        }
    }

    /// Which file a name stands for.
    private struct FileIdentity: Hashable, Sendable {
        let device: UInt64
        let number: UInt64

        init?(of path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            number = UInt64(status.st_ino)
        }
    }
}
