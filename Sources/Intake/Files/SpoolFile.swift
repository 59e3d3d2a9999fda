import Dispatch
import ShangMi
import Synchronization

/// One upload on its way to the disk: its bytes are sealed and counted as they come. What is not finished is removed with it.
public final class SpoolFile: Sendable {
    public let id: SubmissionID
    private let maximumBytes: Int
    private let queue: DispatchQueue
    private let originBytes: @Sendable (UploadOrigin) throws -> [UInt8]
    /// Gives back disk space that this upload was promised.
    private let release: @Sendable (_ bytes: Int) -> Void
    private let state: Mutex<State>

    /// An upload that is durable.
    public struct Finished: Hashable, Sendable {
        public let id: SubmissionID
        /// Plain bytes.
        public let size: Int
        /// The digest of the plain bytes, 64 hexadecimal digits.
        public let sm3: String
    }

    private struct State: ~Copyable {
        let writer: SealedFolder.Writer
        let digest: UploadDigest
        /// What of the promised space is not written yet.
        var promise: Int
        var size = 0
        var hasEnded = false
    }

    /// Unchecked: the bytes are read under the lock and not kept, which the compiler cannot see.
    private struct Lent: @unchecked Sendable {
        let bytes: UnsafeRawBufferPointer
    }

    init(
        _ id: SubmissionID, writer: sending SealedFolder.Writer, digest: UploadDigest, maximumBytes: Int,
        queue: DispatchQueue, promise: Int, originBytes: @escaping @Sendable (UploadOrigin) throws -> [UInt8],
        release: @escaping @Sendable (_ bytes: Int) -> Void
    ) {
        self.id = id
        self.maximumBytes = maximumBytes
        self.queue = queue
        self.originBytes = originBytes
        self.release = release
        state = Mutex(State(writer: writer, digest: digest, promise: promise))
    }

    deinit { abandon() }

    /// Takes the next bytes. After an error the upload is over and nothing of it stays.
    ///
    /// - Throws: `IntakeError.tooLarge` at the first byte beyond the limit, `.diskFull`, `.inputOutput`, `.alreadyEnded`.
    public func write(_ bytes: UnsafeRawBufferPointer) throws {
        let lent = Lent(bytes: bytes)
        try state.withLock { state in
            guard !state.hasEnded else { throw IntakeError.alreadyEnded(path: id.description) }
            let bytes = lent.bytes
            do {
                guard bytes.count <= maximumBytes - state.size else {
                    throw IntakeError.tooLarge(maximumBytes: maximumBytes)
                }
                try state.writer.write(bytes)
            } catch {
                end(&state)
                throw error
            }
            state.digest.update(bytes)
            state.size += bytes.count
            let written = min(bytes.count, state.promise)
            state.promise -= written
            release(written)
        }
    }

    /// Makes the upload durable in the spool, on a thread of its own while the caller waits.
    ///
    /// - Parameter origin: is sealed with the upload.
    /// - Throws: `IntakeError.diskFull`, `.poisoned`, `.inputOutput`, `.alreadyEnded`; nothing of it stays then.
    public func finish(_ origin: UploadOrigin? = nil) async throws -> Finished {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try self.finishBlocking(origin) }) }
        }
    }

    /// As `finish`, on the calling thread.
    public func finishBlocking(_ origin: UploadOrigin? = nil) throws -> Finished {
        try state.withLock { state in
            guard !state.hasEnded else { throw IntakeError.alreadyEnded(path: id.description) }
            defer { end(&state) }
            if let origin { try originBytes(origin).withUnsafeBytes { try state.writer.write($0) } }
            try state.writer.finish()
            return Finished(id: id, size: state.size, sm3: state.digest.finish().hex)
        }
    }

    /// Ends the upload without keeping it, to look at its bytes alone.
    public func takeBack() throws -> SealedContent {
        try state.withLock { state in
            guard !state.hasEnded else { throw IntakeError.alreadyEnded(path: id.description) }
            defer { end(&state) }
            return try state.writer.takeBack()
        }
    }

    /// Removes what was written. Does nothing after the end.
    public func abandon() { state.withLock { end(&$0) } }

    private func end(_ state: inout State) {
        guard !state.hasEnded else { return }
        state.hasEnded = true
        state.writer.abandon()
        release(state.promise)
    }
}
