/// A database reached by SQL. Rooms write portable SQL (SQLite's and PostgreSQL's common part, parameters as `?`) against this alone.
///
/// Readers see the last committed state and never wait for a writer. Writers may be several, also of other processes: what a transaction
/// reads is as it was when it began, and of two that change the same row the later one is taken back with `DatabaseError.serialization`.
/// An SQL error ends the transaction; only what runs in a `savepoint` may fail and be passed over.
///
/// The blocking forms run on the calling thread, for command lines, tests and threads of one's own; the others leave the caller's
/// thread free. Asking for `write` within a `write` may wait for itself forever.
public protocol SQLDatabase: Sendable {
    /// Runs a query, or several that see the same state.
    func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T

    /// Runs a transaction: durable when this returns, without a trace when `body` throws.
    ///
    /// `body` may run more than once, each time in a new transaction: where another writer was in the way, or a connection broke. What it
    /// does outside of the transaction must bear that.
    ///
    /// - Throws: what `body` throws; `DatabaseError.writerPoisoned` once a commit could not be made durable.
    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T

    /// Runs a query as `read` does, once.
    func readBlocking<T>(_ body: (any Connection) throws -> T) throws -> T

    /// Runs a transaction as `write` does, once: `DatabaseError.serialization` is the caller's to answer.
    @discardableResult
    func writeBlocking<T>(_ body: (any Transaction) throws -> T) throws -> T

    /// Checks that the database is still the one that was opened, and that no error has shown damage since. Asks nothing of a server.
    ///
    /// - Throws: `DatabaseError.replaced`, `.corrupt`, `.notADatabase`.
    func requireWhole() throws

    /// Reads the whole database, where the engine leaves that to the program, and notes what is wrong, as `requireWhole` then says.
    func checkIntegrity() async throws
}

extension SQLDatabase {
    /// Runs a transaction on the calling thread, again in a new one while another writer was in the way, and once where the connection broke
    /// before the commit: `body` must bear that.
    @discardableResult
    public func writeBlockingAgain<T>(_ body: (any Transaction) throws -> T) throws -> T {
        var breaks = 0
        for _ in 1..<RetryPolicy.mostTries {
            do {
                return try writeBlocking(body)
            } catch DatabaseError.serialization {
                continue
            } catch DatabaseError.connectionLost where breaks < 1 {
                breaks += 1
            }
        }
        return try writeBlocking(body)
    }
}

/// How often a transaction is run before what kept it from ending is told.
package enum RetryPolicy {
    /// Whoever was in the way has ended by then; many that want the same row come one after another.
    package static let mostTries = 50
}
