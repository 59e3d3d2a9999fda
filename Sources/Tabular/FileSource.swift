import Glibc

/// A range of an open file, in order or anywhere. The descriptor's own position is neither used nor moved.
///
/// The descriptor stays the caller's: it must be open for as long as the source is read, and is not closed here.
public struct FileSource: RandomAccessSource, ByteSource {
    private let descriptor: CInt
    private let start: Int
    public let size: Int
    private var position = 0

    /// The bytes of `range`, or of the whole file as long as it is now.
    public init(descriptor: CInt, range: Range<Int>? = nil) throws(SourceError) {
        self.descriptor = descriptor
        if let range {
            start = range.lowerBound
            size = range.count
        } else {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw SourceError.system("fstat") }
            start = 0
            size = Int(status.st_size)
        }
    }

    public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        let wanted = min(buffer.count, size - offset)
        guard offset >= 0, wanted > 0, let base = buffer.baseAddress else { return 0 }
        var done = 0
        while done < wanted {
            let count = pread(descriptor, base + done, wanted - done, off_t(start + offset + done))
            if count > 0 {
                done += count
            } else if count == 0 {
                break
            } else if errno != EINTR {
                throw SourceError.system("pread")
            }
        }
        return done
    }

    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        let count = try read(at: position, into: buffer)
        position += count
        return count
    }
}

extension SourceError {
    /// The failure of a system call that has just set `errno`.
    static func system(_ operation: String) -> SourceError {
        .unreadable(operation: operation, reason: String(cString: strerror(errno)))
    }
}
