import Foundation
import Validation

/// What a deployment can set without a release: `Config/vedette.json`. Every property has a default, so the file may be empty.
public struct Configuration: Sendable {
    /// Where the server listens; port 0 takes any free one.
    public var host = "127.0.0.1"
    public var port = 8080
    /// Database, sealed uploads, findings and keys.
    public var dataFolder: URL
    public var programsFolder: URL
    public var institutionsFile: URL?
    /// How many submissions are processed at once.
    public var workers = 2
    public var maximumUploadBytes = 20 << 20
    /// What must stay free on the disk.
    public var reserveBytes = 256 << 20
    /// How often a submission is tried before it has failed.
    public var maximumTries = 3
    /// Rows that stand are held in memory up to this size while a package is checked; a larger package is checked twice.
    public var maximumHeldBytes = 64 << 20

    public init(dataFolder: URL, programsFolder: URL, institutionsFile: URL? = nil) {
        self.dataFolder = dataFolder
        self.programsFolder = programsFolder
        self.institutionsFile = institutionsFile
    }

    /// Reads a configuration file; paths in it are relative to its own folder.
    public init(contentsOf url: URL) throws(ProgramError) {
        let object = try JSONObject(contentsOf: url, shownAs: url.path)
        try object.allow([
            "listen", "data", "programs", "institutions", "workers", "maximumUploadBytes", "reserveBytes",
            "maximumTries",
        ])
        let folder = url.deletingLastPathComponent()
        func path(_ name: String, default standard: String) throws(ProgramError) -> URL {
            URL(fileURLWithPath: try object.optionalString(name) ?? standard, relativeTo: folder).standardizedFileURL
        }
        self.init(
            dataFolder: try path("data", default: "../data"),
            programsFolder: try path("programs", default: "../Surveillance"),
            institutionsFile: try path("institutions", default: "institutions.json"))
        if let listen = try object.optionalString("listen") {
            do { try setListen(listen) } catch {
                throw object.fault("'listen' is '\(listen)'; write it as 127.0.0.1:8080")
            }
        }
        func positive(_ name: String, _ standard: Int) throws(ProgramError) -> Int {
            let value = try object.optionalInt(name) ?? standard
            guard value > 0 else { throw object.fault("'\(name)' must be above 0") }
            return value
        }
        workers = try positive("workers", workers)
        maximumUploadBytes = try positive("maximumUploadBytes", maximumUploadBytes)
        reserveBytes = try positive("reserveBytes", reserveBytes)
        maximumTries = try positive("maximumTries", maximumTries)
    }

    /// Takes `HOST:PORT`, `:PORT` or `[::1]:PORT`.
    public mutating func setListen(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw ListenError(text: text)
        }
        let host = text[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        self.host = host.isEmpty ? "127.0.0.1" : host
        self.port = Int(port)
    }
}

/// An address that is none.
public struct ListenError: Error, CustomStringConvertible {
    var text: String
    public var description: String { "'\(text)' is no address to listen on; write it as 127.0.0.1:8080" }
}
