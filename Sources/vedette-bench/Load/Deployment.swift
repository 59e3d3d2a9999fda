import Accounts
import Audit
import CoreRuntime
import Database
import Foundation
import PluginKit
import ShangMi
import SurveillanceKit

/// A deployment made for measuring: a data folder, institutions with a token each, and `vedette serve` on a port of its own.
///
/// Accounts are written straight into the database: their passwords are never used, and hashing each takes 28 ms.
final class Deployment {
    let folder: URL
    /// A token for each institution, in their order.
    private(set) var tokens: [String] = []
    /// A token that may see everything.
    private(set) var operatorToken = ""
    private(set) var port: UInt16 = 0
    private let process = Process()
    private let programs: URL
    var processID: Int32 { process.processIdentifier }

    /// - Parameters:
    ///   - maximumUploadBytes: what one upload may have; nil for the default.
    ///   - connection: of a PostgreSQL server that keeps the databases, in schemas of their own; nil for SQLite.
    init(
        institutions: Int, programs: URL, maximumUploadBytes: Int? = nil, connection: String? = nil
    ) async throws {
        self.programs = programs
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-load-\(UUID().uuidString)")
        // Others may not reach into a data folder.
        try FileManager.default.createDirectory(
            at: data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let codes = (0..<institutions).map(Deployment.code)
        let entries = codes.map { code in
            """
            {"code":"\(code)","name":{"zh":"示例医院\(code.suffix(5))","en":"Hospital \(code.suffix(5))"},\
            "level":"二级","region":"110105"}
            """
        }
        try "[\(entries.joined(separator: ",\n"))]".write(
            to: folder.appendingPathComponent("institutions.json"), atomically: true, encoding: .utf8)
        // The server's own defaults are what is measured; only the places are given.
        let limit = maximumUploadBytes.map { ", \"maximumUploadBytes\": \($0)" } ?? ""
        try """
        { "listen": "127.0.0.1:0", "data": "data", "programs": "\(programs.path)"\(limit),
          "plugins": \(try Deployment.plugins(connection)) }
        """.write(to: configuration, atomically: true, encoding: .utf8)
        try await admit(codes)
    }

    deinit {
        if process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(at: folder)
    }

    private static func plugins(_ connection: String?) throws -> String {
        guard let connection else { return "{}" }
        let schema = "load_" + UUID().uuidString.prefix(8).lowercased()
        let text = String(decoding: try JSONEncoder().encode(connection), as: UTF8.self)
        return #"{ "store": { "postgresql": { "connection": \#(text), "schema": "\#(schema)" } } }"#
    }

    /// 22 characters, as institutions' codes have.
    static func code(_ number: Int) -> String { "LOAD\(String(String(1_000_000_000 + number).dropFirst()))000000000" }

    private var data: URL { folder.appendingPathComponent("data") }
    private var configuration: URL { folder.appendingPathComponent("vedette.json") }

    private func admit(_ codes: [String]) async throws {
        let configuration = try Configuration(contentsOf: configuration)
        _ = try Desk(configuration, operatorName: "bench", mayMake: true)
        let database = try openDatabase()
        try database.writeBlocking { transaction in
            for (name, institution) in [("operator", nil)] + codes.map({ ($0.lowercased(), $0 as String?) }) {
                try transaction.execute(
                    """
                    INSERT INTO account
                        (key, name, display_name, role, institution, is_disabled, password, password_version, created_at)
                    VALUES (?, ?, ?, ?, ?, 0, '', 1, 0)
                    """,
                    [
                        .text(name), .text(name), .text(name), .text(institution == nil ? "platform" : "institution"),
                        SQLValue(institution),
                    ])
            }
        }
        let store = ApiTokenStore(database: database, random: .strong)
        let author = Author(name: "bench", origin: "bench")
        func token(_ name: String) async throws -> String {
            try await store.create(for: name, label: "bench", by: author, at: Instant(seconds: 0)).secret
        }
        operatorToken = try await token("operator")
        for code in codes { tokens.append(try await token(code.lowercased())) }
    }

    func openDatabase() throws -> any SQLDatabase {
        if let store = try Configuration(contentsOf: configuration).plugins.store { return try store.open(.log) }
        return try SQLiteDatabase(path: data.appendingPathComponent("vedette.sqlite").path)
    }

    /// The line list; while none of a server's start has made it, there is none.
    func openRecords() throws -> SQLiteDatabase {
        try SQLiteDatabase(path: data.appendingPathComponent("records.sqlite").path)
    }

    /// Starts the server beside this program, and waits until it listens.
    func start() throws {
        let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        process.executableURL = beside.appendingPathComponent("vedette")
        process.arguments = ["serve", "--config", configuration.path, "--language", "en"]
        let pipe = Pipe()
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var text = ""
        while !text.contains("listening on ") || !text.hasSuffix("\n") {
            let data = pipe.fileHandleForReading.availableData
            guard !data.isEmpty else { throw BenchError("the server ended at once: \(text)") }
            text += String(decoding: data, as: UTF8.self)
        }
        pipe.fileHandleForReading.readabilityHandler = { handle in
            FileHandle.standardError.write(handle.availableData)
        }
        let address = text.components(separatedBy: "listening on ")[1].prefix { $0 != ";" && $0 != "\n" }
        guard let found = URL(string: String(address))?.port.flatMap({ UInt16(exactly: $0) }) else {
            throw BenchError("no address in: \(text)")
        }
        port = found
    }

    /// Ends it as an operator does.
    func stop() throws {
        process.terminate()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchError("the server ended with \(process.terminationStatus)")
        }
    }

    /// Sends a package for an institution and answers its id.
    func send(_ package: [UInt8], as institution: Int) throws -> String {
        let answer = try UploadSocket(port: port).upload(
            "package.zip", size: package.count, token: tokens[institution]
        ) { Array(package[$0..<min($0 + 262_144, package.count)]) }
        guard answer.status == 201, let id = try Deployment.member("id", of: answer) else {
            throw BenchError("\(answer.status) \(answer.body)")
        }
        return id
    }

    func state(of id: String) throws -> String {
        let answer = try UploadSocket(port: port).get("/api/v1/submissions/\(id)", token: operatorToken)
        return try Deployment.member("state", of: answer) ?? "not there: \(answer.status)"
    }

    private static func member(_ name: String, of answer: UploadSocket.Answer) throws -> String? {
        let object = try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any]
        return object?[name] as? String
    }

    /// Bytes of all database files, with their logs.
    func databaseBytes() -> Int {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: data.path)) ?? []
        return files.filter { $0.contains(".sqlite") }.reduce(0) { sum, file in
            let attributes = try? FileManager.default.attributesOfItem(atPath: data.appendingPathComponent(file).path)
            return sum + (attributes?[.size] as? Int ?? 0)
        }
    }

    /// Bytes that the server holds now, and the most it ever held.
    func memory() throws -> (now: Int, peak: Int) {
        let text = try String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8)
        func kilobytes(_ name: String) -> Int {
            let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") } ?? ""
            return Int(line.filter(\.isNumber)) ?? 0
        }
        return (kilobytes("VmRSS") * 1024, kilobytes("VmHWM") * 1024)
    }

    /// How many submissions wait or are being processed.
    func backlog() throws -> Int {
        let counts = try counts()
        return (counts["received"] ?? 0) + (counts["processing"] ?? 0)
    }

    /// Submissions by state, as the server counts them.
    func counts() throws -> [String: Int] {
        let answer = try UploadSocket(port: port).get("/metrics")
        var counts: [String: Int] = [:]
        for line in answer.body.split(separator: "\n") where line.hasPrefix("vedette_submissions{") {
            let parts = line.split(separator: "\"")
            guard parts.count == 3, let count = Int(parts[2].filter(\.isNumber)) else { continue }
            counts[String(parts[1])] = count
        }
        return counts
    }
}
