import Foundation
import Glibc

/// A listening socket on loopback, on a free port, that hands over one connection after the other until it is let go.
public final class LoopbackListener: Sendable {
    public let port: Int
    private let listener: Int32

    /// - Parameter answer: called on a thread of its own; the connection is closed when it returns.
    public init(answer: @escaping @Sendable (_ connection: Int32) -> Void) {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                guard bind(listener, name, size) == 0, listen(listener, 64) == 0 else { return }
                getsockname(listener, name, &size)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
        let thread = Thread {
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                answer(connection)
                close(connection)
            }
            // Here and not before: a descriptor that is closed while the thread may still accept from it can be another's by then.
            close(listener)
        }
        thread.start()
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }
}
