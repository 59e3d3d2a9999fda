import Foundation
import Testing

@Suite("HTTPS from a certificate in the configuration", .serialized)
struct TLSTests {
    @Test(
        "takes an upload over HTTPS, asks browsers to stay with it, marks cookies secure, and tells plain HTTP nothing",
        .enabled(
            if: ["curl", "openssl"].allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") },
            "needs openssl for a certificate and curl as a client"))
    func serves() async throws {
        let server = try ServerProcess()
        let certificate = server.folder.appendingPathComponent("certificate.pem").path
        let key = server.folder.appendingPathComponent("key.pem").path
        _ = try run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ])
        let written = try String(contentsOf: server.configuration, encoding: .utf8)
        try written.replacing(
            "\"data\":", with: "\"tls\": { \"certificate\": \"certificate.pem\", \"key\": \"key.pem\" }, \"data\":"
        ).write(to: server.configuration, atomically: true, encoding: .utf8)
        try server.start()
        #expect(server.address.scheme == "https")
        let address = server.address.absoluteString
        let known = ["--cacert", certificate]

        let package = Repository.packagePath("Influenza", "clean")
        let answer = try run(
            "curl",
            known + [
                "-u", "hospital-a:\(ServerProcess.password)", "--data-binary", "@\(package)",
                "\(address)/api/v1/submissions?filename=a.zip",
            ])
        let receipt = try #require(JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any])
        #expect(receipt["state"] as? String == "received")

        // The reference clients trust the authority that they are given, and nothing without it.
        let made = try Vedette.run(
            ["account", "token", "hospital-a", "--label", "client", "--config", server.configuration.path])
        let token = String(try #require(made.output.firstMatch(of: /vedette_\S+/)).0)
        for client in SendingClient.canRun ? SendingClient.allCases : [] {
            let words = ["--server", address, "--check", package]
            let trusting = try client.run(["--ca", certificate] + words, token: token, in: server.folder)
            #expect(trusting.status == 0, "\(client): \(trusting)")
            let careful = try client.run(words, token: token, in: server.folder)
            #expect(careful.status == 2 && careful.errors.contains("is not trusted, see --ca"), "\(client): \(careful)")
        }

        let page = try run("curl", known + ["-i", "\(address)/sign-in"])
        #expect(page.contains("Strict-Transport-Security: max-age="))
        let cookies = page.split(whereSeparator: \.isNewline).filter { $0.lowercased().hasPrefix("set-cookie:") }
        #expect(!cookies.isEmpty)
        #expect(cookies.allSatisfy { $0.contains("; Secure") && $0.contains("; HttpOnly") })

        // Nothing of the pages, not even a head, for those who speak plainly.
        let plain = try run("curl", ["-i", "--http0.9", address.replacing("https:", with: "http:") + "/sign-in"])
        #expect(!plain.contains("HTTP/1.1 200") && !plain.contains("<html"))
        #expect(server.stop() == 0)
    }

    private func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/\(program)")
        process.arguments = program == "curl" ? ["-sS", "--max-time", "30"] + arguments : arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
