import Accounts
import Database
import Deidentification
import Foundation
import Intake
import ProgramFiles
import Records
import ShangMi

/// Everything a deployment keeps, opened and brought together: database, sealed uploads and findings, keys.
///
/// `vedette.sqlite` people, submissions, receipts · `records.sqlite` the line list · `spool/` uploads · `findings/` · `keys/` master keys · `pseudonyms/` the pseudonym key, apart.
struct DataFolder: Sendable {
    let database: SQLiteDatabase
    /// The line list, in a file of its own, so that nobody's receipt waits while a large package is stored.
    let records: SQLiteDatabase
    let spool: Spool
    let findings: FindingsFolder
    let log: SubmissionLog
    let receipts: ReceiptBook
    let pseudonymKey: SymmetricKey
    let lineList: LineList

    /// - Parameter now: milliseconds since 1970-01-01 UTC.
    init(
        _ configuration: Configuration, registry: ProgramRegistry, random: RandomSource, fileSystem: FileSystem,
        now: Int64, report: (String) -> Void = { _ in }
    ) throws {
        let root = configuration.dataFolder
        try FileManager.default.createDirectory(
            at: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        func path(_ name: String) -> String { root.appendingPathComponent(name).path }
        let folders = try SealedFolders(root, random: random, fileSystem: fileSystem)
        try folders.takeOver()
        database = try DataFolder.openDatabase(configuration)
        try folders.finishChange(noting: database, by: .platform, at: now / 1000)
        lineList = LineList(registry.programs.map(\.program))
        records = try DataFolder.openRecords(root)
        try lineList.prepare(records)

        let seal = try FieldSeal(folder: folders.smallKeys, random: random)
        spool = Spool(
            folder: folders.spool, maximumBytes: configuration.maximumUploadBytes,
            reserveBytes: configuration.reserveBytes)
        findings = FindingsFolder(folder: folders.findings)
        log = SubmissionLog(database: database, seal: seal)
        receipts = ReceiptBook(seal: seal, signer: try ReceiptKey.load(path("receipt-key"), random: random))
        pseudonymKey = try KeyFile.readOrMake(path("pseudonyms/pseudonym.key"), byteCount: 32, random: random)
        try takeOverEarlierRecords(report)
    }

    /// Records of a folder that an earlier version has worked in lie in the other database; they move once.
    private func takeOverEarlierRecords(_ report: (String) -> Void) throws {
        let key = pseudonymKey
        let earlier = EarlierLineList(lineList, from: database, to: records) { program, fileType, institution in
            try LinkHashes(program, fileType, institution: institution, key: key)
        }
        let count = try earlier.takeOver { table, records in
            if records.isMultiple(of: 100_000) {
                report("\(table): \(records) records have been moved to records.sqlite")
            }
        }
        if count > 0 { report("\(count) records have been moved to records.sqlite") }
    }
}

extension DataFolder {
    static func openRecords(_ root: URL) throws -> SQLiteDatabase {
        var profile = SQLiteDatabase.Profile()
        profile.writerCacheBytes = 16 << 20
        profile.readerCacheBytes = 4 << 20
        profile.checkpointsApart = true
        return try SQLiteDatabase(path: root.appendingPathComponent("records.sqlite").path, profile: profile)
    }

    /// The database alone, in the shape this version needs.
    static func openDatabase(_ configuration: Configuration) throws -> SQLiteDatabase {
        let database = try SQLiteDatabase(path: configuration.dataFolder.appendingPathComponent("vedette.sqlite").path)
        try database.migrate(Migration.accounts + SubmissionLog.migrations + ReceiptBook.migrations)
        return database
    }
}

/// The key that signs receipts, made at the first start.
enum ReceiptKey {
    static func load(_ folder: String, random: RandomSource) throws -> SM2PrivateKey {
        // Nearly every 32 bytes are a private key; the rare others are drawn again.
        while true {
            let path = folder + "/receipt.key"
            let bytes = try Intake.KeyFile.readOrMake(path, byteCount: 32, random: random).withUnsafeBytes { Array($0) }
            if let key = try SM2PrivateKey(bytes: bytes) { return key }
            try FileManager.default.removeItem(atPath: path)
        }
    }
}
