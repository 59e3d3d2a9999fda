/// What keeps a database from doing its work, each with what would mend it.
///
/// No message holds a value from a table.
public enum DatabaseError: Error, Hashable, Sendable {
    case cannotOpen(path: String, reason: String)
    case notADatabase(path: String)
    case corrupt(path: String, detail: String)
    /// The file, or its write-ahead log, was removed or replaced while the program worked with it.
    case replaced(path: String)
    case diskFull(path: String)
    /// Another process kept the database for longer than the busy timeout.
    case locked(path: String)
    case readOnly(path: String)
    /// A read or write failed below the database.
    case inputOutput(path: String, detail: String)
    case constraint(Constraint, detail: String)
    /// A commit could not be made durable. The writer refuses everything until the program is started anew and has looked at what is on disk.
    case writerPoisoned(cause: String)
    /// An earlier error inside the transaction ended it, and its caller went on all the same.
    case transactionLost
    case newerThanProgram(unknown: [String])
    case migrationFailed(String, reason: String)
    /// A mistake in the program: SQL that does not parse, a wrong number of parameters.
    case invalidSQL(String)
    case noSuchColumn(String, known: [String])
    case unexpectedValue(column: String, expected: String, found: String)
    case outOfMemory
    case other(code: Int, detail: String)

    public enum Constraint: String, Hashable, Sendable {
        /// The same value stands in another row, primary keys included.
        case unique
        case foreignKey
        case notNull
        case check
        case other
    }
}

extension DatabaseError {
    /// Whether the database itself is damaged or gone, so that nothing it answers may be relied on.
    public var isDamage: Bool {
        switch self {
        case .notADatabase, .corrupt, .replaced: true
        default: false
        }
    }
}

extension DatabaseError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "\(path): the database cannot be opened (\(reason)); its folder must exist and belong to the account that runs the program"
        case .notADatabase(let path):
            "\(path): this file is not a database; name another file, or put the database back from a backup"
        case .corrupt(let path, let detail):
            "\(path): the database is damaged (\(detail)); stop, keep a copy of the file, and put back the last backup"
        case .replaced(let path):
            "\(path): this file was removed or replaced while the server worked with it; stop the server, put the data folder back from a backup, and start again"
        case .diskFull(let path):
            "\(path): the disk is full; nothing of this transaction was kept; free some space and try again"
        case .locked(let path):
            "\(path): another process holds the database; let it finish, or stop it, and try again"
        case .readOnly(let path):
            "\(path): the database may not be written; give the file and its folder to the account that runs the program"
        case .inputOutput(let path, let detail):
            "\(path): the disk failed (\(detail)); look at the system's log and the disk's health"
        case .constraint(let kind, let detail): "a \(kind.rawValue) constraint does not hold: \(detail)"
        case .writerPoisoned(let cause):
            "a commit could not be made durable (\(cause)); nothing is written any more until the program is started anew"
        case .transactionLost: "the transaction had been ended by an earlier error; nothing of it was kept"
        case .newerThanProgram(let unknown):
            "a later version of the program has changed this database (\(unknown.joined(separator: ", "))); run that version, or put back a backup from before"
        case .migrationFailed(let id, let reason): "the database could not be brought to shape by \(id): \(reason)"
        case .invalidSQL(let detail): "the program asked the database for something it cannot do: \(detail)"
        case .noSuchColumn(let name, let known): "no column \(name); there are \(known.joined(separator: ", "))"
        case .unexpectedValue(let column, let expected, let found):
            "column \(column) holds \(found), not \(expected); the table was not written by this version of the program"
        case .outOfMemory: "the database ran out of memory"
        case .other(let code, let detail): "the database failed with code \(code): \(detail)"
        }
    }
}
