import Synchronization

extension Connection {
    /// What `receive` answers where there is nothing to take for now.
    static let again = Int.min
    private static let pieceBytes = 16_384

    /// Reads for the library, through the screen.
    ///
    /// Less than a full buffer is given only once the socket has nothing more: the library waits for the socket to say so again.
    ///
    /// - Parameter read: reads the socket; below 0 where it has nothing or has failed, 0 where the client has ended.
    /// - Returns: how many bytes, 0 at the end, `again`, or what `read` answered.
    func receive(
        into buffer: UnsafeMutableRawBufferPointer, _ read: (UnsafeMutableRawBufferPointer) -> Int
    ) -> Int {
        screen.withLock { screen in
            var given = 0
            while true {
                given += screen.give(UnsafeMutableRawBufferPointer(rebasing: buffer[given...]))
                if given == buffer.count { return given }
                if screen.isClosed { return given > 0 ? given : Self.again }
                let direct = min(screen.directBytes, buffer.count - given)
                if direct > 0 {
                    let count = read(UnsafeMutableRawBufferPointer(rebasing: buffer[given..<given + direct]))
                    guard count > 0 else { return given > 0 ? given : count }
                    screen.passed(count)
                    given += count
                    continue
                }
                var count = 0
                let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { piece, filled in
                    count = read(UnsafeMutableRawBufferPointer(piece))
                    filled = max(0, count)
                }
                guard count > 0 else { return given > 0 ? given : count }
                screen.receive(piece[...])
                if screen.isInsideHead { beginHead() }
            }
        }
    }
}
