import Database
import Foundation
import PluginKit

/// The store of a deployment without a plugin: two files of SQLite's in the data folder.
struct SQLiteFiles: Store {
    let root: URL

    /// A database is checked whole at the start up to this size; a larger one beside the running server.
    static let wholeCheckBytes = 512 << 20

    func place(of database: StoredDatabase) -> String { root.appendingPathComponent(file(database)).path }

    func state(of database: StoredDatabase) -> StoreState {
        let path = place(of: database)
        guard FileManager.default.fileExists(atPath: path) else { return .missing }
        return SQLiteDatabase.size(path) > 0 ? .present : .empty
    }

    func inspect<T>(_ database: StoredDatabase, _ body: (any Connection) throws -> T) throws -> T {
        let path = place(of: database)
        let bytes = SQLiteDatabase.size(path) + SQLiteDatabase.size(path + "-wal")
        return try SQLiteDatabase.inspect(path: path) { connection in
            if bytes <= Self.wholeCheckBytes { try connection.checkIntegrity(path: path) }
            return try body(connection)
        }
    }

    func open(_ database: StoredDatabase) throws -> any SQLDatabase {
        var profile = SQLiteDatabase.Profile()
        if database == .records {
            profile.writerCacheBytes = 16 << 20
            profile.readerCacheBytes = 4 << 20
            profile.checkpointsApart = true
        }
        return try SQLiteDatabase(path: place(of: database), profile: profile)
    }

    private func file(_ database: StoredDatabase) -> String {
        switch database {
        case .log: KeptDatabase.main.file
        case .records: KeptDatabase.records.file
        }
    }
}
