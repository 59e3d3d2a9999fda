import Glibc
public import ShangMi
import Synchronization

/// A folder of sealed files. Each stands under its name whole and durable or not at all, and opens under that name alone.
///
/// What is being written lies in `incoming/` until it is whole. No plain byte touches the disk.
public final class SealedFolder: Sendable {
    public let path: String
    public let keys: MasterKeys
    let fileSystem: FileSystem
    private let purpose: String
    let random: RandomSource
    private let poison = Mutex<String?>(nil)
    private let lock = Mutex<Int32?>(nil)

    var incoming: String { path + "/incoming" }

    /// Names in the folder that are no sealed files.
    private static let others: Set<String> = ["incoming", "lock", SealedFolder.mark, SealedFolder.apart]
    /// The file that says to which data folder this folder belongs.
    public static let mark = "identity"
    /// The folder of whole files that nothing knows.
    static let apart = "set-apart"

    /// Makes the folder, for its owner alone, where there is none.
    ///
    /// - Parameters:
    ///   - purpose: What the files are, `spool`. A file of one folder does not open in another with another purpose.
    ///   - mayMake: false leaves the disk as it is, to look at a folder alone.
    public init(
        path: String, purpose: String, keys: MasterKeys, random: RandomSource = .strong,
        fileSystem: FileSystem = .local, mayMake: Bool = true
    ) throws {
        self.path = path
        self.purpose = purpose
        self.keys = keys
        self.random = random
        self.fileSystem = fileSystem
        guard mayMake else { return }
        try Folder.make(path)
        try Folder.make(incoming)
    }

    deinit { lock.withLock { if let lock = $0 { close(lock) } } }

    /// Makes the folder this process's own until it ends, and removes what an earlier one left half-written. Returns how much that was.
    ///
    /// - Throws: `IntakeError.inUse` where another process has done the same.
    @discardableResult
    public func takeOver() throws -> Int {
        try lock.withLock { lock in
            guard lock == nil else { return }
            let descriptor = Glibc.open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw IntakeError(FileSystem.Fault("lock", code: errno), path: path) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                close(descriptor)
                throw IntakeError.inUse(path: path)
            }
            lock = descriptor
        }
        let leftovers = try Folder.names(incoming)
        for name in leftovers { try IntakeError.at(incoming) { try fileSystem.remove(incoming + "/" + name) } }
        return leftovers.count
    }

    /// Looks whether a process has made the folder its own, and leaves it as it is.
    ///
    /// - Throws: `IntakeError.inUse`.
    public static func requireFree(_ path: String) throws {
        let descriptor = Glibc.open(path + "/lock", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw IntakeError.inUse(path: path) }
    }

    /// Begins a file. Its name must not be taken by one that is being written.
    public func begin(_ name: String) throws -> Writer {
        try checkPoison()
        return try Writer(name: name, folder: self, random: random)
    }

    /// The file of that name for reading anywhere in it, by several tasks at once.
    ///
    /// - Throws: `IntakeError.damaged` where it is not what was sealed; reading throws that too.
    public func open(_ name: String) throws -> SealedContent { try SealedContent(name: name, folder: self) }

    /// As `open`, for a file that was set apart.
    public func openApart(_ name: String) throws -> SealedContent {
        try SealedContent(name: Self.apart + "/" + name, folder: self)
    }

    public func contains(_ name: String) -> Bool { access(path + "/" + name, F_OK) == 0 }

    /// The names of all whole files, sorted.
    public func names() throws -> [String] { try Folder.names(path).filter { !Self.others.contains($0) } }

    // MARK: Set apart

    /// The names of all files that were set apart, sorted.
    public func namesApart() throws -> [String] {
        access(path + "/" + Self.apart, F_OK) == 0 ? try Folder.names(path + "/" + Self.apart) : []
    }

    /// Moves a whole file that nothing knows into the folder `set-apart/`, where it stays until somebody decides about it. Durable when this returns.
    public func setApart(_ name: String) throws {
        try Folder.make(path + "/" + Self.apart)
        try move(path + "/" + name, to: path + "/" + Self.apart + "/" + name)
    }

    /// Moves a file that was set apart back to its place. Durable when this returns.
    public func putBack(_ name: String) throws {
        try move(path + "/" + Self.apart + "/" + name, to: path + "/" + name)
    }

    private func move(_ old: String, to new: String) throws {
        try IntakeError.at(old) {
            try fileSystem.rename(old, new)
            try fileSystem.syncFolder(Folder.parent(new))
            try fileSystem.syncFolder(Folder.parent(old))
        }
    }

    /// Removes a file, where it is. `makeDurable` makes the removal outlast a power cut.
    public func remove(_ name: String) throws {
        do {
            try fileSystem.remove(path + "/" + name)
        } catch let fault as FileSystem.Fault where fault.code == ENOENT {
        } catch let fault as FileSystem.Fault {
            throw IntakeError(fault, path: path + "/" + name)
        }
    }

    public func makeDurable() throws { try IntakeError.at(path) { try fileSystem.syncFolder(path) } }

    // MARK: Shared with writers, readers and rotation

    /// - Parameter name: A file that was set apart is bound to the name that it had before.
    func context(_ name: String) -> [UInt8] {
        let prefix = [Self.apart + "/", Self.unfinished].first { name.hasPrefix($0) } ?? ""
        return Array("\(purpose)/\(name.dropFirst(prefix.count))".utf8)
    }

    /// Before the name of a file that is being written.
    private static let unfinished = "incoming/"

    func checkPoison() throws {
        if let cause = poison.withLock({ $0 }) { throw IntakeError.poisoned(path: path, cause: cause) }
    }

    /// Makes a file durable; after a sync that failed nothing more is begun or finished here.
    func finish(_ file: DurableFile) throws {
        try checkPoison()
        do {
            try file.finish(folder: path)
        } catch let failure as DurableFile.SyncFailure {
            poison.withLock { $0 = $0 ?? failure.reason }
            throw IntakeError.poisoned(path: path, cause: failure.reason)
        }
    }

    /// Writes one sealed file. Used by one task at a time; what was begun and not finished is removed with it.
    public final class Writer {
        public let name: String
        private let folder: SealedFolder
        private let file: DurableFile
        private var seal: SealedWriter

        fileprivate init(name: String, folder: SealedFolder, random: RandomSource) throws {
            self.name = name
            self.folder = folder
            seal = try SealedWriter(keys: folder.keys.ring, context: folder.context(name), random: random)
            file = try DurableFile(
                path: folder.path + "/" + name, temporaryPath: folder.incoming + "/" + name,
                fileSystem: folder.fileSystem)
        }

        public func write(_ bytes: UnsafeRawBufferPointer) throws { try seal.write(bytes, to: file.write) }

        /// Makes the file durable under its name.
        ///
        /// - Throws: `IntakeError.diskFull`, `.poisoned`, `.alreadyEnded`; nothing of the file stays then.
        public func finish() throws {
            do {
                try seal.finish(to: file.write)
            } catch SealError.writerEnded {
                throw IntakeError.alreadyEnded(path: folder.path + "/" + name)
            } catch {
                file.abandon()
                throw error
            }
            try folder.finish(file)
        }

        /// Ends the file without keeping it. What was written can be read as long as somebody holds what this answers; the disk forgets
        /// it then, and at the latest with the process.
        public func takeBack() throws -> SealedContent {
            defer { file.abandon() }
            try seal.finish(to: file.write)
            return try SealedContent(name: SealedFolder.unfinished + name, folder: folder)
        }

        public func abandon() { file.abandon() }
    }
}
