import CISAL

/// Inflates raw deflate with ISA-L, chunk by chunk.
///
/// Unsafe because the library keeps pointers into its input between calls: the input window is allocated here and lives
/// as long as the state does. Source of the format: RFC 1951.
final class Inflater {
    enum Outcome {
        case wrote(Int)
        case ended
        case damaged
    }

    private let state = UnsafeMutablePointer<inflate_state>.allocate(capacity: 1)
    private let window: UnsafeMutableRawBufferPointer

    init(windowLength: Int) {
        isal_inflate_init(state)
        window = .allocate(byteCount: max(1, windowLength), alignment: 16)
        state.pointee.avail_in = 0
    }

    deinit {
        window.deallocate()
        state.deallocate()
    }

    /// Bytes that were given and belong to nothing, once the outcome was `.ended`.
    var unusedBytes: Int { Int(state.pointee.avail_in) + Int(state.pointee.read_in_length) / 8 }

    /// Inflates into the buffer until it is full or the stream ends. A stream that stops short is `.damaged`.
    func inflate(
        from packed: inout PackedSource, into buffer: UnsafeMutableRawBufferPointer
    ) throws(SourceError) -> Outcome {
        guard let output = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return .wrote(0) }
        var written = 0
        while written < buffer.count {
            if state.pointee.block_state == ISAL_BLOCK_FINISH, isDrained { break }
            if state.pointee.avail_in == 0, packed.remaining > 0 {
                let count = try packed.read(into: window)
                state.pointee.next_in = window.baseAddress?.assumingMemoryBound(to: UInt8.self)
                state.pointee.avail_in = UInt32(count)
            }
            let before = state.pointee.avail_in
            let room = UInt32(min(buffer.count - written, 1 << 30))
            state.pointee.next_out = output + written
            state.pointee.avail_out = room
            guard isal_inflate(state) == ISAL_DECOMP_OK else { return .damaged }
            let step = Int(room - state.pointee.avail_out)
            written += step
            let isStuck = step == 0 && state.pointee.avail_in == before && packed.remaining == 0
            if isStuck, state.pointee.block_state != ISAL_BLOCK_FINISH { return .damaged }
        }
        return written == 0 ? .ended : .wrote(written)
    }

    /// Whether everything inflated has been handed out.
    private var isDrained: Bool { state.pointee.tmp_out_processed == state.pointee.tmp_out_valid }
}
