import CMicrohttpd
import ForgetfulMemory
import Glibc

// The callbacks that the library is given. Their context is the `ServerCore`, which outlives the daemon.

/// The first sight of a request: its line, before anything in it is decoded.
private let requestLineSeen:
    @convention(c) (
        UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?
    ) -> UnsafeMutableRawPointer? = { context, _, library in
        guard let context, let library, let known = vedette_mhd_socket_context(library) else { return nil }
        let server = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
        let connection = Unmanaged<Connection>.fromOpaque(known).takeUnretainedValue()
        let exchange = Exchange(server: server, connection: connection)
        return Unmanaged.passRetained(exchange).toOpaque()
    }

private let proceed: MHD_AccessHandlerCallback = { _, library, _, _, _, upload, uploadSize, context in
    guard let library, let exchange = context?.pointee else { return .NO }
    var bytes: UnsafeRawBufferPointer?
    if let upload, let uploadSize, uploadSize.pointee > 0 {
        bytes = UnsafeRawBufferPointer(start: upload, count: uploadSize.pointee)
        uploadSize.pointee = 0
    }
    return Unmanaged<Exchange>.fromOpaque(exchange).takeUnretainedValue().proceed(
        LibraryConnection(pointer: library), bytes: bytes)
}

private let requestCompleted: MHD_RequestCompletedCallback = { _, _, context, reason in
    guard let exchange = context?.pointee else { return }
    context?.pointee = nil
    Unmanaged<Exchange>.fromOpaque(exchange).takeRetainedValue().completed(
        normally: reason == .REQUEST_TERMINATED_COMPLETED_OK)
    // Heads hold names of files, bodies hold rows.
    forgetful_memory_wipe_stack()
}

private let connectionChanged: MHD_NotifyConnectionCallback = { context, library, known, change in
    guard let context, let library, let known else { return }
    let server = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
    if change == .CONNECTION_NOTIFY_STARTED {
        let address = numericAddress(vedette_mhd_client_address(library))
        let descriptor = vedette_mhd_socket(library)
        let connection = Connection(
            descriptor: descriptor, address: address, isSecure: server.configuration.tls != nil,
            isFromProxy: NetworkAddress(address.prefix { $0 != "%" }).map(server.clientAddress.isTrusted) ?? false,
            screen: server.screen, now: server.now)
        known.pointee = Unmanaged.passRetained(connection).toOpaque()
        ReceiveHook.add(connection, on: descriptor)
        server.registry.add(connection)
    } else if let pointer = known.pointee {
        known.pointee = nil
        ReceiveHook.remove(vedette_mhd_socket(library))
        let connection = Unmanaged<Connection>.fromOpaque(pointer).takeRetainedValue()
        if let descriptor = connection.closed() { server.watch.linger(descriptor) }
        server.registry.remove(connection)
    }
}

/// The running library. Threads of its own move the bytes; `stop` waits for them to end.
final class LibraryDaemon: @unchecked Sendable {
    private let pointer: OpaquePointer
    /// The callbacks' context. The library holds it until `stop`.
    private let context: Unmanaged<ServerCore>
    private var texts: [UnsafeMutablePointer<CChar>]
    /// The library's own descriptor of the listening socket.
    private let socket: Int32

    /// nil where the library does not start; the listening socket is of no use then.
    ///
    /// The library gets a descriptor of its own: when it fails it has closed the one it was given, or has not.
    init?(server: ServerCore, listening: Int32) {
        let configuration = server.configuration
        socket = fcntl(listening, F_DUPFD_CLOEXEC, 0)
        guard socket >= 0 else { return nil }
        let held = Unmanaged.passRetained(server)
        let context = held.toOpaque()
        var texts: [UnsafeMutablePointer<CChar>] = []
        var options: [MHD_OptionItem] = []
        func add(_ option: MHD_OPTION, _ value: Int, _ pointer: UnsafeMutableRawPointer? = nil) {
            options.append(MHD_OptionItem(option: option, value: value, ptr_value: pointer))
        }
        func add(_ option: MHD_OPTION, text: String) {
            guard let copy = strdup(text) else { return }
            texts.append(copy)
            add(option, 0, UnsafeMutableRawPointer(copy))
        }
        add(.LISTEN_SOCKET, Int(socket))
        if configuration.threads > 1 { add(.THREAD_POOL_SIZE, configuration.threads) }
        // Each thread gets its share of this limit, and is never to reach it: the registry makes room before.
        add(.CONNECTION_LIMIT, (configuration.maximumConnections + 64) * max(1, configuration.threads))
        add(.CONNECTION_TIMEOUT, max(1, Int(configuration.idleSeconds.rounded(.up)) + 1))
        add(.CONNECTION_MEMORY_LIMIT, max(65_536, 2 * configuration.maximumHeadBytes))
        add(.NOTIFY_COMPLETED, unsafeBitCast(requestCompleted, to: Int.self), context)
        add(.NOTIFY_CONNECTION, unsafeBitCast(connectionChanged, to: Int.self), context)
        add(.URI_LOG_CALLBACK, unsafeBitCast(requestLineSeen, to: Int.self), context)
        var flags = MHD_USE_EPOLL_INTERNAL_THREAD.rawValue | MHD_ALLOW_SUSPEND_RESUME.rawValue | MHD_USE_ITC.rawValue
        if let tls = configuration.tls {
            flags |= MHD_USE_TLS.rawValue
            add(.HTTPS_MEM_CERT, text: tls.certificate)
            add(.HTTPS_MEM_KEY, text: tls.key)
            add(.HTTPS_PRIORITIES, text: "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2")
        }
        add(.END, 0)
        let daemon = options.withUnsafeMutableBufferPointer { items -> OpaquePointer? in
            guard let first = items.baseAddress else { return nil }
            let list: [any CVarArg] = [MHD_OPTION.ARRAY.rawValue, first, MHD_OPTION.END.rawValue]
            return withVaList(list) { MHD_start_daemon_va(flags, 0, nil, nil, proceed, context, $0) }
        }
        self.texts = texts
        guard let daemon else {
            for text in texts { free(text) }
            held.release()
            return nil
        }
        self.context = held
        pointer = daemon
    }

    /// Takes no new connections; those that are open go on. Once nobody else holds the listening socket, the system refuses them.
    ///
    /// Not by `MHD_quiesce_daemon`: a thread of the library that wakes at that moment takes the socket out of its epoll set first, and the
    /// library then ends the process, because there is nothing left to take out. So its descriptor is made to mean a socket that nobody
    /// can reach, which the library may keep, use and close.
    func quiesce() { ListeningSocket.deafen(socket) }

    /// Closes what is open, the listening descriptor too, and waits for the threads. No connection may be suspended, and `quiesce` comes
    /// before.
    func stop() {
        MHD_stop_daemon(pointer)
        context.release()
        for text in texts { free(text) }
        texts = []
    }
}
