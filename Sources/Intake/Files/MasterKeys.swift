import Glibc
public import ShangMi
import Synchronization

/// The master keys of a deployment: a folder with a file for each, `0001.key`, of which the highest number seals what is new.
///
/// Changing the key: a new one is written, then every sealed file's data key is wrapped anew (its bytes stay as they are), then
/// the old key files are removed. Every step can be cut off and gone on with: until the last the old keys are there.
public final class MasterKeys: Sendable {
    public let path: String
    private let random: RandomSource
    private let fileSystem: FileSystem
    private let state: Mutex<State>

    private struct State {
        var ring: KeyRing
        var numbers: [Int]
    }

    /// Reads the keys; makes the folder and the first key where there is no folder.
    ///
    /// - Parameter mayMake: false only reads: a folder that is not there is a lost key then.
    /// - Throws: `IntakeError.noKey` where the folder is there and empty: a new key would open nothing that was sealed.
    public init(
        path: String, random: RandomSource = .strong, fileSystem: FileSystem = .local, mayMake: Bool = true
    ) throws {
        self.path = path
        self.random = random
        self.fileSystem = fileSystem
        if mayMake, access(path, F_OK) != 0 {
            // Made under another name first: a folder without its key must mean a lost key and not a first start cut off.
            let unfinished = path + ".new"
            try Folder.make(unfinished)
            for name in try Folder.names(unfinished) { unlink(unfinished + "/" + name) }
            try KeyFile.write(Self.newKey(random), to: Self.file(1, in: unfinished), fileSystem: fileSystem)
            try IntakeError.at(path) {
                try fileSystem.rename(unfinished, path)
                try fileSystem.syncFolder(Folder.parent(path))
            }
        }
        state = Mutex(try Self.read(path))
    }

    /// The keys as they are now. A file is sealed or opened with one such ring from its beginning to its end.
    public var ring: KeyRing { state.withLock { $0.ring } }

    public var currentKeyID: KeyID { ring.currentKeyID }

    /// The ids of all keys at hand, sorted.
    public var keyIDs: [String] { ring.keyIDs.map(\.description).sorted() }

    /// Whether a change of keys has begun and not come to its end.
    public var isChanging: Bool { state.withLock { $0.numbers.count > 1 } }

    /// Begins a change: everything new is sealed under a new key from now on.
    public func addKey() throws {
        try state.withLock { state in
            let number = (state.numbers.max() ?? 0) + 1
            try KeyFile.write(Self.newKey(random), to: Self.file(number, in: path), fileSystem: fileSystem)
            state = try Self.read(path)
        }
    }

    /// Wraps the data key of every file under the current master key, then removes the keys before it. Does nothing where all is done.
    ///
    /// Call it when nothing is being written into the folders: at start, or with the server stopped.
    ///
    /// - Parameter folders: All there are; what is sealed elsewhere under an old key could not be opened any more.
    /// - Returns: How many files were wrapped anew.
    @discardableResult
    public func finishChange(in folders: [SealedFolder]) throws -> Int {
        guard isChanging else { return 0 }
        var count = 0
        for folder in folders { count += try folder.rewrap() }
        try state.withLock { state in
            for number in state.numbers.sorted().dropLast() {
                try IntakeError.at(path) { try fileSystem.remove(Self.file(number, in: path)) }
            }
            try IntakeError.at(path) { try fileSystem.syncFolder(path) }
            state = try Self.read(path)
        }
        return count
    }

    private static func read(_ path: String) throws -> State {
        guard access(path, F_OK) == 0 else { throw IntakeError.noKey(path: file(1, in: path)) }
        let numbers = try Folder.names(path).compactMap { name in
            name.hasSuffix(".key") ? Int(name.dropLast(4)) : nil
        }.sorted()
        guard let newest = numbers.last else { throw IntakeError.noKey(path: file(1, in: path)) }
        let earlier = try numbers.dropLast().map {
            try KeyFile.read(file($0, in: path), byteCount: SM4GCM.keyByteCount)
        }
        let current = try KeyFile.read(file(newest, in: path), byteCount: SM4GCM.keyByteCount)
        return State(ring: try KeyRing(current: current, earlier: earlier), numbers: numbers)
    }

    private static func file(_ number: Int, in path: String) -> String {
        let digits = String(number)
        return path + "/" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ".key"
    }

    private static func newKey(_ random: RandomSource) -> SymmetricKey {
        SymmetricKey(byteCount: SM4GCM.keyByteCount, from: random)
    }
}
