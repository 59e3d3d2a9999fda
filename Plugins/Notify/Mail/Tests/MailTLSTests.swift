import Foundation
import PluginKit
import Settings
import Testing

@testable import NotifyMail

/// Mail over TLS, against a server of Python's.
@Suite(
    "Mail over TLS",
    .enabled(
        if: ["python3", "openssl"].allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") },
        "needs openssl for a certificate and python3 as a server"))
struct MailTLSTests {
    /// Takes one connection, says which mail came, and ends.
    private static let server = """
        import socket, ssl, sys
        mode, folder = sys.argv[1:]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + '/cert.pem', folder + '/key.pem')
        listener = socket.create_server(('127.0.0.1', 0))
        print(listener.getsockname()[1], flush=True)
        connection, _ = listener.accept()
        try:
            if mode == 'tls': connection = context.wrap_socket(connection, server_side=True)
            stream, data, said = connection.makefile('rwb'), False, []
            def say(text): stream.write(text.encode() + b'\\r\\n'); stream.flush()
            say('220 fake')
            while True:
                line = stream.readline()
                if not line: break
                line = line.decode().rstrip('\\r\\n')
                if data:
                    if line == '.': data = False; say('250 queued')
                    elif line.startswith('Message-ID'): said.append(line)
                    continue
                verb = line[:4].upper()
                said.append(verb)
                if verb == 'EHLO':
                    if mode == 'starttls' and not isinstance(connection, ssl.SSLSocket): say('250-fake'); say('250 STARTTLS')
                    else: say('250-fake'); say('250 AUTH PLAIN')
                elif verb == 'STAR':
                    say('220 go')
                    connection = context.wrap_socket(connection, server_side=True)
                    stream = connection.makefile('rwb')
                    continue
                elif verb == 'DATA': data = True; say('354 go on')
                elif verb == 'AUTH': say('334 '); stream.readline(); say('235 welcome')
                elif verb == 'QUIT': say('221 bye'); break
                else: say('250 ok')
            print(' '.join(said), flush=True)
        except (ssl.SSLError, OSError): print('broken', flush=True)
        """

    private func run(_ words: [String], _ output: Pipe) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    @Test(
        "a mail is handed over within TLS, and to nobody whose certificate is not trusted",
        arguments: [("tls", true), ("starttls", true), ("tls", false), ("starttls", false)])
    func encrypted(security: String, isTrusted: Bool) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mail-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
        try run(
            [
                "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout", path("key.pem"), "-out", path("cert.pem"), "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
                "subjectAltName=IP:127.0.0.1",
            ], Pipe()
        ).waitUntilExit()
        try Data("pear-sock7".utf8).write(to: URL(fileURLWithPath: path("password")))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path("password"))
        try Self.server.write(toFile: path("server.py"), atomically: true, encoding: .utf8)
        let output = Pipe()
        let server = try run(["/usr/bin/python3", path("server.py"), security, folder.path], output)
        defer { server.terminate() }
        var first = ""
        while !first.hasSuffix("\n"), let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty {
            first += String(decoding: byte, as: UTF8.self)
        }
        let port = try #require(Int(first.dropLast()))
        var settings: [String: SettingsValue] = [
            "security": .string(security), "user": .string("u"), "passwordFile": .string(path("password")),
        ]
        if isTrusted { settings["authorities"] = .string(path("cert.pem")) }
        let notifier = try MailNotifierTests.notifier(port: port, settings)
        if isTrusted {
            try notifier.deliver(MailNotifierTests.message())
        } else {
            #expect(throws: NotTaken.self) { try notifier.deliver(MailNotifierTests.message()) }
        }
        let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        #expect(said.contains("AUTH MAIL RCPT DATA Message-ID: <a1b2c3d4") == isTrusted, "\(said)")
        if !isTrusted { #expect(!said.contains("AUTH")) }
    }
}
