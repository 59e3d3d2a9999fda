public import Database

/// The databases that a deployment keeps, each with its own migrations.
public enum StoredDatabase: String, CaseIterable, Sendable {
    /// People, submissions, receipts, the audit trail.
    case log
    /// The line list, apart, so that nobody's receipt waits while a large package is stored.
    case records
}

/// Where a deployment keeps its databases. Without a plugin they are two SQLite files in the data folder.
///
/// What a driver's `SQLDatabase` must do is said by `Tests/DatabaseTests/DatabaseContractTests.swift`.
public protocol Store: Sendable {
    /// Where a database lies, for messages: a path, or a server and what it is called there. Never a password.
    func place(of database: StoredDatabase) -> String

    /// Whether anything lies there. Makes and changes nothing.
    func state(of database: StoredDatabase) throws -> StoreState

    /// Reads a database that may be damaged or foreign, and changes nothing.
    ///
    /// - Throws: `DatabaseError`, and what `body` throws.
    func inspect<T>(_ database: StoredDatabase, _ body: (any Connection) throws -> T) throws -> T

    /// Opens a database, and makes it where there is none.
    func open(_ database: StoredDatabase) throws -> any SQLDatabase
}

/// What lies at a database's place.
public enum StoreState: Hashable, Sendable {
    case missing, empty, present
}
