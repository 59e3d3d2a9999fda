/// Bytes in order, a chunk at a time, in memory that does not grow with their number.
///
/// Readers pull: an archive's entry inflates, a decoder decodes, only as far as the next chunk needs.
public protocol ByteSource {
    /// Fills the buffer from its start and returns how many bytes were written: perhaps fewer than fit, 0 only at the
    /// end.
    ///
    /// The buffer must have room for at least one byte. After an error the source is not read again.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int

    /// How many bytes there will be, as somebody claims; nil where nobody does. Good for guesses only.
    var expectedBytes: Int? { get }
}

extension ByteSource {
    public var expectedBytes: Int? { nil }
}

extension ByteSource where Self: RandomAccessSource {
    public var expectedBytes: Int? { size }
}

/// Bytes that can be read anywhere: an archive's directory stands at its end.
///
/// What is stored sealed is read through a source of its own, so that no plain copy has to exist. One source may serve
/// several tasks at once, each reading a different entry.
public protocol RandomAccessSource: Sendable {
    /// The number of bytes, fixed while it is read.
    var size: Int { get }

    /// Fills the buffer with the bytes from `offset` on and returns how many were written: fewer than fit only at the
    /// end.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int
}

extension RandomAccessSource {
    /// The bytes of a range, as far as the source has them.
    func bytes(at offset: Int, count: Int) throws(SourceError) -> [UInt8] {
        guard offset >= 0, count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(SourceError) in try self.read(at: offset, into: buffer) }
        }.get()
        bytes.removeLast(count - read)
        return bytes
    }
}
