/// Bytes to and from a server, over a plain socket or over TLS.
protocol ByteChannel: AnyObject {
    /// Waits for bytes and appends them.
    ///
    /// - Returns: false at the end of what the server sends.
    func read(into buffer: inout [UInt8]) throws(ConnectionFault) -> Bool
    /// Appends what is there already, without waiting.
    func readAvailable(into buffer: inout [UInt8]) throws(ConnectionFault)
    /// Waits until bytes come.
    ///
    /// - Returns: false where none came in time.
    func waitForInput(seconds: Int) throws(ConnectionFault) -> Bool
    /// Writes some of the bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws(ConnectionFault) -> Int
}

extension ByteChannel {
    func writeAll(_ bytes: UnsafeRawBufferPointer) throws(ConnectionFault) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try write(UnsafeRawBufferPointer(rebasing: rest))
            rest = rest.dropFirst(count)
        }
    }

    func writeAll(_ text: String) throws(ConnectionFault) {
        let bytes = Array(text.utf8)
        let result = bytes.withUnsafeBytes { buffer -> Result<Void, ConnectionFault> in
            do throws(ConnectionFault) { return .success(try writeAll(buffer)) } catch { return .failure(error) }
        }
        try result.get()
    }
}
