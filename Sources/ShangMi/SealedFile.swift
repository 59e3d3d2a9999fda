import Synchronization

/// Opens sealed bytes anywhere: an archive's directory stands at its end. Several tasks may read one file at once.
///
/// The last chunk is opened at once, so the size is authenticated before the first read; every other chunk is
/// authenticated when it is read. The chunks read last are kept open, so reading on in small pieces does not open them
/// again.
public final class SealedFile: Sendable {
    /// Fills the buffer with the sealed bytes from an offset on and returns how many it wrote: fewer than fit only at
    /// the end.
    public typealias Source = @Sendable (_ offset: Int, _ buffer: UnsafeMutableRawBufferPointer) throws -> Int

    /// The number of plain bytes.
    public let size: Int
    public let header: SealedHeader
    private let source: Source
    private let dataKey: SymmetricKey
    private let bodyCount: Int
    private let chunkCount: Int
    private let open = Mutex<[(number: Int, bytes: [UInt8])]>([])
    private static let maximumOpenChunks = 4

    /// - Parameter sealedSize: How many bytes the source has, the header's included.
    /// - Throws: `SealError`, and whatever the source throws.
    public init(sealedSize: Int, keys: some DataKeyWrapping, context: [UInt8] = [], source: @escaping Source) throws {
        let head = try Self.bytes(at: 0, count: min(sealedSize, SealedHeader.byteCount), from: source)
        header = try SealedHeader(bytes: head)
        dataKey = try header.dataKey(keys, context: context)
        self.source = source
        bodyCount = sealedSize - SealedHeader.byteCount
        chunkCount = max(1, (bodyCount + ChunkCipher.sealedByteCount - 1) / ChunkCipher.sealedByteCount)
        size = bodyCount - chunkCount * SM4GCM.tagByteCount
        let last = bodyCount - (chunkCount - 1) * ChunkCipher.sealedByteCount
        guard last >= SM4GCM.tagByteCount else { throw SealError.truncated }
        keepOpen(chunkCount - 1, try openChunk(chunkCount - 1))
    }

    /// Fills the buffer with the plain bytes from `offset` on and returns how many it wrote: fewer than fit only at the
    /// end.
    public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let wanted = min(buffer.count, size - offset)
        guard offset >= 0, wanted > 0 else { return 0 }
        var done = 0
        while done < wanted {
            let (number, start) = (offset + done).quotientAndRemainder(dividingBy: ChunkCipher.plainByteCount)
            let bytes = try chunk(number)
            let count = min(wanted - done, bytes.count - start)
            bytes.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]))
            }
            done += count
        }
        return done
    }

    private func chunk(_ number: Int) throws -> [UInt8] {
        if let bytes = open.withLock({ $0.first { $0.number == number }?.bytes }) { return bytes }
        let bytes = try openChunk(number)
        keepOpen(number, bytes)
        return bytes
    }

    private func keepOpen(_ number: Int, _ bytes: [UInt8]) {
        open.withLock { open in
            if open.count == Self.maximumOpenChunks { open.removeFirst() }
            open.append((number, bytes))
        }
    }

    private func openChunk(_ number: Int) throws -> [UInt8] {
        let start = number * ChunkCipher.sealedByteCount
        let isLast = number == chunkCount - 1
        let sealed = try Self.bytes(
            at: SealedHeader.byteCount + start, count: min(bodyCount - start, ChunkCipher.sealedByteCount), from: source
        )
        var plain = [UInt8](repeating: 0, count: sealed.count - SM4GCM.tagByteCount)
        var cipher = try ChunkCipher(dataKey: dataKey, header: header)
        try sealed.withUnsafeBytes { sealed in
            try plain.withUnsafeMutableBytes { plain in
                guard try cipher.open(sealed, number: number, isLast: isLast, into: plain) else {
                    throw try cipher.failure(sealed, number: number, isLast: isLast, scratch: plain)
                }
            }
        }
        return plain
    }

    private static func bytes(at offset: Int, count: Int, from source: Source) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try bytes.withUnsafeMutableBytes { buffer in
            var done = 0
            while done < count {
                let read = try source(offset + done, UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
                if read == 0 { break }
                done += read
            }
            return done
        }
        guard read == count else { throw SealError.truncated }
        return bytes
    }
}
