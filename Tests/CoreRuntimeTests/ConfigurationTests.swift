import Foundation
import HTTPServer
import Intake
import Portal
import SurveillanceKit
import Tabular
import Testing

@testable import CoreRuntime

@Suite("The configuration file")
struct ConfigurationTests {
    private func read(_ text: String) throws -> Configuration {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try text.write(to: file, atomically: true, encoding: .utf8)
        return try Configuration(contentsOf: file)
    }

    @Test("every limit can be set, and what is left out keeps its default")
    func limits() throws {
        let configuration = try read(
            """
            { "uploadsPerInstitution": 3, "agent": "files/agent", "trustedProxies": ["127.0.0.1", "10.0.0.0/8"],
              "archive": { "entries": 10, "entrySize": 11, "totalSize": 12, "ratio": 13 },
              "table": { "rows": 20, "rowBytes": 21, "columns": 22 },
              "server": { "headSeconds": 1.5, "idleSeconds": 31, "minimumBytesPerSecond": 32, "maximumConnections": 33,
                          "maximumConnectionsPerAddress": 34 },
              "tls": { "certificate": "tls/a.pem", "key": "/etc/b.pem" } }
            """)
        #expect(configuration.uploadsPerInstitution == 3)
        #expect(configuration.agentFile?.path.hasSuffix("/files/agent") == true)
        #expect(configuration.trustedProxies == [NetworkRange("127.0.0.1"), NetworkRange("10.0.0.0/8")])
        #expect(configuration.archive.maximumEntries == 10 && configuration.archive.maximumEntrySize == 11)
        #expect(configuration.archive.maximumTotalSize == 12 && configuration.archive.maximumRatio == 13)
        #expect(configuration.table.maximumRows == 20 && configuration.table.maximumRowBytes == 21)
        #expect(configuration.table.maximumColumns == 22)
        #expect(configuration.server.headSeconds == 1.5 && configuration.server.idleSeconds == 31)
        #expect(configuration.server.minimumBytesPerSecond == 32 && configuration.server.maximumConnections == 33)
        #expect(configuration.server.maximumConnectionsPerAddress == 34)
        #expect(configuration.tls?.certificate.lastPathComponent == "a.pem")
        #expect(configuration.tls?.key.path == "/etc/b.pem")
        // What is set stays; else it is what lies beside the program.
        for (text, file) in [("{ \"agent\": \"/opt/a\" }", "/opt/a"), ("{}", "/vedette-agent")] {
            var read = try read(text)
            read.findAgent()
            #expect(read.agentFile?.path.hasSuffix(file) == true)
        }
        let support = try read(
            """
            { "support": [ { "region": "43", "name": { "zh": "支持", "en": "Support" }, "phone": "0731-1" } ] }
            """
        ).support
        #expect(support.map(\.region) == [Region("43")] && support.map(\.phone) == ["0731-1"])
        #expect(
            try read("{}").archive
                == Configuration(dataFolder: .temporaryDirectory, programsFolder: .temporaryDirectory).archive)
    }

    @Test(
        "a misspelt key or a limit that is none stops the start with its place",
        arguments: [
            ("{ \"archive\": { \"entrys\": 1 } }", "archive: unknown property 'entrys'"),
            ("{ \"table\": { \"rows\": 0 } }", "table: 'rows' must be above 0"),
            ("{ \"server\": { \"headSeconds\": -1 } }", "server: 'headSeconds' must be above 0"),
            ("{ \"tls\": { \"certificate\": \"a\" } }", "tls: 'key' is missing"),
            ("{ \"trustedProxies\": [\"localhost\"] }", "'trustedProxies' has 'localhost'"),
            ("{ \"trustedProxies\": [\"10.0.0.0/33\"] }", "such as 127.0.0.1, 10.0.0.0/8 or fd00::/8"),
            ("{ \"support\": [ { \"name\": { \"zh\": \"a\", \"en\": \"a\" } } ] }", "needs 'phone', 'mail' or 'group'"),
            ("{ \"support\": [ { \"region\": \"x\" } ] }", "'region' is 'x'"),
            ("{ \"archive\": 7 }", "'archive' must be an object"),
        ])
    func refuses(text: String, reason: String) throws {
        let error = try #require(throws: (any Error).self) { try read(text) }
        #expect("\(error)".contains(reason))
    }

    @Test("a certificate that cannot be read, or is none, stops the start and names its file")
    func certificates() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("certificate.pem")
        let test = try TestPlatform(adjust: { $0.tls = .init(certificate: file, key: file) })
        let missing = try #require(throws: CertificateError.self) { try PlatformServer(test.platform) }
        #expect("\(missing)".contains(file.path) && "\(missing)".contains("cannot be read"))
        try Data("no certificate".utf8).write(to: file)
        let wrong = try #require(throws: CertificateError.self) { try PlatformServer(test.platform) }
        #expect("\(wrong)".contains("not PEM"))
    }

    @Test("the configured limits judge an upload")
    func limitsApply() async throws {
        let test = try TestPlatform(adjust: { $0.archive.maximumEntries = 1 })
        let id = try await test.send(try TestPlatform.package("Influenza", "clean")).submission.id
        try await test.processAll()
        #expect(try await test.find(id)?.state == .rejected)
        let rows = try TestPlatform(adjust: { $0.table.maximumRows = 3 })
        let second = try await rows.send(try TestPlatform.package("Influenza", "clean")).submission.id
        try await rows.processAll()
        #expect(try await rows.find(second)?.state != .accepted)
    }
}
