/// One file of an archive.
public struct ArchiveEntry: Sendable {
    /// The name with its folders, parted by `/`, as the archive has it; characters that cannot be shown stand as
    /// U+FFFD.
    public let name: String
    /// Bytes unpacked. `open()` gives exactly so many or fails.
    public let size: Int
    /// Bytes in the archive.
    public let compressedSize: Int
    /// Why the entry is not read, as far as that shows without reading it.
    public let fault: ArchiveError?

    let method: Int
    let checksum: UInt32
    private let data: Range<Int>?
    private let source: any RandomAccessSource

    init(_ header: DirectoryHeader, data: Range<Int>?, fault: ArchiveError?, source: any RandomAccessSource) {
        name = header.name.text
        size = header.size
        compressedSize = header.compressedSize
        method = header.method
        checksum = header.checksum
        self.fault = fault
        self.data = data
        self.source = source
    }

    /// The name without folders.
    public var fileName: String { name.split(separator: "/").last.map(String.init) ?? name }

    /// The unpacked bytes in order. Each call reads anew; entries may be read by several tasks at once.
    ///
    /// Size and checksum can only be judged at the end: nothing read counts before the source has returned 0.
    ///
    /// - Throws: the entry's `fault`, if it has one.
    public func open() throws(SourceError) -> EntrySource {
        try open(mayBeArchive: ArchiveFormat.isWorkbook(name: name))
    }

    /// The first unpacked bytes, whatever they are; all of them where so many are asked for.
    func bytes(first count: Int) throws(SourceError) -> [UInt8] {
        let source = try open(mayBeArchive: true)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        var chunk = [UInt8](repeating: 0, count: min(max(count, 1), 64 << 10))
        while bytes.count < count {
            let wanted = min(chunk.count, count - bytes.count)
            let read = try chunk.withUnsafeMutableBytes { buffer in
                Result { () throws(SourceError) in
                    try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
                }
            }.get()
            guard read > 0 else { break }
            bytes += chunk[..<read]
        }
        return bytes
    }

    private func open(mayBeArchive: Bool) throws(SourceError) -> EntrySource {
        if let fault { throw .archive(fault) }
        guard let data else { throw .archive(.headMismatch(.signature)) }
        return EntrySource(
            PackedSource(source, range: data), isDeflated: method == Method.deflated, size: size, checksum: checksum,
            mayBeArchive: mayBeArchive)
    }
}
