/// Reads findings back in the order they were found, in memory that does not grow with their number.
public final class FindingsReader {
    private let content: SealedContent
    private var offset = 0
    private var buffer: [UInt8] = []
    private var start = 0

    init(_ content: SealedContent) { self.content = content }

    /// The next finding as its line of JSON, without the line's end; nil after the last.
    ///
    /// - Throws: `IntakeError.damaged` where the file is not what was written.
    public func nextLine() throws -> ArraySlice<UInt8>? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return buffer[start..<end]
            }
            searched = buffer.count - start
            guard try fill() else { return nil }
        }
    }

    /// Moves what is left to the front and reads on behind it.
    private func fill() throws -> Bool {
        buffer.removeFirst(start)
        start = 0
        let left = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: 65_536))
        let count = try buffer.withUnsafeMutableBytes { bytes in
            try content.read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: bytes[left...]))
        }
        buffer.removeLast(65_536 - count)
        offset += count
        if count == 0, left > 0 {
            throw IntakeError.damaged(path: content.name, detail: "it ends amid a line; process the submission again")
        }
        return count > 0
    }
}
