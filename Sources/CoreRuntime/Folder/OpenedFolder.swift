import Accounts
import Audit
import Database
import Dictionaries
import Foundation
import IndicatorStore
import Intake
import Notices
import PluginKit
import Records
import Registrations
import ShangMi
import SurveillanceKit
import TimelinessStore

/// A data folder that has been looked at and belongs together, with its keys and its database open.
struct OpenedFolder: Sendable {
    let identity: FolderIdentity
    let keys: FolderKeys
    let database: any SQLDatabase
    let store: any Store
    let highest: HighestNumbers
    /// What `--adopt` has let pass.
    let adopted: [DataFolderError]

    /// Who opens the folder.
    enum Use {
        /// A server: the only one to receive and process here.
        case server(adopts: Bool)
        /// A command, beside a server or without.
        case command(mayMake: Bool)
    }

    static let migrations =
        Migration.accounts + Migration.registrations + SubmissionLog.migrations + ReceiptBook.migrations
        + [KeptDatabase.migration, JobRuns.migration] + Outbox.migrations + Announcements.migrations
        + TrainingMediaStore.migrations
        + DutyLog.migrations
        + DictionaryStore.migrations + MappingStore.migrations + OwnLabelStore.migrations
        + PendingTables.migrations
        + [
            RuleChangeLog.migration, EarlierDuties.migration, DutyNotices.migration, FigureSnapshot.migration,
            FigureLedgerBook.migration,
        ]
    static let recordMigrations = LineList.migrations + [KeptDatabase.migration] + IndicatorStore.migrations

    /// - Parameter store: where the databases lie; nil for files in the folder.
    /// - Throws: `DataFolderError` with nothing made, changed or removed; `IntakeError.inUse`; `DeskError.nothingKept`.
    init(
        _ root: URL, store: (any Store)? = nil, for use: Use, random: RandomSource, fileSystem: FileSystem = .local,
        now: Instant
    ) throws {
        let store = store ?? SQLiteFiles(root: root)
        self.store = store
        var (isServer, adopts, mayMake) = (false, false, true)
        switch use {
        case .server(let asked): (isServer, adopts) = (true, asked)
        case .command(let asked): mayMake = asked
        }
        let inspection = try FolderInspection(
            root, store, random: random, knownMigrations: Set((Self.migrations + Self.recordMigrations).map(\.id)),
            adopts: adopts,
            comparesFiles: isServer)
        adopted = inspection.adopted
        var isNew = false
        var isBound = false
        switch inspection.state {
        case .new(let pending):
            guard mayMake else { throw DeskError.nothingKept(root.path) }
            identity = pending ?? FolderIdentity(random: random)
            isNew = true
        case .unmarked(let pending): identity = pending ?? FolderIdentity(random: random)
        case .marked(let found): (identity, isBound) = (found, true)
        }
        func path(_ name: String) -> String { root.appendingPathComponent(name).path }
        if isNew {
            try FileManager.default.createDirectory(
                at: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        if !isBound { try identity.write(to: path(FolderIdentity.pendingFile), folder: "") }
        let folders = try SealedFolders(
            root, random: random, fileSystem: fileSystem, mayMake: isNew || isServer)
        // A command that makes the folder, or gives it its identity, keeps a server from starting meanwhile.
        if isServer || !isBound { try folders.takeOver() }
        keys = try FolderKeys(folders, root, random: random, mayMake: isNew)
        highest = HighestNumbers(root)
        database = try store.open(.log)
        try database.migrate(Self.migrations)
        if !isBound {
            for folder in FolderIdentity.folders {
                try identity.write(to: path("\(folder)/\(FolderIdentity.file)"), folder: folder)
            }
        }
        // Where nothing was ever received, keys may have been made anew since.
        try bind(anew: isNew, noting: !isNew && !isBound ? "data-folder.identify" : nil, now: now)
        if !adopted.isEmpty { try adopt(inspection, now: now) }
        let heads = try database.readBlocking { try KeptDatabase.main.heads(in: $0) }
        if isBound, adopted.isEmpty {
            try highest.raise(heads)
        } else {
            // Of databases that are opened later what they know themselves; of one that is gone nothing.
            try highest.write(heads.merging(inspection.heads) { own, _ in own })
        }
        if !isBound {
            try identity.write(to: path(FolderIdentity.file), folder: "")
            try DurableText.remove(path(FolderIdentity.pendingFile))
        }
    }

    /// Writes identity and check values of the keys into the database, where they are not there.
    private func bind(anew: Bool, noting action: String?, now: Instant) throws {
        let checks = try keys.checks(identity)
        let isBound = try database.readBlocking { try $0.first("SELECT count(*) FROM data_folder") as Int? == 1 }
        if isBound, !anew { return }
        try database.writeBlockingAgain { transaction in
            try transaction.execute("DELETE FROM data_folder")
            try transaction.execute("INSERT INTO data_folder (identity) VALUES (?)", [.text(identity.text)])
            try transaction.execute("DELETE FROM data_folder_key")
            for (name, value) in checks {
                try transaction.execute(
                    "INSERT INTO data_folder_key (name, value) VALUES (?, ?)", [.text(name), .text(value)])
            }
            if let action {
                try AuditTrail.append(
                    AuditEntry(
                        author: .platform, action: action, subject: identity.text, at: now),
                    in: transaction)
            }
        }
    }

    /// Writes down what was let pass, and keeps numbers that an earlier database gave out from being given out again.
    private func adopt(_ inspection: FolderInspection, now: Instant) throws {
        try database.writeBlockingAgain { transaction in
            for error in adopted {
                let entry = AuditEntry(
                    author: .platform, action: "data-folder.adopt", subject: identity.text,
                    at: now,
                    detail: ["reason": error.auditText])
                try AuditTrail.append(entry, in: transaction)
            }
            if let number = inspection.highest["\(KeptDatabase.main.file).receipt"] {
                try ReceiptBook.leaveOut(upTo: Int(number), in: transaction)
            }
        }
    }
}

extension DataFolderError {
    private static func name(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }

    /// For the audit trail: what was wrong, without a path.
    var auditText: String {
        switch self {
        case .missing(let path): "\(Self.name(path)) was missing"
        case .empty(let path): "\(Self.name(path)) was empty"
        case .older(let path, let known, let highest, let what):
            "\(Self.name(path)) knew \(what) up to \(known) of \(highest)"
        case .lacking(_, let uploads, let findings, _):
            "\(uploads.counted("upload")) and \(findings.counted("file")) of findings were missing"
        default: "\(self)"
        }
    }
}
