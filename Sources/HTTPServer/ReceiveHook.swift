import Glibc
import Synchronization

/// The connections by their sockets, for the two functions below.
///
/// The library reads sockets by `recv`, encrypted ones by `gnutls_record_recv`, and has no place between reading and parsing. The
/// executable's own functions of these names come before those of the C library (Package.swift exports them); here they put the
/// screen in between for the server's connections, and are as always for every other socket.
/// Source: libmicrohttpd 0.9.75, connection.c, recv_param_adapter; connection_https.c, recv_tls_adapter; ld.so(8).
enum ReceiveHook {
    private static let connections = Mutex<[Int32: Connection]>([:])

    static func add(_ connection: Connection, on descriptor: Int32) {
        connections.withLock { $0[descriptor] = connection }
    }

    static func remove(_ descriptor: Int32) { connections.withLock { $0[descriptor] = nil } }

    fileprivate static func connection(_ descriptor: Int32) -> Connection? {
        connections.withLock { $0[descriptor] }
    }

    fileprivate static let calls = Atomic<Int>(0)

    /// Whether the library's calls arrive here: asks for `recv` as the library does, and calls it. A server without the screen must not
    /// start.
    static var isInPlace: Bool {
        guard let found = dlsym(nil, "recv") else { return false }
        typealias Receive = @convention(c) (Int32, UnsafeMutableRawPointer?, Int, Int32) -> Int
        let before = calls.load(ordering: .relaxed)
        _ = unsafeBitCast(found, to: Receive.self)(-1, nil, 0, 0)
        return calls.load(ordering: .relaxed) > before
    }

    fileprivate typealias RecordReceive =
        @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, Int) -> Int
    fileprivate typealias TransportDescriptor = @convention(c) (OpaquePointer?) -> Int32

    fileprivate static let recordReceive: RecordReceive? = following("gnutls_record_recv").map {
        unsafeBitCast($0, to: RecordReceive.self)
    }
    fileprivate static let transportDescriptor: TransportDescriptor? = following("gnutls_transport_get_int").map {
        unsafeBitCast($0, to: TransportDescriptor.self)
    }

    /// The function of a library that the executable's own stands before.
    private static func following(_ name: String) -> UnsafeMutableRawPointer? {
        dlsym(UnsafeMutableRawPointer(bitPattern: -1), name)  // RTLD_NEXT
    }

    /// GNUTLS_E_AGAIN and GNUTLS_E_INVALID_SESSION.
    fileprivate static let againTLS = -28
    fileprivate static let invalidSessionTLS = -10
}

@_cdecl("recv")
public func screenedReceive(
    _ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int, _ flags: Int32
) -> Int {
    var failure: Int32 = 0
    func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = recvfrom(descriptor, buffer.baseAddress, buffer.count, flags, nil, nil)
        if count < 0 { failure = errno }
        return count
    }
    if descriptor < 0 { ReceiveHook.calls.add(1, ordering: .relaxed) }
    let whole = UnsafeMutableRawBufferPointer(start: buffer, count: count)
    guard let connection = ReceiveHook.connection(descriptor), !connection.isSecure, buffer != nil else {
        return read(whole)
    }
    let got = connection.receive(into: whole, read)
    // What was done since the socket was read may have changed it.
    if got < 0 { errno = got == Connection.again ? EAGAIN : failure }
    return got < 0 ? -1 : got
}

@_cdecl("gnutls_record_recv")
public func screenedRecordReceive(
    _ session: OpaquePointer?, _ buffer: UnsafeMutableRawPointer?, _ count: Int
) -> Int {
    guard let receive = ReceiveHook.recordReceive else { return ReceiveHook.invalidSessionTLS }
    let descriptor = ReceiveHook.transportDescriptor?(session) ?? -1
    let whole = UnsafeMutableRawBufferPointer(start: buffer, count: count)
    guard let connection = ReceiveHook.connection(descriptor), connection.isSecure, buffer != nil else {
        return receive(session, buffer, count)
    }
    let got = connection.receive(into: whole) { receive(session, $0.baseAddress, $0.count) }
    return got == Connection.again ? ReceiveHook.againTLS : got
}
