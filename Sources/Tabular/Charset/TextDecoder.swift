import Glibc

/// Text in whatever charset it comes, given as valid UTF-8 without a mark.
///
/// A mark at the start decides the charset; without one, ASCII passes until the first byte outside it, where the
/// charset is decided by what follows (`CharsetDetector`). UTF-8's mark before GB18030 is passed over. A line that is beyond doubt of the
/// other of the two charsets is decoded as that, with an entry in `oddLines`. Bytes that are no character become U+FFFD,
/// each time with an entry in `faults`. Zero bytes pass: whoever reads the text has to refuse them with their place.
public struct TextDecoder: ByteSource {
    /// The charset, once it is known; nil while there is only ASCII, in which all of them but UTF-16 agree.
    public var charset: Charset? { decided ?? (isMarkedUTF8 ? .utf8 : nil) }
    private var decided: Charset?
    private var isMarkedUTF8 = false
    /// The last byte before the charset was decided.
    private var lastASCII: UInt8?
    /// The text begins with UTF-8's mark and is GB18030 nevertheless.
    public var hasWrongMark: Bool { isMarkedUTF8 && decided == .gb18030 }
    /// The charset shows by the bytes alone: UTF-16 that lacks its mark.
    public private(set) var lacksMark = false
    /// What the first bytes show the file to be instead of text, once reading has begun.
    public private(set) var document: DocumentFormat?
    /// Places in the decoded text, in the chunk last read, where a line of the other charset begins or was seen to be one.
    public private(set) var oddLines: [Int] = []
    /// The replacements in the chunk last read, in order. At most one for every three bytes of the chunk.
    public private(set) var faults: [DecodingFault] = []
    /// All replacements so far.
    public private(set) var faultCount = 0

    private var source: any ByteSource
    private var window = [UInt8](repeating: 0, count: CharsetDetector.windowLength)
    private var unread = 0..<0
    /// Where in the window the lines end that are decoded as `segmentCharset`.
    private var segmentEnd = 0
    private var segmentCharset = Charset.utf8
    /// Where in the window the last line ends whose charset has been looked at after a fault.
    private var judgedEnd = 0
    private var lineEnd = UInt8(ascii: "\n")
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
        oddLines.removeAll(keepingCapacity: true)
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
            let count = decided == nil ? try copyASCII(into: room) : try decode(into: room, after: written)
            guard let count else { break }
            written += count
        }
        outputOffset += written
        return written
    }

    /// Reads the mark, if there is one.
    private mutating func start() throws(SourceError) {
        hasStarted = true
        while unread.count < Charset.sampleLength, !sourceHasEnded { try refill() }
        document = DocumentFormat(magic: window[unread])
        if let mark = Charset.marked(window[unread]) {
            if mark.charset == .gb18030 { try requireGB18030() }
            if mark.charset == .utf8 { isMarkedUTF8 = true } else { decided = mark.charset }
            skip(mark.length)
        } else if let charset = Charset.unmarkedUTF16(window[unread]) {
            decided = charset
            lacksMark = true
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
        segmentEnd = 0
        judgedEnd = 0
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
        if count > 0 { lastASCII = window[unread.lowerBound + count - 1] }
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
        let (isMarkedUTF8, lastASCII) = (isMarkedUTF8, lastASCII)
        let (found, lineEnd) = window.withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes[unread])
            return (
                CharsetDetector.charset(
                    of: rest, isComplete: sourceHasEnded, previous: lastASCII, isMarkedUTF8: isMarkedUTF8),
                rest.contains(0x0A) ? UInt8(0x0A) : 0x0D
            )
        }
        if found == .gb18030 { try requireGB18030() }
        decided = found
        self.lineEnd = lineEnd
    }

    /// Decodes into the buffer's rest. Nil where nothing more fits and something has been written.
    private mutating func decode(
        into room: UnsafeMutableRawBufferPointer, after written: Int
    ) throws(SourceError) -> Int? {
        if unread.lowerBound >= segmentEnd { try beginSegment(after: written) }
        let charset = segmentCharset
        let segment = unread.lowerBound..<min(segmentEnd, unread.upperBound)
        let isLast = segment.upperBound < unread.upperBound || sourceHasEnded
        let step = window.withUnsafeBytes { bytes in
            DecodingStep.decode(
                charset, UnsafeRawBufferPointer(rebasing: bytes[segment]), into: room, isLast: isLast)
        }
        skip(step.consumed)
        let end = written + step.produced
        switch step.stop {
        case .needsInput:
            if unread.lowerBound < segmentEnd { try refill() }
        case .needsRoom:
            if end > 0 { return step.produced > 0 ? step.produced : nil }
            decodeToOverflow(charset)
        case .fault(let length):
            if let back = lineOfGB18030(from: segment.lowerBound) {
                unread = unread.lowerBound - back..<unread.upperBound
                inputOffset -= back
                oddLines.append(outputOffset + end - back)
                return step.produced - back
            }
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

    // MARK: Lines of the other charset

    /// Finds how far the lines go that are decoded alike. A segment ends with a line wherever the window holds a line's end.
    private mutating func beginSegment(after written: Int) throws(SourceError) {
        guard let decided else { return }
        segmentCharset = decided
        guard decided == .utf8 || decided == .gb18030 else {
            segmentEnd = unread.upperBound
            return
        }
        var last = lastLineEnd()
        while last == nil, !sourceHasEnded, unread.count < window.count {
            try refill()
            last = lastLineEnd()
        }
        segmentEnd = sourceHasEnded ? unread.upperBound : last ?? unread.upperBound
        guard decided == .gb18030 else { return }
        let (start, end, lineEnd) = (unread.lowerBound, segmentEnd, lineEnd)
        let odd = window.withUnsafeBytes { bytes -> Range<Int>? in
            var at = start
            while at < end {
                let next = TextDecoder.next(lineEnd, in: bytes, at..<end)
                let line = UnsafeRawBufferPointer(rebasing: bytes[at..<next])
                if LineCharset.mayBeUTF8(line), LineCharset.certain(of: line) == .utf8 { return at..<next }
                at = next
            }
            return nil
        }
        guard let odd else { return }
        if odd.lowerBound > start {
            segmentEnd = odd.lowerBound
        } else {
            segmentEnd = odd.upperBound
            segmentCharset = .utf8
            oddLines.append(outputOffset + written)
        }
    }

    /// Behind the last line end that the window holds.
    private func lastLineEnd() -> Int? { window[unread].lastIndex(of: lineEnd).map { $0 + 1 } }

    /// Behind the next line end, or where the range ends.
    private static func next(_ lineEnd: UInt8, in bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int {
        guard let base = bytes.baseAddress, let found = memchr(base + range.lowerBound, Int32(lineEnd), range.count)
        else { return range.upperBound }
        return UnsafeRawPointer(found) - base + 1
    }

    /// At bytes that are no UTF-8: where their line is GB18030 beyond doubt, begins a segment of it and says how many bytes have to be taken
    /// back, since a character of GB18030 may look like one of UTF-8. What was given out before can only be ASCII.
    ///
    /// - Parameter start: where in the window the bytes begin that were decoded last, to as many bytes of UTF-8.
    private mutating func lineOfGB18030(from start: Int) -> Int? {
        let fault = unread.lowerBound
        guard decided == .utf8, segmentCharset == .utf8, fault >= judgedEnd, GB18030.shared != nil else { return nil }
        let (end, lineEnd) = (segmentEnd, lineEnd)
        let (begin, next) = window.withUnsafeBytes { bytes -> (Int?, Int) in
            let next = TextDecoder.next(lineEnd, in: bytes, fault..<end)
            let lineStart = bytes[..<fault].lastIndex(of: lineEnd).map { $0 + 1 } ?? 0
            let begin = max(lineStart, start)
            let given = UnsafeRawBufferPointer(rebasing: bytes[lineStart..<begin])
            let line = UnsafeRawBufferPointer(rebasing: bytes[lineStart..<next])
            let isCertain =
                ASCIIRun.length(of: given) == given.count && LineCharset.certain(of: line) == .gb18030
            return (isCertain ? begin : nil, next)
        }
        judgedEnd = next
        guard let begin else { return nil }
        segmentCharset = .gb18030
        segmentEnd = next
        return fault - begin
    }

    /// Decodes a character or two for a buffer that has no room for one.
    private mutating func decodeToOverflow(_ charset: Charset) {
        var characters = [UInt8](repeating: 0, count: 16)
        let segment = unread.lowerBound..<min(segmentEnd, unread.upperBound)
        let next = window[segment.prefix(4)]
        let isLast = next.count == segment.count && (segment.upperBound < unread.upperBound || sourceHasEnded)
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
