import FoundationEssentials
import Glibc
public import ShangMi

/// A file that holds one key as hexadecimal digits, readable by its owner alone.
public enum KeyFile {
    /// Reads a key.
    ///
    /// - Throws: `IntakeError.noKey`, `.keyOpenToOthers`, `.malformedKey`.
    public static func read(_ path: String, byteCount: Int) throws -> SymmetricKey {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw errno == ENOENT
                ? IntakeError.noKey(path: path) : IntakeError(FileSystem.Fault("read", code: errno), path: path)
        }
        guard status.st_mode & 0o077 == 0 else { throw IntakeError.keyOpenToOthers(path: path) }
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw IntakeError(FileSystem.Fault("read", code: EIO), path: path)
        }
        let text = String(decoding: data, as: UTF8.self)
        guard let key = SymmetricKey(hex: text.filter { !$0.isWhitespace }), key.byteCount == byteCount else {
            throw IntakeError.malformedKey(path: path)
        }
        return key
    }

    /// Writes a key durably under a name that is not taken.
    public static func write(_ key: SymmetricKey, to path: String, fileSystem: FileSystem = .local) throws {
        let temporaryPath = path + ".new"
        unlink(temporaryPath)
        let file = try DurableFile(path: path, temporaryPath: temporaryPath, fileSystem: fileSystem)
        try Array((key.exposedHex + "\n").utf8).withUnsafeBytes { try file.write($0) }
        do {
            try file.finish(folder: Folder.parent(path))
        } catch let failure as DurableFile.SyncFailure {
            throw failure.cause
        }
    }

    /// The key in the file, made anew where there is none: for pseudonyms, 32 bytes.
    ///
    /// A key made anew for one that was lost makes new pseudonyms: rows stored before no longer link to later ones.
    public static func readOrMake(
        _ path: String, byteCount: Int, random: RandomSource, fileSystem: FileSystem = .local
    ) throws -> SymmetricKey {
        do {
            return try read(path, byteCount: byteCount)
        } catch IntakeError.noKey {
            try Folder.make(Folder.parent(path))
            let key = SymmetricKey(byteCount: byteCount, from: random)
            try write(key, to: path, fileSystem: fileSystem)
            return key
        }
    }
}
