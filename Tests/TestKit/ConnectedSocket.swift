import Glibc

/// A TCP connection to a server on this machine, which the caller closes; nil where it is refused.
///
/// - Parameter source: the address to call from, any of 127.0.0.0/8.
public func connectedSocket(toPort port: Int, from source: String = "127.0.0.1") -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    func with(_ host: String, _ port: Int, _ call: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr(host)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
    guard with(source, 0, bind), with("127.0.0.1", port, connect), !isConnectedWithItself(descriptor) else {
        close(descriptor)
        return nil
    }
    return descriptor
}

/// Whether a socket was given the very address and port it connects to, because nobody listens there any more. Another
/// address of this machine may well call from the port at which a server listens.
private func isConnectedWithItself(_ descriptor: Int32) -> Bool {
    func end(_ name: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) -> [UInt32]? {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { name(descriptor, $0, &size) }
        }
        return status == 0 ? [address.sin_addr.s_addr, UInt32(address.sin_port)] : nil
    }
    guard let own = end({ getsockname($0, $1, $2) }) else { return false }
    return own == end({ getpeername($0, $1, $2) })
}
