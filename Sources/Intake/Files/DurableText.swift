import Glibc

/// Small texts that stand beside what is sealed, such as which data folder a folder belongs to.
public enum DurableText {
    /// Writes a file for its owner alone, durably, under a name that may be taken.
    public static func write(_ text: String, to path: String, fileSystem: FileSystem = .local) throws {
        let temporaryPath = path + ".new"
        unlink(temporaryPath)
        let file = try DurableFile(path: path, temporaryPath: temporaryPath, fileSystem: fileSystem)
        try Array(text.utf8).withUnsafeBytes { try file.write($0) }
        do {
            try file.finish(folder: Folder.parent(path))
        } catch let failure as DurableFile.SyncFailure {
            throw failure.cause
        }
    }

    /// Removes a file, where it is, durably.
    public static func remove(_ path: String, fileSystem: FileSystem = .local) throws {
        guard access(path, F_OK) == 0 else { return }
        try IntakeError.at(path) {
            try fileSystem.remove(path)
            try fileSystem.syncFolder(Folder.parent(path))
        }
    }
}
