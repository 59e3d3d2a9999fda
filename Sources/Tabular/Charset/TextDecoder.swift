/// Text in whatever charset it comes, given as valid UTF-8 without a mark.
///
/// A mark at the start decides the charset; without one, ASCII passes until the first byte outside it, where the
/// charset is decided by what follows (`CharsetDetector`). Bytes that are no character in that charset become U+FFFD,
/// each time with an entry in `faults`. Zero bytes pass: whoever reads the text has to refuse them with their place.
public struct TextDecoder: ByteSource {
    /// The charset, once it is known; nil while there is only ASCII, in which all of them but UTF-16 agree.
    public private(set) var charset: Charset?
    /// The replacements in the chunk last read, in order. At most one for every three bytes of the chunk.
    public private(set) var faults: [DecodingFault] = []
    /// All replacements so far.
    public private(set) var faultCount = 0

    private var source: any ByteSource
    private var window = [UInt8](repeating: 0, count: CharsetDetector.windowLength)
    private var unread = 0..<0
    private var sourceHasEnded = false
    private var hasStarted = false
    /// Characters decoded for a buffer that is too small for one.
    private var overflow: ArraySlice<UInt8> = []
    private var inputOffset = 0
    private var outputOffset = 0

    /// U+FFFD.
    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    public init(_ source: any ByteSource) { self.source = source }

    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        faults.removeAll(keepingCapacity: true)
        if !hasStarted { try start() }
        var written = 0
        while written < buffer.count {
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[written...])
            if !overflow.isEmpty {
                let count = min(overflow.count, room.count)
                room.copyBytes(from: overflow.prefix(count))
                overflow = overflow.dropFirst(count)
                written += count
                continue
            }
            if unread.isEmpty {
                if sourceHasEnded { break }
                try refill()
                continue
            }
            let count = charset == nil ? try copyASCII(into: room) : try decode(into: room, after: written)
            guard let count else { break }
            written += count
        }
        outputOffset += written
        return written
    }

    /// Reads the mark, if there is one.
    private mutating func start() throws(SourceError) {
        hasStarted = true
        while unread.count < Charset.longestMark, !sourceHasEnded { try refill() }
        if let mark = Charset.marked(window[unread]) {
            if mark.charset == .gb18030 { try requireGB18030() }
            charset = mark.charset
            skip(mark.length)
        }
    }

    /// Moves what is unread to the window's start and reads on behind it.
    private mutating func refill() throws(SourceError) {
        if unread.lowerBound > 0 {
            window.withUnsafeMutableBytes { bytes in
                bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[unread]))
            }
            unread = 0..<unread.count
        }
        let end = unread.upperBound
        let count = try window.withUnsafeMutableBytes { bytes in
            Result { () throws(SourceError) in
                try source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[end...]))
            }
        }.get()
        if count == 0 { sourceHasEnded = true }
        unread = 0..<end + count
    }

    private mutating func skip(_ count: Int) {
        unread = unread.lowerBound + count..<unread.upperBound
        inputOffset += count
    }

    /// Copies ASCII; at the first byte outside it, decides the charset instead.
    private mutating func copyASCII(into room: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        let count = window.withUnsafeBytes { bytes in
            let part = UnsafeRawBufferPointer(rebasing: bytes[unread].prefix(room.count))
            let length = ASCIIRun.length(of: part)
            room.copyMemory(from: UnsafeRawBufferPointer(rebasing: part[..<length]))
            return length
        }
        skip(count)
        if count == 0 { try decideCharset() }
        return count
    }

    private func requireGB18030() throws(SourceError) {
        guard GB18030.shared != nil else {
            throw .unreadable(operation: "iconv_open", reason: "the C library cannot convert GB18030")
        }
    }

    private mutating func decideCharset() throws(SourceError) {
        while !sourceHasEnded, unread.count < window.count { try refill() }
        let found = window.withUnsafeBytes { bytes in
            CharsetDetector.charset(
                of: UnsafeRawBufferPointer(rebasing: bytes[unread]), isComplete: sourceHasEnded)
        }
        if found == .gb18030 { try requireGB18030() }
        charset = found
    }

    /// Decodes into the buffer's rest. Nil where nothing more fits and something has been written.
    private mutating func decode(
        into room: UnsafeMutableRawBufferPointer, after written: Int
    ) throws(SourceError) -> Int? {
        guard let charset else { return nil }
        let step = window.withUnsafeBytes { bytes in
            DecodingStep.decode(
                charset, UnsafeRawBufferPointer(rebasing: bytes[unread]), into: room, isLast: sourceHasEnded)
        }
        skip(step.consumed)
        let end = written + step.produced
        switch step.stop {
        case .needsInput:
            if !unread.isEmpty { try refill() }
        case .needsRoom:
            if end > 0 { return step.produced > 0 ? step.produced : nil }
            decodeToOverflow(charset)
        case .fault(let length):
            let fits = room.count - step.produced >= TextDecoder.replacement.count
            if !fits, end > 0 { return step.produced > 0 ? step.produced : nil }
            faults.append(DecodingFault(inputOffset: inputOffset, outputOffset: outputOffset + end))
            faultCount += 1
            skip(length)
            guard fits else {
                overflow = TextDecoder.replacement[...]
                break
            }
            for index in 0..<3 { room[step.produced + index] = TextDecoder.replacement[index] }
            return step.produced + TextDecoder.replacement.count
        }
        return step.produced
    }

    /// Decodes a character or two for a buffer that has no room for one.
    private mutating func decodeToOverflow(_ charset: Charset) {
        var characters = [UInt8](repeating: 0, count: 16)
        let next = window[unread.prefix(4)]
        let isLast = sourceHasEnded && next.count == unread.count
        let step = next.withUnsafeBytes { input in
            characters.withUnsafeMutableBytes { output in
                DecodingStep.decode(charset, input, into: output, isLast: isLast)
            }
        }
        overflow = characters.prefix(step.produced)
        skip(step.consumed)
    }
}

/// Bytes that are no character in the text's charset, replaced by U+FFFD.
public struct DecodingFault: Hashable, Sendable {
    /// Where they stand in the file, its mark counted.
    public let inputOffset: Int
    /// Where the replacement stands in the decoded text.
    public let outputOffset: Int
}
