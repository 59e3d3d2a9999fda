import Glibc

/// The calls on which durability rests, one closure each, so that a test can make any of them fail.
public struct FileSystem: Sendable {
    /// Makes a new file for its owner alone and returns its descriptor; fails where there is one of that name.
    public var create: @Sendable (_ path: String) throws -> Int32
    /// Writes bytes and returns how many: perhaps fewer than were given.
    public var write: @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws -> Int
    public var syncData: @Sendable (_ descriptor: Int32) throws -> Void
    public var rename: @Sendable (_ path: String, _ newPath: String) throws -> Void
    /// Makes the names in a folder durable. Without it a power cut loses files whose bytes are on the disk.
    public var syncFolder: @Sendable (_ path: String) throws -> Void
    public var remove: @Sendable (_ path: String) throws -> Void
    /// How much the disk under a folder still takes, for a process without privileges.
    public var availableBytes: @Sendable (_ path: String) throws -> Int

    /// A system call that failed.
    public struct Fault: Error, Hashable, CustomStringConvertible {
        public let operation: String
        /// As errno has it.
        public let code: Int32

        public init(_ operation: String, code: Int32) {
            self.operation = operation
            self.code = code
        }

        public var description: String { String(cString: strerror(code)) }

        public var isForSpace: Bool { code == ENOSPC || code == EDQUOT }
    }

    public static let local = FileSystem(
        create: { path in try check("create", open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)) },
        write: { descriptor, bytes in
            var count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            // A signal before the first byte.
            while count < 0 && errno == EINTR { count = Glibc.write(descriptor, bytes.baseAddress, bytes.count) }
            return try check("write", count)
        },
        syncData: { descriptor in _ = try check("sync", fdatasync(descriptor)) },
        rename: { path, newPath in _ = try check("rename", Glibc.rename(path, newPath)) },
        syncFolder: { path in
            let folder = try check("open the folder", open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
            defer { close(folder) }
            _ = try check("sync the folder", fsync(folder))
        },
        remove: { path in _ = try check("remove", unlink(path)) },
        availableBytes: { path in
            var status = statvfs()
            _ = try check("ask for free space", statvfs(path, &status))
            return Int(
                clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
        })

    /// Fails with errno where a call returned −1.
    private static func check<Result: SignedInteger>(_ operation: String, _ result: Result) throws -> Result {
        if result < 0 { throw Fault(operation, code: errno) }
        return result
    }
}

extension IntakeError {
    init(_ fault: FileSystem.Fault, path: String) {
        self =
            fault.isForSpace
            ? .diskFull(path: path)
            : .inputOutput(path: path, operation: fault.operation, reason: fault.description)
    }

    /// Runs `body` and names the file where a system call failed.
    static func at<T>(_ path: String, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let fault as FileSystem.Fault {
            throw IntakeError(fault, path: path)
        }
    }
}
