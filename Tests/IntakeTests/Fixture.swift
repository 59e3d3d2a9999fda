import Database
import Foundation
import Glibc
import Intake
import ShangMi
import StoreKit
import SurveillanceKit
import Synchronization

/// A data folder for one test, gone with the value, and the rooms over it.
final class Fixture: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "intake-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func keys(fileSystem: FileSystem = .local) throws -> MasterKeys {
        try MasterKeys(path: path + "/keys/master", fileSystem: fileSystem)
    }

    func folder(_ name: String, keys: MasterKeys? = nil, fileSystem: FileSystem = .local) throws -> SealedFolder {
        try SealedFolder(
            path: path + "/" + name, purpose: name, keys: keys ?? self.keys(), fileSystem: fileSystem)
    }

    func spool(
        maximumBytes: Int = 1 << 20, reserveBytes: Int = 0, keys: MasterKeys? = nil, fileSystem: FileSystem = .local
    ) throws -> Spool {
        Spool(
            folder: try folder("spool", keys: keys, fileSystem: fileSystem), maximumBytes: maximumBytes,
            reserveBytes: reserveBytes, seal: try originSeal())
    }

    /// Under a master key of its own, which no test changes.
    private func originSeal() throws -> FieldSeal {
        let keys = try MasterKeys(path: path + "/keys/origins")
        return try FieldSeal(folder: folder("origin-keys", keys: keys))
    }

    func seal(keys: MasterKeys? = nil) throws -> FieldSeal { try FieldSeal(folder: folder("sealed-keys", keys: keys)) }

    func database() throws -> any SQLDatabase {
        let database = try TestStore.database(at: path + "/vedette.sqlite")
        try database.migrate(SubmissionLog.migrations + ReceiptBook.migrations)
        return database
    }

    func log() throws -> SubmissionLog { SubmissionLog(database: try database(), seal: try seal()) }

    /// Every file under the data folder.
    func files(under folder: String = "") throws -> [String] {
        let root = path + (folder.isEmpty ? "" : "/" + folder)
        return try FileManager.default.subpathsOfDirectory(atPath: root).filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: root + "/" + name, isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    /// The names of the files under the data folder whose bytes hold a text.
    func files(holding text: String) throws -> [String] {
        try files().filter { name in
            try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)).range(of: Data(text.utf8)) != nil
        }
    }
}

extension Instant {
    static func milliseconds(_ milliseconds: Int64) -> Instant { Instant(milliseconds: milliseconds) }
}

/// Ids that sort in the order of their numbers.
func id(_ number: Int64) -> SubmissionID {
    SubmissionID(at: .milliseconds(number), random: RandomSource { $0.initializeMemory(as: UInt8.self, repeating: 0) })
}

func arrival(
    _ number: Int64, institution: String = "A", fileName: String = "flu_1.csv", bytes: String = "x", key: String? = nil
) -> Arrival {
    Arrival(
        id: id(number), institution: institution, account: "demo", fileName: fileName, size: bytes.utf8.count,
        sm3: SM3.digest(bytes).hex, receivedAt: .milliseconds(1000 + number), idempotencyKey: key)
}

extension Spool {
    /// Receives a whole upload in pieces.
    func receive(_ id: SubmissionID, _ bytes: [UInt8], piece: Int = 10_000) throws -> SpoolFile.Finished {
        let file = try begin(id, expectedBytes: bytes.count)
        var rest = bytes[...]
        while !rest.isEmpty {
            try Array(rest.prefix(piece)).withUnsafeBytes { try file.write($0) }
            rest = rest.dropFirst(piece)
        }
        return try file.finishBlocking()
    }
}

extension SealedContent {
    func bytes(at offset: Int = 0, count: Int? = nil) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count ?? size + 1)
        let read = try bytes.withUnsafeMutableBytes { try self.read(at: offset, into: $0) }
        return Array(bytes.prefix(read))
    }
}

/// A disk that fails at one kind of call, from its n-th one on.
final class Faults: Sendable {
    enum Call: CaseIterable { case create, write, syncData, rename, syncFolder }

    let call: Call
    let code: Int32
    private let state: Mutex<(seen: Int, first: Int)>

    init(_ call: Call, code: Int32, from first: Int = 1) {
        self.call = call
        self.code = code
        state = Mutex((0, first))
    }

    func mend() { state.withLock { $0.first = .max } }

    private func pass(_ call: Call) throws {
        guard call == self.call else { return }
        let fails = state.withLock { state in
            state.seen += 1
            return state.seen >= state.first
        }
        if fails { throw FileSystem.Fault("\(call)", code: code) }
    }

    var fileSystem: FileSystem {
        var disk = FileSystem.local
        disk.create = { path in
            try self.pass(.create)
            return try FileSystem.local.create(path)
        }
        disk.write = { descriptor, bytes in
            try self.pass(.write)
            return try FileSystem.local.write(descriptor, bytes)
        }
        disk.syncData = { descriptor in
            try self.pass(.syncData)
            try FileSystem.local.syncData(descriptor)
        }
        disk.rename = { path, newPath in
            try self.pass(.rename)
            try FileSystem.local.rename(path, newPath)
        }
        disk.syncFolder = { path in
            try self.pass(.syncFolder)
            try FileSystem.local.syncFolder(path)
        }
        return disk
    }
}
