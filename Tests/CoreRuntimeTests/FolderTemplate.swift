import Database
import Foundation
import SurveillanceKit
import Intake
import ShangMi
import Testing

@testable import CoreRuntime

/// Data folders with everything in them, made once and copied for each test.
enum FolderTemplate {
    /// A folder with two processed uploads, one with findings, its server stopped.
    static let whole = Task { try await make() }
    /// The same of another deployment.
    static let other = Task { try await make() }

    private static func make() async throws -> URL {
        let test = try TestPlatform()
        _ = try await test.send(try TestPlatform.package("FeverClinic", "faults"))
        try await test.processAll()
        let root = test.folder
        // What an operator copies away as the server stands still: the older database.
        await closeWholly(test)
        for file in databases {
            try FileManager.default.copyItem(at: root.appendingPathComponent(file), to: older(root, file))
        }
        try await test.restart()
        _ = try await test.send(try TestPlatform.package("FeverClinic", "clean"), named: "later.zip")
        try await test.processAll()
        await closeWholly(test)
        let template = FileManager.default.temporaryDirectory.appendingPathComponent(
            "vedette-template-\(UUID().uuidString)")
        try FileManager.default.moveItem(at: root, to: template)
        for file in databases {
            try FileManager.default.moveItem(at: older(root, file), to: older(template, file))
        }
        return template
    }

    private static let databases = ["vedette.sqlite", "records.sqlite"]

    /// Ends the server and waits until each of its databases is in its file alone.
    private static func closeWholly(_ test: TestPlatform) async {
        await test.close()
        for file in databases {
            let log = test.folder.appendingPathComponent("\(file)-wal").path
            for _ in 0..<100_000 where FileManager.default.fileExists(atPath: log) { await Task.yield() }
        }
    }

    /// Where the older copy of a template's database lies: beside its folder.
    static func older(_ root: URL, _ file: String = "vedette.sqlite") -> URL {
        root.appendingPathExtension("older-\(file)")
    }
}

/// A copy of a template, gone with the value.
final class FolderCopy {
    let root: URL
    let template: URL
    let other: URL

    init() async throws {
        template = try await FolderTemplate.whole.value
        other = try await FolderTemplate.other.value
        root = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-copy-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: template, to: root)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    func path(_ name: String) -> URL { root.appendingPathComponent(name) }

    /// Every file and folder with its mode and bytes.
    func tree() throws -> [String: String] {
        var tree: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: root.path) {
            let attributes = try FileManager.default.attributesOfItem(atPath: path(name).path)
            let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
            let digest = isFolder ? "folder" : SM3.digest(Array(try Data(contentsOf: path(name)))).hex
            tree[name] = "\(attributes[.posixPermissions] ?? 0) \(digest)"
        }
        return tree
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(at: path(name)) }

    func write(_ bytes: Data, to name: String) throws {
        try bytes.write(to: path(name))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path(name).path)
    }

    func bytes(_ name: String) throws -> Data { try Data(contentsOf: path(name)) }

    /// Puts a file or folder of the template, or of another deployment, in its place.
    func put(_ name: String, of source: URL) throws {
        if FileManager.default.fileExists(atPath: path(name).path) { try remove(name) }
        try FileManager.default.copyItem(at: source.appendingPathComponent(name), to: path(name))
    }

    @discardableResult
    func open(adopts: Bool = false) throws -> OpenedFolder {
        try OpenedFolder(
            root, for: .server(adopts: adopts), random: .strong, now: Instant(milliseconds: 1_800_000_000_000))
    }

    func submissions() throws -> Int {
        let database = try SQLiteDatabase(path: path("vedette.sqlite").path)
        return try database.readBlocking { try $0.first("SELECT count(*) FROM submission") } ?? 0
    }

    /// Brings the copy into the layout from before identities.
    func forgetIdentity() throws {
        for folder in FolderIdentity.folders { try remove("\(folder)/identity") }
        try remove("identity")
        try remove("highest")
        // Nor was there a second database.
        for name in ["", "-wal", "-shm"]
        where FileManager.default.fileExists(atPath: path("records.sqlite\(name)").path) {
            try remove("records.sqlite\(name)")
        }
        let database = try SQLiteDatabase(path: path("vedette.sqlite").path)
        try database.writeBlocking { transaction in
            for table in ["data_folder", "data_folder_key", "clock"] { try transaction.execute("DROP TABLE \(table)") }
            try transaction.execute("DELETE FROM migration WHERE id = 'folder-1'")
        }
    }
}
