import Glibc
import Portal
import ShangMi
import Synchronization

/// The agent's executable that the server hands out: looked at whenever it is asked for, so that a new one needs no restart.
final class AgentExecutable: Sendable {
    private let path: String?
    /// The digest of the file that was looked at last, and which file that was.
    private let known = Mutex<(identity: Identity, sm3: String)?>(nil)

    /// Tells one state of a file from another without reading it.
    private struct Identity: Hashable {
        var device: UInt
        var inode: UInt
        var size: Int
        var seconds: Int
        var nanoseconds: Int
    }

    /// - Parameter path: nil where none is handed out.
    init(path: String?) { self.path = path }

    /// The file as it is now; nil where there is none, or it cannot be read.
    ///
    /// It stays open while it is read, so that one that is put in its place meanwhile does not get mixed into it.
    ///
    /// - Complexity: the first time after a change O(bytes), for the digest; then O(1).
    func file() throws -> AgentFile? {
        guard let path, let opened = OpenedFile(path), let identity = opened.identity, identity.size > 0 else {
            return nil
        }
        let sm3: String
        if let last = known.withLock({ $0 }), last.identity == identity {
            sm3 = last.sm3
        } else {
            guard let digest = try opened.digest(), opened.identity == identity else { return nil }
            sm3 = digest
            known.withLock { $0 = (identity, digest) }
        }
        let isStatic = AgentExecutable.isStatic(opened.read(from: 0, count: 4096))
        return AgentFile(size: identity.size, sm3: sm3, isStatic: isStatic) { opened.read(from: $0, count: $1) }
    }

    /// Whether a file's first bytes are those of a program for x86-64 Linux that asks for no interpreter to load libraries.
    ///
    /// Source: System V ABI, chapter 4 (ELF header) and 5 (program header); AMD64 supplement, 4.1.
    static func isStatic(_ head: [UInt8]) -> Bool {
        func number(_ at: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(head[at + $1]) << (8 * $1) }
        }
        // ELF, of 64 bits, the lowest byte first, for this machine.
        guard head.count >= 64, head.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]), number(18, 2) == 62 else {
            return false
        }
        let (start, size, count) = (number(32, 4), number(54, 2), number(56, 2))
        let interpreter = 3
        return count > 0 && size >= 4
            && (0..<count).allSatisfy { index in
                let at = start + index * size
                return at + 4 <= head.count && number(at, 4) != interpreter
            }
    }

    /// A file that is closed when nobody reads it any more.
    private final class OpenedFile: Sendable {
        private let descriptor: Int32

        init?(_ path: String) {
            descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            if descriptor < 0 { return nil }
        }

        deinit { close(descriptor) }

        /// Nil for what is no regular file.
        var identity: Identity? {
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            return Identity(
                device: UInt(status.st_dev), inode: UInt(status.st_ino), size: Int(status.st_size),
                seconds: Int(status.st_mtim.tv_sec), nanoseconds: Int(status.st_mtim.tv_nsec))
        }

        /// Empty at the end, and where it cannot be read.
        func read(from offset: Int, count: Int) -> [UInt8] {
            [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                filled = max(0, pread(descriptor, buffer.baseAddress, count, off_t(offset)))
            }
        }

        /// Of the whole file, in hexadecimal digits; nil where it ends elsewhere than its size says.
        func digest() throws -> String? {
            guard let size = identity?.size else { return nil }
            var sm3 = try SM3()
            var offset = 0
            while offset < size {
                let part = read(from: offset, count: min(1 << 20, size - offset))
                guard !part.isEmpty else { return nil }
                sm3.update(part)
                offset += part.count
            }
            return "\(sm3.finish())"
        }
    }
}

extension PlatformServices: ClientServices {
    func sm3(of bytes: [UInt8]) -> String { "\(SM3.digest(bytes))" }

    func agentFile() async throws -> AgentFile? {
        try await OwnThread.run { [agent = platform.agent] in try agent.file() }.get()
    }
}
