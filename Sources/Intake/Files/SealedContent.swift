import Glibc
import ShangMi

/// The plain bytes of one sealed file, readable anywhere, by several tasks at once, in memory of a few chunks.
public final class SealedContent: Sendable {
    public let name: String
    /// Plain bytes.
    public let size: Int
    private let file: SealedFile
    private let path: String
    private let descriptor: Descriptor

    /// Closes with its last user.
    private final class Descriptor: Sendable {
        let number: Int32

        init(path: String) throws {
            number = Glibc.open(path, O_RDONLY | O_CLOEXEC)
            if number < 0 { throw IntakeError(FileSystem.Fault("open", code: errno), path: path) }
        }

        deinit { close(number) }
    }

    /// The first bytes of another, as a content of its own.
    init(_ whole: SealedContent, size: Int) {
        name = whole.name
        self.size = min(size, whole.size)
        file = whole.file
        path = whole.path
        descriptor = whole.descriptor
    }

    init(name: String, folder: SealedFolder) throws {
        self.name = name
        let path = folder.path + "/" + name
        let descriptor = try Descriptor(path: path)
        var status = stat()
        guard fstat(descriptor.number, &status) == 0 else {
            throw IntakeError(FileSystem.Fault("ask for the size", code: errno), path: path)
        }
        file = try Self.naming(path) {
            try SealedFile(
                sealedSize: Int(status.st_size), keys: folder.keys.ring, context: folder.context(name)
            ) { offset, buffer in
                let count = pread(descriptor.number, buffer.baseAddress, buffer.count, off_t(offset))
                if count < 0 { throw FileSystem.Fault("read", code: errno) }
                return count
            }
        }
        size = file.size
        self.path = path
        self.descriptor = descriptor
    }

    /// Fills the buffer with the plain bytes from `offset` on and returns how many it wrote: fewer than fit only at the end.
    ///
    /// - Throws: `IntakeError.damaged` where the bytes are not what was sealed.
    public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let buffer = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(max(0, size - offset)))
        return try Self.naming(path) { try file.read(at: offset, into: buffer) }
    }

    private static func naming<T>(_ path: String, _ body: () throws -> T) throws -> T {
        do {
            return try IntakeError.at(path, body)
        } catch let error as SealError {
            throw IntakeError.damaged(path: path, detail: error.description)
        }
    }
}
