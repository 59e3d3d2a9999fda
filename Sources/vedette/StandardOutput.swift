import CoreRuntime
import Foundation

/// Standard output in large pieces. Who reads it may stop: then the rest is not written.
final class StandardOutput: ByteOutput {
    private var buffer: [UInt8] = []
    private var isClosed = false

    func write(_ text: String) { write(Array(text.utf8)) }

    func write(_ bytes: [UInt8]) {
        buffer += bytes
        if buffer.count > 1 << 18 { flush() }
    }

    func flush() {
        var start = 0
        while start < buffer.count, !isClosed {
            let written = buffer.withUnsafeBytes { Foundation.write(1, $0.baseAddress! + start, $0.count - start) }
            if written > 0 { start += written } else if errno != EINTR { isClosed = true }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
