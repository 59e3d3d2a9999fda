import Glibc

/// How long a connection waits for the other side, and what ends the wait before.
public struct Patience: Sendable {
    public var connectSeconds = 15
    /// Without a byte in either direction.
    public var idleSeconds = 120
    /// How long a server is given to say that it wants the body, before the body is sent all the same.
    public var continueSeconds = 2
    /// A descriptor that becomes readable when the program is to end.
    public var stop: Int32?

    public init(stop: Int32? = nil) { self.stop = stop }

    /// Waits until a descriptor can be read or written.
    ///
    /// - Returns: false where the time is over.
    func wait(_ descriptor: Int32, for events: Int32, seconds: Int) throws(ConnectionFault) -> Bool {
        var watched = [pollfd(fd: descriptor, events: Int16(events), revents: 0)]
        if let stop { watched.append(pollfd(fd: stop, events: Int16(POLLIN), revents: 0)) }
        while true {
            let count = poll(&watched, nfds_t(watched.count), Int32(clamping: seconds * 1000))
            if count < 0, errno == EINTR { continue }
            if watched.count > 1, watched[1].revents != 0 {
                throw ConnectionFault(.stopped, zh: "程序正在停止", en: "the program is ending")
            }
            return count > 0
        }
    }
}
