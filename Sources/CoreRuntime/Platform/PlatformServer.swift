import Foundation
import HTTPServer
import Portal

/// A platform behind its HTTP server: pages, API, and the workers that process what comes in.
public final class PlatformServer: Sendable {
    public let platform: Platform
    private let server: Server

    /// - Parameter port: another port than the configuration's.
    public init(_ platform: Platform, port: Int? = nil) {
        self.platform = platform
        let configuration = platform.configuration
        let settings = PortalSettings(
            maximumUploadBytes: configuration.maximumUploadBytes, version: PlatformServer.version)
        let site = Site(services: platform.portalServices, settings: settings)
        server = Server(
            configuration: ServerConfiguration(host: configuration.host, port: port ?? configuration.port),
            router: site.router,
            now: { .now })
    }

    public static let version = "0.1.0"

    /// Starts to listen and to process; answers the address.
    public func start() async throws -> URL {
        try server.start()
        await platform.start()
        let host = platform.configuration.host
        let shown = host.contains(":") ? "[\(host)]" : host
        guard let port = server.port, let url = URL(string: "http://\(shown):\(port)") else {
            throw ListenError(text: "\(host):\(platform.configuration.port)")
        }
        return url
    }

    /// Takes nothing new, finishes what is under way, and leaves the rest to the next start.
    public func stop() async {
        await server.stop(within: .seconds(10))
        await platform.stop()
    }
}
