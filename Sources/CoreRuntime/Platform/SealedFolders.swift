import Accounts
import Database
import Foundation
import Intake
import ShangMi

/// The sealed folders of a deployment, with the master keys that all of them share.
///
/// Whatever is sealed under the master keys must lie in one of these: a change of keys wraps them anew and removes the old keys.
struct SealedFolders: Sendable {
    let keys: MasterKeys
    let spool: SealedFolder
    let findings: SealedFolder
    /// Keys of other things: that of the sealed values in the database.
    let smallKeys: SealedFolder

    init(_ root: URL, random: RandomSource, fileSystem: FileSystem = .local) throws {
        func path(_ name: String) -> String { root.appendingPathComponent(name).path }
        keys = try MasterKeys(path: path("keys"), random: random, fileSystem: fileSystem)
        spool = try SealedFolder(
            path: path("spool"), purpose: "spool", keys: keys, random: random, fileSystem: fileSystem)
        findings = try SealedFolder(
            path: path("findings"), purpose: "findings", keys: keys, random: random, fileSystem: fileSystem)
        smallKeys = try SealedFolder(
            path: path("sealed-keys"), purpose: "keys", keys: keys, random: random, fileSystem: fileSystem)
    }

    private var all: [SealedFolder] { [spool, findings, smallKeys] }

    /// Makes the folders this process's own and removes what an earlier one left half-written.
    ///
    /// - Throws: `IntakeError.inUse` while another process works in them.
    func takeOver() throws { for folder in all { try folder.takeOver() } }

    /// Begins a change of the master key and ends it: one data key after the other is wrapped anew, the old key is removed.
    ///
    /// - Returns: how many files were wrapped anew.
    func changeKey(noting database: SQLiteDatabase, by author: Author, at now: Int64) throws -> Int {
        let old = keys.currentKeyID.description
        try database.writeBlocking { transaction in
            try AuditTrail.append(
                AuditEntry(author: author, action: "key.rotate", subject: old, at: now), in: transaction)
        }
        try keys.addKey()
        return try finishChange(noting: database, by: author, at: now)
    }

    /// Ends a change that has begun, also one that was cut off. Does nothing where there is none.
    @discardableResult
    func finishChange(noting database: SQLiteDatabase, by author: Author, at now: Int64) throws -> Int {
        guard keys.isChanging else { return 0 }
        let count = try keys.finishChange(in: all)
        let entry = AuditEntry(
            author: author, action: "key.rotated", subject: keys.currentKeyID.description, at: now,
            detail: ["files": String(count)])
        try database.writeBlocking { try AuditTrail.append(entry, in: $0) }
        return count
    }
}
