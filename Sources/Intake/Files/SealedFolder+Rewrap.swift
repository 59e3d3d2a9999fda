import Glibc
import ShangMi

extension SealedFolder {
    /// Wraps the data key of every file that is under an earlier master key under the current one. Returns how many there were.
    ///
    /// Only the header is written, in place: its 68 bytes lie in the file's first sector, which a disk writes whole or not at all.
    /// Source: sqlite.org/psow.html, which rests on the same.
    func rewrap() throws -> Int {
        let current = keys.currentKeyID
        var count = 0
        let all = try names() + namesApart().map { Self.apart + "/" + $0 }
        for name in all where try header(name).keyID != current {
            try rewrap(name)
            count += 1
        }
        return count
    }

    /// Whether every file, set apart or not, is sealed under one of the keys at hand. Reads 68 bytes of each.
    public func opensUnderKeysAtHand() throws -> Bool {
        let known = Set(keys.ring.keyIDs)
        let all = try names() + namesApart().map { Self.apart + "/" + $0 }
        return try all.allSatisfy { known.contains(try header($0).keyID) }
    }

    private func header(_ name: String) throws -> SealedHeader {
        let path = path + "/" + name
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw IntakeError(FileSystem.Fault("open", code: errno), path: path) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: SealedHeader.byteCount)
        let read = pread(descriptor, &bytes, bytes.count, 0)
        guard read >= 0 else { throw IntakeError(FileSystem.Fault("read", code: errno), path: path) }
        return try Self.naming(path) { try SealedHeader(bytes: Array(bytes.prefix(read))) }
    }

    private func rewrap(_ name: String) throws {
        let path = path + "/" + name
        let old = try header(name)
        let new = try Self.naming(path) {
            try old.rewrapped(keys: keys.ring, context: context(name), random: random)
        }
        let descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw IntakeError(FileSystem.Fault("open", code: errno), path: path) }
        defer { close(descriptor) }
        try IntakeError.at(path) {
            let written = try new.bytes.withUnsafeBytes { try fileSystem.write(descriptor, $0) }
            guard written == SealedHeader.byteCount else { throw FileSystem.Fault("write the header", code: EIO) }
            try fileSystem.syncData(descriptor)
        }
    }

    private static func naming<T>(_ path: String, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as SealError {
            throw IntakeError.damaged(path: path, detail: error.description)
        }
    }
}
