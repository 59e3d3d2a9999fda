/// The unpacked bytes of one entry, checked as they pass.
///
/// Never gives more bytes than the archive declares, and fails instead of ending where their number or checksum differ
/// or the stream goes on behind them. A class, since ISA-L's state cannot be copied.
public final class EntrySource: ByteSource {
    private enum Stage { case start, middle, end }

    private var packed: PackedSource
    private let inflater: Inflater?
    private let size: Int
    private let checksum: UInt32
    private let mayBeArchive: Bool
    private var produced = 0
    private var crc: UInt32 = 0
    private var stage = Stage.start
    /// The first bytes, held back until they have shown that the entry is no archive.
    private var head: ArraySlice<UInt8> = []

    init(_ packed: PackedSource, isDeflated: Bool, size: Int, checksum: UInt32, mayBeArchive: Bool) {
        self.packed = packed
        inflater = isDeflated ? Inflater(windowLength: packed.suggestedWindow) : nil
        self.size = size
        self.checksum = checksum
        self.mayBeArchive = mayBeArchive
    }

    public var expectedBytes: Int? { size }

    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        if stage == .start {
            stage = .middle
            try readHead()
        }
        if stage == .end { return 0 }
        var written = min(head.count, buffer.count)
        buffer.copyBytes(from: head.prefix(written))
        head = head.dropFirst(written)
        written += try unpack(into: UnsafeMutableRawBufferPointer(rebasing: buffer[written...]))
        if produced == size, head.isEmpty {
            try finish()
            stage = .end
        }
        return written
    }

    private func readHead() throws(SourceError) {
        var bytes = [UInt8](repeating: 0, count: min(ArchiveFormat.magicLength, size))
        let count = try bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(SourceError) in try unpack(into: buffer) }
        }.get()
        head = bytes.prefix(count)
        if !mayBeArchive, ArchiveFormat(magic: head) != nil { throw .archive(.nestedArchive) }
    }

    /// Fills the buffer, or as much of it as the declared size leaves.
    private func unpack(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        let wanted = min(buffer.count, size - produced)
        guard wanted > 0 else { return 0 }
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
        let count: Int
        if let inflater {
            switch try inflater.inflate(from: &packed, into: part) {
            case .wrote(let written): count = written
            case .ended: throw .archive(.wrongSize(declared: size))
            case .damaged: throw .archive(.damagedData)
            }
        } else {
            count = try packed.read(into: part)
        }
        produced += count
        crc = Checksum.crc32(crc, of: UnsafeRawBufferPointer(rebasing: part[..<count]))
        return count
    }

    /// Makes sure that nothing follows the declared bytes, and that they are the right ones.
    private func finish() throws(SourceError) {
        if let inflater {
            let outcome = try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { buffer in
                Result { () throws(SourceError) in try inflater.inflate(from: &packed, into: buffer) }
            }.get()
            switch outcome {
            case .wrote: throw .archive(.wrongSize(declared: size))
            case .damaged: throw .archive(.damagedData)
            case .ended: break
            }
            guard inflater.unusedBytes == 0, packed.remaining == 0 else { throw .archive(.damagedData) }
        }
        guard crc == checksum else { throw .archive(.wrongChecksum) }
    }
}
