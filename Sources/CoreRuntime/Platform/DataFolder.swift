import Accounts
import Audit
import Database
import Deidentification
import Documents
import Foundation
import IndicatorStore
import Intake
import ProgramFiles
import Records
import ShangMi
import SurveillanceKit
import Validation

/// Everything a deployment keeps, opened and brought together: database, sealed uploads and findings, keys.
///
/// Two databases, of people, submissions and receipts and of the line list: files beside these folders, or in another store · `spool/` uploads · `findings/` · `keys/` master keys · `pseudonyms/` the pseudonym key, apart.
struct DataFolder: Sendable {
    let database: any SQLDatabase
    /// The line list, apart, so that nobody's receipt waits while a large package is stored.
    let records: any SQLDatabase
    let spool: Spool
    let findings: FindingsFolder
    /// Scans of applications.
    let documents: DocumentFolder
    /// Seals single values of the database.
    let seal: FieldSeal
    let log: SubmissionLog
    let receipts: ReceiptBook
    /// Signs receipts and snapshots.
    let receiptKey: SM2PrivateKey
    let pseudonymKey: SymmetricKey
    let lineList: LineList
    /// The figures, beside the records.
    let figures: IndicatorStore
    /// Outlasts the database, so that an older one is known.
    let highest: HighestNumbers
    let clock: ClockWatch
    let root: URL
    /// What `--adopt` has let pass at this start.
    let adopted: [DataFolderError]

    /// - Parameters:
    ///   - adopts: opens the folder although its database is missing, empty or older, or files are gone.
    /// - Throws: `DataFolderError`; nothing has been made, changed or removed then.
    init(
        _ configuration: Configuration, registry: ProgramRegistry, random: RandomSource, fileSystem: FileSystem,
        adopts: Bool = false, now: Instant, report: (BilingualText) -> Void = { _ in }
    ) throws {
        root = configuration.dataFolder
        let opened = try OpenedFolder(
            root, store: configuration.plugins.store, for: .server(adopts: adopts), random: random,
            fileSystem: fileSystem, now: now)
        let folders = opened.keys.folders
        database = opened.database
        highest = opened.highest
        adopted = opened.adopted
        clock = ClockWatch(database: database)
        try folders.finishChange(noting: database, by: .platform, at: now)
        lineList = LineList(registry.programs.map(\.program))
        records = try RecordsDatabase.open(of: opened)
        try lineList.prepare(records)
        figures = try IndicatorStore(
            registry.programs.compactMap { registry.indicators(of: $0.program.id) }, lineList, in: records)

        let seal = opened.keys.seal
        self.seal = seal
        documents = DocumentFolder(folders.documents, random: random)
        spool = Spool(
            folder: folders.spool, maximumBytes: configuration.maximumUploadBytes,
            reserveBytes: configuration.reserveBytes, seal: seal)
        findings = FindingsFolder(folder: folders.findings)
        log = SubmissionLog(database: database, seal: seal, owner: opened.identity.text)
        receipts = ReceiptBook(seal: seal, signer: opened.keys.receipts)
        receiptKey = opened.keys.receipts
        pseudonymKey = opened.keys.pseudonyms
        try takeOverEarlierRecords(report)
    }

    /// Records of a folder that an earlier version has worked in lie in the other database; they move once.
    private func takeOverEarlierRecords(_ report: (BilingualText) -> Void) throws {
        guard database is SQLiteDatabase else { return }
        let key = pseudonymKey
        let earlier = EarlierLineList(lineList, from: database, to: records) { program, fileType, institution in
            try LinkHashes(program, fileType, institution: institution, key: key)
        }
        let count = try earlier.takeOver { table, records in
            if records.isMultiple(of: 100_000) {
                report(
                    BilingualText(
                        zh: "\(table)：已将 \(records) 条记录移入 records.sqlite",
                        en: "\(table): \(records) records have been moved to records.sqlite"))
            }
        }
        if count > 0 {
            report(
                BilingualText(
                    zh: "已将 \(count) 条记录移入 records.sqlite",
                    en: "\(count) records have been moved to records.sqlite"))
        }
    }

    /// Notes the highest numbers outside of the database; durable when this returns.
    func noteHighest() throws {
        let heads = try database.readBlocking { try KeptDatabase.main.heads(in: $0) }
        let recordHeads = try records.readBlocking { try KeptDatabase.records.heads(in: $0) }
        try highest.raise(heads.merging(recordHeads) { own, _ in own }, durably: true)
    }

    /// Notes that receipts up to this number have been committed.
    ///
    /// A failure is no reason to withhold an answer: the receipt is durable, and the start that finds the file damaged says so.
    func noteReceipt(_ number: Int) {
        try? highest.raise(["\(KeptDatabase.main.file).receipt": Int64(number)])
    }

    /// Notes that changes of records up to this number have been committed.
    func noteChange(_ number: Int64) {
        try? highest.raise(["\(KeptDatabase.records.file).change": number])
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
