import Database
import Foundation
import Glibc
import Intake
import PluginKit
import ShangMi

/// What lies at the data folder's path, found without making, changing or removing anything.
///
/// Every start and every command that opens the folder looks first. What does not belong together is refused as
/// `DataFolderError` says it, and the folder is byte by byte as it was.
struct FolderInspection {
    enum State: Hashable {
        /// Nothing was ever received here: what is missing is made. The identity is that of a first start that was cut off.
        case new(FolderIdentity?)
        /// A data folder from before identities, with everything in it.
        case unmarked(FolderIdentity?)
        case marked(FolderIdentity)
    }

    private(set) var state = State.new(nil)
    /// What `--adopt` has let pass: a database that is missing, empty or older, and files that are gone.
    private(set) var adopted: [DataFolderError] = []
    /// The highest numbers that were given out, where the databases may know less.
    private(set) var highest: [String: Int64] = [:]
    /// What the databases themselves know.
    private(set) var heads: [String: Int64] = [:]

    private let root: URL
    private let store: any Store
    private let random: RandomSource
    private let knownMigrations: Set<String>
    private let adopts: Bool
    private let comparesFiles: Bool

    /// - Parameters:
    ///   - adopts: lets pass what `DataFolderError.mayBeAdopted` says.
    ///   - comparesFiles: whether the files that the log says are kept must be there. Not beside a running server, which removes and adds them.
    init(
        _ root: URL, _ store: any Store, random: RandomSource, knownMigrations: Set<String>, adopts: Bool = false,
        comparesFiles: Bool
    ) throws {
        self.root = root
        self.store = store
        self.random = random
        self.knownMigrations = knownMigrations
        self.adopts = adopts
        self.comparesFiles = comparesFiles
        // Where the folder is gone, a server may still have the databases that belong to it.
        guard exists("") || !(store is SQLiteFiles) else { return }
        try requirePrivate()
        if comparesFiles { try SealedFolder.requireFree(path("spool")) }
        if let identity = try FolderIdentity.read(path(FolderIdentity.file), folder: "") {
            state = .marked(identity)
            try checkMarked(identity)
        } else {
            try checkUnmarked()
        }
    }

    // MARK: A folder with an identity

    private mutating func checkMarked(_ identity: FolderIdentity) throws {
        for folder in FolderIdentity.folders {
            guard exists(folder) else { throw DataFolderError.missing(path: path(folder)) }
            let mark = "\(folder)/\(FolderIdentity.file)"
            guard let found = try FolderIdentity.read(path(mark), folder: folder) else {
                throw DataFolderError.missing(path: path(mark))
            }
            guard found == identity else { throw DataFolderError.foreign(path: path(folder)) }
        }
        highest = try HighestNumbers(root).read()
        var keys: [String: Set<String>] = [:]
        for database in KeptDatabase.all {
            let isKnown = database.isKnown(highest)
            guard let look = try look(at: database, mustExist: isKnown) else { continue }
            // One whose first start was cut off bears no identity yet.
            if !isKnown, look.identity == nil { continue }
            guard look.identity == identity.text else { throw DataFolderError.foreign(path: place(database)) }
            heads.merge(look.heads) { max($0, $1) }
            try checkHeads(look, of: database)
            try check(look.lacking)
            keys.merge(look.keys) { $0.union($1) }
        }
        // Without a database nothing is known of the keys but that they open each other.
        try checkKeys(identity, known: keys.isEmpty ? nil : keys)
    }

    private mutating func checkHeads(_ look: DatabaseLook, of database: KeptDatabase) throws {
        for counter in database.counters {
            let name = "\(database.file).\(counter.name)"
            let (known, highest) = (look.heads[name] ?? 0, highest[name] ?? 0)
            if known < highest {
                try refuse(.older(path: place(database), known: known, highest: highest, what: counter.words))
            }
        }
    }

    private func checkKeys(_ identity: FolderIdentity, known: [String: Set<String>]?) throws {
        let keys = try DataFolderError.naming {
            try MasterKeys(path: path("keys"), random: random, mayMake: false)
        }
        if let known = known?["keys"], known.isDisjoint(with: keys.keyIDs) {
            throw DataFolderError.foreign(path: path("keys"))
        }
        let folders = try SealedFolders(root, keys: keys, random: random, mayMake: false)
        let read = try FolderKeys(folders, root, random: random, mayMake: false)
        guard let known else { return }
        for (name, value) in try read.checks(identity) where name != "keys" && known[name]?.contains(value) != true {
            throw DataFolderError.foreign(path: path(name))
        }
        // A change of keys was cut off after the old key was removed, or the old key was lost before everything was under the new one.
        if known["keys"]?.isSubset(of: keys.keyIDs) == false {
            for folder in folders.all where try !folder.opensUnderKeysAtHand() {
                throw DataFolderError.missing(path: path("keys"))
            }
        }
    }

    // MARK: A folder without one

    private mutating func checkUnmarked() throws {
        let pending = try FolderIdentity.read(path(FolderIdentity.pendingFile), folder: "")
        for folder in FolderIdentity.folders {
            let found = try FolderIdentity.read(path("\(folder)/\(FolderIdentity.file)"), folder: folder)
            guard let found else { continue }
            // Whatever bears an identity had a data folder that bore it too.
            guard let pending else { throw DataFolderError.missing(path: path(FolderIdentity.file)) }
            guard found == pending else { throw DataFolderError.foreign(path: path(folder)) }
        }
        let files = try fileNames()
        var hasData = !files.uploads.isEmpty || !files.findings.isEmpty
        var looks: [(database: KeptDatabase, look: DatabaseLook)] = []
        for database in KeptDatabase.all {
            // What the last steps of a first start make says that there was a database.
            let hadDatabase =
                !database.isMadeLater
                && (hasData || (pending == nil && (exists("receipt-key") || exists("pseudonyms"))))
            guard let look = try look(at: database, mustExist: hadDatabase) else { continue }
            if let identity = look.identity, identity != pending?.text {
                throw pending == nil
                    ? DataFolderError.missing(path: path(FolderIdentity.file))
                    : .foreign(path: place(database))
            }
            if look.tables.isEmpty, hadDatabase { try refuse(.empty(path: place(database))) }
            if !look.tables.isEmpty, !look.tables.contains("migration") {
                throw DataFolderError.foreign(path: place(database))
            }
            hasData = hasData || look.hasData
            looks.append((database, look))
        }
        guard hasData else { return state = .new(pending) }
        for folder in FolderIdentity.folders where !exists(folder) {
            throw DataFolderError.missing(path: path(folder))
        }
        let folders = try DataFolderError.naming { try SealedFolders(root, random: random, mayMake: false) }
        let keys = try FolderKeys(folders, root, random: random, mayMake: false)
        for (database, look) in looks where look.hasData {
            try checkContents(of: database, keys)
            try check(look.lacking)
        }
        state = .unmarked(pending)
    }

    /// Whether keys that nothing binds to the folder yet are those with which the database was written.
    private func checkContents(of database: KeptDatabase, _ keys: FolderKeys) throws {
        try store.inspect(database.database) { connection in
            do {
                let keyID = try ReceiptBook.lastKeyID(keys.seal, in: connection)
                if let keyID, keyID != SignedReceipt.keyID(keys.receipts.publicKey) {
                    throw DataFolderError.foreign(path: path("receipt-key"))
                }
            } catch IntakeError.damaged {
                throw DataFolderError.foreign(path: path("sealed-keys"))
            }
        }
    }

    // MARK: Parts

    private mutating func refuse(_ error: DataFolderError) throws {
        guard adopts, error.mayBeAdopted else { throw error }
        adopted.append(error)
    }

    private mutating func check(_ lacking: Lacking) throws {
        guard let first = (lacking.uploads + lacking.findings).first else { return }
        try refuse(
            .lacking(
                path: root.path, uploads: lacking.uploads.count, findings: lacking.findings.count,
                first: first.description))
    }

    /// - Returns: nil where there is none, or an empty one, and that may be.
    private mutating func look(at database: KeptDatabase, mustExist: Bool) throws -> DatabaseLook? {
        let path = place(database)
        let state = try store.state(of: database.database)
        guard state == .present else {
            if mustExist { try refuse(state == .empty ? .empty(path: path) : .missing(path: path)) }
            return nil
        }
        let kept = comparesFiles ? try fileNames() : nil
        do {
            return try DatabaseLook.at(store, database, known: knownMigrations, kept: kept)
        } catch DatabaseError.notADatabase {
            throw DataFolderError.damaged(path: path, detail: "this file is not a database")
        } catch DatabaseError.corrupt(_, let detail) {
            throw DataFolderError.damaged(path: path, detail: detail)
        } catch DatabaseError.inputOutput(_, let detail) {
            throw DataFolderError.damaged(path: path, detail: detail)
        }
    }

    private func fileNames() throws -> (uploads: Set<String>, findings: Set<String>) {
        func names(_ folder: String) throws -> Set<String> {
            guard exists(folder) else { return [] }
            let others = ["incoming", "lock", SealedFolder.mark]
            return Set(try FileManager.default.contentsOfDirectory(atPath: path(folder))).subtracting(others)
        }
        return (try names("spool"), try names("findings"))
    }

    private func requirePrivate() throws {
        var status = stat()
        guard stat(root.path, &status) == 0 else { return }
        guard status.st_uid == geteuid() else {
            throw DataFolderError.otherOwner(path: root.path, owner: Int(status.st_uid), user: Int(geteuid()))
        }
        let mode = status.st_mode & 0o777
        guard mode & 0o077 == 0 else {
            throw DataFolderError.openToOthers(path: root.path, mode: String(mode, radix: 8))
        }
    }

    private func path(_ name: String) -> String {
        name.isEmpty ? root.path : root.appendingPathComponent(name).path
    }

    private func place(_ database: KeptDatabase) -> String { store.place(of: database.database) }

    private func exists(_ name: String) -> Bool { access(path(name), F_OK) == 0 }
}
