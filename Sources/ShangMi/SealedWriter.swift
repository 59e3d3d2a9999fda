/// Seals bytes that come piece by piece, in memory of two chunks; `SealedHeader` describes what it writes.
///
/// `sink` is handed sealed bytes in order. They are a whole file only after `finish`: without it every reader says
/// `truncated`.
public struct SealedWriter: ~Copyable, Sendable {
    /// Takes the next sealed bytes; what it throws passes through, and ends the writer.
    public typealias Sink = (UnsafeRawBufferPointer) throws -> Void

    public let header: SealedHeader
    private var cipher: ChunkCipher
    private var plain: [UInt8] = []
    private var sealed = [UInt8](repeating: 0, count: ChunkCipher.sealedByteCount)
    private var chunks = 0
    private var hasWrittenHeader = false
    private var hasEnded = false

    /// - Parameter context: Whatever the file belongs to, such as an upload's id. It is not stored; reading needs the
    ///   same again, so one file cannot be put in another's place.
    public init(keys: some DataKeyWrapping, context: [UInt8] = [], random: RandomSource) throws {
        let (header, dataKey) = try SealedHeader.new(keys: keys, context: context, random: random)
        self.init(header: header, cipher: try ChunkCipher(dataKey: dataKey, header: header))
    }

    private init(header: SealedHeader, cipher: consuming ChunkCipher) {
        self.header = header
        self.cipher = cipher
        plain.reserveCapacity(ChunkCipher.plainByteCount)
    }

    public mutating func write(_ bytes: UnsafeRawBufferPointer, to sink: Sink) throws {
        guard !hasEnded else { throw SealError.writerEnded }
        var rest = bytes[...]
        while !rest.isEmpty {
            // A full chunk waits for the next byte: only then is it known not to be the last.
            if plain.count == ChunkCipher.plainByteCount { try writeChunk(isLast: false, to: sink) }
            let taken = rest.prefix(ChunkCipher.plainByteCount - plain.count)
            plain.append(contentsOf: taken)
            rest = rest.dropFirst(taken.count)
        }
    }

    public mutating func write(_ bytes: [UInt8], to sink: Sink) throws {
        try bytes.withUnsafeBytes { try write($0, to: sink) }
    }

    /// Writes the last chunk. Making it durable is the sink's owner's part.
    public mutating func finish(to sink: Sink) throws {
        try writeChunk(isLast: true, to: sink)
        hasEnded = true
    }

    /// Bytes at hand, sealed whole.
    public static func seal(
        _ bytes: [UInt8], keys: some DataKeyWrapping, context: [UInt8] = [], random: RandomSource
    ) throws -> [UInt8] {
        var writer = try SealedWriter(keys: keys, context: context, random: random)
        var sealed: [UInt8] = []
        try writer.write(bytes) { sealed += $0 }
        try writer.finish { sealed += $0 }
        return sealed
    }

    private mutating func writeChunk(isLast: Bool, to sink: Sink) throws {
        guard !hasEnded else { throw SealError.writerEnded }
        // Until the sink has taken the bytes: a chunk sealed twice under one nonce must not get out.
        hasEnded = true
        if !hasWrittenHeader { try header.bytes.withUnsafeBytes { try sink($0) } }
        hasWrittenHeader = true
        let count = plain.count + SM4GCM.tagByteCount
        try plain.withUnsafeMutableBytes { plain in
            try sealed.withUnsafeMutableBytes { sealed in
                let output = UnsafeMutableRawBufferPointer(rebasing: sealed[..<count])
                try cipher.seal(UnsafeRawBufferPointer(plain), number: chunks, isLast: isLast, into: output)
                try sink(UnsafeRawBufferPointer(output))
            }
        }
        plain.removeAll(keepingCapacity: true)
        chunks += 1
        hasEnded = false
    }
}
