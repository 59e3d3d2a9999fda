import CMicrohttpd
import Synchronization

/// A response's body that is pulled piece by piece, one piece in memory at a time.
final class StreamedBody: Sendable {
    private let next: @Sendable () async throws -> [UInt8]?
    private let library: LibraryConnection
    private let connection: Connection
    private let server: ServerCore
    /// Is told of what breaks the body off.
    private let failed: @Sendable (any Error) -> Void
    private let state = Mutex(State.empty)

    private enum State {
        case empty
        case pulling
        case piece([UInt8], sent: Int)
        case ended
        case failed
    }

    init(
        _ next: @escaping @Sendable () async throws -> [UInt8]?, library: LibraryConnection, connection: Connection,
        server: ServerCore, failed: @escaping @Sendable (any Error) -> Void
    ) {
        self.next = next
        self.library = library
        self.connection = connection
        self.server = server
        self.failed = failed
    }

    /// Fills `buffer` and says how many bytes it got. 0 where the connection is suspended until the next piece is
    /// there.
    fileprivate func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        enum Step {
            case copied(Int)
            case pull
            case end
            case fail
        }
        let step: Step = state.withLock { state in
            switch state {
            case .piece(let bytes, let sent):
                let count = min(buffer.count, bytes.count - sent)
                bytes.withUnsafeBytes {
                    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[sent..<sent + count]))
                }
                state = sent + count < bytes.count ? .piece(bytes, sent: sent + count) : .empty
                return .copied(count)
            case .empty:
                state = .pulling
                return .pull
            case .ended: return .end
            case .pulling, .failed: return .fail
            }
        }
        switch step {
        case .copied(let count):
            connection.moved(count)
            return count
        case .pull: return pull() ? 0 : -2
        case .end: return -1  // MHD_CONTENT_READER_END_OF_STREAM
        case .fail: return -2  // MHD_CONTENT_READER_END_WITH_ERROR
        }
    }

    private func pull() -> Bool {
        connection.pause(now: server.now())
        return server.suspensions.suspend(
            self, library, aborted: { [self] in state.withLock { $0 = .failed } }, executor: server.executor
        ) { [self] in
            let result: State
            do {
                var piece = try await next()
                while piece?.isEmpty == true { piece = try await next() }
                result = piece.map { .piece($0, sent: 0) } ?? .ended
            } catch {
                failed(error)
                result = .failed
            }
            state.withLock { if case .pulling = $0 { $0 = result } }
            connection.resume(now: server.now())
            server.suspensions.resume(self)
        }
    }
}

let readStreamedBody: MHD_ContentReaderCallback = { context, _, buffer, size in
    guard let context, let buffer else { return -2 }
    let body = Unmanaged<StreamedBody>.fromOpaque(context).takeUnretainedValue()
    return body.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size))
}

let releaseStreamedBody: MHD_ContentReaderFreeCallback = { context in
    guard let context else { return }
    Unmanaged<StreamedBody>.fromOpaque(context).release()
}
