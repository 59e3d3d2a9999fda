import Database
import Foundation
import Records
import ShangMi

/// The file of the line list, `records.sqlite`. It and the database beside it know each other by a random name, so that neither is used
/// with another folder's, nor made anew where it is missing.
enum RecordsFile {
    static let name = "records.sqlite"

    /// In both databases.
    static let migration = Migration(
        id: "records-file-1", statements: ["CREATE TABLE records_file (identity TEXT PRIMARY KEY)"])

    /// - Parameters:
    ///   - database: the database beside it.
    ///   - adopts: makes the file anew where it is missing.
    /// - Throws: `DataFolderError.missing`, `.foreign`.
    static func open(
        _ root: URL, knownTo database: SQLiteDatabase, adopts: Bool, random: RandomSource
    ) throws -> SQLiteDatabase {
        let path = root.appendingPathComponent(name).path
        let select = "SELECT identity FROM records_file"
        var known: String? = try database.readBlocking { try $0.first(select) }
        if known != nil, SQLiteDatabase.size(path) == 0 {
            guard adopts else { throw DataFolderError.missing(path: path) }
            try database.writeBlocking { try $0.execute("DELETE FROM records_file") }
            known = nil
        }
        var profile = SQLiteDatabase.Profile()
        profile.writerCacheBytes = 16 << 20
        profile.readerCacheBytes = 4 << 20
        profile.checkpointsApart = true
        let records = try SQLiteDatabase(path: path, profile: profile)
        try records.migrate(LineList.migrations + [migration])
        let own: String? = try records.readBlocking { try $0.first(select) }
        if let own, let known {
            guard own == known else { throw DataFolderError.foreign(path: path) }
            return records
        }
        // A file that the database beside it knows bears that name; one that a first start was cut off from binding has its own.
        if own == nil, known != nil { throw DataFolderError.foreign(path: path) }
        let identity = own ?? SymmetricKey(byteCount: 16, from: random).exposedHex
        if own == nil { try write(identity, to: records) }
        try write(identity, to: database)
        return records
    }

    private static func write(_ identity: String, to database: SQLiteDatabase) throws {
        try database.writeBlocking {
            try $0.execute("INSERT INTO records_file (identity) VALUES (?)", [.text(identity)])
        }
    }
}
