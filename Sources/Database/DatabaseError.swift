import SurveillanceKit

/// What keeps a database from doing its work, each with what would mend it; `message` says both in Chinese and English.
///
/// No message holds a value from a table, and none a password.
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

    // What only a database server has.

    /// The connection string, or another setting of the store, cannot be used as it stands.
    case invalidSettings(reason: String)
    /// The server cannot be reached, or the connection broke before the commit was asked for: nothing of the transaction was kept.
    case connectionLost(server: String, detail: String)
    /// The connection broke while the commit was under way: it may have been kept or not, and whoever waits must not be told that it was.
    case commitUnknown(server: String)
    /// Another transaction was in the way, and nothing of this one was kept: the same can be run again.
    case serialization(detail: String)
    /// The server ended a statement that took longer than it may.
    case timedOut(server: String)
    case versionTooOld(server: String, version: String, needed: String)
    /// The database, or a value that was to be stored, is in another encoding than UTF-8.
    case encoding(detail: String)
    /// The account was refused, or lacks a right.
    case permission(server: String, detail: String)
    /// The server would answer before a commit is durable.
    case notDurable(server: String, setting: String)
    case tooManyConnections(server: String)

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

    /// Whether nobody knows if the commit was kept: its bytes must stay until the next look finds the record or finds none.
    public var leavesCommitOpen: Bool {
        switch self {
        case .writerPoisoned, .commitUnknown: true
        default: isDamage
        }
    }

    /// Whether the same transaction may succeed later without anybody's mistake being mended: the server was away, full, or busy.
    public var passes: Bool {
        switch self {
        case .diskFull, .locked, .connectionLost, .commitUnknown, .serialization, .timedOut, .tooManyConnections: true
        default: false
        }
    }
}

extension DatabaseError: CustomStringConvertible {
    public var description: String { message.en }
}
