/// A database reached by SQL. Rooms write portable SQL (SQLite's and PostgreSQL's common part, parameters as `?`) against this alone.
///
/// Readers see the last committed state and never wait for the writer. There is one writer at a time, first come first served.
/// The blocking forms run on the calling thread, for command lines, tests and threads of one's own; the others leave the caller's
/// thread free. Asking for `write` within a `write` waits for itself forever.
public protocol SQLDatabase: Sendable {
    /// Runs a query, or several that see the same state.
    func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T

    /// Runs a transaction: durable when this returns, without a trace when `body` throws.
    ///
    /// - Throws: what `body` throws; `DatabaseError.writerPoisoned` once a commit could not be made durable.
    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T

    func readBlocking<T>(_ body: (any Connection) throws -> T) throws -> T

    @discardableResult
    func writeBlocking<T>(_ body: (any Transaction) throws -> T) throws -> T
}
