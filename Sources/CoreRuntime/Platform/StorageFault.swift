import Database
import HTTPServer
import Intake
import Portal

/// What the database says of its disk, as receiving says it of its own: whoever asks is answered alike, 507 or 503.
enum StorageFault {
    static func readable(_ error: any Error) -> any Error {
        switch error {
        case DatabaseError.diskFull(let path): IntakeError.diskFull(path: path)
        case DatabaseError.inputOutput(let path, let detail):
            IntakeError.inputOutput(path: path, operation: "write", reason: detail)
        case DatabaseError.writerPoisoned(let cause): IntakeError.poisoned(path: "database", cause: cause)
        case let error as DatabaseError where error.passes:
            IntakeError.databaseAway(reason: error.message)
        case DatabaseError.corrupt, DatabaseError.notADatabase, DatabaseError.replaced, DatabaseError.cannotOpen,
            DatabaseError.readOnly, DatabaseError.newerThanProgram, DatabaseError.permission, DatabaseError.encoding,
            DatabaseError.notDurable, DatabaseError.versionTooOld:
            IntakeError.databaseUnusable(reason: "\(error)")
        default: error
        }
    }

    @discardableResult
    static func readable<T>(_ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch { throw readable(error) }
    }

    @discardableResult
    static func readable<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch { throw readable(error) }
    }

    /// Runs what a page or the API asks; what the storage keeps it from is a problem that the client may read.
    @discardableResult
    static func answered<T>(_ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch { throw Problem.readable(readable(error)) }
    }
}
