import Database
import PluginKit
import Records

/// The database of the line list. It bears the data folder's identity, and its highest number stands outside of it, so that neither another
/// folder's nor an older one is taken for it: `FolderInspection` looks before anything is opened.
enum RecordsDatabase {
    /// Opens the database, and makes it where there is none.
    static func open(of folder: OpenedFolder) throws -> any SQLDatabase {
        let kept = KeptDatabase.records
        let records = try folder.store.open(kept.database)
        try records.migrate(OpenedFolder.recordMigrations)
        let heads = try records.writeBlockingAgain { transaction in
            let bound: String? = try transaction.first("SELECT identity FROM data_folder")
            if bound == nil {
                try transaction.execute(
                    "INSERT INTO data_folder (identity) VALUES (?)", [.text(folder.identity.text)])
            }
            return try kept.heads(in: transaction)
        }
        // From now on a folder without it is refused.
        let isKnown = kept.isKnown(try folder.highest.read())
        try folder.highest.raise(heads, durably: !isKnown)
        return records
    }
}
