/// One step in a database's shape. Once released a migration never changes; the next change is the next migration.
public struct Migration: Sendable {
    /// The room and a number, `accounts-1`; unique over all rooms.
    public let id: String
    let apply: @Sendable (any Transaction) throws -> Void

    /// - Parameter statements: bytes are `BLOB` in them, whatever the engine calls them.
    public init(id: String, statements: [String]) {
        self.init(id: id) { transaction in
            let blob = transaction.dialect.blob
            for statement in statements { try transaction.execute(statement.replacing(" BLOB", with: " " + blob)) }
        }
    }

    public init(id: String, apply: @escaping @Sendable (any Transaction) throws -> Void) {
        self.id = id
        self.apply = apply
    }
}

extension SQLDatabase {
    /// Brings the database to the program's shape: applies what is missing, in the given order, each migration in a transaction of its own.
    ///
    /// Give the migrations of all rooms at once: one that the database has seen and the list does not hold means that a later
    /// version of the program has worked here.
    ///
    /// - Throws: `DatabaseError.newerThanProgram` before anything is changed; `.migrationFailed` with the migration's id.
    public func migrate(_ migrations: [Migration]) throws {
        let ids = migrations.map(\.id)
        guard Set(ids).count == ids.count else {
            throw DatabaseError.invalidSQL("two migrations bear the same name: \(ids.sorted().joined(separator: ", "))")
        }
        let applied = try writeBlocking { transaction in
            try transaction.execute(
                "CREATE TABLE IF NOT EXISTS migration (id TEXT PRIMARY KEY, position BIGINT NOT NULL)")
            return try transaction.rows("SELECT id FROM migration ORDER BY position").map { row -> String in try row[0]
            }
        }
        let unknown = applied.filter { !ids.contains($0) }
        guard unknown.isEmpty else { throw DatabaseError.newerThanProgram(unknown: unknown) }

        for migration in migrations where !applied.contains(migration.id) {
            try writeBlocking { transaction in
                // Another process may have been here since.
                let seen: Int? = try transaction.first(
                    "SELECT count(*) FROM migration WHERE id = ?", [.text(migration.id)])
                guard seen == 0 else { return }
                do {
                    try migration.apply(transaction)
                } catch let error as DatabaseError {
                    throw DatabaseError.migrationFailed(migration.id, reason: error.description)
                }
                try transaction.execute(
                    "INSERT INTO migration (id, position) SELECT ?, count(*) FROM migration", [.text(migration.id)])
            }
        }
    }
}
