import Foundation
import Testing

@testable import HTTPServer

@Suite("TLS")
struct EncryptionTests {
    @Test(
        "serves over TLS: marks cookies secure, asks browsers to stay with HTTPS, and takes large uploads",
        .enabled(
            if: ["curl", "openssl"].allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") },
            "needs openssl for a certificate and curl as a client"))
    func tls() async throws {
        let sink = RecordingSink()
        let routes: [Route] = [
            .get("/") { _ in
                var response = Response.text("front")
                response.cookies = [Cookie("session", "1")]
                return response
            },
            .upload("/upload") { _ in .accept(sink, maximumBytes: 1 << 21) { _ in .text("\(sink.bytes)") } },
        ]
        let configuration = ServerConfiguration(tls: try makeCertificate())
        let (front, upload, refused) = try await withServer(routes, configuration: configuration) { port in
            let address = "https://127.0.0.1:\(port)"
            let body = Data(repeating: 7, count: 2_000_000)
            return (
                try curl(["-ki", "\(address)/"]),
                try curl(["-k", "--data-binary", "@-", "\(address)/upload"], input: body),
                try curl(
                    ["-ks", "-o", "/dev/null", "-w", "%{http_code}", "--data-binary", "@-", "\(address)/upload"],
                    input: body + body)
            )
        }
        #expect(front.contains("front"))
        #expect(front.contains("Strict-Transport-Security: max-age=31536000"))
        #expect(front.contains("Set-Cookie: session=1; Path=/; SameSite=Strict; HttpOnly; Secure"))
        #expect(upload == "2000000")
        #expect(refused == "413")
    }

    @Test("says what is wrong when certificate and key cannot be used")
    func badCertificate() {
        let configuration = ServerConfiguration(tls: ServerConfiguration.TLS(certificate: "x", key: "y"))
        let server = Server(configuration: configuration, router: Router([]), now: { .now })
        #expect(throws: ServerError.self) { try server.start() }
    }
}

/// A new key and a certificate of it for 127.0.0.1.
private func makeCertificate() throws -> ServerConfiguration.TLS {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let key = folder.appendingPathComponent("key.pem")
    let certificate = folder.appendingPathComponent("certificate.pem")
    _ = try run(
        "/usr/bin/openssl",
        [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=127.0.0.1", "-keyout", key.path, "-out", certificate.path,
        ])
    return ServerConfiguration.TLS(
        certificate: try String(contentsOf: certificate, encoding: .utf8),
        key: try String(contentsOf: key, encoding: .utf8))
}

private func curl(_ arguments: [String], input: Data = Data()) throws -> String {
    try run("/usr/bin/curl", ["-sS", "--max-time", "30"] + arguments, input: input)
}

private func run(_ program: String, _ arguments: [String], input: Data = Data()) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let (stdin, stdout) = (Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = FileHandle.nullDevice
    try process.run()
    Thread.detachNewThread {
        try? stdin.fileHandleForWriting.write(contentsOf: input)
        try? stdin.fileHandleForWriting.close()
    }
    let output = stdout.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
}
