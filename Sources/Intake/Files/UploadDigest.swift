public import Dispatch
public import ShangMi
import Synchronization

/// The SM3 digest of an upload, made beside its sealing: while a chunk is digested on a queue, the next is received and sealed.
///
/// Used by one task at a time. At most two chunks wait, and with them whoever brings a third.
public final class UploadDigest: Sendable {
    private static let chunk = 65_536
    private static let chunksWaiting = 2

    private let queue: DispatchQueue
    private let digest: Mutex<SM3>
    private let filling = Mutex<[UInt8]>([])
    private let room = DispatchSemaphore(value: chunksWaiting)

    /// - Parameter queue: A serial one, which has a thread of its own: what processes submissions must not hold up what receives them.
    public init(queue: DispatchQueue) throws {
        self.queue = queue
        let digest = try SM3()
        self.digest = Mutex(digest)
    }

    public func update(_ bytes: UnsafeRawBufferPointer) {
        nonisolated(unsafe) let bytes = bytes
        let full = filling.withLock { filling -> [UInt8]? in
            if filling.isEmpty { filling.reserveCapacity(Self.chunk) }
            filling.append(contentsOf: bytes)
            guard filling.count >= Self.chunk else { return nil }
            defer { filling = [] }
            return filling
        }
        guard let full else { return }
        room.wait()
        queue.async { [self] in
            digest.withLock { $0.update(full) }
            room.signal()
        }
    }

    /// The digest of everything so far, on the calling thread once what waits is done.
    public func finish() -> SM3Digest {
        for _ in 0..<Self.chunksWaiting { room.wait() }
        defer { for _ in 0..<Self.chunksWaiting { room.signal() } }
        let rest = filling.withLock { filling in
            defer { filling = [] }
            return filling
        }
        return digest.withLock {
            $0.update(rest)
            return $0.finish()
        }
    }
}
