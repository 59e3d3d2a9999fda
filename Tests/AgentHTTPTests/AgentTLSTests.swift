import Foundation
import Glibc
import SurveillanceKit
import Synchronization
import TestKit
import Testing

@testable import AgentHTTP

@Suite(
    "TLS of the agent",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "needs openssl for a server"))
struct AgentTLSTests {
    private final class Server {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)").path
        private let process = Process()
        private(set) var port = 0

        /// - Parameter days: for how long the certificate is valid; a negative number for one that has expired.
        init(names: String, days: Int, options: [String] = []) throws {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
            try run(
                ["req", "-x509"] + curve + [
                    "-days", "2", "-subj", "/CN=Test CA", "-keyout", "ca.key", "-out", "ca.pem",
                ])
            try run(
                ["req"] + curve + [
                    "-subj", "/CN=server", "-addext", "subjectAltName=\(names)", "-keyout", "s.key", "-out", "s.csr",
                ])
            try run([
                "x509", "-req", "-in", "s.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "\(days)",
                "-copy_extensions",
                "copy", "-out", "s.pem",
            ])
            process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
            process.arguments =
                ["s_server", "-accept", "127.0.0.1:0", "-cert", "\(folder)/s.pem", "-key", "\(folder)/s.key", "-rev"]
                + options
            process.standardInput = Pipe()
            process.standardError = FileHandle.nullDevice
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            var text = ""
            while !text.contains(/ACCEPT .*:\d+\n/) {
                let bytes = output.fileHandleForReading.availableData
                if bytes.isEmpty { break }
                text += String(decoding: bytes, as: UTF8.self)
            }
            port = try #require(text.firstMatch(of: /ACCEPT .*:(\d+)\n/).flatMap { Int($0.1) })
        }

        deinit {
            // Not by SIGTERM: a test's thread hands its blocked signals on to what it starts.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            try? FileManager.default.removeItem(atPath: folder)
        }

        private func run(_ arguments: [String]) throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
            process.arguments = arguments
            process.currentDirectoryURL = URL(fileURLWithPath: folder)
            process.standardError = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }

        func connect(_ host: String, authorities: String? = nil) throws -> AgentConnection {
            let address = try #require(ServerAddress("https://\(host):\(port)"))
            return try AgentHTTPClient(
                to: address, authorities: authorities ?? "\(folder)/ca.pem", patience: Patience()
            )
            .connect()
        }

        func fault(_ host: String, authorities: String? = nil) throws -> ConnectionFault? {
            do {
                _ = try connect(host, authorities: authorities)
                return nil
            } catch let fault as ConnectionFault {
                return fault
            }
        }
    }

    @Test("a certificate of a known authority for the very host is taken, and no other")
    func verified() throws {
        let server = try Server(names: "DNS:localhost,IP:127.0.0.1", days: 2)
        for host in ["localhost", "127.0.0.1"] {
            let connection = try server.connect(host)
            #expect(connection.certificate?.subject.contains("CN=server") == true)
            #expect(connection.certificate?.protocolVersion == "TLSv1.3")
        }
        let other = try Server(names: "DNS:x", days: 2)
        let unknown = try #require(try server.fault("localhost", authorities: "\(other.folder)/ca.pem"))
        #expect(
            unknown.stage == .certificate && unknown.message.zh.contains("不受信任")
                && unknown.message.en.contains("is not trusted"))
        let missing = try #require(try server.fault("localhost", authorities: "/no/such/file"))
        #expect(missing.stage == .certificate && missing.message.en.contains("/no/such/file"))
    }

    @Test("a certificate for another host is refused")
    func wrongHost() throws {
        for names in ["DNS:other.example.org,IP:127.0.0.9", "DNS:*.localhost"] {
            let server = try Server(names: names, days: 2)
            for host in ["localhost", "127.0.0.1"] {
                let fault = try #require(try server.fault(host))
                #expect(fault.stage == .certificate && fault.message.en.contains("is not for \(host)"), "\(fault)")
            }
        }
    }

    @Test("an expired certificate is refused")
    func expired() throws {
        let fault = try #require(try Server(names: "DNS:localhost", days: -1).fault("localhost"))
        #expect(fault.stage == .certificate && fault.message.zh.contains("已过期"))
    }

    @Test("through a proxy the certificate is the server's still; a proxy that refuses is told")
    func proxy() throws {
        let server = try Server(names: "DNS:vedette.example.org", days: 2)
        let port = server.port
        let asked = Mutex("")
        /// Reads the head of a request, and passes bytes on both ways where it may.
        func proxy(_ answer: String) -> LoopbackListener {
            LoopbackListener { connection in
                var chunk = [UInt8](repeating: 0, count: 65_536)
                let head = recv(connection, &chunk, chunk.count, 0)
                asked.withLock { $0 = String(decoding: chunk[..<max(0, head)], as: UTF8.self) }
                let bytes = Array(answer.utf8)
                _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                guard answer.contains(" 200 "), let onward = connectedSocket(toPort: port) else { return }
                let back = Thread {
                    var chunk = [UInt8](repeating: 0, count: 65_536)
                    while case let count = recv(onward, &chunk, chunk.count, 0), count > 0 {
                        _ = send(connection, chunk, count, Int32(MSG_NOSIGNAL))
                    }
                }
                back.start()
                while case let count = recv(connection, &chunk, chunk.count, 0), count > 0 {
                    _ = send(onward, chunk, count, Int32(MSG_NOSIGNAL))
                }
                // The other thread still waits for bytes: closing alone would end nothing.
                shutdown(onward, Int32(SHUT_RDWR))
                close(onward)
            }
        }
        func connect(_ listener: LoopbackListener, _ host: String) throws -> AgentConnection {
            let way = try #require(ServerAddress("http://127.0.0.1:\(listener.port)"))
            return try AgentHTTPClient(
                to: try #require(ServerAddress("https://\(host)")), proxy: way,
                authorities: "\(server.folder)/ca.pem", patience: Patience()
            ).connect()
        }
        let open = proxy("HTTP/1.1 200 Connection established\r\n\r\n")
        #expect(try connect(open, "vedette.example.org").certificate?.subject.contains("CN=server") == true)
        #expect(asked.withLock { $0 }.hasPrefix("CONNECT vedette.example.org:443 HTTP/1.1\r\n"))
        for (listener, host, stage) in [
            (open, "other.example.org", ConnectionFault.Stage.certificate),
            (proxy("HTTP/1.1 407 Authentication\r\nContent-Length: 0\r\n\r\n"), "vedette.example.org", .proxy),
        ] {
            do {
                _ = try connect(listener, host)
                Issue.record("was connected")
            } catch let fault as ConnectionFault {
                #expect(fault.stage == stage, "\(fault)")
            }
        }
    }

    @Test("what is older than TLS 1.2 is refused")
    func oldVersion() throws {
        let server = try Server(names: "DNS:localhost", days: 2, options: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        #expect(try #require(try server.fault("localhost")).stage == .tls)
    }
}
