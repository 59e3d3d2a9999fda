import Glibc

/// A file that appears under its name whole and durable, or not at all.
///
/// It is written under another name, synced, renamed, and its folder is synced: only then may anybody be told. On Linux a sync
/// that failed cannot be tried again: the pages count as clean afterwards although they were never written.
/// Source: Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020.
final class DurableFile {
    private let path: String
    private let temporaryPath: String
    private let fileSystem: FileSystem
    private var descriptor: Int32

    init(path: String, temporaryPath: String, fileSystem: FileSystem) throws {
        self.path = path
        self.temporaryPath = temporaryPath
        self.fileSystem = fileSystem
        descriptor = try IntakeError.at(temporaryPath) { try fileSystem.create(temporaryPath) }
    }

    deinit { abandon() }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard descriptor >= 0 else { throw IntakeError.alreadyEnded(path: path) }
        try IntakeError.at(path) {
            var rest = bytes
            while !rest.isEmpty {
                let count = try fileSystem.write(descriptor, rest)
                guard count > 0 else { throw FileSystem.Fault("write", code: EIO) }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }

    /// Makes the file durable under its name. Whatever fails, nothing stays under either name.
    ///
    /// - Throws: `SyncFailure` where what the disk holds is no longer known.
    func finish(folder: String) throws {
        guard descriptor >= 0 else { throw IntakeError.alreadyEnded(path: path) }
        do {
            try sync { try fileSystem.syncData(descriptor) }
            try IntakeError.at(path) { try fileSystem.rename(temporaryPath, path) }
        } catch {
            abandon()
            throw error
        }
        close()
        do {
            try sync { try fileSystem.syncFolder(folder) }
        } catch {
            try? fileSystem.remove(path)
            throw error
        }
    }

    /// Removes what was written. Does nothing after the end.
    func abandon() {
        guard descriptor >= 0 else { return }
        close()
        try? fileSystem.remove(temporaryPath)
    }

    /// A sync that failed for another reason than space: the caller must stop acknowledging.
    struct SyncFailure: Error {
        let cause: IntakeError
        let reason: String
    }

    private func sync(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let fault as FileSystem.Fault {
            let error = IntakeError(fault, path: path)
            throw fault.isForSpace ? error : SyncFailure(cause: error, reason: "\(fault.operation): \(fault)")
        }
    }

    private func close() {
        Glibc.close(descriptor)
        descriptor = -1
    }
}
