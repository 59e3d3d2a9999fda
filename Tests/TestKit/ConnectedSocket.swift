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
    guard with(source, 0, bind), with("127.0.0.1", port, connect), ownPort(of: descriptor) != port else {
        close(descriptor)
        return nil
    }
    return descriptor
}

/// A socket that was given the very port it connects to, because nobody listens there any more, is connected with itself.
private func ownPort(of descriptor: Int32) -> Int? {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    return status == 0 ? Int(in_port_t(bigEndian: address.sin_port)) : nil
}
