/// Opens sealed bytes in order, a chunk at a time, in memory of two chunks. Nothing is handed on that has not been
/// authenticated.
///
/// What came before a fault has been handed on by then: act on the whole only after `read` has returned 0.
public final class SealedReader {
    /// Fills the buffer from its start and returns how many bytes it wrote: perhaps fewer than fit, 0 only at the end.
    public typealias Source = (UnsafeMutableRawBufferPointer) throws -> Int

    public let header: SealedHeader
    private let source: Source
    private var cipher: ChunkCipher
    /// A sealed chunk, and the byte after it that tells whether it is the last.
    private var sealed = [UInt8](repeating: 0, count: ChunkCipher.sealedByteCount + 1)
    private var sealedCount = 0
    private var plain = [UInt8](repeating: 0, count: ChunkCipher.plainByteCount)
    private var unread = 0..<0
    private var chunks = 0
    private var hasEnded = false

    /// - Throws: `SealError`, and whatever the source throws.
    public init(keys: some DataKeyWrapping, context: [UInt8] = [], source: @escaping Source) throws {
        self.source = source
        var bytes = [UInt8](repeating: 0, count: SealedHeader.byteCount)
        let count = try bytes.withUnsafeMutableBytes { try Self.fill($0, from: source) }
        header = try SealedHeader(bytes: Array(bytes.prefix(count)))
        cipher = try ChunkCipher(dataKey: try header.dataKey(keys, context: context), header: header)
    }

    /// Fills the buffer with plain bytes and returns how many: perhaps fewer than fit, 0 only at the authenticated end.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if unread.isEmpty, !hasEnded { try openChunk() }
        let count = min(buffer.count, unread.count)
        let start = unread.lowerBound
        plain.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + count])) }
        unread = start + count..<unread.upperBound
        return count
    }

    /// Sealed bytes at hand, opened whole.
    public static func open(_ sealed: [UInt8], keys: some DataKeyWrapping, context: [UInt8] = []) throws -> [UInt8] {
        var rest = sealed[...]
        let reader = try SealedReader(keys: keys, context: context) { buffer in
            let part = rest.prefix(buffer.count)
            buffer.copyBytes(from: part)
            rest = rest.dropFirst(part.count)
            return part.count
        }
        var opened: [UInt8] = []
        opened.reserveCapacity(sealed.count)
        while !reader.hasEnded {
            try reader.openChunk()
            opened += reader.plain[reader.unread]
        }
        return opened
    }

    private func openChunk() throws {
        try sealed.withUnsafeMutableBytes { sealed in
            sealedCount += try Self.fill(UnsafeMutableRawBufferPointer(rebasing: sealed[sealedCount...]), from: source)
            let isLast = sealedCount <= ChunkCipher.sealedByteCount
            let chunk = UnsafeRawBufferPointer(rebasing: sealed[..<min(sealedCount, ChunkCipher.sealedByteCount)])
            guard chunk.count >= SM4GCM.tagByteCount else { throw SealError.truncated }
            let count = chunk.count - SM4GCM.tagByteCount
            try plain.withUnsafeMutableBytes { plain in
                let output = UnsafeMutableRawBufferPointer(rebasing: plain[..<count])
                guard try cipher.open(chunk, number: chunks, isLast: isLast, into: output) else {
                    throw try cipher.failure(chunk, number: chunks, isLast: isLast, scratch: output)
                }
            }
            unread = 0..<count
            hasEnded = isLast
            chunks += 1
            sealedCount = isLast ? 0 : 1
            sealed[0] = sealed[ChunkCipher.sealedByteCount]
        }
    }

    private static func fill(_ buffer: UnsafeMutableRawBufferPointer, from source: Source) throws -> Int {
        var count = 0
        while count < buffer.count {
            let read = try source(UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
            if read == 0 { break }
            count += read
        }
        return count
    }
}
