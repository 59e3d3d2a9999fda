import Glibc

/// A page of lines on their way out: room is made once for a line, which is then put down without asking again.
///
/// Of a size that stays in the core's own cache until whoever takes it has written it away.
struct LinePage: ~Copyable {
    private static let usualSize = 64 << 10
    private var bytes: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0

    init() {
        capacity = LinePage.usualSize
        bytes = .allocate(capacity: capacity)
    }

    deinit { bytes.deallocate() }

    /// Makes room for a line of at most so many bytes; the page goes out where they do not fit any more.
    @inline(__always)
    mutating func makeRoom(_ length: Int, _ out: (Span<UInt8>) -> Void) {
        if count + length > capacity { turn(length, out) }
    }

    @inline(never)
    private mutating func turn(_ length: Int, _ out: (Span<UInt8>) -> Void) {
        send(out)
        guard length > capacity else { return }
        bytes.deallocate()
        capacity = length
        bytes = .allocate(capacity: capacity)
    }

    /// Hands on what stands on the page.
    mutating func send(_ out: (Span<UInt8>) -> Void) {
        if count > 0 { out(UnsafeBufferPointer(start: bytes, count: count).span) }
        count = 0
    }

    /// Puts down bytes for which room has been made.
    @inline(__always)
    mutating func append(_ piece: LinePiece) {
        memcpy(bytes + count, piece.start, piece.count)
        count += piece.count
    }

    /// Puts down a number that is not negative, for which room has been made: ten bytes at most.
    @inline(__always)
    mutating func append(_ number: Int32) {
        var rest = UInt32(bitPattern: number)
        var digits = 1
        var limit: UInt32 = 10
        while digits < 10, rest >= limit {
            digits += 1
            limit = digits < 10 ? limit &* 10 : .max
        }
        var at = count + digits
        count = at
        repeat {
            at -= 1
            bytes[at] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
            rest /= 10
        } while rest > 0
    }
}

/// Text that is put into many lines. Whoever made it frees it.
struct LinePiece: BitwiseCopyable {
    let start: UnsafeMutablePointer<UInt8>
    let count: Int

    init(start: UnsafeMutablePointer<UInt8>, count: Int) {
        self.start = start
        self.count = count
    }

    init(_ text: [UInt8]) {
        start = .allocate(capacity: max(text.count, 1))
        start.initialize(repeating: 0, count: max(text.count, 1))
        for (index, byte) in text.enumerated() { start[index] = byte }
        count = text.count
    }

    func deallocate() { start.deallocate() }
}
