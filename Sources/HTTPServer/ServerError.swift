/// Why the server could not start.
public enum ServerError: Error, CustomStringConvertible, Sendable {
    case unknownHost(String, reason: String)
    case cannotListen(host: String, port: Int, reason: String)
    case cannotStart(isSecure: Bool)
    /// What clients send would reach the library past the screen.
    case unscreened

    public var description: String {
        switch self {
        case .unknownHost(let host, let reason):
            "cannot listen on '\(host)': \(reason); give an address of this machine, such as 127.0.0.1 or 0.0.0.0"
        case .cannotListen(let host, let port, let reason):
            "cannot listen on \(host):\(port): \(reason); choose another port or stop what uses this one"
        case .unscreened:
            "the HTTP server did not start: this executable was linked so that requests are not screened; build it with the flags in Package.swift"
        case .cannotStart(let isSecure):
            isSecure
                ? "the HTTPS server did not start; check that certificate and key are PEM and belong together"
                : "the HTTP server did not start; the system may be out of threads or file descriptors"
        }
    }
}
