import Checking
import Foundation

/// Standard output in large pieces. Who reads it may stop: then the rest is not written.
final class StandardOutput: ByteOutput {
    /// From this size on, bytes are written as they come and not gathered first.
    private static let largePiece = 1 << 15
    private var buffer: [UInt8] = []
    private var isClosed = false

    func write(_ text: String) { write(Array(text.utf8).span) }

    func write(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { bytes in
            guard bytes.count < StandardOutput.largePiece else {
                flush()
                return send(UnsafeRawBufferPointer(bytes))
            }
            buffer += bytes
            if buffer.count >= StandardOutput.largePiece { flush() }
        }
    }

    func flush() {
        buffer.withUnsafeBytes { send($0) }
        buffer.removeAll(keepingCapacity: true)
    }

    private func send(_ bytes: UnsafeRawBufferPointer) {
        var start = 0
        while start < bytes.count, !isClosed {
            let written = Foundation.write(1, bytes.baseAddress.map { $0 + start }, bytes.count - start)
            if written > 0 { start += written } else if errno != EINTR { isClosed = true }
        }
    }
}
