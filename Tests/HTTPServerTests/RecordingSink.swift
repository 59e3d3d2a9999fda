import HTTPServer
import Synchronization

/// Counts what it is given, and keeps a digest-like sum instead of the bytes.
final class RecordingSink: BodySink {
    let state = Mutex(Record())

    struct Record {
        var bytes = 0
        var largestPiece = 0
        var sum: UInt64 = 0
        var text: [UInt8] = []
        var abandoned = 0
    }

    private let onFirstByte: @Sendable () -> Void
    private let onAbandon: @Sendable () -> Void
    private let failure: Problem?

    init(
        failure: Problem? = nil, onFirstByte: @escaping @Sendable () -> Void = {},
        onAbandon: @escaping @Sendable () -> Void = {}
    ) {
        self.failure = failure
        self.onFirstByte = onFirstByte
        self.onAbandon = onAbandon
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws {
        if let failure { throw failure }
        let isFirst = state.withLock { record in
            defer { record.bytes += bytes.count }
            record.largestPiece = max(record.largestPiece, bytes.count)
            for byte in bytes { record.sum = record.sum &* 31 &+ UInt64(byte) }
            if record.text.count < 4096 { record.text += bytes.prefix(4096) }
            return record.bytes == 0
        }
        if isFirst { onFirstByte() }
    }

    func abandon() {
        state.withLock { $0.abandoned += 1 }
        onAbandon()
    }

    var bytes: Int { state.withLock { $0.bytes } }
    var sum: UInt64 { state.withLock { $0.sum } }
    var text: String { String(decoding: state.withLock { $0.text }, as: UTF8.self) }
    var abandoned: Int { state.withLock { $0.abandoned } }
    var largestPiece: Int { state.withLock { $0.largestPiece } }
}

/// A value that arrives once, from any thread.
final class Arrival<Value: Sendable>: Sendable {
    private let stream: AsyncStream<Value>
    private let continuation: AsyncStream<Value>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func send(_ value: Value) { continuation.yield(value) }
    func next() async -> Value? {
        for await value in stream { return value }
        return nil
    }
}
