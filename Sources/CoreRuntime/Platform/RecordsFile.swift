import Database
import Foundation
import Records

/// The file of the line list, `records.sqlite`. It bears the data folder's identity, and its highest number stands outside of it, so that
/// neither another folder's nor an older one is taken for it: `FolderInspection` looks before anything is opened.
enum RecordsFile {
    /// Opens the file, and makes it where there is none.
    static func open(_ root: URL, of folder: OpenedFolder) throws -> SQLiteDatabase {
        var profile = SQLiteDatabase.Profile()
        profile.writerCacheBytes = 16 << 20
        profile.readerCacheBytes = 4 << 20
        profile.checkpointsApart = true
        let kept = KeptDatabase.records
        let records = try SQLiteDatabase(path: root.appendingPathComponent(kept.file).path, profile: profile)
        try records.migrate(OpenedFolder.recordMigrations)
        let heads = try records.writeBlocking { transaction in
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
