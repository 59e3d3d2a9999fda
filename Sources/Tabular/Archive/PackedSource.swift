/// An entry's packed bytes, through a window that inflate reads from.
struct PackedSource {
    private let source: any RandomAccessSource
    private var position: Int
    private let end: Int
    /// As large as keeps the cost of a call small; the source may have to decrypt for it.
    private static let windowLength = 256 << 10

    init(_ source: any RandomAccessSource, range: Range<Int>) {
        self.source = source
        position = range.lowerBound
        end = range.upperBound
    }

    var remaining: Int { end - position }
    var suggestedWindow: Int { min(remaining, PackedSource.windowLength) }

    /// Fills the buffer as far as there are bytes. An archive that became shorter since it was opened is an error.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        let wanted = min(buffer.count, remaining)
        guard wanted > 0 else { return 0 }
        let count = try source.read(at: position, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
        guard count == wanted else {
            throw .unreadable(operation: "read", reason: "the archive became shorter while it was read")
        }
        position += count
        return count
    }
}
