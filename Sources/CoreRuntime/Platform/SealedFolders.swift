import Accounts
import Audit
import Database
import Foundation
import Intake
import ShangMi
import SurveillanceKit

/// The sealed folders of a deployment, with the master keys that all of them share.
///
/// Whatever is sealed under the master keys must lie in one of these: a change of keys wraps them anew and removes the old keys.
struct SealedFolders: Sendable {
    let keys: MasterKeys
    let spool: SealedFolder
    let findings: SealedFolder
    /// Keys of other things: that of the sealed values in the database.
    let smallKeys: SealedFolder
    /// Scans that people upload.
    let documents: SealedFolder

    /// - Parameter mayMake: makes folders and the first master key where there are none.
    init(_ root: URL, random: RandomSource, fileSystem: FileSystem = .local, mayMake: Bool = true) throws {
        let keys = try MasterKeys(
            path: root.appendingPathComponent("keys").path, random: random, fileSystem: fileSystem, mayMake: mayMake)
        try self.init(root, keys: keys, random: random, fileSystem: fileSystem, mayMake: mayMake)
    }

    init(
        _ root: URL, keys: MasterKeys, random: RandomSource, fileSystem: FileSystem = .local, mayMake: Bool = true
    ) throws {
        self.keys = keys
        func folder(_ name: String, _ purpose: String) throws -> SealedFolder {
            try SealedFolder(
                path: root.appendingPathComponent(name).path, purpose: purpose, keys: keys, random: random,
                fileSystem: fileSystem, mayMake: mayMake)
        }
        spool = try folder("spool", "spool")
        findings = try folder("findings", "findings")
        smallKeys = try folder("sealed-keys", "keys")
        documents = try folder("documents", "document")
    }

    /// A data folder of an earlier version has no documents until a server has begun in it.
    var all: [SealedFolder] {
        [spool, findings, smallKeys]
            + (FileManager.default.fileExists(atPath: documents.path) ? [documents] : [])
    }

    /// Makes the folders this process's own and removes what an earlier one left half-written.
    ///
    /// - Throws: `IntakeError.inUse` while another process works in them.
    func takeOver() throws { for folder in all { try folder.takeOver() } }

    /// Begins a change of the master key and ends it: one data key after the other is wrapped anew, the old key is removed.
    ///
    /// - Returns: how many files were wrapped anew.
    func changeKey(noting database: any SQLDatabase, by author: Author, at now: Instant) throws -> Int {
        let old = keys.currentKeyID.description
        try database.writeBlockingAgain { transaction in
            try AuditTrail.append(
                AuditEntry(author: author, action: "key.rotate", subject: old, at: now),
                in: transaction)
        }
        try keys.addKey()
        return try finishChange(noting: database, by: author, at: now)
    }

    /// Ends a change that has begun, also one that was cut off. Does nothing where there is none.
    @discardableResult
    func finishChange(noting database: any SQLDatabase, by author: Author, at now: Instant) throws -> Int {
        guard keys.isChanging else {
            try noteKeys(in: database)
            return 0
        }
        // The database must know the new key before the old one goes.
        try noteKeys(in: database)
        let count = try keys.finishChange(in: all)
        let entry = AuditEntry(
            author: author, action: "key.rotated", subject: keys.currentKeyID.description, at: now,
            detail: ["files": String(count)])
        try database.writeBlockingAgain { try AuditTrail.append(entry, in: $0) }
        try noteKeys(in: database)
        return count
    }

    /// Writes down which master keys are this folder's: those at hand.
    private func noteKeys(in database: any SQLDatabase) throws {
        let ids = keys.keyIDs
        let sql = "SELECT value FROM data_folder_key WHERE name = 'keys' ORDER BY value"
        guard try database.readBlocking({ try $0.rows(sql).map { try $0[0] as String } }) != ids else { return }
        try database.writeBlockingAgain { transaction in
            try transaction.execute("DELETE FROM data_folder_key WHERE name = 'keys'")
            for id in ids {
                try transaction.execute(
                    "INSERT INTO data_folder_key (name, value) VALUES ('keys', ?)", [.text(id)])
            }
        }
    }
}
