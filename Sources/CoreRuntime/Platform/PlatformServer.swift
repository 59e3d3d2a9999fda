public import Foundation
import HTTPServer
import Portal
import SurveillanceKit
import Synchronization

/// A platform behind its HTTP server: pages, API, and the workers that process what comes in.
public final class PlatformServer: Sendable {
    public let platform: Platform
    private let server: Server

    /// - Parameter port: another port than the configuration's.
    /// - Throws: `CertificateError` where a configured certificate or key cannot be read.
    public init(_ platform: Platform, port: Int? = nil) throws {
        self.platform = platform
        let configuration = platform.configuration
        var settings = PortalSettings(
            maximumUploadBytes: configuration.maximumUploadBytes, version: PlatformServer.version,
            support: configuration.support)
        settings.isDemo = configuration.isDemo
        let site = Site(services: platform.portalServices, settings: settings)
        var serving = configuration.server
        serving.host = configuration.host
        serving.port = port ?? configuration.port
        serving.trustedProxies = configuration.trustedProxies
        serving.tls = try configuration.tls.map { try ServerConfiguration.TLS($0) }
        server = Server(
            configuration: serving, router: site.router, now: { .now },
            observe: { record in
                platform.meter.note(record)
                if let failure = record.failureLine { platform.report(failure) }
            })
        platform.openConnections.withLock { $0 = { [weak server] in server?.openConnections ?? 0 } }
    }

    public static let version = "0.1.0"

    /// Starts to listen and to process; answers the address.
    public func start() async throws -> URL {
        try server.start()
        await platform.start()
        let host = platform.configuration.host
        let scheme = platform.configuration.tls == nil ? "http" : "https"
        let shown = host.contains(":") ? "[\(host)]" : host
        guard let port = server.port, let url = URL(string: "\(scheme)://\(shown):\(port)") else {
            throw ListenError(text: "\(host):\(platform.configuration.port)")
        }
        platform.listeningAddress.withLock { $0 = url.absoluteString }
        return url
    }

    /// Takes nothing new, finishes what is under way, and leaves the rest to the next start.
    public func stop() async {
        await server.stop(within: .seconds(10))
        await platform.stop()
    }
}

extension RequestRecord {
    /// What the log says of a request that the server failed at; nil for every other. It names the route, not the address, and of
    /// what went wrong the kind: neither may quote what was sent.
    var failureLine: BilingualText? {
        guard let failure else { return nil }
        let known = Method(rawValue: method)?.rawValue ?? "another method"
        let route = "\(known) \(pattern ?? "no route")"
        return BilingualText(
            zh: "请求 \(id)：\(route) 返回 \(status)\(isComplete ? "" : "（未传完）")：\(failure)",
            en: "request \(id): \(route) answered \(status)\(isComplete ? "" : ", broken off"): \(failure)")
    }
}

extension ServerConfiguration.TLS {
    fileprivate init(_ files: Configuration.TLSFiles) throws(CertificateError) {
        func text(_ url: URL, _ mark: String) throws(CertificateError) -> String {
            guard let text = try? String(contentsOf: url, encoding: .utf8) else {
                throw .unreadable(path: url.path)
            }
            guard text.contains("-----BEGIN ") && text.contains(mark) else { throw .notPEM(path: url.path, mark: mark) }
            return text
        }
        self.init(
            certificate: try text(files.certificate, "CERTIFICATE-----"), key: try text(files.key, "PRIVATE KEY-----"))
    }
}

/// Why HTTPS cannot be served.
public enum CertificateError: Error, CustomStringConvertible {
    case unreadable(path: String)
    case notPEM(path: String, mark: String)

    public var description: String {
        switch self {
        case .unreadable(let path):
            "\(path): this file of 'tls' in the configuration cannot be read; it must be there and readable by the account that runs the server"
        case .notPEM(let path, let mark):
            "\(path): this file of 'tls' in the configuration is not PEM with a '\(mark)' line; convert it with openssl, without a password"
        }
    }
}
