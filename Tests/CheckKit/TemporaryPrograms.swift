public import Foundation
public import ProgramFiles
public import Validation

/// A programs folder made of strings, gone with the value.
///
/// ```swift
/// let programs = try TemporaryPrograms(["Mpox/program.json": "…", "Mpox/files/mpox.json": "…"])
/// ```
public final class TemporaryPrograms: Sendable {
    public let folder: URL

    public init(_ files: [String: String]) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "vedette-\(UUID().uuidString)/Surveillance")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (path, text) in files {
            let url = folder.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: false, encoding: .utf8)
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }

    public func registry() throws(ProgramError) -> ProgramRegistry {
        try ProgramRegistry(folder: folder, modules: [])
    }
}
